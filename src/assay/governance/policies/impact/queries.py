"""What may be read of impact: runs, assessments, and how both stand for a draft. It changes nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from statistics import median
from typing import Any
from uuid import UUID

from assay.engine.kernel.instants import instant_of
from assay.governance.office.actor import Actor
from assay.governance.office.operations import query
from assay.governance.office.roles import INSIDE
from assay.governance.policies import ports
from assay.governance.policies.impact.commands.runs import base_of
from assay.governance.policies.impact.models import Assessment, Reading, Run
from assay.governance.policies.impact.rules.assessing import About
from assay.governance.policies.impact.rules.summing import Weekly, weekly
from assay.governance.policies.impact.rules.work import ACTIVE, State, Work
from assay.governance.policies.life.models import Change, Edition, Text
from assay.governance.policies.life.targets import target_of

_HEAVY = ("files", "drawings", "base__bundle", "base__files")
_MOST_RUNS = 60
_FORMER_RUNS = 7


@dataclass(frozen=True, slots=True)
class WorkStands:
    """How it stands with one kind of work.

    run       the newest that ended for what is asked now, else the newest that ended for an earlier draft or edition
    active    the one that waits or runs
    failed    the newest, where it failed or was stopped
    current   whether `run` is for exactly this draft and, where it compares, the edition that decides now
    estimate  seconds that it took lately, or None where it never ran
    """

    work: Work
    run: Run | None
    active: Run | None
    failed: Run | None
    current: bool
    estimate: float | None = None

    @property
    def met(self) -> bool:
        """Whether it speaks for the change, or does not speak against it and is not left open."""
        if self.run is None or not self.current:
            return False
        return self.run.passed is True or (self.run.work is Work.REHEARSAL and self.run.passed is None) or self.first

    @property
    def first(self) -> bool:
        """Whether there was nothing to compare with."""
        return self.run is not None and self.run.work is Work.DIFFERENCE and self.run.base_id is None


@dataclass(frozen=True, slots=True)
class AssessmentStands:
    """How it stands with one assessment.

    holds     whether it was made or confirmed for this very draft
    readings  who confirmed it, and who agreed as second reader, for whichever draft
    """

    about: About
    assessment: Assessment | None
    holds: bool
    readings: tuple[Reading, ...] = ()

    @property
    def confirmed(self) -> Reading | None:
        """Who said that it holds for a later draft, last."""
        return next((one for one in reversed(self.readings) if one.kind == "holds"), None)

    @property
    def second(self) -> Reading | None:
        """The second reader."""
        return next((one for one in reversed(self.readings) if one.kind == "second"), None)


@dataclass(frozen=True, slots=True)
class Impact:
    """All of it for one draft.

    base  what the draft is compared with; None where nothing decides yet
    runs  all of them, the newest first, as far as a page shows them
    """

    works: tuple[WorkStands, ...]
    assessments: tuple[AssessmentStands, ...]
    base: Edition | None
    has_history: bool
    runs: tuple[Run, ...] = ()

    @property
    def is_active(self) -> bool:
        """Whether something waits or runs."""
        return any(one.active is not None for one in self.works)

    def of(self, work: Work) -> WorkStands:
        """One kind of work."""
        return next(one for one in self.works if one.work is work)

    def about(self, about: About) -> AssessmentStands:
        """One assessment."""
        return next(one for one in self.assessments if one.about is about)


@query(
    "policies.see-impact",
    words="read what a change would do, and what was assessed of it",
    roles=INSIDE,
    target=target_of,
)
def see_impact(*, change: Change, by: Actor, at: datetime) -> Impact:
    """How all work and all assessments stand for the draft as it is now."""
    return standing(change)


@query("policies.see-run", words="read what one piece of work on a change found", roles=INSIDE, target=target_of)
def see_run(*, change: Change, key: UUID, by: Actor, at: datetime) -> Run | None:
    """One run of a change."""
    return change.runs.select_related("base", "asked_by", "same_as").filter(key=key).first()


def standing(change: Change) -> Impact:
    """The same without a check of rights, for gates and pages that made one."""
    base = base_of(change)
    runs = list(change.runs.select_related("base", "asked_by").defer(*_HEAVY)[:_MOST_RUNS])
    works = tuple(_work(work, runs, change, base) for work in Work)
    shop = ports.PORTS.workshop
    return Impact(works, _assessments(change), base, shop is not None and shop.has_history(), tuple(runs))


def work_stands(change: Change, work: Work) -> WorkStands:
    """How it stands with one kind of work."""
    runs = list(change.runs.filter(kind=work.value).select_related("base").defer(*_HEAVY)[:_MOST_RUNS])
    return _work(work, runs, change, base_of(change) if work.compares else None)


def assessment_stands(change: Change, about: About) -> AssessmentStands:
    """How it stands with one assessment."""
    found = change.assessments.select_related("author").filter(kind=about.value).first()
    readings = () if found is None else tuple(found.readings.select_related("by"))
    return _assessment(about, found, readings, change)


def newest(change: Change, kind: str, digest: str | None = None) -> Run | None:
    """The newest run of a kind that ended with an outcome, for a draft; without a digest, the draft as it stands."""
    wanted = change.draft_digest if digest is None else digest
    return change.runs.filter(kind=kind, digest=wanted, state=State.DONE.value).first()


def proved_of(change: Change) -> ports.Proved | None:
    """What was proved of exactly this draft; None where no proof of it ended without error and without doubt."""
    run = newest(change, Work.PROOF)
    if run is None or not run.passed:
        return None
    as_of = instant_of(datetime.combine(run.as_of, time.min, UTC))
    figures = run.figures
    return ports.Proved(as_of, int(figures["claims"]), int(figures["errors"]), int(figures["undecided"]))


def estimates() -> Mapping[Work, float]:
    """Seconds that each kind of work took lately, the middle of a few."""
    found = {}
    for work in Work:
        ended = Run.objects.filter(kind=work.value, state=State.DONE.value, same_as=None, seconds__gt=0)
        lately = ended.order_by("-ended_at").values_list("seconds", flat=True)[:_FORMER_RUNS]
        seconds = [each for each in lately if each is not None]
        if seconds:
            found[work] = median(seconds)
    return found


def shown_of(run: Run) -> dict[str, Any]:
    """What pages show of a run's outcome."""
    return {} if run.shown_id is None else _json(run.shown_id)


