"""Sign-off as a Django app. It holds no rule."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class SigningConfig(AppConfig):
    """The app `policies_signing`."""

    name = "assay.governance.policies.signing"
    label = "policies_signing"
    verbose_name = "Sign-off"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load what is found by name."""
        import_module("assay.governance.policies.signing.contributing").register()
