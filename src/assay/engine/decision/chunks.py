"""Lists in records, in chunks: the text of a few neighbours by the bits that say something of them. It decides nothing.

A whole list is seldom the same twice, a chunk of it nearly always; so chunks are encoded once and put together.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TypeAlias, TypeVar

from assay.engine.decision.reasons import reason_of
from assay.engine.language.pack.measures import Ladder, Measures
from assay.engine.language.pack.pack import Pack
from assay.engine.program.imposed import Standing

# So few that the same come again: a rule has two states here, a measure three.
_RULES, _MEASURES = 12, 6
_LARGEST_MEMO = 20_000
_WORDS = ("no", "unknown", "yes")


class Chunk(dict[int, bytes]):
    """From some bits to the text of a chunk, each entry with a comma after it; worked out when bits first come."""

    def __init__(self, say: Callable[[int], str]) -> None:
        super().__init__()
        self._say = say

    def __missing__(self, bits: int) -> bytes:
        if len(self) >= _LARGEST_MEMO:
            self.clear()
        found = self[bits] = self._say(bits).encode()
        return found


_Entry = TypeVar("_Entry")
# The bits that a chunk looks at, and the chunk.
Chunks: TypeAlias = tuple[tuple[int, Chunk], ...]


def reason_chunks(refs: Sequence[str], pack: Pack) -> Chunks:
    """For a set of rules: each with its reason, in the order of references."""
    texts = sorted((ref, 1 << place, f"{_json(ref)}:{_json(reason_of(ref, pack))}") for place, ref in enumerate(refs))

    def chunk(some: Sequence[tuple[str, int, str]]) -> Chunk:
        return Chunk(lambda bits: ",".join(text for _, bit, text in some if bits & bit))

    return tuple((sum(bit for _, bit, _ in some), chunk(some)) for some in _split(texts, _RULES))


def planes_of(standing: Standing, measures: int) -> int:
    """What measures and ladders are written from: what is certain, possible and applied, one above the other."""
    return standing.true | standing.possible << measures | standing.applied << 2 * measures


def measure_chunks(measures: Measures) -> Chunks:
    """For `planes_of` a standing: the truth of every measure, in the order of ids."""
    count = len(measures.all)
    named = sorted((measure.id, place) for place, measure in enumerate(measures.all))

    def chunk(some: Sequence[tuple[str, int]]) -> Chunk:
        def say(planes: int) -> str:
            truths = [(name, (planes >> place & 1) + (planes >> count + place & 1)) for name, place in some]
            return "".join(f'{_json(name)}:"{_WORDS[truth]}",' for name, truth in truths)

        return Chunk(say)

    both = 1 | 1 << count
    return tuple((sum(both << place for _, place in some), chunk(some)) for some in _split(named, _MEASURES))


def ladder_chunks(measures: Measures) -> Chunks:
    """For `planes_of` a standing: how far each ladder is reached, in the order of ids."""
    count = len(measures.all)

    def chunk(ladder: Ladder) -> Chunk:
        def say(planes: int) -> str:
            reached = [ladder.base.id, ladder.base.id, ladder.base.id]
            for step in ladder.steps:
                for plane in range(3):
                    held = planes >> plane * count + measures.index[step.id] & 1
                    reached[plane] = step.id if held else reached[plane]
            least, most, applied = map(_json, reached)
            return f'{_json(ladder.id)}:{{"applied":{applied},"at_least":{least},"at_most":{most}}},'

        return Chunk(say)

    three = 1 | 1 << count | 1 << 2 * count
    ladders = sorted(measures.ladders, key=lambda ladder: ladder.id)
    steps = [sum(three << measures.index[step.id] for step in ladder.steps) for ladder in ladders]
    return tuple((mask, chunk(ladder)) for mask, ladder in zip(steps, ladders, strict=True))


def _split(entries: Sequence[_Entry], size: int) -> list[Sequence[_Entry]]:
    return [entries[start : start + size] for start in range(0, len(entries), size)]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
