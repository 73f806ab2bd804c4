"""Guidance as plain values for print. Words stay words: what people wrote is never code to the typesetter."""

from __future__ import annotations

from assay.governance.policies.writing.documents.cases import ShownExample
from assay.governance.policies.writing.documents.guidance import (
    Guidance,
    GuidedRule,
    GuidedSection,
    KnownQuestion,
    Question,
)
from assay.governance.policies.writing.documents.languages import day_words
from assay.governance.policies.writing.documents.steps import Asked, Steps
from assay.governance.policies.writing.drawing.nodes import Node, blocks_of, line_of
from assay.governance.policies.writing.drawing.tree import drawing_of
from assay.governance.policies.writing.strings.standing import Passage

# As the typesetter brings it; no typeface of the machine is used, or two machines would print two documents.
FACE = "Libertinus Serif"


def printed(page: Guidance) -> Node:
    """Everything that the printed guidance shows."""
    return {
        "title": page.title.words,
        "policy": page.policy,
        "version": page.version,
        "owner": page.owner,
        "language": page.language.tag,
        "source": page.source.tag,
        "translating": page.translating.words,
        "draft": page.draft,
        "digest": page.digest,
        "day": day_words(page.day, page.language.tag),
        "market": page.market.words,
        "introduction": [_passage(each) for each in page.introduction],
        "sections": [_section(each) for each in page.sections],
        "steps": _steps(page.steps) if page.is_drawn else [],
        "asked": len(page.steps.asked),
        "most": page.steps.most,
        "expected": f"{page.steps.expected:.1f}",
        "questions": [_question(each) for each in page.questions],
        "measures": [[each.title, each.phrase] for each in page.measures],
        "known": [_known(each) for each in page.known],
    }


def _passage(passage: Passage) -> Node:
    return {"blocks": blocks_of(passage.words), "translated": passage.is_translated}


def _section(section: GuidedSection) -> Node:
    return {
        "number": section.number,
        "title": line_of(section.title.words),
        "prose": [_passage(each) for each in section.prose],
        "moderators": [_passage(each) for each in section.moderators],
        "rules": [_rule(each) for each in section.rules],
    }


def _rule(rule: GuidedRule) -> Node:
    return {
        "ref": rule.ref,
        "severity": rule.severity,
        "holds": rule.holds,
        "measures": [[each.title, each.phrase] for each in rule.measures],
        "meanwhile": [[each.title, each.phrase] for each in rule.meanwhile],
        "exceptions": list(rule.exceptions),
        "bars": rule.bars_exceptions,
        "specialist": rule.specialist,
        "steps": _steps(rule.steps),
        "ending": rule.steps.ending.words if rule.steps.ending else "",
        "drawing": drawing_of(rule.steps, "", face=FACE).replace("currentColor", "#1c1a17"),
        "said": f"Drawing of the {len(rule.steps.asked)} steps of the rule {rule.ref}, which follow in words.",
        "examples": [_example(each) for each in rule.examples],
        "known": [_known(each) for each in rule.known],
    }


def _steps(steps: Steps) -> list[Node]:
    return [_asked(each) for each in steps.asked]


def _asked(asked: Asked) -> Node:
    answers = [
        [each.words, f"go to {each.goes_to}" if each.ending is None else each.ending.words,
         bool(each.ending and each.ending.measures)]
        for each in asked.answers
    ]  # fmt: skip
    return {"number": asked.number, "question": asked.question, "answers": answers}


def _example(example: ShownExample) -> Node:
    return {
        "title": example.title.words,
        "verdict": example.verdict,
        "because": list(example.because),
        "missing": list(example.missing),
        "given": list(example.given),
        "expects": [f"{title}: {said}" for _, title, said in example.expects],
    }


def _known(known: KnownQuestion) -> Node:
    until = known.until.isoformat() if known.until else ""
    return {"number": known.number, "question": known.question, "ruling": known.ruling, "until": until}


def _question(question: Question) -> Node:
    return {
        "words": question.words.words,
        "help": line_of(question.help.words) if question.help else [],
        "answers": [[name, said.words] for name, said in question.answers],
        "seconds": f"{question.seconds:g}",
        "exposure": question.exposure,
    }
