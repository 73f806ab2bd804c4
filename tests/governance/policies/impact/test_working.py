"""Work that is asked for is done once in effect, for the draft that it was asked for."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.models import Entry
from assay.governance.office.actor import SYSTEM
from assay.governance.people.models import Person
from assay.governance.policies.impact import working
from assay.governance.policies.impact.commands import ask_work, cancel_work, finish_work
from assay.governance.policies.impact.models import Run
from assay.governance.policies.impact.queries import drawing_of, forecast_of, newest, proved_of, shown_of, work_stands
from assay.governance.policies.impact.rules.work import KILLED, LEASE, MOST_ATTEMPTS, Work
from assay.governance.policies.impact.working.taking import give_back, keep, take
from assay.governance.policies.life.models import Change
from assay.governance.policies.ports import Progress, Task
from tests.governance.policies.impact.givens import FOUND, drafted, redraft, shop
from tests.governance.policies.life.houses import FILES
from tests.workbench.people import ActorOf


@pytest.fixture
def change(ada: Person, actor_of: ActorOf, at: datetime) -> Change:
    return drafted(actor_of(ada), at)


def asked(change: Change, by: Person, actor_of: ActorOf, at: datetime, *works: Work, fresh: bool = False) -> list[Run]:
    made = ask_work(change=change, works=works or tuple(Work), by=actor_of(by), at=at, fresh=fresh)
    assert isinstance(made, tuple), made
    return list(made)


def kinds() -> list[str]:
    return list(Entry.objects.order_by("-number").values_list("kind", flat=True))


def test_what_is_asked_for_is_done_in_order_and_written_down(
    change: Change, ada: Person, actor_of: ActorOf, at: datetime
) -> None:
    asked(change, ada, actor_of, at)
    with shop() as bench:
        assert working.work_all(at) == 4
    assert [task.work for task in bench.tasks] == list(Work)
    assert dict(bench.tasks[2].old) == FILES
    assert bench.tasks[2].new == change.draft_files() != FILES
    assert kinds()[:5] == ["policies.work-finished"] * 4 + ["policies.work-asked"]
    assert all(work_stands(change, work).met for work in Work)
    proved = proved_of(change)
    assert proved is not None
    assert (proved.claims, proved.errors, proved.undecided) == (9, 0, 0)
    rehearsed = newest(change, "rehearsal")
    assert rehearsed is not None
    assert drawing_of(rehearsed, "flow", "dark") == "<svg>dark</svg>"
    assert "dark" not in shown_of(rehearsed)["charts"][0]
    assert rehearsed.page is not None


def test_forecasts_are_told_for_a_week_with_their_rows_and_what_is_not_known_is_no_zero(
    change: Change, ada: Person, actor_of: ActorOf, at: datetime
) -> None:
    asked(change, ada, actor_of, at, Work.REHEARSAL)
    with shop():
        working.work_all(at)
    hours = forecast_of(change, "hours")
    assert hours is not None
    assert (hours[0].value, hours[0].low, hours[0].high, hours[0].rows) == (12.0, 8.0, 20.0, 720)
    assert forecast_of(change, "severe") is None


def test_an_edit_voids_what_was_found_and_the_page_says_for_an_earlier_draft(
    change: Change, ada: Person, actor_of: ActorOf, at: datetime
) -> None:
    asked(change, ada, actor_of, at, Work.PROOF)
    with shop():
        working.work_all(at)
    redraft(change, "We mark fakes.", by=actor_of(ada), at=at)
    stands = work_stands(change, Work.PROOF)
    assert (stands.met, stands.current, stands.run is not None) == (False, False, True)
    assert proved_of(change) is None


def test_a_run_is_done_for_the_draft_that_it_was_asked_for_though_it_is_edited_meanwhile(
    change: Change, ada: Person, actor_of: ActorOf, at: datetime
) -> None:
    asked(change, ada, actor_of, at, Work.CHECK)
    before = dict(change.draft_files())

    def edit(task: Task, progress: Progress) -> None:
        redraft(change, "We mark fakes.", by=actor_of(ada), at=at)

    with shop(before=edit) as bench:
        working.work_all(at)
    assert bench.tasks[0].new == before
    assert not work_stands(change, Work.CHECK).met


def test_the_same_texts_are_not_proved_twice_on_a_day_unless_somebody_wants_it(
    change: Change, ada: Person, actor_of: ActorOf, at: datetime
) -> None:
    asked(change, ada, actor_of, at)
    with shop() as bench:
        working.work_all(at)
        again = asked(change, ada, actor_of, at)
        assert [run.same_as_id is not None for run in again] == [True, True, True, False]
        assert working.work_all(at) == 1
        asked(change, ada, actor_of, at, Work.PROOF, fresh=True)
        asked(change, ada, actor_of, at + timedelta(days=1), Work.CHECK)
        assert working.work_all(at) == 2
    assert len(bench.tasks) == 7


def test_whoever_lost_a_run_changes_nothing_any_more(
    change: Change, ada: Person, actor_of: ActorOf, at: datetime
) -> None:
    asked(change, ada, actor_of, at, Work.PROOF)
    first = take(at)
    assert first is not None
    assert take(at + LEASE) is None
    second = take(at + LEASE + timedelta(seconds=1))
    assert second is not None
    assert second[0].pk == first[0].pk
    assert not keep(*first, 1, 2, "working", at)
    lost = finish_work(run=first[0], token=first[1], found=FOUND["proof"], seconds=1.0, by=SYSTEM, at=at)
    assert isinstance(lost, list)
    done = finish_work(run=second[0], token=second[1], found=FOUND["proof"], seconds=1.0, by=SYSTEM, at=at)
    assert isinstance(done, Run)
    again = finish_work(run=second[0], token=second[1], found=FOUND["proof"], seconds=1.0, by=SYSTEM, at=at)
    assert isinstance(again, list)
    assert kinds().count("policies.work-finished") == 1


def test_a_process_that_is_killed_is_begun_again_but_not_for_ever(
    change: Change, ada: Person, actor_of: ActorOf, at: datetime
) -> None:
    asked(change, ada, actor_of, at, Work.PROOF)
    with shop(found={"proof": Fault(KILLED, "it was ended from outside")}) as bench:
        assert working.work_all(at) == MOST_ATTEMPTS
    assert len(bench.tasks) == MOST_ATTEMPTS
    run = Run.objects.get()
    assert (run.state, run.fault) == ("failed", KILLED)
    assert not work_stands(change, Work.PROOF).met


def test_a_clerk_that_dies_each_time_does_not_take_the_same_run_for_ever(
    change: Change, ada: Person, actor_of: ActorOf, at: datetime
) -> None:
    asked(change, ada, actor_of, at, Work.PROOF)
    for place in range(MOST_ATTEMPTS):
        assert take(at + place * 2 * LEASE) is not None
    with shop() as bench:
        working.work_all(at + 2 * MOST_ATTEMPTS * LEASE)
    assert bench.tasks == []
    assert Run.objects.get().state == "failed"


def test_a_run_that_is_stopped_ends_and_nothing_of_it_is_kept(
    change: Change, ada: Person, bo: Person, actor_of: ActorOf, at: datetime
) -> None:
    run = asked(change, ada, actor_of, at, Work.PROOF)[0]
    told = []

    def stop(task: Task, progress: Progress) -> None:
        assert isinstance(cancel_work(change=change, run=run, by=actor_of(bo), at=at), Run)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("assay.governance.policies.impact.working.doing._BETWEEN", -1.0)
            progress(1, 2, "working")
        told.append("it went on")

    with shop(before=stop):
        working.work_all(at)
    held = Run.objects.get()
    assert (held.state, held.report_id, told) == ("cancelled", None, [])
    assert kinds()[0] == "policies.work-cancelled"


def test_a_clerk_that_ends_gives_its_run_back_and_that_is_no_attempt(
    change: Change, ada: Person, actor_of: ActorOf, at: datetime
) -> None:
    asked(change, ada, actor_of, at, Work.PROOF)
    with shop():
        assert working.work_one(at, ending=lambda: True)
    held = Run.objects.get()
    assert (held.state, held.attempts, held.token) == ("waiting", 0, None)
    taken = take(at)
    assert taken is not None
    give_back(*taken, counts=True)
    assert Run.objects.get().attempts == 1


def test_what_waits_for_an_earlier_draft_is_dropped_and_nothing_is_asked_twice(
    change: Change, ada: Person, actor_of: ActorOf, at: datetime
) -> None:
    first = asked(change, ada, actor_of, at, Work.PROOF)[0]
    again = ask_work(change=change, works=(Work.PROOF,), by=actor_of(ada), at=at)
    assert isinstance(again, list)
    redraft(change, "We mark fakes.", by=actor_of(ada), at=at)
    asked(change, ada, actor_of, at, Work.PROOF)
    first.refresh_from_db()
    assert first.state == "cancelled"


def test_undecided_is_neither_passed_nor_failed_and_does_not_open_the_gate(
    change: Change, ada: Person, actor_of: ActorOf, at: datetime
) -> None:
    from assay.governance.policies.impact.requirements import words_of

    asked(change, ada, actor_of, at, Work.DIFFERENCE)
    doubtful = FOUND["difference"]
    with shop(found={"difference": type(doubtful)(None, "1 question is undecided.", doubtful.document)}):
        working.work_all(at)
    stands = work_stands(change, Work.DIFFERENCE)
    assert not stands.met
    assert "more time" in words_of(stands)
