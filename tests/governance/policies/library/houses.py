"""A house with some policies and what was released of them. No test."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from assay.governance.office.actor import SYSTEM

if TYPE_CHECKING:
    from assay.governance.policies.life.models import Edition

POLICY = """---
policy: {name}
title: {title}
version: {version}
owner: aigc-policy
effective: 2026-09-01
---

People decide how their face is used.

## Private people

We do not allow it.

> **Moderators:** ask who it shows.

```yaml rule
id: private
when: ai_extent.atLeast("altered")
then: [removed]
severity: {severity}
```

```yaml example
title: a neighbour
given: {{ai_extent: altered}}
expect: {{removed: yes}}
```
"""


def policy(name: str = "likeness", *, title: str = "Likeness", version: str = "1.0.0", severity: str = "S3") -> str:
    """A policy's text; it is read as Markdown only."""
    return POLICY.format(name=name, title=title, version=version, severity=severity)


def released(files: Mapping[str, str], at: datetime) -> Edition:
    """An edition that decides everything from then on."""
    from assay.governance.policies.life.editions import make_edition, write_versions

    edition = make_edition(files, change=None, by=SYSTEM, at=at)
    write_versions(edition, at=at)
    decides(edition, at)
    return edition


def decides(edition: Edition, at: datetime) -> None:
    """Let an edition, also a former one, decide from then on."""
    from assay.governance.policies.life.models import Release

    number = Release.objects.count() + 1
    Release.objects.create(
        number=number, kind="launch", part="current", edition=edition, made_at=at,
        published_at=at + timedelta(seconds=1), sequence=number,
    )  # fmt: skip
