"""Documents as a Django app. It holds no rule."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class WritingConfig(AppConfig):
    """The app `policies_writing`."""

    name = "assay.governance.policies.writing"
    label = "policies_writing"
    verbose_name = "Documents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load what is found by name."""
        import_module("assay.governance.policies.writing.contributing").register()
