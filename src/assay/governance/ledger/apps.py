"""The ledger as a room of the site: what it registers when the site starts. It asks no store."""

from __future__ import annotations

from django.apps import AppConfig

from assay.governance.office.contributions import Place, contribute


class LedgerConfig(AppConfig):
    """The app `ledger`."""

    name = "assay.governance.ledger"
    label = "ledger"
    verbose_name = "Ledger"

    def ready(self) -> None:
        """Load what is found by name, and take the ledger's place in the rail."""
        from assay.governance.ledger import commands, queries  # noqa: F401 (commands declares operations and events)

        place = Place("Ledger", "ledger:entries", "l", "ledger.entries", "ledger", order=80)
        contribute("ledger", search=queries.find, place=place)
