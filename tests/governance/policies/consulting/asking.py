"""A change whose text has something to withhold, and people who are asked. It is no test."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from assay.governance.policies.consulting.rules.asking import Asking, Engagement
from tests.governance.policies.life.houses import LIKENESS, begun, opened

if TYPE_CHECKING:
    from assay.governance.office.actor import Actor
    from assay.governance.people.models import Person
    from assay.governance.policies.consulting.models import Consultation, View
    from assay.governance.policies.life.models import Change

# Words that stand nowhere else: what is withheld is looked for by them.
TEXT = """---
policy: likeness
title: Likeness of people
version: 1.1.0
owner: team-frontmatterword
---

Nobody's face is used without asking. See `zebra-rule` and [the plan](#quokka-plan-for-raids).

## Fakes are marked

We mark what is fake, unless Quokka plan for raids applies.

> **Moderators:** guidanceword is how you tell.

```yaml rule
id: fake
when: is_fake
then: [marked]
severity: S1
harm: false-endorsement
```

```yaml example
title: exampleword on its own
given: {is_fake: yes}
expect: {marked: yes}
```

## Quokka plan for raids

Sectionword is what we do then.

### A part of it

Subsectionword too.

```yaml rule
id: zebra-rule
when: is_fake
then: [marked]
severity: S1
harm: false-endorsement
```

```yaml example
title: raidexample
rule: zebra-rule
given: {is_fake: no}
catches: no
```

## The end

Endword stands here, after likeness/zebra-rule.
"""


def asked_change(by: Actor, at: datetime) -> Change:
    """A change with this text, at the stage of research."""
    from assay.governance.policies.life.drafts import put
    from assay.governance.policies.life.models import Change

    begun(by, at)
    change = opened(by, at)
    Change.objects.filter(pk=change.pk).update(stage="consultation")
    change = Change.objects.get(pk=change.pk)
    put(change, LIKENESS, TEXT, by=by, at=at)
    return Change.objects.select_related("document", "base", "owner", "author").get(pk=change.pk)


def consultation(change: Change, by: Actor, at: datetime, **given: Any) -> Consultation:
    """One that is open for ten days."""
    from assay.governance.policies.consulting.commands import open_consultation

    asking: dict[str, Any] = {
        "title": "Marking fakes",
        "question": "Is it fair?",
        "closes_at": at + timedelta(days=10),
    } | given
    made = open_consultation(change=change, asking=Asking(**asking), by=by, at=at)
    assert not isinstance(made, list), made
    return made


def invited(held: Consultation, person: Person, by: Actor, at: datetime, stale_on: date | None = None) -> None:
    """Somebody is asked."""
    from assay.governance.policies.consulting.commands import invite_expert

    engagement = Engagement("Image forensics", "research", "Kenya", stale_on)
    made = invite_expert(consultation=held, person=person, engagement=engagement, by=by, at=at)
    assert not isinstance(made, list), made


def said(held: Consultation, who: Actor, at: datetime, words: str = "It misses satire.", **given: Any) -> View:
    """They declare no interest and give their view."""
    from assay.governance.policies.consulting.commands import declare, give_view

    declared = declare(consultation=held, conflict="none", words="", named=False, by=who, at=at)
    assert not isinstance(declared, list), declared
    view = {"position": "with-changes", "confidence": "high", "words": words, "part": None} | given
    made = give_view(consultation=held, **view, by=who, at=at)
    assert not isinstance(made, list), made
    return made
