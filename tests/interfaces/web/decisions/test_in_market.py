"""What is found for one market is what the records say of it, under whatever name their bundles know it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.interfaces.stores.indexing.facts import OPEN, SETTLED, bundle_fact, measure_fact
from assay.interfaces.stores.indexing.layout import CHUNK, index_path
from assay.interfaces.stores.indexing.reading.index import IndexReader, reading
from assay.interfaces.stores.indexing.reading.wanted import Wanted
from assay.interfaces.web.decisions import in_market
from assay.interfaces.web.decisions.in_market import MarketView
from tests.interfaces.stores.indexing.decided import BUNDLES, MEASURES, Decided, decided, fits
from tests.interfaces.stores.indexing.test_index import follow, keep

COUNT = CHUNK + 300
FACTS = [OPEN, SETTLED, *(measure_fact(name, truth) for name in MEASURES for truth in ("yes", "unknown"))]
WANTED = st.builds(
    Wanted,
    item=st.sampled_from(["", "", "item-7"]),
    market=st.just("CN"),
    in_market=st.lists(st.sampled_from(FACTS), max_size=2, unique=True).map(tuple),
    anywhere=st.sampled_from([(), (bundle_fact(BUNDLES[0]),)]),
)


def names_in(bundle: str, market: str) -> tuple[str, ...]:
    """The first bundle has China in a class with France, the second knows it by its code alone."""
    return (market, "FR") if bundle == BUNDLES[0] else (market,)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Sequence[Decided]]]:
    folder, records = tmp_path_factory.mktemp("records"), decided(COUNT, seed=3, rare=40)
    keep(folder, records)
    follow(folder)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(in_market, "names_in", names_in)
        yield folder, records


def outcome_of(record: Decided) -> dict[str, object] | None:
    """What it came to in China."""
    for name in names_in(record.bundle, "CN"):
        for one in record.outcomes:
            if name in str(one["markets"]):
                return one
    return None


def is_wanted(record: Decided, wanted: Wanted) -> bool:
    one = outcome_of(record)
    return one is not None and fits(replace(record, outcomes=[{**one, "markets": ["CN"]}]), wanted)


@settings(max_examples=60)
@given(WANTED, st.booleans(), st.integers(0, COUNT + 1), st.sampled_from([1, 3, 40]))
def test_what_is_found_is_what_the_records_say(
    kept: tuple[Path, Sequence[Decided]], wanted: Wanted, upwards: bool, begin: int, most: int
) -> None:
    folder, records = kept
    numbers = range(begin + 1, COUNT + 1) if upwards else range(begin - 1, 0, -1)
    right = [number for number in numbers if is_wanted(records[number - 1], wanted)][:most]
    with reading(index_path(folder)) as index:
        assert isinstance(index, IndexReader)
        found = MarketView(index, "CN").find(wanted, begin=begin, upwards=upwards, most=most)
        assert [row.number for row in found.rows] == right
        assert found.stopped is None


def test_a_decision_has_only_what_its_outcome_in_the_market_has(kept: tuple[Path, Sequence[Decided]]) -> None:
    folder, records = kept
    with reading(index_path(folder)) as index:
        assert isinstance(index, IndexReader)
        view = MarketView(index, "CN")
        numbers = view.numbers(Wanted(market="CN"), COUNT)
        rows = [row for row, _ in view.rows(index.rows(numbers))]
    assert [row.number for row in rows] == [number for number in range(COUNT, 0, -1) if outcome_of(records[number - 1])]
    for row in rows:
        one = outcome_of(records[row.number - 1])
        assert one is not None
        assert isinstance(one["measures"], dict)
        assert list(row.everywhere) == sorted(name for name, truth in one["measures"].items() if truth == "yes")
        assert row.waiting == list(one["measures"].values()).count("unknown")
        assert (row.somewhere, row.rules, row.question, row.markets) == ((), (), "", 1)
        assert row.settled is one["settled"]
