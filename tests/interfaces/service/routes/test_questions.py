"""What to ask next over HTTP: what is certain, what is open, questions with their words; nothing is recorded."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from assay.interfaces.deciding.asking import Guesses
from assay.interfaces.deciding.desk import Asked, Decided, Desk
from assay.interfaces.deciding.lineup import Lineup
from tests.interfaces.service.fakes import JSON, MADE, NOW, Bench, bench, loaded, starter
from tests.interfaces.service.routes.deciding.test_decisions import assert_problem

QUESTIONS = "/v1/questions"


def asked(service: Bench, item: Any, query: str = "") -> Any:
    answer = service.ask("POST", QUESTIONS + query, json=item)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_what_is_certain_and_what_is_open_is_told_apart() -> None:
    (outcome,) = asked(bench(), dict(MADE))["outcomes"]
    assert outcome["certain"] == ["label:ai"]
    assert outcome["open"] == ["removed"]
    assert outcome["applied"] == ["label:ai"]
    assert outcome["settled"] is False


def test_a_question_comes_with_its_words_its_values_and_its_reasons() -> None:
    found = asked(bench(), dict(MADE))
    (question,) = found["outcomes"][0]["questions"]
    assert question == {"signal": "consent", "because": [{"rule": "likeness/intimate", "severity": "S4"}]}
    assert found["questions"]["consent"]["text"] == "Did the person agree?"
    assert found["questions"]["consent"]["values"][0] == {"value": "documented", "phrase": "documented consent exists"}


def test_a_flag_is_answered_by_true_or_false() -> None:
    found = asked(bench(), {"id": "a", "signals": {"ai_extent": "generated"}})
    values = found["questions"]["nudity"]["values"]
    assert [(each["value"], each["phrase"]) for each in values] == [
        (True, "somebody is nude"),
        (False, "nobody is nude"),
    ]


def test_a_settled_item_is_asked_nothing() -> None:
    found = asked(bench(), {"id": "a", "signals": {"ai_extent": "none"}}, "?expected=yes")
    assert found["questions"] == {}
    assert [(each["settled"], each["questions"], each["expected_questions"]) for each in found["outcomes"]] == [
        (True, [], 0.0)
    ]


def test_nothing_is_recorded_and_nobody_counts_it() -> None:
    service = bench()
    asked(service, dict(MADE))
    assert not service.keeper.entries
    assert not service.watched.items


def test_the_number_of_questions_to_expect_is_worked_out_where_it_is_asked_for() -> None:
    item = {"id": "a", "signals": {}}
    service = bench()
    assert asked(service, item)["outcomes"][0]["expected_questions"] is None
    expected = asked(service, item, "?expected=yes")["outcomes"][0]["expected_questions"]
    lineup = service.live.lineup
    decided = Desk().decide(item, lineup, Asked(NOW - NOW % 1_000_000))
    assert isinstance(decided, Decided)
    decision = decided.decision
    market = decision.outcomes[0].markets[0]
    assert expected == Guesses(decision.decider, decision.item, decision.as_of, (market, market)).expected()
    assert 1 <= expected <= 4


def test_every_market_class_that_is_named_is_answered_in_the_starter_pack() -> None:
    service = bench(lineup=Lineup(loaded(starter())))
    found = asked(service, {"id": "a", "signals": {"ai_extent": "generated"}, "markets": ["BR", "IN", "CN"]})
    named = [market for outcome in found["outcomes"] for market in outcome["markets"]]
    assert len(named) == len(set(named)) == 3
    order = [each["signal"] for each in found["outcomes"][0]["questions"]]
    assert len(order) > 3
    assert set(found["questions"]) == {each["signal"] for outcome in found["outcomes"] for each in outcome["questions"]}
    for outcome in found["outcomes"]:
        for question in outcome["questions"]:
            severities = [each["severity"] for each in question["because"]]
            assert severities == sorted(severities, reverse=True)


def test_the_first_question_is_the_one_that_a_decision_names_first() -> None:
    service = bench()
    item = {"id": "a", "signals": {"ai_extent": "generated"}}
    record = service.ask("POST", "/v1/decisions", json=item).json()
    found = asked(service, item)
    assert [each["signal"] for each in found["outcomes"][0]["questions"]] == record["outcomes"][0]["questions"]


def test_working_out_what_to_expect_gives_the_loop_back() -> None:
    async def run() -> int:
        rounds = 0
        service = bench()
        task = asyncio.create_task(service.asked("POST", f"{QUESTIONS}?expected=yes", json={"id": "a", "signals": {}}))
        while not task.done():
            await asyncio.sleep(0)
            rounds += 1
        return rounds

    assert asyncio.run(run()) > 24


@pytest.mark.parametrize(
    ("body", "status", "slug"), [(b"{", 400, "broken-json"), (b'{"id":"a","signals":{"no":1}}', 422, "invalid-item")]
)
def test_an_item_that_cannot_be_asked_about_is_told_why(body: bytes, status: int, slug: str) -> None:
    assert_problem(bench().ask("POST", QUESTIONS, content=body, headers=JSON), status, slug)
