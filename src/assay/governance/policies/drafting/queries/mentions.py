"""Who is named in the words of a remark: `@` and an address or a name. It tells nobody."""

from __future__ import annotations

import re

from assay.governance.office.references import Reference
from assay.governance.office.roles import INSIDE
from assay.governance.people.models import Grant, Person

_ADDRESS = re.compile(r"@([A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190})")
MOST_MENTIONED = 20


def mentioned_in(words: str) -> tuple[Reference, ...]:
    """The people of the house who are named, by their names."""
    if "@" not in words:
        return ()
    inside = Grant.objects.filter(role__in=[role.value for role in INSIDE]).values("person")
    addresses, lower = {found.lower().rstrip(".") for found in _ADDRESS.findall(words)}, words.lower()
    people = Person.objects.filter(is_active=True, pk__in=inside).order_by("name", "pk")
    found = [
        person.reference
        for person in people
        if person.email.lower() in addresses or (person.name and _named(person.name.lower(), lower))
    ]
    return tuple(found[:MOST_MENTIONED])


def _named(name: str, words: str) -> bool:
    """Whether `@name` stands there, and not the beginning of a longer word."""
    return re.search(rf"@{re.escape(name)}(?!\w)", words) is not None
