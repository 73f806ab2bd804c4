"""Decisions as a room of the site: what it registers when the site starts. It opens no index."""

from __future__ import annotations

from django.apps import AppConfig

from assay.governance.office.contributions import Place, contribute


class DecisionsConfig(AppConfig):
    """The app `web_decisions`."""

    name = "assay.interfaces.web.decisions"
    label = "web_decisions"
    verbose_name = "Decisions"

    def ready(self) -> None:
        """Take the room's place in the rail, answer searches, and let views of the list be saved."""
        from assay.governance.people.views.rules import ListPage, register_page
        from assay.interfaces.web.decisions import commands  # noqa: F401 (declares an operation and its event)
        from assay.interfaces.web.decisions.queries import figures_of, search_decisions
        from assay.interfaces.web.home.figures import FIGURES

        place = Place("Decisions", "decisions:list", "d", "decisions.list", "decisions", order=30)
        contribute("decisions", search=search_decisions, place=place)
        FIGURES["decisions.list"] = figures_of
        register_page("decisions", ListPage("Decisions", "decisions:list", "decisions.list"))
