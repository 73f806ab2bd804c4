from __future__ import annotations

from pathlib import Path

import pytest

from assay.engine.backtest.forecast.assumptions import Assumptions, Range
from assay.engine.backtest.forecast.schemes import META, Step, StrikeScheme
from assay.engine.kernel.errors import Diagnostic
from assay.interfaces.rehearsals.assumptions import assumptions_of, read_assumptions
from tests.engine.backtest.blocks import measures_with_clocks
from tests.makers import a_pack, a_rule, a_signal, a_vocabulary

PACK = a_pack(a_rule("p/a", "harmful"), vocabulary=a_vocabulary(a_signal("harmful")), measures=measures_with_clocks())


def read(text: str) -> Assumptions:
    found = assumptions_of(text, "a.yaml", PACK, PACK)
    assert isinstance(found, Assumptions), [fault.words for fault in found]
    return found


def faults(text: str) -> list[Diagnostic]:
    found = assumptions_of(text, "a.yaml", PACK, PACK)
    assert isinstance(found, list)
    return found


def test_an_empty_file_leaves_every_default() -> None:
    assert read("") == Assumptions()
    assert read("# nothing yet\n") == Assumptions()


def test_everything_can_be_given() -> None:
    found = read(
        """
seconds: {harmful: 12.5}
reviewed: 80% to 95%
appealed: {removed: [0.02, 6%], labelled: 1%, other: 0.5}
overturned: 0.25
clocks: {clock:two_days: 40}
strikes: {window: 30 days, forgiven: 2, points: {strike:severe: 5, other: 2}, thresholds: {10: Removed, 3: Frozen}}
hours_a_week: 25 to 30
most_questions: 12
"""
    )
    assert found.seconds == {"harmful": 12.5}
    assert found.reviewed == Range(0.8, 0.95)
    assert found.appeals_of("removed") == Range(0.02, 0.06)
    assert (found.appeals_of("labelled"), found.appeals_of("not_recommended")) == (Range(0.01, 0.01), Range(0.5, 0.5))
    assert found.overturned == Range(0.25, 0.25)
    assert (found.clocks["clock:two_days"], found.clocks["clock:one_hour"]) == (40, 1)
    steps = (Step(3, "Frozen"), Step(10, "Removed"))
    assert found.strikes == StrikeScheme("your own", "given", steps, 30, {"strike:severe": 5}, 2, 2)
    assert (found.hours_a_week, found.most_questions) == (Range(25.0, 30.0), 12)
    assert "strikes" in found.given


def test_a_preset_is_named_by_one_word() -> None:
    assert read("strikes: meta").strikes == META


@pytest.mark.parametrize(
    ("text", "slug", "words", "place"),
    [
        ("sconds: {}", "unknown-key", "`sconds`", "a.yaml:1:1"),
        ("seconds: {harmfull: 3}", "unknown-signal", "`harmfull`", "a.yaml:1:11"),
        ("appealed: {remved: 3%}", "unknown-lane", "`remved`", "a.yaml:1:12"),
        ("clocks: {clock:two_dys: 3}", "unknown-clock", "`clock:two_dys`", "a.yaml:1:10"),
        ("strikes: youtub", "unknown-scheme", "`youtub`", "a.yaml:1:10"),
        ("strikes: {window: 9 days, points: {strike:x: 1}, thresholds: {3: A}}", "unknown-strike", "`strike:x`", ""),
    ],
)
def test_a_name_that_nobody_knows_is_named_with_its_place_and_what_was_meant(
    text: str, slug: str, words: str, place: str
) -> None:
    (fault,) = faults(text)
    assert fault.slug == slug
    assert words in fault.words
    assert str(fault.span).startswith(place)
    assert fault.hint is not None
    assert "did you mean" in fault.hint or "known are" in fault.hint


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("reviewed: 130%", "outside 0 to 1"),
        ("reviewed: many", "no number and no range"),
        ("reviewed: [0.1, 0.2, 0.3]", "no number and no range"),
        ("overturned: 50% to 20%", "ends below where it begins"),
        ("hours_a_week: 0", "outside 0.1 to 168"),
        ("most_questions: 2.5", "no whole number"),
        ("clocks: {clock:two_days: 0}", "no whole number"),
        ("seconds: {harmful: nan}", "no number and no range"),
        ("appealed: 3%", "holds keys and values"),
        ("strikes: [meta]", "scheme's name"),
        ("strikes: {window: 9 days}", "has no `thresholds`"),
        ("strikes: {thresholds: {3: A}}", "how long a strike counts"),
        ("strikes: {window: 9 days, thresholds: {three: A}}", "no whole number"),
        ("strikes: {window: 9 days, thresholds: {3: ''}}", "says what follows"),
        ("[1, 2]", "keys with values"),
        ("a: [", "not YAML"),
        ("reviewed: 1\nreviewed: 1", "twice"),
    ],
)
def test_a_value_that_cannot_be_is_refused_in_words(text: str, words: str) -> None:
    assert any(words in fault.words for fault in faults(text))


def test_all_faults_are_collected_in_the_order_of_the_file() -> None:
    found = faults("seconds: {harmfull: 3}\nreviewed: 2\nfoo: 1\nstrikes: metta\n")
    assert [fault.span.line for fault in found] == [1, 2, 3, 4]


def test_a_file_is_read_and_one_that_cannot_be_is_named(tmp_path: Path) -> None:
    written = tmp_path / "a.yaml"
    written.write_text("overturned: 10%\n", encoding="utf-8")
    found = read_assumptions(written, PACK, PACK)
    assert isinstance(found, Assumptions)
    assert found.overturned == Range(0.1, 0.1)
    for path, content, slug in (
        (tmp_path / "none.yaml", None, "missing-file"),
        (tmp_path / "b.yaml", b"\xff", "bad-value"),
    ):
        if content is not None:
            path.write_bytes(content)
        (fault,) = read_assumptions(path, PACK, PACK)  # type: ignore[misc]
        assert fault.slug == slug
