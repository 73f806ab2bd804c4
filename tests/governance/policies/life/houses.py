"""A small house for the tests of a change's life: texts that decide, gates that can be shut. It is no test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from assay.engine.kernel.digest import digest_of_files
from assay.governance.office.actor import Actor
from assay.governance.policies import ports
from assay.governance.policies.ports import InForce

if TYPE_CHECKING:
    from assay.governance.policies.life.gates import Requirement
    from assay.governance.policies.life.models import Change, Edition

LIKENESS, FRAUD = "policies/likeness.md", "policies/fraud.md"
FILES: Mapping[str, str] = {
    "pack.yaml": "pack: house\ntitle: A house\nversion: 1.0.0\n",
    "signals.yaml": (
        "signals:\n"
        "  is_fake:\n    type: flag\n    title: Fake\n    question: Is it fake?\n"
        "    phrase: it is fake\n    phrase_no: it is not fake\n"
    ),
    "measures.yaml": (
        "single:\n  marked: {title: Marked, phrase: it is marked}\n  stopped: {title: Stopped, phrase: it is stopped}\n"
    ),
    LIKENESS: """---
policy: likeness
title: Likeness of people
version: 1.0.0
owner: aigc-policy
---

Nobody's face is used without asking.

## Fakes are marked

We mark what is fake.

```yaml rule
id: fake
when: is_fake
then: [marked]
severity: S1
harm: false-endorsement
```

```yaml example
title: a fake
given: {is_fake: yes}
expect: {marked: yes}
```

```yaml example
title: no fake
given: {is_fake: no}
catches: no
```
""",
    FRAUD: """---
policy: fraud
title: Fraud
version: 2.1.0
owner: aigc-policy
---

Nobody is cheated.

## Fakes that sell are stopped

We stop them.

```yaml rule
id: lure
when: is_fake
then: [stopped]
severity: S1
harm: fraud
```

```yaml example
title: a lure
given: {is_fake: yes}
expect: {stopped: yes}
```

```yaml example
title: no lure
given: {is_fake: no}
catches: no
```
""",
}


def let_decide(files: Mapping[str, str] = FILES) -> None:
    """Let texts be what the service says that decides."""
    ports.PORTS.in_force = lambda: InForce(files, digest_of_files(files), "a test")


def begun(by: Actor, at: datetime) -> Edition:
    """The room with the small house's texts as its first edition."""
    from assay.governance.policies.life.commands import begin

    let_decide()
    made = begin(by=by, at=at)
    assert not isinstance(made, list), made
    return made


def opened(by: Actor, at: datetime, *, kind: str = "amend", policy: str = "likeness", **given: str) -> Change:
    """A change that somebody opened."""
    from assay.governance.policies.life.commands import open_change

    made = open_change(kind=kind, title="Say it better", why="People misread it.", policy=policy, by=by, at=at, **given)
    assert not isinstance(made, list), made
    return made


@contextmanager
def only_gates(wanted: Mapping[str, Requirement]) -> Iterator[dict[str, Requirement]]:
    """Let these requirements be all that there are."""
    from assay.governance.policies.life import gates

    held = dict(gates.REQUIREMENTS)
    gates.REQUIREMENTS.clear()
    gates.REQUIREMENTS.update(wanted)
    try:
        yield gates.REQUIREMENTS
    finally:
        gates.REQUIREMENTS.clear()
        gates.REQUIREMENTS.update(held)


def told(edition: Edition, part: str = "current", kind: str = "launch", *, at: datetime) -> None:
    """Let decision services have an edition, as a release does."""
    from assay.governance.policies.life.editions import next_number, write_versions
    from assay.governance.policies.life.models import Release

    Release.objects.create(
        number=next_number(Release), kind=kind, part=part, edition=edition, change=edition.change, made_at=at,
        published_at=at,
    )  # fmt: skip
    if part == "current":
        write_versions(edition, at=at)
