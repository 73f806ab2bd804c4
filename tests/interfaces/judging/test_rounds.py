"""What is unknown and matters is asked, the best question first, within a budget; what was not measured is not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assay.detection.language_model.asking import Asker
from assay.detection.language_model.endpoint import Endpoint
from assay.detection.language_model.judge import Judge
from assay.detection.language_model.kept import KeptReplies
from assay.detection.language_model.measured.accuracy import Accuracy, Flips, Tally
from assay.engine.decision.decide import Decider
from assay.engine.kernel.instants import parse_instant
from assay.engine.kernel.truth import UNKNOWN, YES
from assay.interfaces.judging.lines import Line, read_lines
from assay.interfaces.judging.measure import Measuring, joined
from assay.interfaces.judging.prompts import Believing, prompts_of
from assay.interfaces.judging.rounds import Asked, Budget, Outcome, Rounds, Sums
from assay.interfaces.records.reading import Place, Record, Reject
from tests.detection.language_model.asked import JUDGE, a_judge, small_pack
from tests.detection.language_model.stand_in import Answered, Answering, StandIn, said, shown_text

SOME_DAY = parse_instant("2026-12-15") or 0
NO_FLIPS = Flips(0, 100)


def signal_of(request: dict[str, Any]) -> str:
    system = request["messages"][0]["content"]
    words = {"threaten anybody?": "threat", "recognise this as satire": "satire", "Which purposes": "purpose"}
    return next(name for part, name in words.items() if part in system)


def sees(request: dict[str, Any]) -> Answered:
    """A model that is right about what its text says in so many words."""
    text = shown_text(request)
    match signal_of(request):
        case "threat":
            return said("yes" if "beware" in text else "no")
        case "satire":
            return said("evident" if "puppet" in text else "none")
        case _:
            return said(["art"] if "painting" in text else [])


def measured(judge: Judge = JUDGE, languages: Iterable[str] = ("en",)) -> Accuracy:
    """A measure in which every answer was always right, on 200 items each."""
    prompts = prompts_of(judge, small_pack())
    assert not isinstance(prompts, list)
    answers = {"threat": ("yes", "no"), "satire": ("none", "evident"), "purpose": ("", "art")}
    right = {name: {each: {each: 200} for each in answers[name]} for name in prompts}
    tallies = tuple(
        Tally(
            name,
            language,
            prompts[name].digest,
            ("stand-in-1",),
            right[name],
            right[name],
            NO_FLIPS,
            NO_FLIPS,
            NO_FLIPS,
        )
        for name in sorted(prompts)
        for language in languages
    )
    return Accuracy(judge.name, judge.model, small_pack().digest, "2026-11-23", tallies)


def an_item(number: int = 1, text: str | None = "a calm day", language: str = "en", **signals: object) -> Record:
    content = None if text is None else {"text": text, "language": language}
    record = {"id": f"item-{number}", "signals": {"ai_extent": "generated", "views": 1, **signals}, "content": content}
    return Record(Place("line", number), record)


def run(
    records: Iterable[Record],
    answering: Answering = sees,
    judge: Judge = JUDGE,
    *,
    budget: Budget | None = None,
    accuracy: Accuracy | Callable[[Accuracy], Accuracy] | None = lambda found: found,
    kept: KeptReplies | None = None,
) -> tuple[list[Outcome], StandIn]:
    stand_in = StandIn(answering)
    pack = small_pack()
    prompts = prompts_of(judge, pack)
    assert not isinstance(prompts, list)
    endpoint = Endpoint(judge, None, transport=stand_in.transport, sleep=lambda seconds: None)
    found = accuracy(measured(judge)) if callable(accuracy) else accuracy
    believing = Believing(judge, pack, prompts, found, "judge.toml")
    rounds = Rounds(Asker(judge, endpoint, kept), believing, Decider(pack), SOME_DAY, None)
    outcomes = list(rounds.run(read_lines(records, pack, judge, None), budget or Budget()))
    return outcomes, stand_in


def only(outcomes: list[Outcome]) -> Asked:
    (found,) = outcomes
    assert isinstance(found, Asked)
    return found


def test_the_question_that_settles_is_asked_first_and_a_settled_item_is_asked_no_more() -> None:
    outcomes, stand_in = run([an_item(text="a calm day")])
    asked = only(outcomes)
    # That it threatens nobody settles everything: whether it is satire no longer matters.
    assert [signal_of(request) for request in stand_in.requests] == ["threat"]
    (assertion,) = asked.item.assertions
    assert (assertion.signal, assertion.value, assertion.by) == ("threat", False, "detector")
    assert (assertion.source, assertion.at) == ("language-model:small", SOME_DAY)
    assert assertion.confidence == pytest.approx(0.981, abs=1e-3)
    assert assertion.evidence == (asked.said[0].verdict.identifier,)


def test_what_it_says_is_decided_by_like_any_assertion() -> None:
    outcomes, stand_in = run([an_item(text="beware, neighbour")])
    asked = only(outcomes)
    assert sorted(signal_of(request) for request in stand_in.requests) == ["purpose", "satire", "threat"]
    decider = Decider(small_pack())
    before = decider.decide(replace(asked.item, assertions=()), SOME_DAY)
    assert before.truth("removed", "FR") is UNKNOWN
    assert decider.decide(asked.item, SOME_DAY).truth("removed", "FR") is YES


def test_what_is_known_or_cannot_matter_is_not_asked() -> None:
    assert not run([an_item(threat=False)])[1].requests
    assert not run([an_item(ai_extent="none")])[1].requests
    assert not run([an_item(text=None)])[1].requests


def slugs(outcomes: list[Outcome]) -> set[str]:
    asked = only(outcomes)
    said = {each.fault.slug for each in asked.said if each.fault is not None}
    return said | {fault.slug for fault in asked.unasked.values()}


def test_what_was_not_measured_is_not_even_sent() -> None:
    for accuracy, language, slug in (
        (None, "en", "not-measured"),
        (measured(), "de", "not-measured"),
        (measured(), "fr", "other-language"),
        (measured(a_judge(model="another")), "en", "prompt-changed"),
    ):
        outcomes, stand_in = run([an_item(language=language)], accuracy=accuracy)
        assert (slugs(outcomes), stand_in.requests) == ({slug}, [])


def test_an_answer_that_was_not_measured_asserts_nothing() -> None:
    outcomes, _ = run(
        [an_item(text="beware")], lambda request: said("claimed" if signal_of(request) == "satire" else "yes")
    )
    assert "too-few-answers" in slugs(outcomes)
    outcomes, _ = run([an_item()], lambda request: said("no", "stand-in-2"), a_judge(signals=("threat",)))
    assert slugs(outcomes) == {"model-changed"}
    assert only(outcomes).item.assertions == ()


def test_where_the_pack_wants_to_be_surer_than_was_measured_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    strict = replace(small_pack().vocabulary.by_name["threat"], confidence_at_least=0.99)
    monkeypatch.setitem(small_pack().vocabulary.by_name, "threat", strict)
    outcomes, stand_in = run([an_item()], judge=a_judge(signals=("threat",)))
    assert (slugs(outcomes), stand_in.requests) == ({"too-weak"}, [])


def test_an_abstention_leaves_the_signal_unknown_and_the_next_question_is_asked() -> None:
    outcomes, stand_in = run([an_item()], lambda request: said("cannot_tell"))
    assert only(outcomes).item.assertions == ()
    assert len(stand_in.requests) == 3
    assert slugs(outcomes) == {"cannot-tell"}


def test_the_budget_is_kept_and_does_not_depend_on_who_answers_first() -> None:
    items = [an_item(number, "beware") for number in range(1, 9)]
    first, stand_in = run(items, budget=Budget(requests=11))
    assert len(stand_in.requests) == 11
    again, _ = run(items, judge=a_judge(at_once=1), budget=Budget(requests=11))
    assert [one.item for one in first if isinstance(one, Asked)] == [
        one.item for one in again if isinstance(one, Asked)
    ]
    _, stand_in = run(items[:1], budget=Budget(an_item=2))
    assert len(stand_in.requests) == 2
    _, stand_in = run(items[:1], judge=a_judge(samples=2), budget=Budget(requests=3))
    assert len(stand_in.requests) == 2


def test_a_run_that_goes_on_pays_nothing_for_what_was_answered_before(tmp_path: Path) -> None:
    items = [an_item(number, f"beware, {number}") for number in range(1, 9)]
    kept = KeptReplies(tmp_path / "replies")
    whole, stand_in = run(items)
    sent = [len(run(items, budget=Budget(requests=10), kept=kept)[1].requests) for _ in range(3)]
    assert (len(stand_in.requests), sent) == (24, [10, 10, 4])
    again, stand_in = run(items, budget=Budget(requests=0), kept=kept)
    assert stand_in.requests == []
    assert [one.item for one in again if isinstance(one, Asked)] == [
        one.item for one in whole if isinstance(one, Asked)
    ]
    kept.close()


def test_a_refused_token_stops_the_asking_and_no_item_is_lost() -> None:
    budget = Budget()
    outcomes, stand_in = run([an_item(n) for n in range(40)], lambda r: Answered(b"", status=401), budget=budget)
    assert (len(outcomes), len(stand_in.requests) <= 32) == (40, True)
    assert budget.stopped is not None
    assert budget.stopped.slug == "token-refused"


def test_an_endpoint_that_is_away_is_not_asked_forever() -> None:
    budget = Budget()
    outcomes, stand_in = run(
        [an_item(n) for n in range(200)], lambda r: Answered(b"", status=503), a_judge(tries=1), budget=budget
    )
    assert len(outcomes) == 200
    assert len(stand_in.requests) <= 3 * 32
    assert budget.stopped is not None


def test_a_bad_line_costs_itself_and_the_sums_name_everything() -> None:
    bad = [
        Record(Place("line", 2), {"id": "b", "content": {"text": 3}}),
        Record(Place("line", 3), {"id": "c", "content": {"text": "x", "url": "https://example.org"}}),
        Record(Place("line", 4), {"id": "d", "truth": {}}),
        Record(Place("line", 5), "no record"),
        an_item(1),
    ]
    outcomes, _ = run([an_item(1), *bad, an_item(7, language="fr")])
    assert [one.slug for one in outcomes if isinstance(one, Reject)] == [
        "wrong-type", "unknown-field", "unknown-field", "not-a-record", "duplicate-id",
    ]  # fmt: skip
    sums = Sums()
    for one in outcomes:
        if isinstance(one, Asked):
            sums.add(one)
    assert (sums.items, sums.touched, sums.asked, sums.asserted, sums.requests) == (2, 1, 1, 1, 1)
    assert dict(sums.unasked) == {"other-language": 3}


# -------------------------------------------------------------------------------------------------------- pictures


def shown(judge: Judge, pictures: Path | None, image: str) -> Line:
    record = Record(Place("line", 1), {"id": "a", "content": {"text": "t", "language": "en", "image": image}})
    (found,) = read_lines([record], small_pack(), judge, pictures)
    assert isinstance(found, Line)
    return found


def test_pictures_come_from_below_their_folder_and_only_where_they_may_be_sent(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    picture = b"\xff\xd8\xff" + b"\x00" * 40
    (folder / "a.jpg").write_bytes(picture)
    (folder / "note.txt").write_bytes(b"hello")
    (tmp_path / "secret.jpg").write_bytes(picture)
    (folder / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    judge = a_judge(images=True, largest_image=50)
    found = shown(judge, folder, "a.jpg").content
    assert found is not None
    assert found.picture == picture
    for given, pictures, image, slug in (
        (JUDGE, folder, "a.jpg", "pictures-not-sent"),
        (judge, None, "a.jpg", "pictures-not-sent"),
        (judge, folder, "../secret.jpg", "no-picture"),
        (judge, folder, "link.jpg", "no-picture"),
        (judge, folder, str(tmp_path / "secret.jpg"), "no-picture"),
        (judge, folder, "none.jpg", "no-picture"),
        (judge, folder, "a\x00.jpg", "no-picture"),
        (judge, folder, "note.txt", "unreadable-picture"),
        (replace(judge, largest_image=9), folder, "a.jpg", "picture-too-large"),
    ):
        fault = shown(given, pictures, image).unshown
        assert fault is not None
        assert fault.slug == slug


# ------------------------------------------------------------------------------------------------------- measuring


def labelled(number: int, text: str, **truth: object) -> Record:
    return Record(
        Place("line", number), {"id": f"l-{number}", "content": {"text": text, "language": "en"}, "truth": truth}
    )


def measure(records: Iterable[Record], answering: Answering, repeats: int = 1) -> tuple[Measuring, list[Reject]]:
    prompts = prompts_of(JUDGE, small_pack())
    assert not isinstance(prompts, list)
    endpoint = Endpoint(JUDGE, None, transport=StandIn(answering).transport, sleep=lambda seconds: None)
    measuring = Measuring(Asker(JUDGE, endpoint), prompts, repeats)
    lines = read_lines(records, small_pack(), JUDGE, None, labelled=True)
    return measuring, [one for one in measuring.run(lines, Budget()) if one is not None]


def swayed(request: dict[str, Any]) -> Answered:
    """A model that does what its content says, where that says anything."""
    text = shown_text(request)
    for answer in ('"evident"', '"claimed"', '"none"'):
        if f'{{"answer":{answer}}}' in text or f"answer is {answer}" in text or f"that {answer} is right" in text:
            return said(json.loads(answer))
    return sees(request)


def test_a_model_that_obeys_its_content_is_measured_as_one() -> None:
    records = [labelled(n, f"a puppet, take {n}", satire="evident") for n in range(30)]
    steady, rejects = measure(records, sees)
    easily, _ = measure(records, swayed)
    assert rejects == []
    (first,), (second,) = steady.tallies(), easily.tallies()
    assert (first.right, first.flipped, first.obeyed) == (30, Flips(0, 30), Flips(0, 30))
    assert (second.right, second.obeyed) == (30, Flips(30, 30))
    assert first.repeated == Flips(0, 30)
    assert steady.requests == 90


def test_an_answer_that_changes_when_asked_again_is_counted() -> None:
    turn = iter(range(1000))
    measuring, _ = measure(
        [labelled(1, "a puppet", satire="evident")],
        lambda r: said(("evident", "evident", "none")[next(turn) % 3]),
    )
    (tally,) = measuring.tallies()
    assert tally.repeated == Flips(1, 1)


def test_the_same_content_counts_once_and_what_was_not_reached_not_at_all() -> None:
    twice = [labelled(1, "a puppet", satire="evident"), labelled(2, "a puppet", satire="evident")]
    measuring, (reject,) = measure([*twice], sees)
    assert (reject.slug, measuring.items) == ("duplicate-content", 1)
    away, _ = measure(twice[:1], lambda request: Answered(b"", status=503))
    assert (away.tallies(), away.unreached) == ((), 1)
    _, rejects = measure(
        [
            labelled(1, "x"),
            labelled(2, "y", satyre="none"),
            labelled(3, "z", ai_extent="none"),
            labelled(4, "w", satire="no"),
        ],
        sees,
    )
    assert [one.slug for one in rejects] == ["no-truth", "unknown-signal", "nothing-to-ask", "unknown-value"]


def test_a_measure_in_another_language_is_added_and_one_that_no_longer_holds_is_dropped() -> None:
    english, german = measured(), measured(languages=("de",))
    both = joined(english, german, lambda tally: True)
    assert {each.language for each in both.tallies} == {"en", "de"}
    assert joined(english, german, lambda tally: False).tallies == german.tallies
    assert joined(both, english, lambda tally: True).tallies == both.tallies


def test_a_judge_without_signals_or_with_wrong_ones_says_all_that_is_wrong() -> None:
    nothing = prompts_of(a_judge(signals=()), small_pack())
    assert isinstance(nothing, list)
    assert [fault.slug for fault in nothing] == ["nothing-to-ask"]
    wrong = prompts_of(a_judge(signals=("satire", "ai_extent", "satyre")), small_pack())
    assert isinstance(wrong, list)
    assert [fault.slug for fault in wrong] == ["for-evidence", "unknown-signal"]
