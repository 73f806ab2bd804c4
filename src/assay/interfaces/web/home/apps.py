"""Home, search, calendar and the policies in force as one app of the site: what they register when it starts."""

from __future__ import annotations

from django.apps import AppConfig

from assay.governance.office.contributions import Place, contribute


class HomeConfig(AppConfig):
    """The app `web_home`; it has no tables."""

    name = "assay.interfaces.web.home"
    label = "web_home"
    verbose_name = "Home"

    def ready(self) -> None:
        """Declare operations, and take places in the rail, dates and search."""
        from assay.governance.ledger.meaning.naming import name_things
        from assay.interfaces.web.calendar import queries  # noqa: F401 (it declares an operation)
        from assay.interfaces.web.home import queries as home  # noqa: F401 (it declares an operation)
        from assay.interfaces.web.policies.noting import names_of_bundles, place_of_bundle
        from assay.interfaces.web.policies.queries import dates_of_pack
        from assay.interfaces.web.search.queries import search_pack

        name_things("bundle", names_of_bundles, url=place_of_bundle)
        contribute("home", place=Place("Home", "home:home", "h", "home.see", "home", order=0))
        contribute(
            "policies",
            dates=dates_of_pack,
            search=search_pack,
            place=Place("Policies", "policies:policies", "o", "policies.read", "policies", order=20),
        )
        contribute("calendar", place=Place("Calendar", "calendar:calendar", "c", "calendar.see", "calendar", order=60))
        contribute("notices", place=Place("Notices", "notices:list", "n", "notices.list", "bell", order=65))
