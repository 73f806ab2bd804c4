"""What comes back from an endpoint is an answer exactly as asked for, or an abstention with a name."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.detection.language_model.answer import read_reply
from assay.detection.language_model.asking import Asker, Verdict
from assay.detection.language_model.endpoint import LARGEST_ANSWER, Endpoint
from assay.detection.language_model.judge import Judge
from assay.detection.language_model.kept import KeptReplies, UnusableCache
from assay.detection.language_model.pace import Pace
from assay.detection.language_model.question import key_of, value_of
from tests.detection.language_model.asked import CONTENT, JUDGE, a_judge, prompt, question
from tests.detection.language_model.stand_in import Answered, Answering, StandIn, said, serving, worded


def asked(answering: Answering, judge: Judge = JUDGE, name: str = "satire", **others: Any) -> tuple[Verdict, StandIn]:
    stand_in = StandIn(answering)
    endpoint = Endpoint(judge, "hush", transport=stand_in.transport, sleep=lambda seconds: None)
    return Asker(judge, endpoint, **others).ask(prompt(name, judge), CONTENT), stand_in


def test_an_answer_as_asked_for_is_taken_and_its_record_holds_no_content() -> None:
    verdict, stand_in = asked(lambda request: said("evident"))
    assert (verdict.answer, verdict.fault, verdict.served, verdict.tokens) == ("evident", None, ("stand-in-1",), 100)
    assert "cheese" not in json.dumps(verdict.as_mapping())
    assert stand_in.headers[0]["authorization"] == "Bearer hush"
    assert stand_in.headers[0]["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    ("name", "answer", "key"),
    [
        ("threat", "yes", "yes"),
        ("purpose", ["news", "art"], "art|news"),
        ("purpose", [], ""),
        ("satire", "none", "none"),
    ],
)
def test_every_kind_of_question_has_answers(name: str, answer: object, key: str) -> None:
    verdict, _ = asked(lambda request: said(answer), name=name)
    assert verdict.answer == key
    assert key_of(value_of(question(name), key)) == key


STRANGE = [
    (said("cannot_tell"), "cannot-tell"),
    (said("obviously"), "out-of-schema"),
    (said("yes"), "out-of-schema"),
    (said(["evident"]), "out-of-schema"),
    (said(None), "out-of-schema"),
    (worded("evident"), "out-of-schema"),
    (worded('The answer is {"answer": "evident"}'), "out-of-schema"),
    (worded('{"answer": "none", "answer": "evident"}'), "out-of-schema"),
    (worded('{"answer": "evident", "confidence": 1}'), "out-of-schema"),
    (worded("[" * 5000), "out-of-schema"),
    (worded(""), "out-of-schema"),
    (worded("x" * 9000), "strange-answer"),
    (worded(None), "strange-answer"),
    (worded(None, tool_calls=[{"function": {"name": "approve"}}]), "tool-call"),
    (worded('{"answer": "evident"}', reason="tool_calls"), "tool-call"),
    (worded('{"answer": "evid', reason="length"), "answer-cut-short"),
    (worded('{"answer": "evident"}', reason="content_filter"), "model-refused"),
    (worded("", refusal="I cannot."), "model-refused"),
    (Answered(b"data: {}\n\ndata: [DONE]\n\n", headers={"content-type": "text/event-stream"}), "strange-answer"),
    (Answered(b"[]"), "strange-answer"),
    (Answered(b'{"choices": []}'), "strange-answer"),
    (Answered(b'{"choices": [{"message": 1}]}'), "strange-answer"),
    (Answered(b"\xff\xfe"), "strange-answer"),
    (Answered(said("evident").body, headers={"content-encoding": "gzip"}), "strange-answer"),
    (Answered(b" " * (LARGEST_ANSWER + 1)), "answer-too-large"),
    (Answered(b"", status=302, headers={"location": "https://elsewhere.example.org"}), "redirected"),
    (Answered(b"", status=401), "token-refused"),
    (Answered(b"", status=404), "no-such-model"),
    (Answered(b'{"error": {"code": "context_length_exceeded", "message": "cheese"}}', status=400), "request-refused"),
    (Answered(b"", status=429, headers={"retry-after": "999999"}), "too-many-requests"),
    (Answered(b"<html>", status=500), "endpoint-failed"),
]  # fmt: skip


@pytest.mark.parametrize(("answered", "slug"), STRANGE)
def test_anything_else_is_an_abstention_with_a_name(answered: Answered, slug: str) -> None:
    verdict, _ = asked(lambda request: answered)
    assert verdict.answer is None
    assert verdict.fault is not None
    assert verdict.fault.slug == slug
    # What the endpoint writes may hold the item, and what we send holds the token: neither is repeated.
    assert not {"cheese", "hush"} & set(verdict.fault.words.split())


@given(st.binary() | st.recursive(st.none() | st.text() | st.integers(), lambda inner: st.dictionaries(
    st.sampled_from(["choices", "message", "content", "model", "usage", "answer"]), inner) | st.lists(inner, max_size=2)
).map(lambda given: json.dumps(given).encode()))  # fmt: skip
def test_no_body_whatever_raises_anything(body: bytes) -> None:
    assert read_reply(body, question()).answer is None


def test_a_busy_endpoint_is_tried_again_so_often_and_no_more() -> None:
    answers = iter([Answered(b"", status=429), Answered(b"", status=503), said("none")])
    verdict, stand_in = asked(lambda request: next(answers))
    assert (verdict.answer, len(stand_in.requests)) == ("none", 3)
    verdict, stand_in = asked(lambda request: Answered(b"", status=429), a_judge(tries=2))
    assert (verdict.failed, len(stand_in.requests)) == (True, 2)
    _, stand_in = asked(lambda request: Answered(b"", status=400))
    assert len(stand_in.requests) == 1


def test_an_endpoint_that_is_not_there_is_named_and_the_token_is_not() -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("Bearer hush refused", request=request)

    endpoint = Endpoint(JUDGE, "hush", transport=httpx.MockTransport(fail), sleep=lambda seconds: None)
    verdict = Asker(JUDGE, endpoint).ask(prompt(), CONTENT)
    assert verdict.fault is not None
    assert verdict.fault.slug == "unreachable"
    assert "hush" not in repr(endpoint) + verdict.fault.words


def test_asked_several_times_answers_that_differ_are_none() -> None:
    judge = a_judge(samples=3)
    verdict, stand_in = asked(lambda request: said("none"), judge)
    assert (verdict.answer, verdict.requests) == ("none", 3)
    assert len({request["seed"] for request in stand_in.requests}) == 3
    answers = iter(["none", "evident", "none"])
    verdict, stand_in = asked(lambda request: said(next(answers)), judge)
    assert verdict.fault is not None
    assert (verdict.answer, verdict.fault.slug, len(stand_in.requests)) == (None, "answers-disagree", 2)


def test_what_was_said_once_is_not_asked_again_and_a_failure_is(tmp_path: Path) -> None:
    kept = KeptReplies(tmp_path / "replies")
    first, _ = asked(lambda request: said("evident"), kept=kept)
    again, stand_in = asked(lambda request: said("none"), kept=kept)
    assert (again.identifier, again.answer, len(stand_in.requests)) == (first.identifier, "evident", 0)
    other, _ = asked(lambda request: said("none"), a_judge(model="b"), kept=kept)
    assert other.answer == "none"
    judge = a_judge(model="c", tries=1)
    assert asked(lambda request: Answered(b"", status=500), judge, kept=kept)[0].failed
    assert asked(lambda request: said("claimed"), judge, kept=kept)[0].answer == "claimed"
    kept.close()


def test_asking_again_whether_an_answer_stays_is_not_answered_from_what_was_kept(tmp_path: Path) -> None:
    kept = KeptReplies(tmp_path / "replies")
    answers = iter(["none", "evident"])
    stand_in = StandIn(lambda request: said(next(answers)))
    asker = Asker(JUDGE, Endpoint(JUDGE, None, transport=stand_in.transport), kept)
    assert asker.ask(prompt("satire"), CONTENT).answer == "none"
    assert [asker.cost(prompt("satire"), CONTENT, attempt) for attempt in (0, 1)] == [0, JUDGE.samples]
    assert asker.ask(prompt("satire"), CONTENT, attempt=1).answer == "evident"
    assert [asker.ask(prompt("satire"), CONTENT, attempt).answer for attempt in (0, 1)] == ["none", "evident"]
    kept.close()


def test_a_cache_that_was_tampered_with_gives_no_answer_of_its_own(tmp_path: Path) -> None:
    import sqlite3

    kept = KeptReplies(tmp_path / "replies")
    asked(lambda request: said("evident"), kept=kept)
    with sqlite3.connect(tmp_path / "replies") as store:
        store.execute('UPDATE replies SET reply = \'{"answer": "removed"}\'')
    store.close()
    assert asked(lambda request: said("none"), kept=kept)[0].answer == "none"
    with sqlite3.connect(tmp_path / "replies") as store:
        store.execute("UPDATE replies SET reply = ?", ("[" * 100_000,))
    assert asked(lambda request: said("none"), kept=kept)[0].answer == "none"
    with sqlite3.connect(tmp_path / "replies") as store:
        store.execute("DROP TABLE replies")
    store.close()
    assert asked(lambda request: said("none"), kept=kept)[0].answer == "none"
    kept.close()
    (tmp_path / "no-cache").write_bytes(b"nothing of the kind" * 100)
    with pytest.raises(UnusableCache, match="cannot be used as a cache"):
        KeptReplies(tmp_path / "no-cache")


class Dripping(httpx.SyncByteStream):
    """An answer that goes on for ever, a byte at a time."""

    def __iter__(self) -> Iterator[bytes]:
        while True:
            time.sleep(0.01)
            yield b" "


def test_an_answer_that_never_ends_is_left_after_its_time() -> None:
    judge = a_judge(timeout_seconds=0.1)
    transport = httpx.MockTransport(lambda request: httpx.Response(200, stream=Dripping()))
    verdict = Asker(judge, Endpoint(judge, None, transport=transport)).ask(prompt("satire", judge), CONTENT)
    assert verdict.fault is not None
    assert (verdict.fault.slug, verdict.failed) == ("timed-out", True)


@given(st.lists(st.tuples(st.floats(0, 5), st.integers(0, 5_000)), min_size=2, max_size=30))
def test_no_minute_sees_more_requests_or_tokens_than_are_allowed(steps: list[tuple[float, int]]) -> None:
    now, left = [0.0], list[tuple[float, int]]()

    def sleep(seconds: float) -> None:
        now[0] += seconds

    pace = Pace(30, 60_000, clock=lambda: now[0], sleep=sleep)
    for passing, tokens in steps:
        now[0] += passing
        pace.wait(tokens)
        left.append((now[0], tokens))
    for (before, tokens), (after, _) in pairwise(left):
        assert after - before >= max(60 / 30, tokens * 60 / 60_000) - 1e-6


@pytest.mark.enable_socket
def test_a_slow_endpoint_is_given_up_and_a_real_one_answers() -> None:
    slow = [False]

    def answering(request: dict[str, Any]) -> Answered:
        time.sleep(1.0 if slow[0] else 0.0)
        return said("evident")

    with serving(answering) as stand_in:
        judge = a_judge(endpoint=f"{stand_in.url}/chat/completions", timeout_seconds=0.2)
        endpoint = Endpoint(judge, None)
        assert Asker(judge, endpoint).ask(prompt("satire", judge), CONTENT).answer == "evident"
        slow[0] = True
        verdict = Asker(judge, endpoint).ask(prompt("satire", judge), CONTENT)
        endpoint.close()
    assert verdict.fault is not None
    assert (verdict.fault.slug, verdict.requests) == ("timed-out", 1)
