"""Examples of requests and answers, as the OpenAPI document shows them. A test holds each to its schema."""

from __future__ import annotations

from typing import Any

BUNDLE = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
ITEM: dict[str, Any] = {
    "id": "upload-8241",
    "signals": {"ai_extent": "generated", "disclosed": False, "nudity": True},
    "markets": ["DE"],
    "as_of": "2026-12-15T10:00:00Z",
}
_OUTCOME: dict[str, Any] = {
    "applied": ["label:ai"],
    "by_exhaustion": {},
    "fired": ["likeness/label"],
    "ladders": {"visibility": {"applied": "visible", "at_least": "visible", "at_most": "removed"}},
    "markets": ["EU"],
    "measures": {"label:ai": "yes", "not_recommended": "no", "removed": "unknown"},
    "possible": ["likeness/intimate"],
    "questions": ["consent"],
    "settled": False,
}
DECISION: dict[str, Any] = {
    "as_of": "2026-12-15T10:00:00Z",
    "bundle": BUNDLE,
    "calendar": {},
    "conflicts": {},
    "input": {"id": ITEM["id"], "signals": ITEM["signals"]},
    "item": ITEM["id"],
    "outcomes": [_OUTCOME],
    "reasons": {
        "likeness/intimate": "AI made or altered it and somebody is nude, unless documented consent exists",
        "likeness/label": "AI made or altered it and AI is not disclosed",
    },
    "resolved": {},
    "schema": "assay.decision/1",
    "signals": ITEM["signals"],
    "subject": "item",
}
MINIMAL: dict[str, Any] = {
    "as_of": DECISION["as_of"],
    "bundle": BUNDLE,
    "item": ITEM["id"],
    "outcomes": [{name: _OUTCOME[name] for name in ("applied", "markets", "questions", "settled")}],
}
BATCH = '{"id":"upload-1","signals":{"ai_extent":"generated"}}\n{"id":"upload-2","signals":{"ai_extent":"none"}}\n'
PROBLEM_LINE = {
    "id": "upload-3",
    "line": 3,
    "problem": {"slug": "unknown-signal", "reason": "no signal is named `ai_extnt`", "field": "ai_extnt"},
}
QUESTIONS: dict[str, Any] = {
    "item": ITEM["id"],
    "bundle": BUNDLE,
    "as_of": "2026-12-15T10:00:00Z",
    "outcomes": [
        {
            "markets": ["EU"],
            "settled": False,
            "applied": ["label:ai"],
            "certain": ["label:ai"],
            "open": ["removed"],
            "questions": [{"signal": "consent", "because": [{"rule": "likeness/intimate", "severity": "S4"}]}],
            "expected_questions": 1.0,
        }
    ],
    "questions": {
        "consent": {
            "text": "Did the person agree?",
            "help": "",
            "type": "choice",
            "values": [
                {"value": "documented", "phrase": "documented consent exists"},
                {"value": "absent", "phrase": "the person did not agree"},
            ],
            "seconds": 10.0,
            "exposure": 0,
            "by_market": False,
            "unit": None,
            "minimum": None,
            "maximum": None,
        }
    },
}
_BRAKE = {
    "rule": "likeness/intimate",
    "measures": ["removed"],
    "why": "it removes 4.1 % of items, and the rehearsal expected 0.2 % to 0.4 %",
    "since": "2026-12-15T09:58:12Z",
}
BUNDLES: dict[str, Any] = {
    "current": {
        "digest": BUNDLE,
        "pack": "starter",
        "version": "1.4.0",
        "signer": "ada, bo",
        "sequence": 12,
        "share": 1.0,
        "base": None,
        "brakes": [],
    },
    "staged": None,
    "shadow": None,
    "shadow_counts": None,
    "swaps": 3,
    "refused": 0,
    "last_fault": None,
    "last_polled": "2026-12-15T09:59:58.250000Z",
    "pinned": None,
    "from_state": False,
}
_ALARM = {
    "measure": "removed",
    "market": "EU",
    "kind": "above",
    "words": _BRAKE["why"],
    "since": _BRAKE["since"],
    "rules": [_BRAKE["rule"]],
}
BRAKES: dict[str, Any] = {"brakes": [_BRAKE], "alarms": [_ALARM]}
ROLLBACK = {"by": "ada", "reason": "the new label rule reaches photographs"}
RELEASE = {"rule": "likeness/intimate", "by": "bo"}
READY: dict[str, Any] = {"ready": True}
NOT_READY: dict[str, Any] = {"ready": False, "reasons": [{"slug": "disk-full", "reason": ""}]}
ALIVE: dict[str, Any] = {"alive": True}
