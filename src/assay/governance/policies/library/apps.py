"""Library as a Django app. It holds no rule."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    """The app `policies_library`."""

    name = "assay.governance.policies.library"
    label = "policies_library"
    verbose_name = "Library"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load what is found by name."""
        import_module("assay.governance.policies.library.contributing").register()
