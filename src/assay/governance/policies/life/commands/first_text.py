"""The text that a new policy begins with: one rule, and an example on each side of it. It decides nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.read_pack import read_pack
from assay.engine.language.pack.vocabulary import Signal, SignalType

# What a first rule turns on, and does, where the pack has it; what harms nobody comes first.
_SIGNAL, _VALUE = "ai_extent", "altered"
_MEASURES = ("label:ai", "review_priority")


@dataclass(frozen=True, slots=True)
class _Turn:
    """A condition on one signal, with a value that meets it and one that does not."""

    signal: str
    when: str
    met: str
    unmet: str


def first_text(name: str, title: str, files: Mapping[str, str]) -> str:
    """A policy in the pack's own words, which the check finds nothing wrong with, to be written over."""
    pack, _ = read_pack(files)
    turn, measure = _turn_of(pack), _measure_of(pack)
    # A title is a person's words: written as JSON, no sign of it can end the line or begin another key.
    said = json.dumps(title, ensure_ascii=False)
    head = f"---\npolicy: {name}\ntitle: {said}\nversion: 0.1.0\nowner: aigc-policy\n---\n"
    words = (
        "\nSay here, in two or three sentences for everybody, what people may expect and why.\n"
        "\n## The first rule\n"
        "\nSay what is not allowed, or what we do with it, in words that somebody understands who is told about it.\n"
        "\n> **Moderators:** say what to look at first, and what does not count.\n"
    )
    if turn is None or measure is None:
        return head + words
    return head + words + _rule(turn, measure)


def _rule(turn: _Turn, measure: str) -> str:
    return f"""
```yaml rule
id: first-rule
when: {turn.when}
then: [{measure}]
severity: S1
harm: to-be-named
```

```yaml example
title: something that the rule catches
given: {{{turn.signal}: {turn.met}}}
expect: {{{measure}: yes}}
```

```yaml example
title: something like it that the rule leaves alone
given: {{{turn.signal}: {turn.unmet}}}
catches: no
```
"""


def _turn_of(pack: Pack) -> _Turn | None:
    signals = [each for each in pack.vocabulary.signals if each.subject == "item" and not each.by_market]
    first = [each for each in signals if each.name == _SIGNAL]
    return next(filter(None, map(_turn, [*first, *signals])), None)


def _turn(signal: Signal) -> _Turn | None:
    name, values = signal.name, signal.value_names
    if signal.type is SignalType.FLAG:
        return _Turn(name, name, "yes", "no")
    if signal.type is SignalType.CHOICE and len(values) > 1:
        return _Turn(name, f'{name} == "{values[0]}"', values[0], values[1])
    if signal.type is SignalType.SCALE and len(values) > 1:
        value = _VALUE if _VALUE in values[1:] else values[-1]
        return _Turn(name, f'{name}.atLeast("{value}")', value, values[0])
    return None


def _measure_of(pack: Pack) -> str | None:
    """A measure that no example of another policy denies, since the new rule would break that example."""
    examples = [example for policy in pack.policies for example in policy.examples]
    denied = {measure.name for example in examples for measure, said in example.expect if said != "yes"}
    known = list(pack.measures.by_id)
    free = [each for each in (*_MEASURES, *known) if each in pack.measures.by_id and each not in denied]
    return next(iter([*free, *known]), None)
