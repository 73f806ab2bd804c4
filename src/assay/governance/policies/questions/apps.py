"""Known questions as a Django app. It holds no rule."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    """The app `policies_questions`."""

    name = "assay.governance.policies.questions"
    label = "policies_questions"
    verbose_name = "Known questions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load what is found by name."""
        import_module("assay.governance.policies.questions.contributing").register()
