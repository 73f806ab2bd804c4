"""Tokens as a Django app. It holds no rule."""

from __future__ import annotations

from django.apps import AppConfig

from assay.governance.ledger.meaning.naming import name_things


class TokensConfig(AppConfig):
    """Registers the tables with Django."""

    name = "assay.governance.people.tokens"
    label = "tokens"
    verbose_name = "Tokens"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say how the ledger calls a token: by the id that stands in it, and never by the name its person gave."""
        name_things("token", lambda keys: {key: f"token {key}" for key in keys})
