"""Sign-in as a Django app. It holds no rule."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig

from assay.governance.office.contributions import contribute


class SignInConfig(AppConfig):
    """Registers the tables, and listens to what allauth says has happened."""

    name = "assay.governance.people.sign_in"
    label = "sign_in"
    verbose_name = "Sign-in"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen, and tell home what waits, once every model is there."""
        import_module("assay.governance.people.sign_in.wiring.noting")
        recovery = import_module("assay.governance.people.sign_in.recovery.queries")
        contribute("sign-in", tasks=recovery.recovery_tasks)
