"""What this part adds to other pages, and what is found by name. It shows nobody more than its own pages do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assay.governance.ledger.meaning.naming import name_things
from assay.governance.policies.writing import commands, queries
from assay.governance.policies.writing.documents.languages import language_of

# Loaded here so that every operation is known by its name.
__all__ = ["commands", "queries", "register"]


def register() -> None:
    """Make the part known; called once when Django is ready."""
    name_things("language", _languages)
    name_things("catalogue", lambda keys: {key: key.removeprefix("shared-") for key in keys})


def _languages(keys: Iterable[str]) -> Mapping[str, str]:
    found = {key: language_of(key) for key in keys}
    return {key: key if language is None else language.name for key, language in found.items()}
