"""The OpenAPI document says what the service does: routes, statuses, shapes, examples, and nothing else."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from assay.interfaces.service.guard.gates import GATES
from assay.interfaces.service.kinds import KINDS
from assay.interfaces.service.openapi.document import NO_ROUTE, openapi_document
from assay.interfaces.service.openapi.operations import OPERATIONS
from assay.interfaces.service.openapi.records import DECISION, HERE, ITEM
from assay.interfaces.service.routes.table import ROUTES
from tests.house.source import ROOT, SOURCE, modules, tree
from tests.interfaces.service.fakes import MADE, bench

PUBLISHED = ROOT / "docs" / "operate" / "openapi.json"
GUIDE = ROOT / "docs" / "guide" / "service.md"
WHOLE = openapi_document()
REGISTRY: Registry[Any] = Registry().with_resource("urn:openapi", DRAFT202012.create_resource(WHOLE))


def check(schema: Any, content: Any) -> None:
    """Hold content to a schema of the document."""
    led = json.loads(json.dumps(schema).replace('"#/', '"urn:openapi#/'))
    jsonschema.Draft202012Validator(led, registry=REGISTRY).validate(content)


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in WHOLE["paths"].items():
        for method, operation in methods.items():
            yield path, method.upper(), operation


def contents() -> Iterator[tuple[str, str, Any]]:
    """Every example with its schema: of bodies and of answers."""
    for path, method, operation in operations():
        bodies = [("body", operation["requestBody"])] if "requestBody" in operation else []
        for where, holder in [*bodies, *operation["responses"].items()]:
            for kind, content in holder.get("content", {}).items():
                examples = [content["example"]] if "example" in content else []
                shared = WHOLE["components"]["examples"]
                examples += [shared[name]["value"] for name in content.get("examples", {})]
                yield from ((f"{method} {path} {where} {kind}", content["schema"], example) for example in examples)


def test_the_published_document_is_the_one_that_the_service_answers(request: pytest.FixtureRequest) -> None:
    text = json.dumps(WHOLE, indent=2, ensure_ascii=False) + "\n"
    if request.config.getoption("--accept"):
        PUBLISHED.write_text(text, encoding="utf-8")
    assert PUBLISHED.read_text(encoding="utf-8") == text, "run pytest --accept and read the difference"
    assert bench().ask("GET", "/v1/openapi.json").json() == WHOLE


def test_every_route_is_described_and_nothing_else_is() -> None:
    described = {(method, path) for path, method, _ in operations()}
    assert {(route.method, route.path) for route in ROUTES} | {("POST", "/v1/scan")} == described


def test_the_guard_knows_every_path_and_the_document_says_what_it_asks_for() -> None:
    for path, method, operation in operations():
        gate = GATES[path]
        expected = [] if gate.scope is None else [{"token": [str(gate.scope)]}]
        assert operation["security"] == expected, f"{method} {path}"
    assert set(GATES) == set(WHOLE["paths"])


def test_every_route_that_gives_or_takes_has_examples_and_they_fit() -> None:
    found = list(contents())
    assert len(found) > 100
    for where, schema, example in found:
        try:
            check(schema, example)
        except jsonschema.ValidationError as error:
            pytest.fail(f"{where}: {error.message}")


def test_an_example_that_does_not_fit_is_seen() -> None:
    with pytest.raises(jsonschema.ValidationError):
        check({"$ref": "#/components/schemas/Decision"}, {"id": "a"})


def test_every_reference_leads_somewhere() -> None:
    references = set(re.findall(r'"\$ref": "#/components/(\w+)/([^"]+)"', json.dumps(WHOLE)))
    assert len(references) > 20
    assert not [(kind, name) for kind, name in references if name not in WHOLE["components"][kind]]


def test_every_component_is_used() -> None:
    text = json.dumps(WHOLE)
    unused = [
        f"{kind}/{name}"
        for kind in ("schemas", "parameters", "headers", "examples")
        for name in WHOLE["components"][kind]
        if f'"#/components/{kind}/{name}"' not in text
    ]
    assert not unused


def test_names_of_operations_are_unique() -> None:
    names = [operation["operationId"] for _, _, operation in operations()]
    assert len(names) == len(set(names)) == len(OPERATIONS)


@pytest.mark.parametrize("name", [ITEM, DECISION])
def test_the_schemas_inside_the_package_are_those_of_the_language(name: str) -> None:
    assert (HERE / name).read_bytes() == (ROOT / "docs" / "language" / name).read_bytes()


def test_what_the_service_answers_fits_what_the_document_says() -> None:
    service = bench()
    for path, method, operation in operations():
        if method != "GET":
            continue
        answer = service.ask(method, path)
        described = operation["responses"][str(answer.status_code)]["content"]
        kind = answer.headers["content-type"].partition(";")[0]
        assert kind in described
        if kind == "application/json":
            check(described[kind]["schema"], answer.json())


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/decisions", dict(MADE)),
        ("/v1/questions?expected=yes", dict(MADE)),
        ("/v1/decisions", {"id": 3}),
        ("/v1/bundle:rollback", {"by": "ada", "reason": "it labels photographs"}),
        ("/v1/brakes:release", {"rule": "likeness/intimate", "by": "bo"}),
        ("/v1/brakes:release", {"rule": "no/such", "by": "bo"}),
    ],
)
def test_what_is_answered_to_a_call_fits_what_the_document_says(path: str, body: Any) -> None:
    answer = bench().ask("POST", path, json=body)
    described = WHOLE["paths"][path.partition("?")[0]]["post"]["responses"][str(answer.status_code)]
    check(described["content"][answer.headers["content-type"]]["schema"], answer.json())
    named = {name.lower() for name in described["headers"]}
    assert {name for name in answer.headers if name not in ("content-type", "content-length")} <= named


# ----------------------------------------------------------------- problems


def slugs_in_code() -> set[str]:
    """Slugs of problems that the service's code answers."""
    found = set()
    for path in modules(SOURCE / "interfaces" / "service"):
        for node in ast.walk(tree(path)):
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if named and node.func.id in ("refused", "Problem", "Refusal") and node.args:  # type: ignore[attr-defined]
                first = node.args[0]  # type: ignore[attr-defined]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.add(first.value)
    return found


def test_every_problem_that_the_code_answers_is_in_the_table_and_none_is_there_for_nothing() -> None:
    found = slugs_in_code()
    assert len(found) > 10
    assert found <= set(KINDS)
    described = {slug for _, _, operation in operations() for slug in slugs_described(operation)}
    assert set(KINDS) - described == set(NO_ROUTE)


def slugs_described(operation: dict[str, Any]) -> set[str]:
    answers = operation["responses"].values()
    kinds = [answer.get("content", {}).get("application/problem+json", {}) for answer in answers]
    return {slug for kind in kinds for slug in kind.get("examples", {})}


def test_every_problem_is_in_the_guide_with_its_status() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (\d{3}) \|", text, flags=re.MULTILINE))
    assert rows == {slug: str(kind.status) for slug, kind in KINDS.items()}


@pytest.mark.parametrize("slug", KINDS)
def test_a_problem_says_its_kind_in_plain_words(slug: str) -> None:
    words = KINDS[slug].words
    assert words[0].islower() or words[0] == "`"
    assert not words.endswith(".")
