from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.engine.backtest.sampling.draw import draws_of
from assay.engine.backtest.sampling.sampler import Move, Pool, Sampler, Sizes, Waiting
from assay.engine.program.columnar.compile import Columnar
from tests.engine.backtest.blocks import Row, both, measures_with_clocks, seen_of
from tests.makers import a_pack, a_rule, a_signal, a_vocabulary

VOCABULARY = a_vocabulary(a_signal("disclosed"), a_signal("harmful"))
MEASURES = measures_with_clocks()
OLD = a_pack(a_rule("p/a", "harmful", then=("removed",)), vocabulary=VOCABULARY, measures=MEASURES)
NEW = a_pack(
    a_rule("p/a", "harmful && !disclosed", then=("removed",)),
    a_rule("p/b", "harmful && disclosed", then=("label:ai", "strike:minor")),
    vocabulary=VOCABULARY,
    measures=MEASURES,
)


def columnar() -> Columnar:
    return both(OLD, NEW)


rows_of_history = st.lists(
    st.tuples(
        st.sampled_from((None, True, False)),
        st.sampled_from((None, True, False)),
        st.sampled_from(("all", "risky")),
        st.sampled_from((1.0, 0.5, 0.3)),
    ),
    max_size=40,
).map(
    lambda drawn: [
        Row(f"i{number}", {"disclosed": one, "harmful": other}, stratum=stratum, probability=probability)
        for number, (one, other, stratum, probability) in enumerate(drawn)
    ]
)


def drawn(sampler: Sampler) -> dict[Pool, tuple[int, int, list[str]]]:
    return {pool: (found.rows, found.exact, [r.id for r in found.records]) for pool, found in sampler.pools.items()}


@settings(max_examples=40)
@given(rows_of_history, st.integers(0, 40), st.randoms(use_true_random=False))
def test_what_is_drawn_does_not_depend_on_cuts_order_or_merging(rows: list[Row], cut: int, chance: object) -> None:
    sizes, program = Sizes(moved=3, waiting=4), columnar()
    whole = Sampler(sizes)
    whole.add(seen_of(rows, program))
    shuffled = list(rows)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    first, second = Sampler(sizes), Sampler(sizes)
    first.add(seen_of(shuffled[:cut], program))
    second.add(seen_of(shuffled[cut:], program))
    second.merge(first)
    assert drawn(second) == drawn(whole)


def test_the_rows_of_a_pool_with_the_smallest_draws_are_kept() -> None:
    rows = [Row(f"i{number}", {"harmful": True, "disclosed": True}) for number in range(100)]
    sampler = Sampler(Sizes(moved=5))
    sampler.add(seen_of(rows, columnar()))
    by_draw = sorted(zip(draws_of([row.id for row in rows]).tolist(), [row.id for row in rows], strict=True))
    found = sampler.pools[Move("DE", "removed", "labelled")]
    assert [record.id for record in found.records] == [name for _, name in by_draw[:5]]
    assert (found.rows, found.weights) == (100, 100.0)


def test_open_items_are_drawn_by_stratum_and_by_the_versions_they_wait_under() -> None:
    rows = [
        Row("a", {"harmful": True}, stratum="risky", probability=0.5),
        Row("b", {"disclosed": True}),
        Row("c", {"harmful": False}),
    ]
    sampler = Sampler()
    sampler.add(seen_of(rows, columnar()))
    found = {pool: [r.id for r in kept.records] for pool, kept in sampler.drawn(Waiting)}
    assert found == {Waiting("risky", "new"): ["a"], Waiting("all", "both"): ["b"]}
    assert sampler.pools[Waiting("risky", "new")].weights == 2.0


def test_a_change_of_other_measures_is_a_move_within_a_lane() -> None:
    stricter = a_pack(
        a_rule("p/a", "harmful", then=("removed", "strike:minor")), vocabulary=VOCABULARY, measures=MEASURES
    )
    sampler = Sampler()
    sampler.add(seen_of([Row("a", {"harmful": True}), Row("b", {"harmful": False})], both(OLD, stricter)))
    assert {pool: d.rows for pool, d in sampler.pools.items()} == {Move("DE", "removed", "removed"): 1}


def test_an_item_that_did_not_reach_a_market_is_in_none_of_its_pools() -> None:
    sampler = Sampler()
    row = Row("a", {"harmful": True, "disclosed": True}, views={"DE": 0, "US": 4})
    sampler.add(seen_of([row], columnar()))
    assert set(sampler.pools) == {Move("US", "removed", "labelled")}


def test_draws_of_ids_that_follow_each_other_are_even() -> None:
    draws = draws_of([f"item-{number:08d}" for number in range(20_000)]).astype(np.float64) / 2**64
    assert abs(draws.mean() - 0.5) < 0.01
    counts = np.bincount((draws * 20).astype(int), minlength=20)
    assert counts.min() > 850
    assert counts.max() < 1150
