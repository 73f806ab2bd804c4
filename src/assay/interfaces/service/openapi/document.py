"""The OpenAPI 3.1 document, made from the routes, their shapes and the record schemas. It never runs a route."""

from __future__ import annotations

from collections import defaultdict
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

import msgspec

from assay.interfaces.service.guard.gates import GATES
from assay.interfaces.service.kinds import KINDS
from assay.interfaces.service.openapi.operations import OPERATIONS, Answers, Content, Operation
from assay.interfaces.service.openapi.records import Schema, decision_schema, item_schema
from assay.interfaces.service.openapi.vocabulary import asked_properties
from assay.interfaces.service.problems import PROBLEM_TYPE, URN
from assay.interfaces.service.routes import shapes
from assay.interfaces.service.scanned import shapes as scanned

SCHEMAS = "#/components/schemas/{name}"
_ITEM, _DECISION = "Item", "Decision"
_SHAPES = (
    shapes.ProblemShape,
    shapes.MinimalDecision,
    shapes.QuestionsAnswer,
    shapes.BundleAnswer,
    shapes.BrakesAnswer,
    shapes.Ready,
    shapes.Alive,
    shapes.Rollback,
    shapes.Release,
    scanned.ScanOrder,
    scanned.ScanAnswer,
)
# What the guard may answer to any request, and what to requests that need a token.
GUARD_PROBLEMS = (
    "malformed-request",
    "bad-header",
    "cross-origin",
    "request-timeout",
    "body-too-large",
    "bad-host",
    "head-too-large",
)
TOKEN_PROBLEMS = (*GUARD_PROBLEMS, "unauthorized", "forbidden", "rate-limited", "busy")
# Answered where there is no route, so that no route describes them.
NO_ROUTE = ("not-found", "method-not-allowed")
_SECONDS = {"description": "After how many seconds to try again.", "schema": {"type": "integer", "minimum": 1}}


def openapi_document() -> Schema:
    """The document."""
    paths: dict[str, Schema] = defaultdict(dict)
    for name, operation in OPERATIONS.items():
        paths[operation.path][operation.method.lower()] = _operation(name, operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Assay decision service",
            "version": version("assay"),
            "description": "Decides items by a bundle of policies, and keeps a record of every decision it answers.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": dict(paths),
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "A token of the service, with its scopes."}
            },
            "schemas": _schemas(),
            "examples": {slug: {"value": problem_example(slug)} for slug in KINDS if slug not in NO_ROUTE},
            "parameters": _PARAMETERS,
            "headers": _HEADERS,
        },
    }


def _operation(name: str, operation: Operation) -> Schema:
    gate = GATES.get(operation.path)
    scope = None if gate is None else gate.scope
    found: Schema = {"operationId": name, "summary": operation.summary, "tags": list(operation.tags)}
    if operation.words:
        found["description"] = operation.words
    found["security"] = [] if gate is not None and scope is None else [{"token": [str(scope)] if scope else []}]
    if operation.parameters:
        found["parameters"] = [{"$ref": f"#/components/parameters/{each}"} for each in operation.parameters]
    if operation.body is not None:
        others = {} if operation.other_body is None else _content(operation.other_body)
        found["requestBody"] = {"required": True, "content": {**_content(operation.body), **others}}
    found["responses"] = _responses(
        operation, (*operation.problems, *(GUARD_PROBLEMS if scope is None else TOKEN_PROBLEMS))
    )
    return found


def _responses(operation: Operation, slugs: tuple[str, ...]) -> Schema:
    found: Schema = {str(status): _answer(answers) for status, answers in operation.answers.items()}
    by_status: dict[int, list[str]] = defaultdict(list)
    for slug in dict.fromkeys(slugs):
        by_status[KINDS[slug].status].append(slug)
    for status, these in sorted(by_status.items()):
        problems = _problems(status, these)
        there = found.setdefault(str(status), problems)
        if there is not problems:
            there["description"] += f" Or: {problems['description']}"
            there["content"] |= problems["content"]
            there["headers"] = {**there.get("headers", {}), **problems.get("headers", {})}
    return found


def _answer(answers: Answers) -> Schema:
    found: Schema = {"description": answers.words, "headers": _header_refs(("X-Request-Id", *answers.headers))}
    if answers.content is not None:
        found["content"] = _content(answers.content)
    return found


def _header_refs(names: tuple[str, ...]) -> Schema:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _content(content: Content) -> Schema:
    schema = {"$ref": SCHEMAS.format(name=content.schema)} if isinstance(content.schema, str) else content.schema
    return {kind: {"schema": schema, "example": content.example} for kind in content.types}


def _problems(status: int, slugs: list[str]) -> Schema:
    words = "; ".join(f"`{slug}`: {KINDS[slug].words}" for slug in slugs)
    examples = {slug: {"$ref": f"#/components/examples/{slug}"} for slug in slugs}
    schema = {"$ref": SCHEMAS.format(name="Problem")}
    content = {PROBLEM_TYPE.decode("ascii"): {"schema": schema, "examples": examples}}
    found: Schema = {"description": f"{words}.", "headers": _header_refs(("X-Request-Id",)), "content": content}
    if status in (429, 503):
        found["headers"]["Retry-After"] = _SECONDS
    return found


