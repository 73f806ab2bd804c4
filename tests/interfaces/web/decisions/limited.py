"""A pack in which a market may bar things for itself, and people whose roles are limited. It holds no test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from assay.governance.office.roles import Role
from assay.governance.people.models import Grant, Person
from tests.interfaces.small import FILES, POLICY
from tests.interfaces.web.decisions.recorded import Recorded, record
from tests.workbench.people import JOINED, a_person

_SIGNAL = """  barred:
    type: flag
    scope: market
    title: Barred
    question: Is it barred there?
    phrase: it is barred there
    phrase_no: it is not barred there
"""
_RULES = """
## What is barred

What is barred in a place is gated there.

```yaml rule
id: barred
when: barred
then: [gated]
severity: S1
```

```yaml example
title: one that is barred
given: {barred: yes}
expect: {gated: yes}
```

```yaml example
title: one that is not
given: {barred: no}
catches: no
```

## What Mumbai asked for

What AI made carries the label in India.

```yaml rule
id: india
markets: [IN]
when: ai_extent.atLeast("altered")
then: [label:ai]
severity: S1
```

```yaml example
title: a made-up tower
given: {ai_extent: generated}
expect: {label:ai: yes}
```

```yaml example
title: a tower
given: {ai_extent: none}
catches: no
```
"""
_STEP = "      - {id: removed"
BY_MARKET: Mapping[str, str] = {
    **FILES,
    "signals.yaml": FILES["signals.yaml"] + _SIGNAL,
    "measures.yaml": FILES["measures.yaml"].replace(
        _STEP, f"      - {{id: gated, title: Gated, phrase: gated}}\n{_STEP}"
    ),
    POLICY: FILES[POLICY] + _RULES,
}
_SAME = {"ai_extent": "none", "nudity": False, "consent": "absent", "disclosed": True}
# What is said of Brazil and of France, and what else is said of the others, one way and another.
_LOCAL: Sequence[Mapping[str, bool]] = ({"BR": True, "FR": False}, {"BR": False, "FR": False}, {"BR": True, "FR": True})
_OTHERS: Sequence[Sequence[Mapping[str, bool]]] = (
    ({"IN": True, "*": False}, {"IN": False, "KR": True, "*": False}, {"KR": True}),
    ({"IN": False, "*": True}, {}, {"IN": True, "DE": True, "*": True}),
)


def one_way(folder: Path, way: int) -> Recorded:
    """Decisions on two items, which the two ways say alike for Brazil and France, and otherwise for every other."""
    several = [{**local, **others} for local, others in zip(_LOCAL, _OTHERS[way], strict=True)]
    items = [
        {"id": f"upload-{number % 2}", "signals": {**_SAME, "barred": barred}} for number, barred in enumerate(several)
    ]
    return record(folder, items, BY_MARKET)


def limited(name: str, role: Role, **limits: Sequence[str]) -> Person:
    """Somebody with one role, for `markets`, `policies` or `rooms`."""
    person = a_person(name)
    Grant.objects.create(person=person, role=role, starts=JOINED, **{kind: list(some) for kind, some in limits.items()})
    return person
