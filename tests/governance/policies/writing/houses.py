"""A small house whose policy has everything that documents are made of. No test."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

from assay.engine.language.pack.pack import Pack
from assay.governance.policies.writing.documents.facts import Facts
from assay.governance.policies.writing.documents.reading import sound_pack

DAY = date(2026, 12, 15)
LIKENESS = "policies/likeness.md"
FILES: Mapping[str, str] = {
    "pack.yaml": "pack: house\ntitle: A house\nversion: 1.0.0\n",
    "signals.yaml": """signals:
  shown:
    type: choice
    title: Who is shown
    question: Who is shown?
    help: Somebody you know by name is `known`.
    values:
      nobody: {phrase: nobody is shown}
      stranger: {phrase: a stranger is shown}
      known: {phrase: somebody known is shown}
    precedence: [reviewer, uploader]
    seconds: 5
  agreed:
    type: flag
    title: Agreed
    question: Did they agree?
    phrase: they agreed
    phrase_no: they did not agree
    precedence: [uploader, reviewer]
""",
    "measures.yaml": """single:
  removed: {title: Removed, phrase: it is removed}
  hidden: {title: Hidden, phrase: it is kept out of lists}
  review_priority: {title: Reviewed first, phrase: it goes to the front of the queue}
""",
    LIKENESS: """---
policy: likeness
title: Likeness of people
version: 1.0.0
owner: aigc-policy
effective: 2026-09-01
---

Nobody's face is used
without asking.

## Strangers who did not agree

We remove it. Read **all** of it at [our help](https://example.org/help).

- a neighbour
- a colleague, whatever the `known` says

> **Moderators:** ask who it shows,
> and write it down.

```yaml rule
id: stranger
when: shown == "stranger" && !agreed
then: [removed, review_priority]
until_known: [hidden]
severity: S3
harm: unconsented-likeness
```

```yaml example
title: a neighbour who said no
given: {shown: stranger, agreed: no}
expect: {removed: yes}
```

```yaml example
title: nobody is in it
given: {shown: nobody}
catches: no
```

```yaml example
title: a neighbour, and nobody asked
given: {shown: stranger}
catches: unknown
```

## Only for us

> **Moderators:** nobody outside reads this.
""",
}


@cache
def pack() -> Pack:
    """The house's pack as read."""
    found = sound_pack(FILES)
    assert found is not None
    return found


def facts() -> Facts:
    """What is said beside it."""
    return Facts(DAY, pack().digest)
