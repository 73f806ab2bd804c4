"""Clusters are what hangs together by near pairs, whatever the order, and say where only a chain holds them."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from assay.detection.copies.clusters.closeness import Closeness, closeness_of
from assay.detection.copies.clusters.grouping import clusters_of
from assay.detection.copies.kinds import HashKind
from assay.engine.kernel.errors import Fault

NEAR = Closeness(HashKind.PDQ, 31.0)
BITS = 256


def code(*ones: int) -> str:
    """A hash in which these bits are set."""
    return np.packbits([place in ones for place in range(BITS)]).tobytes().hex()


def apart(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


def plain_clusters(values: list[str], within: int) -> set[frozenset[int]]:
    """The slow way: join every pair that is near."""
    groups = [{place} for place in range(len(values))]
    for one in range(len(values)):
        for other in range(one):
            if apart(values[one], values[other]) <= within:
                first, second = (next(group for group in groups if place in group) for place in (one, other))
                if first is not second:
                    groups.remove(second)
                    first |= second
    return {frozenset(group) for group in groups if len(group) > 1}


# Few bits of few places, so that near pairs, equal values and chains all come about.
CODES = st.lists(st.sets(st.integers(0, 70), max_size=40).map(lambda ones: code(*ones)), max_size=12)


@given(values=CODES, within=st.integers(0, 40))
def test_they_are_what_comparing_every_pair_gives(values: list[str], within: int) -> None:
    found = clusters_of(values, Closeness(HashKind.PDQ, float(within)))
    assert {frozenset(each.members) for each in found} == plain_clusters(values, within)


@given(values=CODES, order=st.randoms(use_true_random=False))
def test_the_order_of_items_changes_no_cluster(values: list[str], order: object) -> None:
    shuffled = list(range(len(values)))
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    before = clusters_of(values, NEAR)
    after = clusters_of([values[place] for place in shuffled], NEAR)
    told = [({shuffled[place] for place in each.members}, each.diameter) for each in after]
    assert sorted(told, key=lambda pair: min(pair[0])) == sorted(
        (({*each.members}, each.diameter) for each in before), key=lambda pair: min(pair[0])
    )


def test_a_chain_is_told_by_its_width_and_by_who_is_far_from_its_middle() -> None:
    chain = [code(*range(20 * step)) for step in range(6)]
    (cluster,) = clusters_of(chain, NEAR)
    assert cluster.diameter == 100
    assert cluster.medoid in (2, 3)
    assert (cluster.strays, cluster.is_chained) == (3, True)
    (round_one,) = clusters_of([code(), code(*range(9)), code(*range(20, 29))], NEAR)
    assert (round_one.diameter, round_one.reach, round_one.is_chained) == (18, 9, False)


def test_a_thousand_equal_items_are_one_cluster_around_themselves() -> None:
    values = [code(*range(30))] + [code()] * 1_000
    (cluster,) = clusters_of(values, NEAR)
    assert len(cluster.members) == 1_001
    assert (cluster.medoid, cluster.diameter) == (1, 30)


def test_near_pairs_are_found_wherever_they_stand_among_many() -> None:
    far = [code(*(place for place in range(BITS) if (place * 37 + number * 61) % 97 < 40)) for number in range(90)]
    near = [code(), code(1), code(2)]
    values = [*far[:40], near[0], *far[40:80], near[1], *far[80:], near[2]]
    alone = [each.members for each in clusters_of(values, Closeness(HashKind.PDQ, 2.0))]
    assert (40, 81, 92) in alone
    assert {frozenset(each) for each in alone} == plain_clusters(values, 2)


def test_the_largest_come_first_and_small_ones_can_be_left_out() -> None:
    values = [code(), code(), code(*range(100)), code(*range(100)), code(*range(100)), code(*range(200, 256))]
    assert [len(each.members) for each in clusters_of(values, NEAR)] == [3, 2]
    assert [each.members for each in clusters_of(values, NEAR, smallest=3)] == [(2, 3, 4)]


def test_texts_are_grouped_by_what_their_own_kind_calls_near() -> None:
    from assay.detection.copies.hashing.minhash import minhash_of

    story = " ".join(f"word{number}" for number in range(120))
    texts = [story, story.replace("word7 ", "other "), " ".join(f"else{number}" for number in range(120))]
    values = [minhash_of(text) for text in texts]
    near = closeness_of(HashKind.MINHASH, None)
    assert isinstance(near, Closeness)
    (cluster,) = clusters_of([value for value in values if value is not None], near)
    assert cluster.members == (0, 1)
    assert 0 < cluster.diameter < 0.5
    assert near.told(cluster.diameter).endswith("% alike")


def test_a_measure_that_makes_no_sense_says_what_would() -> None:
    wrong = [(HashKind.PDQ, 65.0), (HashKind.PDQ, 1.5), (HashKind.VPDQ, 0.0), (HashKind.MINHASH, 2.0)]
    wrong += [(kind, within) for kind in (HashKind.TLSH, HashKind.VPDQ) for within in (math.nan, math.inf, -math.inf)]
    for kind, within in wrong:
        told = closeness_of(kind, within)
        assert isinstance(told, Fault)
        assert "write" in told.words
    assert closeness_of(HashKind.VPDQ, None) == Closeness(HashKind.VPDQ, 0.8)
