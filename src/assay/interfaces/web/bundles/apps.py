"""Bundles as a room of the site: what it registers when the site starts. It asks no file."""

from __future__ import annotations

from django.apps import AppConfig

from assay.governance.office.contributions import Place, contribute


class BundlesConfig(AppConfig):
    """The app `web_bundles`."""

    name = "assay.interfaces.web.bundles"
    label = "web_bundles"
    verbose_name = "Bundles"

    def ready(self) -> None:
        """Take the room's place in the rail, and answer searches."""
        from assay.interfaces.web.bundles.queries import search_bundles

        place = Place("Bundles", "bundles:list", "b", "bundles.list", "bundles", order=40)
        contribute("bundles", search=search_bundles, place=place)
