"""Drafting as a Django app. It holds no rule."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class DraftingConfig(AppConfig):
    """The app `policies_drafting`."""

    name = "assay.governance.policies.drafting"
    label = "policies_drafting"
    verbose_name = "Drafting"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load what is found by name."""
        import_module("assay.governance.policies.drafting.contributing").register()
