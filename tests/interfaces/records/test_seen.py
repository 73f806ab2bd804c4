"""A repeated id is recognised, in memory that has an end."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assay.interfaces.records.seen import SeenIds


@given(st.lists(st.text(max_size=3), max_size=200))
def test_an_id_is_new_exactly_once(names: list[str]) -> None:
    seen = SeenIds()
    assert [seen.add(name) for name in names] == [name not in names[:place] for place, name in enumerate(names)]


def test_many_ids_are_kept_apart() -> None:
    seen = SeenIds()
    assert all(seen.add(str(number)) for number in range(20_000))
    assert not any(seen.add(str(number)) for number in range(20_000))


def test_only_ids_from_long_ago_are_forgotten() -> None:
    seen = SeenIds(generation=100)
    for number in range(1_000):
        assert seen.add(str(number))
        assert not seen.add(str(max(0, number - 99)))
    assert seen.add("0")
