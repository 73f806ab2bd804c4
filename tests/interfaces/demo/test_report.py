"""The report tells everybody what was decided: no text becomes markup, no sign stands alone, every link arrives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from markupsafe import escape

from assay.engine.language.pack.pack import Pack
from assay.interfaces.demo.report import page
from assay.interfaces.demo.report.collect import contents_of
from assay.interfaces.demo.report.contents import (
    Contents,
    EvidenceRow,
    Fact,
    LadderText,
    MarketText,
    MeasureText,
    Question,
    ReportedFile,
    RuleText,
)
from assay.interfaces.demo.report.summary import summarise
from assay.interfaces.demo.report.view import outcomes_of, rows_of, rules_of, where
from assay.interfaces.look import page as look
from tests.interfaces.demo.conftest import Decided
from tests.interfaces.pages import assert_every_link_arrives, assert_self_contained, contrast, tokens_of

STYLE = Path(look.__file__).parent / "templates" / "base.css"
HOSTILE = "<script>alert(1)</script>"
MEASURES = {
    name: MeasureText(name, title, f"it is {title.lower()}")
    for name, title in (("visible", "Visible"), ("held", "Held"), ("removed", "Removed"), ("label:ai", "AI label"))
}
LADDER = LadderText("visibility", "Who can see the item", (MEASURES["visible"], MEASURES["held"], MEASURES["removed"]))


def outcome(*markets: str, **changes: Any) -> dict[str, Any]:
    bounds = {"at_least": "visible", "at_most": "removed", "applied": "held"}
    base: dict[str, Any] = {
        "markets": list(markets),
        "applied": ["held"],
        "by_exhaustion": {},
        "fired": ["likeness/label"],
        "possible": ["likeness/intimate"],
        "ladders": {"visibility": bounds},
        "measures": {"held": "no", "removed": "unknown", "label:ai": "yes"},
        "questions": ["person.consent"],
        "settled": False,
    }
    return base | changes


def settled(*markets: str) -> dict[str, Any]:
    bounds = {"at_least": "visible", "at_most": "visible", "applied": "visible"}
    return outcome(
        *markets,
        applied=["label:ai"],
        possible=[],
        ladders={"visibility": bounds},
        measures={"held": "no", "removed": "no", "label:ai": "yes"},
        questions=[],
        settled=True,
    )


def rule(name: str, title: str, prose: str = "Plain prose.") -> RuleText:
    return RuleText(f"likeness/{name}", "Likeness", title, "AI made it", prose, ("AI label",), (("when", "a == b"),))


@pytest.fixture
def contents(tmp_path: Path) -> Contents:
    path = tmp_path / "poem.txt"
    path.write_text("Two lines of verse\nare all there is.", encoding="utf-8")
    record: Mapping[str, Any] = {
        "conflicts": {},
        "outcomes": [settled("BR", "rest"), outcome("CN"), outcome("EU", fired=[])],
        "reasons": {"likeness/label": "AI made it", "likeness/intimate": "somebody did not agree"},
    }
    evidence = EvidenceRow("The uploader says: AI made it.", "x", "generated", "unsigned", "x", "declared", {})
    file = ReportedFile(
        path, "A poem", "Somebody wrote it.", "ab" * 32, (evidence,), (Fact("reviewer", "it is"),), record
    )
    return Contents(
        pack="Test pack",
        version="1.0.0",
        bundle="sha256:00",
        as_of="22 November 2026",
        files=(file,),
        rules={
            each.ref: each for each in (rule("label", "Labels"), rule("intimate", "Intimate"), rule("silent", "Silent"))
        },
        questions={"person.consent": Question("person.consent", "Did the person agree?", "Ask `documented` first.")},
        measures=MEASURES,
        ladders=(LADDER,),
        markets=tuple(
            MarketText(*each)
            for each in (
                ("BR", "Brazil", 1),
                ("CN", "China", 1),
                ("EU", "European Union", 27),
                ("rest", "Everywhere else", 200),
            )
        ),
    )


def test_markets_are_named_by_the_shorter_list(contents: Contents) -> None:
    assert where(["BR", "CN", "EU", "rest"], contents) == "Everywhere"
    assert where(["BR", "rest", "EU"], contents) == "Everywhere but China"
    assert where(["EU", "BR"], contents) == "Brazil and European Union"
    assert where(["JP"], contents) == "JP"


def test_outcomes_that_look_alike_are_shown_once(contents: Contents) -> None:
    first, second = outcomes_of(contents.files[0], contents)
    assert (first.codes, second.codes) == (("BR", "rest"), ("CN", "EU"))
    assert [row.where for row in rows_of((first, second), contents)] == [
        "Everywhere but China and European Union",
        "China and European Union",
    ]


def test_a_ladder_shows_what_is_certain_what_may_come_and_what_holds_now(contents: Contents) -> None:
    (_, open_outcome) = outcomes_of(contents.files[0], contents)
    (ladder,) = open_outcome.ladders
    assert [(step.state, step.now) for step in ladder.steps] == [
        ("certain", False),
        ("possible", True),
        ("possible", False),
    ]


def test_a_step_that_no_open_rule_imposes_is_passed_over(contents: Contents) -> None:
    (file,) = contents.files
    bounds = {"at_least": "visible", "at_most": "removed", "applied": "visible"}
    record = {**file.record, "outcomes": [outcome("BR", "CN", "EU", "rest", ladders={"visibility": bounds})]}
    (view,) = outcomes_of(replace(file, record=record), contents)
    assert [step.state for step in view.ladders[0].steps] == ["certain", "out", "possible"]


def test_rules_that_hold_come_before_those_that_may(contents: Contents) -> None:
    label, intimate = rules_of(contents.files[0].record, contents)
    assert (label.holds, label.may_hold) == ("Everywhere but European Union", "")
    assert (intimate.holds, intimate.may_hold) == ("", "China and European Union")


def test_a_file_counts_once_in_a_market_under_the_strongest_thing_done(contents: Contents) -> None:
    summary = summarise(contents, [outcomes_of(contents.files[0], contents)])
    counts = {count.market.name: (count.gone, count.limited, count.label, count.open) for count in summary.markets}
    assert counts == {"BR": (0, 0, 1, 0), "CN": (0, 1, 0, 1), "EU": (0, 1, 0, 1), "rest": (0, 0, 1, 0)}
    assert (summary.settled, summary.open, summary.told_apart) == (0, 1, 1)


def test_the_page_says_every_truth_in_words_and_signs(contents: Contents) -> None:
    text = page.render(contents)
    for said in ("●</span> Certain", "◐</span> Open", "○</span> 1 measures not imposed", "Did the person agree?"):
        assert said in text
    assert "At least <em>visible</em>, at most <em>removed</em>; now <em>held</em>" in text
    assert "<code>documented</code>" in text


def test_rules_that_say_nothing_stay_off_the_page(contents: Contents) -> None:
    assert "Silent" not in page.render(contents)


def test_no_given_text_becomes_markup(contents: Contents) -> None:
    (file,) = contents.files
    evil = replace(
        file,
        title=HOSTILE,
        story=HOSTILE,
        evidence=(replace(file.evidence[0], sentence=HOSTILE, details={HOSTILE: HOSTILE}),),
        facts=(Fact(HOSTILE, HOSTILE),),
        faults=(HOSTILE,),
    )
    rules = {
        ref: replace(text, prose=f"{HOSTILE}\n\n[x](javascript:alert(1))", title=HOSTILE)
        for ref, text in contents.rules.items()
    }
    questions = {name: replace(each, text=HOSTILE, help=HOSTILE) for name, each in contents.questions.items()}
    text = page.render(replace(contents, files=(evil,), rules=rules, questions=questions))
    assert "<script" not in text
    assert 'href="javascript' not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_a_pack_s_name_cannot_break_out_of_the_print_footer(contents: Contents) -> None:
    text = page.render(replace(contents, pack='x"; } </style><b>', version="1"))
    assert "</style><b>" not in text
    assert 'content: "x  styleb 1' in text


def test_contradicting_statements_are_named(contents: Contents) -> None:
    (file,) = contents.files
    said = [
        {"by": "reviewer", "source": "reviewer:1", "value": "absent"},
        {"by": "uploader", "source": "declared", "value": "documented"},
    ]
    record = {**file.record, "conflicts": {"person.consent": said}}
    text = page.render(replace(contents, files=(replace(file, record=record),)))
    assert "“absent” by a reviewer (reviewer:1) against “documented” by the uploader (declared)" in text


def test_the_page_needs_nothing_else_and_every_link_arrives(contents: Contents) -> None:
    text = page.render(contents)
    assert_self_contained(text)
    assert_every_link_arrives(text)


def test_it_leads_to_the_page_of_near_duplicates_where_there_is_one_and_counts_what_banks_know(
    contents: Contents,
) -> None:
    file = contents.files[0]
    copy = EvidenceRow("A bank has it.", "copy", "generated", "unsigned", "operator", "copies:own", {})
    known = replace(contents, files=(replace(file, evidence=(*file.evidence, copy)), *contents.files[1:]))
    assert "near-duplicates" not in page.render(contents).lower()
    assert 'href="near.html"' in page.render(contents, clusters="near.html")
    assert "1 of the files is in the banks" in page.render(known)


@pytest.mark.slow
def test_the_page_of_the_whole_demonstration(decided: Decided, pack: Pack) -> None:
    made, results, records = zip(*decided, strict=True)
    contents = contents_of(pack, made, results, records)
    text = page.render(contents)
    assert_self_contained(text)
    assert_every_link_arrives(text)
    assert len(text) < 3_000_000
    for file, record in zip(made, records, strict=True):
        assert escape(file.title) in text
        for ref in {ref for each in record["outcomes"] for ref in each["fired"]}:
            assert look.anchor_of("rule", ref) in text
    assert "Everywhere but China" in text


TOKENS = tokens_of(STYLE)
GROUNDS = ("paper", "raised", "sunken")
INKS = ("ink", "muted", "accent", "amber", "gone", "limited", "label")


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("ink", INKS)
def test_every_ink_can_be_read_on_every_ground(ink: str, ground: str, scheme: int) -> None:
    assert contrast(TOKENS[ink][scheme], TOKENS[ground][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_prose_and_questions_can_be_read_with_ease(scheme: int) -> None:
    assert contrast(TOKENS["ink"][scheme], TOKENS["sunken"][scheme]) >= 7
    assert contrast(TOKENS["ink"][scheme], TOKENS["amber-ground"][scheme]) >= 7
    assert contrast(TOKENS["amber"][scheme], TOKENS["amber-ground"][scheme]) >= 4.5
    assert contrast(TOKENS["muted"][scheme], TOKENS["amber-ground"][scheme]) >= 4.5