def problem_example(slug: str) -> dict[str, Any]:
    """A problem of a kind, as it might be answered."""
    status = KINDS[slug].status
    return {
        "type": URN + slug,
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": KINDS[slug].words,
        "slug": slug,
        "faults": [],
        "request": "q7Yb2c",
    }


def _schemas() -> Schema:
    _, components = msgspec.json.schema_components(_SHAPES, ref_template=SCHEMAS)
    found: Schema = {name.removesuffix("Shape"): _renamed(each) for name, each in components.items()}
    found |= as_components(_ITEM, item_schema()) | as_components(_DECISION, decision_schema())
    request = as_components(_ITEM, item_schema())[_ITEM]
    request["title"] = "Item record, with how to decide it"
    request["properties"] |= asked_properties()
    found["ItemRequest"] = request
    found["Problem"]["properties"]["slug"] = {"enum": sorted(KINDS)}
    found["PackSchemas"] = {
        "title": "Schemas of the bundle in use",
        "type": "object",
        "required": ["bundle", "item", "decision"],
        "properties": {"bundle": {"type": "string"}, "item": {"type": "object"}, "decision": {"type": "object"}},
    }
    return dict(sorted(found.items()))


def _renamed(schema: Any) -> Any:
    """References without the ending that tells our own classes from others of the name."""
    if isinstance(schema, dict):
        return {
            key: each.removesuffix("Shape") if key in ("$ref", "title") and isinstance(each, str) else _renamed(each)
            for key, each in schema.items()
        }
    return [_renamed(each) for each in schema] if isinstance(schema, list) else schema


def as_components(name: str, schema: Schema) -> dict[str, Schema]:
    """A schema of its own as components: its definitions beside it, references led there."""
    definitions = schema.pop("$defs", {})
    schema.pop("$schema", None)
    schema.pop("$id", None)
    found = {name: schema} | {_part(name, part): each for part, each in definitions.items()}
    return {key: _led(each, name) for key, each in found.items()}


def _part(name: str, part: str) -> str:
    return f"{name}{part[0].upper()}{part[1:]}"


def _led(schema: Any, name: str) -> Any:
    if isinstance(schema, list):
        return [_led(each, name) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _led(each, name) for key, each in schema.items()}
    reference = found.get("$ref")
    if isinstance(reference, str):
        document, _, part = reference.partition("#/$defs/")
        owner = _ITEM if document == "urn:assay:item:1" else name
        found["$ref"] = SCHEMAS.format(name=_part(owner, part) if part else owner)
    return found


def _header(name: str, words: str, schema: Schema) -> Schema:
    return {"name": name, "in": "header", "required": False, "description": words, "schema": schema}


def _query(name: str, words: str, schema: Schema, example: str) -> Schema:
    return {"name": name, "in": "query", "required": False, "description": words, "schema": schema, "example": example}


_TEXT: Schema = {"type": "string"}
_PARAMETERS: Schema = {
    "IdempotencyKey": _header(
        "Idempotency-Key",
        "Names the request: sent again with the same body, it is answered by the same bytes, and recorded once.",
        {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]{1,255}$"},
    ),
    "Prefer": _header(
        "Prefer", "`return=minimal` asks for the short form.", {"type": "string", "examples": ["return=minimal"]}
    ),
    "IfNoneMatch": _header("If-None-Match", "The tag of what the caller has.", _TEXT),
    "markets": _query("markets", "Markets of lines that name none.", {"type": "string", "minLength": 1}, "BR,EU"),
    "as_of": _query(
        "as_of",
        "The instant of lines that name none.",
        {"type": "string", "format": "date-time"},
        "2026-12-15T10:00:00Z",
    ),
    "deep": _query(
        "deep", "Whether to look into pictures and sound, too, which takes long.", {"enum": ["yes", "no"]}, "no"
    ),
    "name": _query("name", "The uploader's name for the file, of which the ending is used.", _TEXT, "holiday.png"),
    "expected": _query("expected", "Whether to work out how many questions to expect.", {"enum": ["yes", "no"]}, "yes"),
}
_HEADERS: Schema = {
    "Assay-Bundle": {
        "description": "Digest of the bundle that decided; of a batch, of all that decide.",
        "schema": _TEXT,
    },
    "Cache-Control": {"description": "To be asked for again each time.", "schema": _TEXT},
    "ETag": {"description": "Tells this content from any other.", "schema": _TEXT},
    "Idempotency-Replayed": {
        "description": "`true` where the request came before and its answer is given again.",
        "schema": {"enum": ["true"]},
    },
    "Preference-Applied": {
        "description": "`return=minimal` where it was heeded.",
        "schema": {"enum": ["return=minimal"]},
    },
    "X-Request-Id": {"description": "The request, as logs name it.", "schema": _TEXT},
}
