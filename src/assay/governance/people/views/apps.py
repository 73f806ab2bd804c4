"""Saved views as a Django app. It holds no rule."""

from __future__ import annotations

from django.apps import AppConfig


class ViewsConfig(AppConfig):
    """The app `saved_views`."""

    name = "assay.governance.people.views"
    label = "saved_views"
    verbose_name = "Saved views"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load what is found by name."""
        from assay.governance.people.views import commands, queries  # noqa: F401
