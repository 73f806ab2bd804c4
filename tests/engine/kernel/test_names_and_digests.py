"""Names have forms, wrong names have near ones, and content has one address however it was put together."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.kernel.digest import canonical_json, digest_of_files, sha256_of, share_of
from assay.engine.kernel.errors import Diagnostic, Refused
from assay.engine.kernel.identifiers import MARKET_CODE, MEASURE_NAME, SIGNAL_NAME, SLUG, did_you_mean, nearest
from assay.engine.kernel.span import Span

PLAIN = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(), inner, max_size=4)),
    max_leaves=10,
)


@pytest.mark.parametrize("name", ["a", "intimate", "us-tida-48h", "4k"])
def test_slugs_are_told(name: str) -> None:
    assert SLUG.match(name)


@pytest.mark.parametrize("name", ["", "A", "a_b", "-a", "a-", "a--b", "a b", "a\n", "ä"])
def test_what_is_no_slug_is_refused(name: str) -> None:
    assert not SLUG.match(name)


def test_other_names_have_their_forms() -> None:
    assert SIGNAL_NAME.match("election.days_to")
    assert not SIGNAL_NAME.match("election..days")
    assert MEASURE_NAME.match("label:ai")
    assert not MEASURE_NAME.match("label:ai:x")
    assert MARKET_CODE.match("US-CA")
    assert not MARKET_CODE.match("usa")


def test_the_nearest_name_is_offered_and_a_far_one_is_not() -> None:
    known = ("person.consent", "person.kind")
    assert nearest("person.consnt", known) == "person.consent"
    assert did_you_mean("person.consnt", known) == "did you mean `person.consent`?"
    assert did_you_mean("weather", known) is None


@given(PLAIN)
def test_canonical_json_reads_back_and_knows_no_order(value: object) -> None:
    text = canonical_json(value)
    assert json.loads(text) == value
    assert canonical_json(json.loads(text)) == text


def test_keys_in_any_order_give_the_same_bytes() -> None:
    assert canonical_json({"b": 1, "a": [True, None, "ü"]}) == '{"a":[true,null,"ü"],"b":1}'.encode()
    assert digest_of_files({"b": "1", "a": "2"}) == digest_of_files({"a": "2", "b": "1"})
    assert digest_of_files({"a": "1"}) != digest_of_files({"a": "2"}) != digest_of_files({"b": "2"})


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_json_has_no_word_for_what_is_no_number(value: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical_json({"a": value})


def test_an_address_is_sha_256() -> None:
    assert sha256_of(b"") == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_shares_are_stable_even_and_independent() -> None:
    shares = [share_of(f"item-{number}", "likeness/label") for number in range(2_000)]
    assert all(0 <= share < 1 for share in shares)
    assert abs(sum(share < 0.1 for share in shares) / 2_000 - 0.1) < 0.03
    both = sum(share_of(f"item-{n}", "a") < 0.5 and share_of(f"item-{n}", "b") < 0.5 for n in range(2_000))
    assert abs(both / 2_000 - 0.25) < 0.05
    # A new release must not reshuffle who is in a rollout.
    assert share_of("item-1", "likeness/label") == 0.03598028223665162


def test_a_fault_is_shown_with_its_line_and_a_caret() -> None:
    fault = Diagnostic("unknown-signal", "no signal is named `b`", Span("p.md", 2, 7, 1), "did you mean `a`?")
    assert fault.render({"p.md": "x\nwhen:\tb\nz"}) == (
        "p.md:2:7: unknown-signal: no signal is named `b`\n    2 | when: b\n      |       ^ did you mean `a`?"
    )


def test_a_fault_in_a_file_that_is_not_there_is_shown_without_a_line() -> None:
    fault = Diagnostic("missing-file", "the pack has no `pack.yaml`", Span("pack.yaml", 1, 1), "add it")
    assert fault.render({}) == "pack.yaml:1:1: missing-file: the pack has no `pack.yaml`\n      | add it"


def test_a_caret_never_runs_past_its_line() -> None:
    shown = Diagnostic("syntax", "x", Span("p.md", 1, 2, 99)).render({"p.md": "abc"}).split("\n")[2]
    assert shown == "      |  ^^"


def test_a_refusal_carries_every_fault() -> None:
    faults = [Diagnostic("syntax", "x", Span("p.md", line, 1)) for line in (1, 2)]
    assert Refused(faults).diagnostics == tuple(faults)
    assert str(Refused(faults)) == "p.md:1:1: syntax: x"
    assert str(Refused([])) == "refused"
