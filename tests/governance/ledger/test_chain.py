"""Entries are told from their neighbours, and what we would never write is told even where every hash fits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from assay.governance.ledger.checking.chain import Chain
from assay.governance.ledger.rules import Record, is_well_formed
from tests.governance.ledger.making import a_chain

CHAIN = a_chain(9)


def parts(record: Record) -> tuple[int, str, str, str, str, str, bytes]:
    return (
        record.at, record.actor, record.way, record.kind, record.subject, record.content, record.previous,
    )  # fmt: skip


def check(chain: list[tuple[Record, bytes]]) -> list[tuple[str, str]]:
    found = Chain()
    for record, stated in chain:
        found.add(record.number, parts(record), stated)
    found.finish(len(chain), chain[-1][1], "the end")
    return [(finding.place, finding.slug) for finding in found.findings]


def test_an_entry_with_a_hash_of_its_own_is_told_by_the_one_after_it() -> None:
    forged = replace(CHAIN[4][0], content='{"count":-1}')
    chain = [*CHAIN[:4], (forged, forged.hash()), *CHAIN[5:]]
    assert check(CHAIN) == []
    assert check(chain) == [("entry 5", "broken-link")]
    assert check(chain[:5]) == []
    began = replace(CHAIN[0][0], previous=b"\1" * 32)
    assert ("entry 0", "broken-link") in check([(began, began.hash()), *CHAIN[1:]])


def test_a_hash_that_was_changed_beside_its_entry_is_no_fault_of_the_next_one() -> None:
    spoilt = [*CHAIN[:4], (CHAIN[4][0], b"\1" * 32), *CHAIN[5:]]
    assert check(spoilt) == [("entry 4", "changed-entry")]
    said = replace(CHAIN[4][0], content='{"count":-1}')
    assert check([*CHAIN[:4], (said, CHAIN[4][1]), *CHAIN[5:]]) == [("entry 4", "changed-entry")]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("content", '{"count": 1}'), ("content", '{"b":1,"a":1}'), ("content", "[]"), ("content", "{"),
        ("content", '{"a":1},"kind":"tests.other"'), ("content", '{"a":NaN}'), ("actor", 'person:1","at":5'),
        ("actor", "Ada"), ("way", "post"), ("kind", "tests"), ("subject", "person:a b"), ("subject", "person:ä"),
        ("at", 1 << 70),
    ],
)  # fmt: skip
def test_what_we_would_never_write_is_told_where_every_hash_fits(field: str, value: Any) -> None:
    odd = replace(CHAIN[8][0], **{field: value})
    assert check([*CHAIN[:8], (odd, odd.hash())]) == [("entry 8", "changed-entry")]


@pytest.mark.parametrize("value", [None, 5, b"x", 1.5, [], {}, "x" * 200, True])
@pytest.mark.parametrize("place", range(7))
def test_a_store_may_hold_anything_and_the_check_stands(place: int, value: Any) -> None:
    given: list[Any] = list(parts(CHAIN[3][0]))
    given[place] = value
    right = value == CHAIN[3][0].at or (place == 0 and value == 5 and value is not True)
    assert is_well_formed(*given) is (right or (place == 5 and value is None))
