"""A rehearsal as JSON holds every figure, says why one is missing, and is what its published schema says."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import msgspec
from jsonschema import Draft202012Validator

from assay.engine.backtest.figures import Estimate
from assay.engine.backtest.rehearsal import Rehearsal
from assay.interfaces.rehearsals.written import SCHEMA, rehearsal_as_json, rehearsal_as_text
from tests.conftest import ROOT, Golden
from tests.interfaces.rehearsals.made import made

LANGUAGE = ROOT / "docs" / "language"


def published() -> dict[str, Any]:
    """The schema as the types of a rehearsal have it: every key is there, and no other."""
    found = msgspec.json.schema(Rehearsal)
    for part in found["$defs"].values():
        part["description"] = re.sub(r"\bNone\b", "null", " ".join(str(part.get("description", "")).split()))
        if part["type"] == "object":
            part["required"] = sorted(part["properties"])
            part["additionalProperties"] = False
            for one in part["properties"].values():
                one.pop("default", None)
    reason = {"type": "string", "description": "Why `value` is null; only where it is."}
    found["$defs"]["Estimate"]["properties"]["reason"] = reason
    top = found["$defs"].pop("Rehearsal")
    top["properties"] |= {"schema": {"const": SCHEMA}, "verdict": {"type": "string"}}
    top["required"] = sorted(top["properties"])
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "urn:assay:rehearsal:1"}
    return {**head, **top, "title": "Rehearsal, version 1", "$defs": found["$defs"]}


def test_the_published_schema_is_what_a_rehearsal_is(golden: Golden) -> None:
    schema = published()
    Draft202012Validator.check_schema(schema)
    Golden(golden.accept, LANGUAGE)("rehearsal.schema.json", json.dumps(schema, indent=1, ensure_ascii=False) + "\n")


def test_a_rehearsal_is_as_published() -> None:
    Draft202012Validator(published()).validate(json.loads(rehearsal_as_text(made())))


def test_nothing_is_left_out() -> None:
    found: Any = rehearsal_as_json(made())
    assert found["schema"] == "assay.rehearsal/1"
    assert found["verdict"].startswith("1.83 % of decisions change")
    assert [one["id"] for one in found["cases"]] == [one.id for one in made().cases]
    assert len(found["comparison"]["matrices"]) == len(made().comparison.matrices)
    assert found["comparison"]["matrices"][0]["changed"]["rows"] == 48_211
    assert found["history"]["strata"]["ordinary"] == [30_000, 1_092_000.0]
    assert found["refusals"][0]["first"] == "october.parquet:311"


def test_a_figure_that_is_missing_says_why() -> None:
    found = made()
    items = Estimate(None, None, None, 2, "stratified", suppressed=True)
    then = Estimate(float("nan"), None, float("inf"), 0, "census")
    comparison = replace(found.comparison, items=items, then_as_decided=then)
    written: Any = rehearsal_as_json(replace(found, comparison=comparison))
    assert written["comparison"]["items"]["value"] is None
    assert written["comparison"]["items"]["reason"] == "fewer rows than are shown"
    assert written["comparison"]["then_as_decided"]["value"] is None
    assert written["comparison"]["then_as_decided"]["high"] is None
    assert written["comparison"]["then_as_decided"]["reason"] == "cannot be worked out from this history"
    assert "reason" not in written["comparison"]["items_changed"]
    Draft202012Validator(published()).validate(written)


def test_whoever_writes_it_twice_writes_the_same_bytes() -> None:
    assert rehearsal_as_text(made()) == rehearsal_as_text(made())
