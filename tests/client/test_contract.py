"""The client and the real app, in one process: what one sends the other takes, and what comes back is a result."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

from assay.client import (
    AsyncClient,
    Brief,
    Client,
    Decision,
    LineProblem,
    Patience,
    Problem,
    Question,
    Truth,
    Unreachable,
)
from assay.engine.decision.decide import Decider
from assay.engine.decision.item import Item, read_item
from assay.engine.decision.record import RecordWriter
from assay.engine.kernel.instants import parse_instant
from tests.house.source import ROOT
from tests.interfaces.service.fakes import AS_OF, MADE, Bench, bench, small_pack

Result = TypeVar("Result")
GUIDE = ROOT / "docs" / "guide" / "client.md"


class InLoops(httpx.BaseTransport):
    """The app behind a client that waits: each request in a loop of its own."""

    def __init__(self, made: Bench) -> None:
        self._app = made.app

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        async def answer() -> httpx.Response:
            content = b"".join(request.stream)  # type: ignore[arg-type]
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app=self._app)) as client:
                sent = client.build_request(request.method, request.url, headers=request.headers, content=content)
                found = await client.send(sent)
            return httpx.Response(found.status_code, headers=found.headers, content=found.content)

        return asyncio.run(answer())


@pytest.fixture
def made() -> Bench:
    return bench()


@pytest.fixture
def client(made: Bench) -> Iterator[Client]:
    with Client("http://localhost", transport=InLoops(made), patience=Patience(tries=1)) as found:
        yield found


def waited(made: Bench, ask: Callable[[AsyncClient], Awaitable[Result]]) -> Result:
    """What the async client gets."""

    async def run() -> Result:
        transport = httpx.ASGITransport(app=made.app)
        async with AsyncClient("http://localhost", transport=transport, patience=Patience(tries=1)) as found:
            return await ask(found)

    return asyncio.run(run())


def record_of(content: Any, as_of: str = AS_OF) -> bytes:
    """What the library makes of an item."""
    decider = Decider(small_pack())
    item = read_item(content, decider.vocabulary, decider.pack.markets)
    assert isinstance(item, Item)
    return RecordWriter(decider).write(decider.decide(item, parse_instant(as_of) or 0))


def test_a_decision_is_the_librarys_to_the_byte_and_is_kept(client: Client, made: Bench) -> None:
    decision = client.decide(MADE)
    assert decision.record == record_of(MADE) == made.keeper.records[0]
    assert (decision.item, decision.as_of, decision.bundle) == ("upload-1", AS_OF, small_pack().digest)
    assert decision.outcomes[0].measures["removed"] is Truth.UNKNOWN
    assert decision.outcomes[0].measures["label:ai"] is Truth.YES
    assert decision.outcome_in(decision.outcomes[0].markets[0]) is decision.outcomes[0]
    assert not decision.outcomes[0].settled
    assert decision.outcomes[0].ladders["visibility"].at_most == "removed"
    assert decision.reasons
    with pytest.raises(KeyError):
        decision.outcome_in("XX")


def test_a_truth_is_no_condition(client: Client) -> None:
    truth = client.decide(MADE).outcomes[0].measures["removed"]
    with pytest.raises(TypeError, match="three values"):
        assert truth


def test_both_clients_say_the_same(client: Client, made: Bench) -> None:
    assert waited(made, lambda other: other.decide(MADE, markets=["DE"])) == client.decide(MADE, markets=["DE"])
    assert waited(made, lambda other: other.brief(MADE)) == client.brief(MADE)
    assert waited(made, lambda other: other.questions(MADE)) == client.questions(MADE)
    assert waited(made, lambda other: other.bundle()) == client.bundle()
    assert waited(made, lambda other: other.health()) == client.health()


def test_a_brief_says_what_the_decision_says(client: Client) -> None:
    brief, decision = client.brief(MADE), client.decide(MADE)
    assert isinstance(brief, Brief)
    assert (brief.item, brief.bundle, brief.as_of) == (decision.item, decision.bundle, decision.as_of)
    assert [(each.markets, each.applied, each.settled, each.questions) for each in brief.outcomes] == [
        (each.markets, each.applied, each.settled, each.questions) for each in decision.outcomes
    ]


def test_the_same_key_is_kept_once(client: Client, made: Bench) -> None:
    first = client.decide(MADE, key="upload-1", as_of="2026-12-01")
    assert client.decide(MADE, key="upload-1", as_of="2026-12-01") == first
    assert len(made.keeper.entries) == 1
    with pytest.raises(Problem) as raised:
        client.decide({"id": "other"}, key="upload-1")
    assert raised.value.slug == "idempotency-mismatch"


def test_a_batch_gives_decisions_and_problems_in_their_places(client: Client, made: Bench) -> None:
    sent: list[Any] = [MADE, {"id": "b", "signals": {"ai_extend": "x"}}, b"nonsense", {"id": "d"}]
    results = list(client.decide_batch(sent, as_of="2026-12-15"))
    assert [type(result) for result in results] == [Decision, LineProblem, LineProblem, Decision]
    wrong, broken = results[1], results[2]
    assert isinstance(wrong, LineProblem)
    assert isinstance(broken, LineProblem)
    assert (wrong.line, wrong.id, wrong.slug) == (2, "b", "unknown-signal")
    assert "no signal is named" in wrong.faults[0].reason
    assert (broken.line, broken.slug) == (3, "broken-json")
    assert isinstance(results[0], Decision)
    assert results[0].record == record_of(MADE, "2026-12-15T00:00:00Z")

    async def collected(other: AsyncClient) -> list[Decision | LineProblem]:
        return [result async for result in other.decide_batch(sent, as_of="2026-12-15")]

    assert waited(made, collected) == results


def test_what_is_wrong_with_an_item_is_named_fault_by_fault(client: Client) -> None:
    with pytest.raises(Problem) as raised:
        client.decide({"id": "a", "signals": {"ai_extend": "x", "consent": "perhaps"}})
    problem = raised.value
    assert (problem.slug, problem.status) == ("invalid-item", 422)
    assert [(fault.slug, fault.field) for fault in problem.faults] == [
        ("unknown-signal", "ai_extend"),
        ("unknown-value", "consent"),
    ]


def test_a_record_that_cannot_be_kept_is_no_decision(client: Client, made: Bench) -> None:
    made.keeper.broken = True
    with pytest.raises(Problem) as raised:
        client.decide(MADE)
    assert (raised.value.slug, raised.value.status) == ("records-not-kept", 503)
    assert raised.value.retry_after is not None
    health = client.health()
    assert not health.ready
    assert health.reasons


def test_what_a_batch_could_not_keep_is_sent_again_and_kept_once(made: Bench) -> None:
    sent = [{"id": f"item-{place}"} for place in range(300)]
    made.keeper.fails_after = 200

    def mend(_: float) -> None:
        made.keeper.fails_after = None

    with Client("http://localhost", transport=InLoops(made)) as client:
        client._sleep = mend
        results = list(client.decide_batch(sent, as_of="2026-12-15"))
    assert [result.item for result in results if isinstance(result, Decision)] == [item["id"] for item in sent]
    assert sorted(entry.item for entry in made.keeper.entries) == sorted(item["id"] for item in sent)


def test_what_cannot_be_kept_after_all_is_a_problem_of_its_line(client: Client, made: Bench) -> None:
    made.keeper.fails_after = 200
    results = list(client.decide_batch({"id": f"item-{place}"} for place in range(300)))
    problems = [result for result in results if isinstance(result, LineProblem)]
    assert {problem.slug for problem in problems} == {"records-not-kept"}
    assert len(results) == 300 == len(problems) + len(made.keeper.entries)


def test_questions_come_with_their_words(client: Client) -> None:
    asked = client.questions(MADE, markets=["DE"])
    (outcome,) = asked.outcomes
    first = asked.questions[outcome.questions[0].signal]
    assert isinstance(first, Question)
    assert first.text == "Did the person agree?"
    assert {choice.value for choice in first.values} == {"documented", "absent"}


def test_the_bundle_in_use_is_named(client: Client) -> None:
    current = client.bundle().current
    assert (current.digest, current.pack, current.brakes) == (small_pack().digest, "small", ())


def test_a_path_that_is_not_there_is_a_problem(made: Bench) -> None:
    with Client("http://localhost/elsewhere", transport=InLoops(made), patience=Patience(tries=1)) as lost:
        with pytest.raises(Problem) as raised:
            lost.bundle()
        assert raised.value.slug == "not-found"


def test_what_the_guide_shows_runs(made: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    names: dict[str, Any] = {"token": None}
    names["Client"] = lambda url, token: Client(url, token, transport=InLoops(made))
    names["AsyncClient"] = lambda url, token: AsyncClient(url, token, transport=httpx.ASGITransport(app=made.app))
    assert len(blocks) == 4
    for block in blocks:
        # The guide imports what a reader imports; here the network is left out of the two that would use it.
        shown = re.sub(r"\b(AsyncClient|Client), ", "", block)
        exec(compile(shown, str(GUIDE), "exec"), names)
    asyncio.run(names["main"]())
    said = capsys.readouterr().out
    assert "upload-999" in said
    assert "invalid-item 422" in said


def test_a_file_is_sent_as_it_is_and_its_name_stays_at_home(tmp_path: Path) -> None:
    seen: list[httpx.Request] = []

    def scan(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        answer = {"digest": "sha256:00", "evidence": [{"kind": "x"}], "assertions": [], "faults": [], "deep": True}
        return httpx.Response(200, content=json.dumps(answer))

    file = tmp_path / "anna-on-holiday.JPG"
    file.write_bytes(b"\xff\xd8" + bytes(200_000))
    with Client("http://localhost", transport=httpx.MockTransport(scan)) as client:
        assert client.scan(file, deep=True).digest == "sha256:00"
        assert client.scan(b"abc", name="x.png").deep
        client.scan_reference("sha256:00", "a/b.jpg")

    async def run() -> None:
        async with AsyncClient("http://localhost", transport=httpx.MockTransport(scan)) as other:
            await other.scan(file)

    asyncio.run(run())
    assert [dict(request.url.params) for request in seen] == [
        {"name": "file.jpg", "deep": "yes"},
        {"name": "file.png"},
        {},
        {"name": "file.jpg"},
    ]
    assert [request.headers["content-type"] for request in seen[:2]] == ["image/jpeg", "image/png"]
    assert seen[0].content == seen[3].content == file.read_bytes()
    assert seen[0].headers["content-length"] == seen[3].headers["content-length"] == str(file.stat().st_size)
    assert not [
        request for request in seen if b"anna" in bytes(str(request.url), "ascii") + repr(request.headers).encode()
    ]


@pytest.mark.slow
@pytest.mark.enable_socket
def test_nobody_listens_and_that_is_said() -> None:
    with Client("http://127.0.0.1:9", patience=Patience(tries=2, first_wait=0.01)) as lost, pytest.raises(Unreachable):
        lost.health()
