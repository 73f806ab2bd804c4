"""Agreement: the examples of the literature, and what is left when nobody differs."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa

from assay.engine.backtest.estimate.labels.agreement import Ratings, agreement_of, agreements, cohen, krippendorff

# Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, part C: four people, twelve items, `.` said nothing.
FOUR_PEOPLE = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")


def ratings_of(rows: tuple[str, ...]) -> Ratings:
    found = Ratings()
    for item in zip(*rows, strict=True):
        found.add({f"person-{place}": value for place, value in enumerate(item) if value != "."})
    return found


def test_alpha_is_that_of_the_published_example() -> None:
    found = krippendorff(ratings_of(FOUR_PEOPLE).patterns)
    assert found.value == pytest.approx(0.743, abs=5e-4)
    assert found.rows == 11
    assert found.low is not None and found.high is not None and found.low < 0.743 < found.high <= 1


def test_alpha_of_two_people_is_that_of_the_published_example() -> None:
    # The same text, part A: yes and no by two people of ten items give 0.095.
    found = krippendorff(ratings_of(("0100000000", "1110010001")).patterns)
    assert found.value == pytest.approx(0.095, abs=5e-4)


def test_kappa_is_that_of_the_library_and_of_the_textbook() -> None:
    # Fleiss, Levin and Paik 2003, Statistical Methods for Rates and Proportions, table 18.1: kappa is 0.676.
    table = [[75, 1, 4], [5, 4, 1], [0, 0, 10]]
    pairs = {(str(one), str(other)): table[one][other] for one in range(3) for other in range(3)}
    found, theirs = cohen(pairs), cohens_kappa(np.array(table))
    assert found.value == pytest.approx(0.676, abs=1e-3)
    assert (found.low, found.high) == pytest.approx((theirs.kappa_low, theirs.kappa_upp))


def test_people_who_never_differ_agree_and_may_still_differ_elsewhere() -> None:
    found = krippendorff(ratings_of(("yynn" * 5, "yynn" * 5)).patterns)
    assert (found.value, found.high) == (1.0, 1.0)
    assert found.low is not None and 0.6 < found.low < 0.8


def test_agreement_cannot_be_told_where_everybody_always_says_the_same() -> None:
    ratings = ratings_of(("yyyy", "yyyy"))
    assert not krippendorff(ratings.patterns).known
    assert not cohen(ratings.pairs["person-0", "person-1"]).known


def test_an_item_that_one_person_saw_says_nothing_of_agreement() -> None:
    ratings = ratings_of(("yyn", "..."))
    assert (ratings.patterns, len(ratings.people)) == (Counter(), 1)
    assert agreements({"removed": ratings}, ["removed"]) == ()


def test_kappa_is_of_the_two_who_share_most() -> None:
    ratings = Ratings()
    for value in "yynyn":
        ratings.add({"ada": value, "bo": value})
    ratings.add({"cy": "y", "ada": "n"})
    found = agreement_of("removed", ratings)
    assert (found.items, found.people) == (6, 3)
    assert found.kappa is not None and (found.kappa.value, found.kappa.rows) == (1.0, 5)


said = st.lists(st.dictionaries(st.sampled_from(("ada", "bo", "cy")), st.sampled_from("abc"), min_size=1), max_size=25)


@given(said, st.integers(0, 25))
def test_counts_in_two_parts_are_counts_of_the_whole(items: list[dict[str, str]], cut: int) -> None:
    whole, first, second = Ratings(), Ratings(), Ratings()
    for place, item in enumerate(items):
        whole.add(item)
        (first if place < cut else second).add(item)
    first.merge(second)
    assert agreement_of("x", first) == agreement_of("x", whole)


@given(said)
def test_alpha_is_that_of_all_pairs_of_values(items: list[dict[str, str]]) -> None:
    ratings = Ratings()
    for item in items:
        ratings.add(item)
    shared = [list(item.values()) for item in items if len(item) > 1]
    values = [value for item in shared for value in item]
    every = len(values)
    expected = sum(a != b for a in values for b in values) / (every * (every - 1)) if every > 1 else 0
    found = krippendorff(ratings.patterns)
    if not expected or len(shared) < 2:
        assert not found.known
        return
    apart = sum(sum(a != b for a in item for b in item) / (len(item) - 1) for item in shared) / every
    assert found.value == pytest.approx(1 - apart / expected)
    assert found.low is not None and found.high is not None and found.value is not None
    assert found.low <= found.value + 1e-9 and found.value - 1e-9 <= found.high <= 1


@pytest.mark.slow
def test_alphas_interval_holds_the_alpha_of_many_items_as_often_as_it_says() -> None:
    chance = np.random.default_rng(3)

    def drawn(items: int) -> Ratings:
        truth = chance.random(items) < 0.3
        ratings = Ratings()
        for right in truth.tolist():
            wrong = chance.random(3) < 0.12
            ratings.add({f"p{n}": "y" if right != one else "n" for n, one in enumerate(wrong.tolist())})
        return ratings

    truth = krippendorff(drawn(200_000).patterns).value
    assert truth is not None
    hits = 0
    for _ in range(300):
        found = krippendorff(drawn(120).patterns)
        hits += found.low is not None and found.high is not None and found.low <= truth <= found.high
    assert 0.92 <= hits / 300 <= 0.98
