"""Renders a report as one HTML page that needs nothing else. It never lets given text become markup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment
from markupsafe import Markup

from assay.interfaces.demo.report.contents import Contents, EvidenceRow, Question, Record, ReportedFile, RuleText
from assay.interfaces.demo.report.summary import summarise
from assay.interfaces.demo.report.thumbnails import Thumbnail, thumbnail_of
from assay.interfaces.demo.report.view import OutcomeView, Row, RuleView, outcomes_of, rows_of, rules_of
from assay.interfaces.look.page import anchor_of, environment_of, footer_of, prose_of, style_of

_PACKAGE = "assay.interfaces.demo.report"
_SPEAKERS = {
    "reviewer": "A reviewer",
    "platform": "The platform",
    "evidence": "Signed evidence",
    "mark": "Marks in the file",
    "uploader": "The uploader",
    "detector": "A detector",
    "authority": "An authority",
}


@dataclass(frozen=True, slots=True)
class _FileView:
    """One file as the templates read it; `strongest` holds one finding at the most."""

    number: int
    file: ReportedFile
    anchor: str
    thumbnail: Thumbnail
    strongest: tuple[EvidenceRow, ...]
    outcomes: tuple[OutcomeView, ...]
    rows: tuple[Row, ...]
    rules: tuple[RuleView, ...]
    open_rules: tuple[RuleView, ...]
    question: Question | None
    conflicts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _RuleEntry:
    anchor: str
    text: RuleText


def render(contents: Contents, *, clusters: str = "") -> str:
    """The whole page; `clusters` is the address of the page on near-duplicates, where there is one."""
    files = [_view(number, file, contents) for number, file in enumerate(contents.files, 1)]
    speaking = {each.rule.ref for file in files for each in file.rules}
    rules = [_RuleEntry(anchor_of("rule", ref), text) for ref, text in contents.rules.items() if ref in speaking]
    page = _environment().get_template("page.html")
    return page.render(
        contents=contents,
        clusters=clusters,
        summary=summarise(contents, [file.outcomes for file in files]),
        files=files,
        rules=rules,
        anchors={rule.text.ref: rule.anchor for rule in rules},
        prose={rule.text.ref: prose_of(rule.text.prose) for rule in rules},
        speakers=_SPEAKERS,
        style=style_of(_PACKAGE),
        footer=_footer(contents),
    )


def in_sentence(place: str) -> str:
    """A place as it stands after a verb: `in China`, `everywhere`."""
    return place[0].lower() + place[1:] if place.startswith("Everywhere") else f"in {place}"


def _view(number: int, file: ReportedFile, contents: Contents) -> _FileView:
    outcomes = outcomes_of(file, contents)
    rules = rules_of(file.record, contents)
    open_outcomes = [outcome for outcome in outcomes if outcome.questions]
    return _FileView(
        number=number,
        file=file,
        anchor=anchor_of("file", file.path.name),
        thumbnail=thumbnail_of(file.path),
        strongest=file.evidence[:1],
        outcomes=outcomes,
        rows=rows_of(outcomes, contents),
        rules=rules,
        open_rules=tuple(rule for rule in rules if not rule.holds),
        question=open_outcomes[0].questions[0] if open_outcomes else None,
        conflicts=tuple(_conflicts(file.record, contents)),
    )


def _conflicts(record: Record, contents: Contents) -> Sequence[tuple[str, str]]:
    return [
        (
            contents.questions[signal].text,
            " against ".join(f"“{each['value']}” by {_speaker(each['by'])} ({each['source']})" for each in said),
        )
        for signal, said in record["conflicts"].items()
    ]


def _speaker(by: str) -> str:
    """Somebody who asserts, as they are called inside a sentence."""
    name = _SPEAKERS.get(by, by)
    return name[0].lower() + name[1:]


def _footer(contents: Contents) -> Markup:
    return footer_of(f"{contents.pack} {contents.version} · {contents.bundle[:19]} · {contents.as_of}")


@cache
def _environment() -> Environment:
    environment = environment_of(_PACKAGE)
    environment.filters["in_sentence"] = in_sentence
    return environment
