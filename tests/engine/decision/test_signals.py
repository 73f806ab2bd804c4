"""Signals are written as canonical JSON, whatever was written before, and long texts are not kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from assay.engine.decision import signals
from assay.engine.decision.signals import SignalWriter
from assay.engine.kernel.digest import canonical_json
from assay.engine.kernel.values import MaybeValue, Value
from assay.engine.language.pack.vocabulary import Vocabulary
from tests.makers import a_signal, a_vocabulary

VOCABULARY = a_vocabulary(
    a_signal("z"),
    a_signal("kind", "choice"),
    a_signal("extent", "scale"),
    a_signal("techniques", "set", ("b", "a")),
    a_signal("share", "score"),
    a_signal("ratio", "number"),
    a_signal("count", "number", integer=True),
    a_signal("caption", "text"),
    a_signal("ordered", "score", scope="market"),
)
NOWHERE: Mapping[str, Mapping[str, Value]] = {}


def values(**known: MaybeValue) -> tuple[MaybeValue, ...]:
    return tuple(known.get(signal.name) for signal in VOCABULARY.signals)


def test_what_is_known_stands_in_the_order_of_names() -> None:
    known: dict[str, Any] = {"z": True, "kind": "minor", "share": 0.5, "count": 3, "caption": 'a"\n日'}
    written = SignalWriter(VOCABULARY).write(values(techniques=frozenset("ba"), **known), NOWHERE)
    assert written == canonical_json({**known, "techniques": ["a", "b"]})


def test_a_whole_number_is_written_as_it_is_given_even_if_it_came_otherwise_before() -> None:
    writer = SignalWriter(VOCABULARY)
    for _ in range(2):
        for number, text in ((1, b"1"), (1.0, b"1.0"), (0.5, b"0.5"), (None, b"")):
            written = writer.write(values(ratio=number), NOWHERE)
            assert written == (b'{"ratio":%b}' % text if text else b"{}")


def test_values_by_market_stand_in_the_order_of_markets() -> None:
    writer = SignalWriter(VOCABULARY)
    given = {"ordered": {"US": 0.5, "*": 1e-7, "DE": 1.0}}
    assert writer.write(values(), given) == b'{"ordered":{"*":1e-07,"DE":1.0,"US":0.5}}'
    assert writer.write(values(), {"ordered": {}}) == b"{}"


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_vocabulary_may_have_few_signals_or_none(count: int) -> None:
    vocabulary = Vocabulary(VOCABULARY.signals[:count])
    assert SignalWriter(vocabulary).write((True, "adult")[:count], NOWHERE) == canonical_json(
        dict(list({"z": True, "kind": "adult"}.items())[:count])
    )


def test_what_is_forgotten_is_written_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signals, "_LARGEST_MEMO", 2)
    writer, fresh = SignalWriter(VOCABULARY), SignalWriter(VOCABULARY)
    for number in (*range(6), *range(6)):
        some = values(count=number, caption=f"caption {number}", share=number / 7)
        assert writer.write(some, NOWHERE) == SignalWriter(VOCABULARY).write(some, NOWHERE)
    assert max(map(len, writer._tables)) <= 2
    fresh.write(values(caption="x" * 2_000), NOWHERE)
    assert sum(len(text) for table in fresh._tables for text in table.values()) < 2_000
