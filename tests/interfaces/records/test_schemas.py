"""What is published about records is what they are."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from tests.conftest import ROOT
from tests.interfaces.running import STARTER, Run, assay

LANGUAGE = ROOT / "docs" / "language"
RECORDS: list[dict[str, Any]] = [
    {"id": "nothing"},
    {"id": "null", "signals": None, "assertions": None, "subject": None},
    {"id": "some", "signals": {"ai_extent": "generated", "technique": ["voice_clone"], "person.kind": None}},
    {"id": "scoped", "signals": {"legal_order": {"KR": "valid", "*": "none"}, "election.days_to": {"BR": 3}}},
    {"id": "account", "subject": "account", "signals": {"account.youth_focus": True}},
    {
        "id": "said",
        "assertions": [
            {"signal": "ai_extent", "value": "generated", "by": "reviewer", "source": "reviewer:1", "confidence": 0.9},
            {"signal": "ai_extent", "value": "none", "by": "reviewer", "source": "reviewer:2"},
            {"signal": "person.kind", "value": "none", "by": "reviewer", "source": "", "evidence": ["sha256:0"]},
            {
                "signal": "made_with_own_tool",
                "value": True,
                "by": "reviewer",
                "source": "r",
                "at": "2026-11-20T10:00:00Z",
            },
        ],
    },
]


@pytest.fixture(scope="module")
def schemas() -> dict[str, Draft202012Validator]:
    texts = {name: json.loads((LANGUAGE / f"{name}.schema.json").read_text()) for name in ("item", "decision")}
    contents = [(str(text["$id"]), Resource.from_contents(text)) for text in texts.values()]
    registry: Registry[Any] = Registry().with_resources(contents)
    for text in texts.values():
        Draft202012Validator.check_schema(text)
        assert text["$id"].endswith(":1")
    return {name: Draft202012Validator(text, registry=registry) for name, text in texts.items()}


def decided(*words: str) -> Run:
    lines = "\n".join(json.dumps(record) for record in RECORDS)
    return assay("decide", "-", "--pack", STARTER, "--as-of", "2026-09-28", *words, given=lines)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record["id"])
def test_an_item_record_is_as_published(record: object, schemas: dict[str, Draft202012Validator]) -> None:
    schemas["item"].validate(record)


@pytest.mark.parametrize("words", [(), ("--no-reasons",), ("--markets", "BR,EU")])
def test_a_decision_record_is_as_published(words: tuple[str, ...], schemas: dict[str, Draft202012Validator]) -> None:
    run = decided(*words)
    assert run.code == 0, run.err
    assert len(run.lines) == len(RECORDS)
    for record in run.lines:
        schemas["decision"].validate(record)
        assert ("reasons" in record) is ("--no-reasons" not in words)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"id": 7},
        {"id": "a", "signals": []},
        {"id": "a", "signals": {"Ai-Extent": "x"}},
        {"id": "a", "verdict": "x"},
        {"id": "a", "assertions": [{"signal": "ai_extent"}]},
        {"id": "a", "assertions": [{"signal": "ai_extent", "by": "reviewer", "confidence": 2}]},
    ],
)
def test_what_is_no_item_record_is_refused(wrong: object, schemas: dict[str, Draft202012Validator]) -> None:
    assert not schemas["item"].is_valid(wrong)


def test_a_decision_with_a_truth_of_its_own_is_refused(schemas: dict[str, Draft202012Validator]) -> None:
    record = decided().lines[0]
    schemas["decision"].validate(record)
    record["outcomes"][0]["measures"]["removed"] = True
    assert not schemas["decision"].is_valid(record)
