"""Every registered scanner keeps its word: its card is complete, and its own examples come out as it says."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest

from assay.detection.evidence import Claim, Evidence, Integrity, Kind, Tier
from assay.detection.media import Media
from assay.detection.registry import UnknownScanner, load_scanner, load_scanners, scanner_names
from assay.detection.scanner import Example, Scanner, Settings, State, readiness_of, verify
from tests.detection.fakes import CARD, Fake

# Readers of marks that only another maker's model, or the operator's secret keys, can make.
BORROWED = {"audioseal", "detectors", "perth", "synthid_text", "trustmark"}


@pytest.fixture(params=scanner_names())
def scanner(request: pytest.FixtureRequest) -> Scanner:
    return load_scanner(request.param, Settings())


def wilson(hits: int, trials: int) -> tuple[float, float]:
    rate, z = hits / trials, 1.959964
    middle = (rate + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z * math.sqrt(rate * (1 - rate) / trials + z * z / (4 * trials * trials)) / (1 + z * z / trials)
    return max(0.0, middle - half), min(1.0, middle + half)


def test_our_own_scanners_come_through_the_same_door_as_anybody_elses() -> None:
    assert {"c2pa", "declared", "metadata"} <= set(scanner_names())
    assert [each.name for each in load_scanners(scanner_names(), Settings())] == list(scanner_names())


def test_it_does_what_its_examples_say(scanner: Scanner) -> None:
    readiness = readiness_of(scanner)
    if readiness.state is not State.READY:
        assert verify(scanner) == [f"{scanner.name}: it cannot be tried: {readiness.words}"]
        pytest.skip(readiness.words)
    assert verify(scanner) == []


def test_it_has_an_example_that_is_found_and_a_near_miss(scanner: Scanner) -> None:
    examples = scanner.examples()
    if not examples:
        # What another maker's model or the operator's keys must mark cannot be brought along.
        assert scanner.name in BORROWED
        return
    assert any(example.expected for example in examples)
    assert any(not example.expected and example.fault is None for example in examples)
    assert sum(len(example.content) for example in examples) < 1_000_000


def test_its_card_is_complete(scanner: Scanner) -> None:
    card = scanner.card
    assert card.name == scanner.name
    assert card.kinds
    assert card.containers
    assert card.milliseconds_per_file > 0
    assert all(text.endswith(".") for text in (card.claims, card.limits))


def test_its_measured_rates_carry_the_interval_that_their_counts_give(scanner: Scanner) -> None:
    for row in scanner.card.measured:
        assert (row.low, row.high) == pytest.approx(wilson(row.hits, row.trials), abs=0.001), row.what
        assert row.data
        assert len(row.on) == 10


def test_it_holds_nothing_of_one_file_for_the_next(scanner: Scanner) -> None:
    examples = [example for example in scanner.examples() if example.fault is None]
    media = [Media.from_bytes(each.content, name=each.name, declaration=each.declaration) for each in examples]
    forwards = [scanner.scan(each) for each in media]
    backwards = [scanner.scan(each) for each in reversed(media)]
    assert forwards == backwards[::-1]


def test_verify_tells_what_is_missing_and_what_is_too_much() -> None:
    class Silent(Fake):
        def scan(self, media: Media) -> list[Evidence]:
            return []

    examples = load_scanner("declared", Settings()).examples()

    class Loud(Fake):
        def examples(self) -> Sequence[Example]:
            return examples

        def scan(self, media: Media) -> list[Evidence]:
            return [Evidence(Kind.COPY, Claim.GENERATED, Integrity.OK, Tier.VALID, "loud")]

    assert verify(Silent("silent", CARD)) == []
    told = verify(Loud("loud", CARD))
    assert any("which is missing" in sentence for sentence in told)
    assert any("which is not expected" in sentence for sentence in told)
    assert any("expected fault malformed-declaration, saw None" in sentence for sentence in told)
    assert any("which its card does not name" in sentence for sentence in told)


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UnknownScanner, match=r"installed: .*c2pa, .*declared, .*metadata"):
        load_scanner("c2p", Settings())
