"""The life of policies as a Django app. It holds no rule."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class LifeConfig(AppConfig):
    """The app `policies`."""

    name = "assay.governance.policies.life"
    label = "policies"
    verbose_name = "The life of policies"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load what is found by name."""
        import_module("assay.governance.policies.life.contributing.registering").register()
