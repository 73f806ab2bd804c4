"""A small pack, a judge and an item for tests that ask a model. It holds no test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from assay.detection.language_model.content import Content
from assay.detection.language_model.judge import Judge
from assay.detection.language_model.prompt import Prompt, prompt_of
from assay.detection.language_model.question import Question, question_of
from assay.engine.language.checker import load_checked
from assay.engine.language.pack.pack import Pack

SIGNALS = """signals:
  satire:
    type: choice
    title: Satire
    question: Would an ordinary viewer recognise this as satire?
    help: Satire by its author's word only is `claimed`.
    values:
      none: {phrase: it is not satire}
      claimed: {phrase: it is satire by its author's word}
      evident: {phrase: anybody sees that it is satire}
  threat: {type: flag, title: Threat, question: Does it threaten anybody?, phrase: it threatens, phrase_no: it is calm}
  purpose:
    type: set
    title: Purpose
    question: Which purposes are plain? Choose all.
    values:
      news: {phrase: it reports the news}
      art: {phrase: it is art}
  decided_by:
    type: flag
    title: Decided
    question: Did the team decide?
    precedence: [reviewer]
    phrase: the team decided
    phrase_no: the team did not decide
  views: {type: number, title: Views, question: How many views?, phrase: "views {is}"}
  ai_extent:
    type: scale
    title: How much AI made
    question: How much did AI make?
    values:
      none: {phrase: AI had no part in it}
      generated: {phrase: AI made it}
"""
FILES: Mapping[str, str] = {
    "pack.yaml": """pack: small
title: A small pack
version: 1.0.0
precedence: [reviewer, uploader, detector]
market_groups: {EU: [DE, FR]}
""",
    "signals.yaml": SIGNALS,
    "measures.yaml": """ladders:
  visibility:
    title: Who can see it
    base: {id: visible, title: Visible, phrase: it stays}
    steps:
      - {id: removed, title: Removed, phrase: it is removed}
""",
    "policies/harm.md": """---
policy: harm
title: Harm
version: 1.0.0
owner: policy
effective: 2026-01-01
---
Nobody is threatened.

## Threats

```yaml rule
id: threats
when: threat && ai_extent == "generated"
unless: satire == "evident" || "art" in purpose
then: [removed]
severity: S3
```

```yaml example
title: a voice that threatens a neighbour
given: {threat: yes, ai_extent: generated, satire: none, purpose: []}
expect: {removed: yes}
```

```yaml example
title: a puppet that threatens the moon
given: {threat: yes, ai_extent: generated, satire: evident}
catches: no
```

```yaml example
title: a lullaby
given: {threat: no}
catches: no
```

## Decided

```yaml rule
id: decided
when: decided_by && views > 10 && "news" in purpose
then: [removed]
severity: S1
```

```yaml example
title: a report on the vote
given: {decided_by: yes, views: 11, purpose: [news], satire: none}
expect: {removed: yes}
```

```yaml example
title: a painting
given: {decided_by: yes, views: 11, purpose: [art]}
catches: no
```
""",
}
JUDGE = Judge(
    name="small",
    endpoint="http://127.0.0.1:9/v1/chat/completions",
    model="a-model",
    languages=("en", "de"),
    signals=("satire", "threat", "purpose"),
    requests_per_minute=100_000,
    tokens_per_minute=1_000_000_000,
)
CONTENT = Content("The mayor opens a bridge made of cheese.", "en")


@cache
def small_pack() -> Pack:
    return load_checked(FILES)


def question(name: str = "satire") -> Question:
    found = question_of(small_pack(), name)
    assert isinstance(found, Question)
    return found


def prompt(name: str = "satire", judge: Judge = JUDGE) -> Prompt:
    return prompt_of(judge, question(name), small_pack().digest)


def a_judge(**others: object) -> Judge:
    return replace(JUDGE, **others)  # type: ignore[arg-type]
