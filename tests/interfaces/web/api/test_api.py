from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from assay.governance.office.operations import OPERATIONS
from assay.governance.office.roles import Role
from assay.governance.people.actors import actor_of
from assay.governance.people.models import Person
from assay.governance.people.tokens.commands import MadeToken, make_token
from assay.governance.people.tokens.offered import OFFERED
from assay.governance.people.tokens.rules import NEVER, can_be_given
from assay.governance.policies.ports import PORTS
from assay.interfaces.web.api.root import AT_TERMINAL, READ_BY_SEARCH
from tests.conftest import ROOT
from tests.governance.policies.life.houses import begun, opened
from tests.workbench.people import SOME_MOMENT, ClientOf, a_person


def token_of(person: Person, *operations: str) -> dict[str, str]:
    """The header of a program that may do so much; nothing named is everything."""
    at = datetime.now(UTC)
    by = actor_of(person, at)
    names = frozenset(operations) or frozenset(each.name for each in can_be_given(by))
    made = make_token(name="a test", operations=names, ends=at + timedelta(days=1), by=by, at=at)
    assert isinstance(made, MadeToken)
    return {"Authorization": f"Bearer {made.text}"}


def schema(client: Client) -> dict[str, Any]:
    answer = client.get("/api/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = json.loads(answer.content)
    return found


def every_operation(found: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in found["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_a_program_learns_for_whom_it_acts(dee: Person) -> None:
    answer = Client().get("/api/me", headers=token_of(dee, "tokens.list"))
    body = answer.json()
    assert (body["person"], body["way"], body["operations"]) == (str(dee.key), "token", ["tokens.list"])
    assert [role["role"] for role in body["roles"]] == ["administrator"]


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer x", "Basic ZGVlOmRlZQ==", f"Bearer assay_me_{'0' * 12}_{'A' * 43}", "Bearer \x00"]
)
def test_whoever_shows_no_token_that_holds_is_told_how_to_get_one(db: None, header: str) -> None:
    answer = Client().get("/api/me", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert (answer.json()["slug"], answer.json()["type"]) == ("unauthenticated", "urn:assay:problem:unauthenticated")
    assert "x" not in answer.json()["request"]


def test_a_wrong_token_is_not_covered_up_by_a_session(client_of: ClientOf, dee: Person) -> None:
    client = client_of(dee)
    assert client.get("/api/me").status_code == 200
    assert client.get("/api/me", headers={"Authorization": "Bearer x"}).status_code == 401


def test_every_address_of_the_api_is_closed_to_strangers(db: None, client_of: ClientOf, dee: Person) -> None:
    found = schema(client_of(dee))
    assert len(found["paths"]) >= 1
    for path, method, _ in every_operation(found):
        filled = path.replace("{", "").replace("}", "")
        answer = Client().generic(method.upper(), filled)
        assert answer.status_code in (401, 404, 405), (method, path)
    assert Client().get("/api/openapi.json").status_code == 401
    assert Client().get("/api/docs").status_code in (302, 404)


def test_a_session_writes_only_with_its_csrf_token(dee: Person, client_of: ClientOf) -> None:
    client = client_of(dee)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    writing = [(path, method) for path, method, _ in every_operation(schema(client)) if method != "get"]
    for path, method in [*writing, ("/api/me", "post")]:
        answer = strict.generic(method.upper(), path.replace("{", "").replace("}", ""))
        assert answer.status_code in (403, 404, 405), (method, path)
    assert strict.get("/api/me").status_code == 200


def test_an_operation_that_the_token_was_not_let_is_refused_in_words(dee: Person) -> None:
    answer = Client().get("/api/ledger/entries", headers=token_of(dee, "tokens.list"))
    assert (answer.status_code, answer.json()["slug"]) == (403, "not-allowed")


def test_what_is_not_there_is_a_problem_too(dee: Person) -> None:
    answer = Client().get("/api/ledger/entries/999999999", headers=token_of(dee))
    assert (answer.status_code, answer.json().get("slug")) == (404, "not-found")


def test_a_request_of_another_form_is_told_its_fields_and_nothing_is_repeated(dee: Person) -> None:
    answer = Client().get("/api/ledger/entries/<script>", headers=token_of(dee))
    assert answer.status_code in (404, 422)
    assert b"<script>" not in answer.content


def test_every_operation_of_the_api_is_described(client_of: ClientOf, dee: Person) -> None:
    for path, method, operation in every_operation(schema(client_of(dee))):
        assert operation.get("summary"), (method, path)
        assert operation["security"] == [{"TokenAuth": []}, {"PageAuth": []}], (method, path)


def test_answers_are_not_kept_by_anybody_on_the_way(dee: Person) -> None:
    assert Client().get("/api/me", headers=token_of(dee)).headers["Cache-Control"] == "no-store"


def reading(found: dict[str, Any], person: Person) -> list[str]:
    places = {"number": "1", "key": str(person.key)}
    query = "?q=consent&old=1&new=1&day=2026-01-01"
    return [path.format_map(places) + query for path, method, _ in every_operation(found) if method == "get"]


def test_what_the_page_of_tokens_offers_is_what_the_api_asks_for(
    db: None, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With all that is offered nothing is refused; with nothing of it everything but the caller's own name is."""
    max_ = a_person("Max", Role.ADMINISTRATOR, Role.POLICY_LEAD)
    monkeypatch.setattr(PORTS, "in_force", None)
    by = actor_of(max_, SOME_MOMENT)
    begun(by, SOME_MOMENT)
    opened(by, SOME_MOMENT)
    paths = reading(schema(client_of(max_)), max_)
    assert OPERATIONS.keys() >= OFFERED
    everything, nothing = token_of(max_, *OFFERED), token_of(max_, "tokens.list")
    allowed = {path: Client().get(path, headers=everything).status_code for path in paths}
    refused = {path: Client().get(path, headers=nothing).status_code for path in paths}
    assert {path for path, status in allowed.items() if status in (401, 403) or status >= 500} == set()
    assert {path.partition("?")[0] for path, status in refused.items() if status != 403} == {"/api/me"}
    # What changes something is asked for with a body, in the tests of its room.
    reads = {each for each in OFFERED if OPERATIONS[each].kind == "query"}
    for each in sorted(reads - {*READ_BY_SEARCH, *AT_TERMINAL}):
        one_less = token_of(max_, *(reads - {each}))
        assert any(Client().get(path, headers=one_less).status_code == 403 for path in paths), each


def test_search_finds_for_a_token_what_it_may_read_and_nothing_else(dee: Person, settings: Settings) -> None:
    settings.ASSAY_BUNDLES_STATE, settings.ASSAY_BUNDLES_SOURCE = None, str(ROOT / "packs" / "starter")
    found = Client().get("/api/search/?q=consent", headers=token_of(dee, "search.find", *READ_BY_SEARCH)).json()
    assert "person.consent" in {hit["context"].partition(" ·")[0] for hit in found}
    assert Client().get("/api/search/?q=consent", headers=token_of(dee, "search.find")).json() == []


def test_an_address_that_is_none_is_a_problem_too() -> None:
    answer = Client().get("/api/nowhere")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["slug"] == "not-found"


def test_an_approval_is_somebody_s_own_and_not_a_program_s() -> None:
    assert {"people.approve", "people.decline", "people.grant-role"} <= NEVER
