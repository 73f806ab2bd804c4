"""What people are called, and who somebody is without a request. It shows nobody that a page does not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from assay.governance.office.actor import Actor
from assay.governance.office.references import Reference
from assay.governance.people.actors import actor_of
from assay.governance.people.models import Person


def names_of(keys: Collection[str]) -> Mapping[str, str]:
    """From keys of persons to their names, in one read; what is no key of a person is left out."""
    wanted = [found for found in map(key_of, keys) if found is not None]
    return {str(key): name for key, name in Person.objects.filter(key__in=wanted).values_list("key", "name")}


def names_for(references: Iterable[Reference]) -> Mapping[Reference, str]:
    """The same from references; what is no person is left out."""
    wanted = {each.key: each for each in references if each.kind == "person"}
    return {wanted[key]: name for key, name in names_of(wanted).items()}


def actor_for(person: Person, at: datetime) -> Actor:
    """Who somebody is when work is done for them without a request, such as their calendar."""
    return actor_of(person, at)


def key_of(text: str) -> UUID | None:
    """A key from an address; None where it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
