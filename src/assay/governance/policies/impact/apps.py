"""Impact as a Django app. It holds no rule."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class ImpactConfig(AppConfig):
    """The app `policies_impact`."""

    name = "assay.governance.policies.impact"
    label = "policies_impact"
    verbose_name = "Impact"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load what is found by name."""
        import_module("assay.governance.policies.impact.contributing").register()
