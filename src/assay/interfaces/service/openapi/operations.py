"""What the OpenAPI document says of each route beside its problems: words, parameters, bodies, answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assay.interfaces.service.openapi import examples
from assay.interfaces.service.openapi.records import Schema
from assay.interfaces.service.scanned import shapes as scanned

JSON, NDJSON, JSONL = "application/json", "application/x-ndjson", "application/jsonl"
OCTETS = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Content:
    """A body: its schema and examples by content type. `schema` names a component."""

    schema: str | Schema
    example: Any
    types: tuple[str, ...] = (JSON,)


@dataclass(frozen=True, slots=True)
class Answers:
    """An answer that is no problem; `headers` names components."""

    words: str
    content: Content | None = None
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """What is said of one route: its method, its path, what it does.

    parameters  names of components
    other_body  a second form of body, of other content types
    problems    slugs that the route itself can answer; the guard's come to them
    """

    method: str
    path: str
    summary: str
    answers: Mapping[int, Answers]
    body: Content | None = None
    parameters: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    words: str = ""
    tags: tuple[str, ...] = field(default=("decide",))
    other_body: Content | None = None


_BODY_PROBLEMS = (
    "broken-json",
    "bad-header",
    "bad-parameter",
    "body-too-large",
    "unsupported-type",
    "unsupported-encoding",
)
_ITEM_PROBLEMS = (*_BODY_PROBLEMS, "invalid-item", "internal")
_CALL_PROBLEMS = (*_BODY_PROBLEMS, "invalid-request", "internal")
_READ_PROBLEMS = ("bad-header", "bad-parameter", "internal")
_TEXT: Schema = {"type": "string"}
_ANYTHING: Schema = {"type": "string", "format": "binary"}
_KEYED = ("IdempotencyKey", "Prefer")
_DECISION: Schema = {
    "anyOf": [{"$ref": "#/components/schemas/Decision"}, {"$ref": "#/components/schemas/MinimalDecision"}]
}
_TAGGED = Answers("The caller has it already.", None, ("ETag", "Cache-Control"))

OPERATIONS: Mapping[str, Operation] = {
    "decide": Operation(
        "POST",
        "/v1/decisions",
        "Decide one item",
        {
            200: Answers(
                "The decision record, kept; in short where `Prefer: return=minimal` was asked for.",
                Content(_DECISION, examples.DECISION),
                ("Assay-Bundle", "Idempotency-Replayed", "Preference-Applied"),
            )
        },
        Content("ItemRequest", examples.ITEM),
        _KEYED,
        (*_ITEM_PROBLEMS, "idempotency-mismatch", "records-not-kept"),
        "The answer's body is the record, byte for byte, as it is kept.",
    ),
    "decide_batch": Operation(
        "POST",
        "/v1/decisions:batch",
        "Decide a batch",
        {
            200: Answers(
                "A line for each line, in order: a decision record, or a problem with the number of its line.",
                Content(_TEXT, examples.BATCH, (NDJSON,)),
                ("Assay-Bundle", "Preference-Applied"),
            )
        },
        Content(_TEXT, examples.BATCH, (NDJSON, JSONL)),
        (*_KEYED, "markets", "as_of"),
        ("bad-header", "bad-parameter", "unsupported-type", "unsupported-encoding", "records-not-kept", "internal"),
        "Lines of JSON, each an item as `/v1/decisions` takes it. Both ways are streamed: answers begin before the "
        "body has ended. Blank lines are passed over; a line that cannot be decided costs itself only.",
    ),
    "ask_questions": Operation(
        "POST",
        "/v1/questions",
        "Ask what to ask next",
        {
            200: Answers(
                "What is certain, what is open, and what to ask.", Content("QuestionsAnswer", examples.QUESTIONS)
            )
        },
        Content("ItemRequest", examples.ITEM),
        ("expected",),
        _ITEM_PROBLEMS,
        "Nothing is recorded.",
    ),
    "scan": Operation(
        "POST",
        "/v1/scan",
        "Scan a file",
        {200: Answers("The file's evidence, and what it asserts.", Content("ScanAnswer", scanned.EXAMPLE_ANSWER))},
        Content("ScanOrder", scanned.EXAMPLE_ORDER),
        ("deep", "name"),
        (*_CALL_PROBLEMS, "not-configured"),
        "The file's bytes are the body, or an order names a file below the service's folder of media. Nothing is "
        "fetched, and nothing is kept. The assertions can be given to `/v1/decisions` as they are.",
        ("scan",),
        Content(_ANYTHING, "the bytes of the file", (OCTETS,)),
    ),
    "show_bundles": Operation(
        "GET",
        "/v1/bundle",
        "Show the bundles in use",
        {200: Answers("The bundles in use.", Content("BundleAnswer", examples.BUNDLES))},
        problems=_READ_PROBLEMS,
        tags=("operate",),
    ),
    "roll_back": Operation(
        "POST",
        "/v1/bundle:rollback",
        "Go back to the former bundle",
        {200: Answers("The bundles in use now.", Content("BundleAnswer", examples.BUNDLES))},
        Content("Rollback", examples.ROLLBACK),
        problems=(*_CALL_PROBLEMS, "not-possible"),
        words="It is pinned until somebody unpins it or a newer release comes.",
        tags=("operate",),
    ),
    "unpin": Operation(
        "POST",
        "/v1/bundle:unpin",
        "Follow the channel again",
        {200: Answers("The bundles in use now.", Content("BundleAnswer", examples.BUNDLES))},
        Content("Rollback", examples.ROLLBACK),
        problems=(*_CALL_PROBLEMS, "not-possible"),
        tags=("operate",),
    ),
    "show_brakes": Operation(
        "GET",
        "/v1/brakes",
        "Show the brakes that are on",
        {200: Answers("The brakes that are on, and alarms.", Content("BrakesAnswer", examples.BRAKES))},
        problems=_READ_PROBLEMS,
        tags=("operate",),
    ),
    "release_brake": Operation(
        "POST",
        "/v1/brakes:release",
        "Release a brake",
        {200: Answers("The brakes that are left.", Content("BrakesAnswer", examples.BRAKES))},
        Content("Release", examples.RELEASE),
        problems=(*_CALL_PROBLEMS, "not-possible", "not-configured"),
        tags=("operate",),
    ),
    "show_schema": Operation(
        "GET",
        "/v1/schema",
        "Read the schemas of the bundle in use",
        {
            200: Answers(
                "JSON Schemas of items and decisions, in the vocabulary of the bundle.",
                Content("PackSchemas", {"bundle": examples.BUNDLE, "item": {}, "decision": {}}),
                ("ETag", "Cache-Control"),
            ),
            304: _TAGGED,
        },
        parameters=("IfNoneMatch",),
        problems=_READ_PROBLEMS,
        tags=("read",),
    ),
    "show_openapi": Operation(
        "GET",
        "/v1/openapi.json",
        "Read this document",
        {
            200: Answers(
                "The OpenAPI document.",
                Content({"type": "object", "required": ["openapi"]}, {"openapi": "3.1.0"}),
                ("ETag", "Cache-Control"),
            ),
            304: _TAGGED,
        },
        parameters=("IfNoneMatch",),
        problems=_READ_PROBLEMS,
        tags=("read",),
    ),
    "show_alive": Operation(
        "GET",
        "/healthz",
        "Ask whether the process lives",
        {200: Answers("It does.", Content("Alive", examples.ALIVE))},
        problems=_READ_PROBLEMS,
        tags=("health",),
    ),
    "show_ready": Operation(
        "GET",
        "/readyz",
        "Ask whether requests are answered",
        {
            200: Answers("They are.", Content("Ready", examples.READY)),
            503: Answers("They are not; the reasons say why.", Content("Ready", examples.NOT_READY)),
        },
        problems=_READ_PROBLEMS,
        tags=("health",),
    ),
    "show_metrics": Operation(
        "GET",
        "/metrics",
        "Read the metrics",
        {200: Answers("Metrics as Prometheus reads them.", Content(_TEXT, "# EOF\n", ("text/plain",)))},
        problems=_READ_PROBLEMS,
        tags=("health",),
    ),
}
