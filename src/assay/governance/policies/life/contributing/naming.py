"""What people call changes, policies and requirements. It asks once for all of a page."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from assay.governance.policies.life.gates import REQUIREMENTS
from assay.governance.policies.life.models import Change, Document

_MOST_DIGITS = 9


def is_number(key: str) -> bool:
    """Whether a key is a number as this room gives them."""
    return key.isascii() and key.isdigit() and len(key) <= _MOST_DIGITS


def names_of_changes(keys: Collection[str]) -> Mapping[str, str]:
    """`change 12 (Voice clones)`."""
    numbers = [int(key) for key in keys if is_number(key)]
    found = Change.objects.filter(number__in=numbers).values_list("number", "title")
    return {str(number): f"change {number} ({title})" for number, title in found}


def names_of_policies(keys: Collection[str]) -> Mapping[str, str]:
    """Their titles."""
    found = Document.objects.filter(key__in=[key for key in keys if _is_key(key)]).values_list("key", "title")
    return {str(key): title for key, title in found}


def names_of_requirements(keys: Collection[str]) -> Mapping[str, str]:
    """Their sentences, between quotes."""
    return {key: f"“{REQUIREMENTS[key].words.rstrip('.')}”" for key in keys if key in REQUIREMENTS}


def name_of_policy(key: str) -> str | None:
    """The name under which a policy's page is found."""
    if not _is_key(key):
        return None
    return Document.objects.filter(key=key, is_policy=True).values_list("name", flat=True).first()


def _is_key(key: str) -> bool:
    try:
        return bool(UUID(key))
    except ValueError:
        return False
