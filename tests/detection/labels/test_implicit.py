"""The label's own rules: its form, its keys, and how what was found and what was given become one."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.detection.labels.implicit import STANDARD_KEYS, Label, departures, label_text, merge, parse_label
from assay.detection.labels.wish import SOURCE_TYPES, Wish
from assay.detection.scanners.source_types import claim_of

CODE = "001191110102MACQD9K64010000"
WHOLE = dict.fromkeys(STANDARD_KEYS, "") | {"Label": "1", "ContentProducer": CODE}
TEXTS = st.text(st.sampled_from("ABCabc019-_:/.{}<&'"), max_size=20)
LABELS = st.fixed_dictionaries(dict.fromkeys(STANDARD_KEYS[1:], TEXTS)).flatmap(
    lambda keys: st.sampled_from("123").map(lambda value: {"Label": value} | keys)
)


def as_label(keys: dict[str, str]) -> Label:
    return Label(keys["Label"], tuple(keys.items()))


@given(LABELS, st.booleans())
def test_a_written_label_is_read_as_it_was(keys: dict[str, str], wrapped: bool) -> None:
    read = parse_label(label_text(keys, wrapped=wrapped), wrapped_only=wrapped)
    assert read is not None
    assert read.as_mapping() == keys


@given(LABELS, LABELS)
def test_what_is_given_counts_before_what_was_found(found: dict[str, str], said: dict[str, str]) -> None:
    merged, disagreed = merge([as_label(found)], {key: value for key, value in said.items() if value})
    assert not disagreed
    assert merged == {key: said[key] or found[key] for key in STANDARD_KEYS}


@given(st.lists(LABELS, min_size=2, max_size=3))
def test_labels_that_disagree_are_never_made_one_in_silence(found: list[dict[str, str]]) -> None:
    _, disagreed = merge([as_label(keys) for keys in found], {})
    assert set(disagreed) == {key for key in STANDARD_KEYS if len({keys[key] for keys in found} - {""}) > 1}


def test_a_key_of_somebody_elses_is_kept() -> None:
    merged, _ = merge([as_label(WHOLE | {"Batch": "7"})], {"Label": "3"})
    assert (merged["Label"], merged["Batch"]) == ("3", "7")
    assert list(json.loads(label_text(merged, wrapped=False))) == [*STANDARD_KEYS, "Batch"]


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (WHOLE, []),
        (WHOLE | {"Batch": "7"}, ["Batch: no key of the standard"]),
        (WHOLE | {"ProduceID": 'a"b'}, ["ProduceID: holds a character the standard excludes"]),
        (WHOLE | {"ContentPropagator": "me"}, ["ContentPropagator: no provider's code"]),
        ({key: value for key, value in WHOLE.items() if key != "ReservedCode2"}, ["ReservedCode2: missing"]),
        ({"Label": "1", "ServiceProvider": "x", "ServiceUser": "y"}, []),
    ],
)
def test_where_a_label_departs_from_the_standard_is_told(keys: dict[str, str], words: list[str]) -> None:
    assert list(departures(as_label(keys))) == words


def test_every_source_type_that_can_be_written_is_one_our_reader_knows() -> None:
    assert all(claim_of(name) is not None for name in SOURCE_TYPES)


@pytest.mark.parametrize(
    ("wish", "slug"),
    [
        (Wish(), "nothing-to-write"),
        (Wish(label="4"), "unknown-label"),
        (Wish(label="1", propagator="a b"), "excluded-character"),
        (Wish(label="1", content_id='"'), "excluded-character"),
        (Wish(label="1", content_id="号"), "excluded-character"),
        (Wish(source_type="trainedAlgorithmicmedia"), "unknown-source-type"),
        (Wish(system="a\nb"), "unprintable-text"),
        (Wish(prompt="x" * 3000), "unprintable-text"),
    ],
)
def test_a_wish_that_cannot_be_written_is_refused_with_its_option(wish: Wish, slug: str) -> None:
    assert [fault.slug for fault in wish.faults()] == [slug]


def test_all_that_is_wrong_with_a_wish_is_told_at_once() -> None:
    assert len(Wish(label="9", propagator="a b", source_type="no", system="\x00").faults()) == 4