def drawing_of(run: Run, name: str, scheme: str) -> str | None:
    """A chart of a run as SVG; None where there is none of that name."""
    digest = run.drawings.get(name, {}).get(scheme)
    return None if digest is None else Text.objects.values_list("content", flat=True).get(digest=digest)


def forecast_of(change: Change, name: str) -> tuple[Weekly, Run] | None:
    """A weekly forecast from the rehearsal of this very draft; None where there is none or it cannot tell."""
    run = newest(change, Work.REHEARSAL)
    found = None if run is None else weekly(run.figures, name)
    return None if run is None or found is None else (found, run)


def _work(work: Work, runs: list[Run], change: Change, base: Edition | None) -> WorkStands:
    mine = [run for run in runs if run.kind == work]
    active = next((run for run in mine if run.state in ACTIVE), None)
    done = [run for run in mine if run.is_done]
    now = next((run for run in done if _is_current(run, change, base)), None)
    over = [run for run in mine if run.state not in ACTIVE]
    failed = over[0] if over and not over[0].is_done else None
    return WorkStands(work, now or next(iter(done), None), active, failed, now is not None)


def _is_current(run: Run, change: Change, base: Edition | None) -> bool:
    if run.digest != change.draft_digest:
        return False
    if not run.work.compares:
        return True
    return (run.base.digest if run.base is not None else None) == (base.digest if base is not None else None)


def _assessments(change: Change) -> tuple[AssessmentStands, ...]:
    newest_of: dict[str, Assessment] = {}
    for one in change.assessments.select_related("author").order_by("pk"):
        newest_of[one.kind] = one
    readings = list(Reading.objects.filter(assessment__in=list(newest_of.values())).select_related("by"))
    found = []
    for about in About:
        held = newest_of.get(about.value)
        mine = () if held is None else tuple(one for one in readings if one.assessment_id == held.pk)
        found.append(_assessment(about, held, mine, change))
    return tuple(found)


def _assessment(
    about: About, held: Assessment | None, readings: tuple[Reading, ...], change: Change
) -> AssessmentStands:
    if held is None:
        return AssessmentStands(about, None, holds=False)
    confirmed = any(one.kind == "holds" and one.digest == change.draft_digest for one in readings)
    return AssessmentStands(about, held, held.digest == change.draft_digest or confirmed, readings)


def _json(digest: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(Text.objects.values_list("content", flat=True).get(digest=digest))
    return content
