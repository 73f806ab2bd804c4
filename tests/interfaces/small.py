"""A pack so small that a reader can prove it by hand, for commands that prove and compare. It holds no test."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

DAY = "2026-11-22"
POLICY = "policies/likeness.md"
FILES: Mapping[str, str] = {
    "pack.yaml": """pack: small
title: A small pack
version: 1.0.0
market_groups: {EU: [DE, FR]}
""",
    "signals.yaml": """signals:
  ai_extent:
    type: scale
    title: How much AI made
    question: How much of this did AI make?
    values:
      none: {phrase: AI had no part in it}
      altered: {phrase: AI altered it, at_least: AI made or altered it}
      generated: {phrase: AI made it}
  consent:
    type: choice
    title: Consent
    question: Did the person agree?
    values:
      documented: {phrase: documented consent exists}
      absent: {phrase: the person did not agree}
  nudity: {type: flag, title: Nudity, question: Is somebody nude?, phrase: somebody is nude, phrase_no: nobody is nude}
  disclosed:
    type: flag
    title: Disclosed
    question: Did the uploader say so?
    phrase: AI is disclosed
    phrase_no: AI is not disclosed
""",
    "measures.yaml": """ladders:
  visibility:
    title: Who can see it
    base: {id: visible, title: Visible, phrase: it stays}
    steps:
      - {id: not_recommended, title: Not recommended, phrase: it is not recommended}
      - {id: removed, title: Removed, phrase: it is removed}
sets:
  label:
    title: Labels
    members:
      ai: {title: AI label, phrase: it carries the label}
invariants:
  - id: no-ai-no-label
    text: Without AI there is no label.
    holds: '!("label:ai" in measures && ai_extent == "none")'
""",
    "obligations.yaml": """obligations:
  eu-label:
    title: Label what AI made
    jurisdiction: EU
    markets: [EU]
    instrument: A regulation
    duty: What AI made is labelled unless its uploader says so.
    effective: 2026-08-02
    status: in_force
    kind: decision
    source: https://example.org/law
    confidence: verified
    property:
      when: ai_extent.atLeast("altered") && !disclosed
      requires: '"label:ai" in measures'
  br-bill:
    title: Label everything that AI made
    jurisdiction: BR
    markets: [BR]
    instrument: A bill
    duty: What AI made is labelled always.
    status: proposed
    kind: decision
    source: the bill of 2026
    confidence: unverified
    property:
      when: ai_extent == "generated"
      requires: '"label:ai" in measures'
  br-report:
    title: Count labels
    jurisdiction: BR
    instrument: An act
    duty: Labels are counted once a year.
    status: in_force
    kind: reporting
    source: https://example.org/act
    confidence: unverified
    not_formal: it is about a year and not about one decision
""",
    "harms.yaml": """level: S3
harms:
  intimate-imagery:
    title: Intimate imagery without consent
    severity: S4
    when: ai_extent.atLeast("altered") && nudity && consent == "absent"
    answered_by: [removed]
""",
    "scenarios.yaml": """protected:
  - id: agreed-portrait
    title: a nude portrait that everybody agreed to
    given: {ai_extent: generated, nudity: yes, consent: documented, disclosed: yes}
    never: [removed]
""",
    POLICY: """---
policy: likeness
title: Likeness
version: 1.0.0
owner: policy
effective: 2026-01-01
---
People decide how they are shown.

## Intimate imagery

We remove nude imagery that AI made of somebody who did not agree.

```yaml rule
id: intimate
when: ai_extent.atLeast("altered") && nudity
unless: consent == "documented"
then: [removed]
severity: S4
```

```yaml example
title: a made-up nude
given: {ai_extent: generated, nudity: yes, consent: absent}
expect: {removed: yes}
```

```yaml example
title: one that was agreed to
given: {ai_extent: generated, nudity: yes, consent: documented}
catches: no
```

## Labels

We label what AI made where nobody says so.

```yaml rule
id: label
when: ai_extent.atLeast("altered") && !disclosed
then: [label:ai]
severity: S1
```

```yaml example
title: a made-up sunset
given: {ai_extent: generated, disclosed: no}
expect: {label:ai: yes}
```

```yaml example
title: the same sunset, disclosed
given: {ai_extent: generated, disclosed: yes}
catches: no
```
""",
}
# Each gives the pack one defect, or another meaning, by the words that are put in for others.
NARROWED = {POLICY: ('&& nudity\nunless: consent == "documented"', '&& nudity && consent == "absent" && !disclosed')}
DEAD = {POLICY: ("&& !disclosed\nthen", '&& !disclosed && ai_extent == "none"\nthen')}
REWORDED = {POLICY: ("We remove nude imagery", "We take down nude imagery")}
UNSOUND = {POLICY: ("consent ==", "consnt ==")}


def write(folder: Path, *changes: Mapping[str, tuple[str, str]]) -> Path:
    """The pack in a folder, with words put in for others."""
    for name, content in FILES.items():
        text = content
        for change in changes:
            old, new = change.get(name, ("", ""))
            assert old in text
            text = text.replace(old, new, 1) if old else text
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder
