"""`assay top` and `assay brake` say what the service says, and nothing that it could forge on a terminal."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.interfaces.cli.running.watching import asking
from assay.interfaces.cli.running.watching.figures import frame_of, quantile, read_metrics
from assay.interfaces.deciding.counting.metrics import Metrics
from tests.interfaces.deciding.small_service import LEFT, OPEN, REMOVED, Service
from tests.interfaces.running import assay

URL = "http://service.test"
BRAKE = {
    "rule": "likeness/intimate",
    "measures": ["removed", "strike"],
    "why": "far \x1b[31mtoo many",
    "since": "2026-11-22",
}


def served(monkeypatch: pytest.MonkeyPatch, answer: Callable[[httpx.Request], httpx.Response]) -> None:
    """Let the command reach a service that answers so."""

    def connect(url: str) -> httpx.Client:
        return httpx.Client(base_url=url, transport=httpx.MockTransport(answer))

    monkeypatch.setattr(asking, "open_connection", connect)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    """A service that decides ten items between two looks, four of them removed."""
    made = Service()
    metrics = Metrics(made.tally, rails=made.rails)
    made.run(20, 100, 60)

    def answer(request: httpx.Request) -> httpx.Response:
        for signals in [REMOVED] * 4 + [LEFT] * 5 + [OPEN]:
            made.decide(signals)
            metrics.answered("decide", 200, 0.0004)
        metrics.rejected("unknown-signal")
        return httpx.Response(200, content=metrics.render())

    served(monkeypatch, answer)
    return made


def test_a_frame_counts_what_grew_between_two_looks(service: Service) -> None:
    run = assay("top", URL, "--json", "--every", "0.1")
    assert run.code == 0
    frame = json.loads(run.out)
    assert frame["items_per_second"] * frame["seconds"] == pytest.approx(10)
    # The brake is on, so that nothing is removed any more.
    assert {one["name"]: round(one["share"], 3) for one in frame["outcomes"]} == {
        "not_recommended": 0.4,
        "visible": 0.6,
    }
    assert frame["open_share"] == pytest.approx(0.1)
    assert frame["brakes"] == ["likeness/intimate"]
    (route,) = frame["routes"]
    assert route["p50"] == pytest.approx(0.0004, rel=0.3)
    assert [one["name"] for one in frame["rejected"]] == ["unknown-signal"]


def test_a_frame_for_people_begins_with_what_is_wrong(service: Service) -> None:
    run = assay("top", URL, "--once", "--every", "0.1")
    assert run.code == 0
    lines = run.out.splitlines()
    assert lines[0].startswith(URL)
    assert any("brake on likeness/intimate" in line for line in lines[:4])
    assert "removed is above its band in rest" in run.out
    assert "not_recommended" in run.out


@pytest.mark.parametrize(
    ("status", "content", "words"),
    [
        (401, b"{}", "scope `read`"),
        (503, b'{"slug": "busy", "detail": "come back"}', "busy: come back"),
        (500, b"<html>", "status 500"),
        (200, b"<html>", "no service's answer"),
    ],
)
def test_what_is_no_answer_is_said_and_ends_with_1(
    monkeypatch: pytest.MonkeyPatch, status: int, content: bytes, words: str
) -> None:
    served(monkeypatch, lambda _: httpx.Response(status, content=content))
    run = assay("top", URL, "--once", "--every", "0.1")
    assert (run.code, words in run.err) == (1, True)


def test_a_service_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("[Errno 111] Connection refused")

    served(monkeypatch, refuse)
    run = assay("brake", "list", URL)
    assert (run.code, run.err) == (
        1,
        f"assay: no service answers at `{URL}`: connection refused; `assay serve` shows its address\n",
    )


@pytest.mark.parametrize(
    "words",
    [("top", "ftp://x"), ("top", "http://a:b@c"), ("top", URL, "--every", "0"), ("brake", "release", "a/b", URL)],
)
def test_wrong_use_ends_with_2(words: tuple[str, ...]) -> None:
    assert assay(*words).code == 2


def test_brakes_are_listed_with_why_and_end_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    found: dict[str, Any] = {"brakes": [BRAKE], "alarms": [{"words": "`removed` is out"}]}
    served(monkeypatch, lambda _: httpx.Response(200, json=found))
    run = assay("brake", "list", URL)
    assert run.code == 1
    assert "likeness/intimate" in run.out
    assert "1 brake on, 1 alarm" in run.out
    assert "\x1b" not in run.out
    assert json.loads(assay("brake", "list", URL, "--json").out) == found


def test_a_release_names_who_and_ends_with_0(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, str, Any]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append((request.method, request.url.path, json.loads(request.content)))
        return httpx.Response(200, json={"brakes": [], "alarms": []})

    served(monkeypatch, answer)
    run = assay("brake", "release", "likeness/intimate", URL, "--by", "ada")
    assert (run.code, run.out) == (
        0,
        "the brake is off likeness/intimate; it imposes its measures again\n0 brakes on, 0 alarms\n",
    )
    assert seen == [("POST", "/v1/brakes:release", {"rule": "likeness/intimate", "by": "ada"})]


def test_a_release_that_is_refused_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = {"slug": "not-possible", "faults": [{"slug": "no-brake", "reason": "no brake is on `a/b`; none is on"}]}
    served(monkeypatch, lambda _: httpx.Response(409, json=problem))
    run = assay("brake", "release", "a/b", URL, "--by", "ada")
    assert (run.code, run.err) == (1, "assay: no-brake: no brake is on `a/b`; none is on\n")


def test_a_process_that_began_anew_is_counted_from_zero() -> None:
    before = read_metrics("# TYPE assay_items counter\nassay_items_total 900\n# EOF\n")
    after = read_metrics("# TYPE assay_items counter\nassay_items_total 7\n# EOF\n")
    assert frame_of(before, after, 2.0).items_per_second == 3.5


@given(st.lists(st.floats(0.00001, 9.0), min_size=1, max_size=60), st.sampled_from([0.5, 0.9, 0.99]))
def test_a_quantile_lies_in_the_step_of_the_time_that_it_stands_for(times: list[float], share: float) -> None:
    edges = (0.001, 0.01, 0.1, 1.0, 10.0, float("inf"))
    steps = [(edge, float(sum(one <= edge for one in times))) for edge in edges]
    found = quantile(steps, share)
    assert found is not None
    exact = next(one for place, one in enumerate(sorted(times), 1) if place >= share * len(times))
    upper = next(edge for edge in edges if exact <= edge)
    lower = max([edge for edge in edges if edge < exact], default=0.0)
    assert lower <= found <= upper
