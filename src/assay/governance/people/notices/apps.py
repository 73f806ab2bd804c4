"""Notices as an app of the site: what they register when it starts. It asks no store."""

from __future__ import annotations

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """The app `notices`."""

    name = "assay.governance.people.notices"
    label = "notices"
    verbose_name = "Notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load what is found by name: subscribers, operations, events."""
        from assay.governance.people.notices import commands, queries, subscribing  # noqa: F401
