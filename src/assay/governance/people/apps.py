"""The room of people as a Django app. It holds no rule."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Registers the room with Django, and what it adds to pages that are everybody's."""

    name = "assay.governance.people"
    label = "people"
    verbose_name = "People"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Every command and query is declared by importing it, so that the matrix is whole from the start."""
        import_module("assay.governance.people.commands")
        import_module("assay.governance.people.contributing").register()
