"""Work on a draft is asked for, stopped and finished. It does none itself: the clerk does."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from assay.engine.kernel.digest import sha256_of
from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.ledger.events import Digest
from assay.governance.office.actor import Actor
from assay.governance.office.operations import command
from assay.governance.office.roles import Role
from assay.governance.people.models import Person
from assay.governance.policies.impact.events import WorkAsked, WorkCancelled, WorkFinished
from assay.governance.policies.impact.models import Run
from assay.governance.policies.impact.rules.summing import figures_of
from assay.governance.policies.impact.rules.work import ACTIVE, SECONDS_A_CLAIM, State, Work
from assay.governance.policies.life.drafts import hold
from assay.governance.policies.life.editions import in_force
from assay.governance.policies.life.models import Change, Edition, Text, keep_text, keep_texts
from assay.governance.policies.life.targets import MAKERS, target_of
from assay.governance.policies.ports import Outcome

# Whoever writes, weighs or signs may want to know.
ASKERS = MAKERS | {Role.DATA, Role.LEGAL, Role.OPERATIONS_LEAD, Role.PUBLIC_POLICY, Role.PRODUCT}
_TAKEN = ("passed", "outcome", "report", "shown", "page", "drawings", "figures")
_LONGEST_OUTCOME = 600


@command(
    "policies.ask-work", words="have a change checked, proved, compared or rehearsed", roles=ASKERS, target=target_of
)
def ask_work(
    *,
    change: Change,
    works: Iterable[Work],
    by: Actor,
    at: datetime,
    seconds_a_claim: int = SECONDS_A_CLAIM[0],
    fresh: bool = False,
) -> tuple[Run, ...] | list[Fault]:
    """For the draft as it stands. What was found for the same texts on the same day is taken over.

    fresh  whether it is done again all the same
    """
    change = hold(change)
    wanted = [work for work in Work if work in set(works)]
    faults = _faults(change, wanted, seconds_a_claim)
    if faults:
        return faults
    wanted = _not_begun(change, wanted, at)
    if not wanted:
        return [Fault("asked-already", "this waits or runs already for this draft; it is shown as soon as it is done")]
    base, files = base_of(change), _kept(change)
    person = Person.of(by.who) if by.who.kind == "person" else None
    made = [
        Run(
            change=change,
            kind=work.value,
            digest=change.draft_digest,
            base=base if work.compares else None,
            files=files,
            as_of=at.date(),
            options=_options(work, seconds_a_claim),
            asked_by=person,
            asked_at=at,
        )
        for work in wanted
    ]
    for run in made:
        known = None if fresh else _known(run)
        if known is not None:
            _take_over(run, known, at)
        run.save()
    append(WorkAsked(tuple(wanted), Digest(change.draft_digest)), subject=change.reference, by=by, at=at)
    return tuple(made)


@command("policies.cancel-work", words="stop work on a change that waits or runs", roles=ASKERS, target=target_of)
def cancel_work(*, change: Change, run: Run, by: Actor, at: datetime) -> Run | list[Fault]:
    """Whoever works on it finds out within a second, and ends."""
    held = change.runs.select_for_update().filter(pk=run.pk, state__in=ACTIVE).first()
    if held is None:
        return [Fault("not-active", "this is over already; nothing was stopped")]
    held.state, held.ended_at, held.token, held.outcome = State.CANCELLED.value, at, None, "stopped before its end"
    held.save(update_fields=["state", "ended_at", "token", "outcome"])
    append(WorkCancelled(held.work, held.reference), subject=change.reference, by=by, at=at)
    return held


@command("policies.finish-work", words="finish work on a change", system=True)
def finish_work(
    *, run: Run, token: UUID, found: Outcome | Fault, seconds: float, by: Actor, at: datetime
) -> Run | list[Fault]:
    """By whoever holds the run; whoever lost it meanwhile changes nothing, so that nothing takes effect twice."""
    held = Run.objects.select_for_update().filter(pk=run.pk, token=token, state=State.RUNNING.value).first()
    if held is None:
        return [Fault("not-held", "this run is held by another, or is over; what was found is dropped")]
    held.token, held.leased_until, held.ended_at, held.seconds = None, None, at, seconds
    if isinstance(found, Fault):
        held.state, held.fault, held.outcome = State.FAILED.value, found.slug[:60], found.words[:_LONGEST_OUTCOME]
    else:
        held.state, held.passed, held.outcome = State.DONE.value, found.passed, found.words[:_LONGEST_OUTCOME]
        _keep(held, found)
    held.save()
    report = None if held.report_id is None else Digest(held.report_id)
    happened = WorkFinished(held.work, held.reference, Digest(held.digest), _came_to(held), report)
    append(happened, subject=held.change.reference, by=by, at=at)
    return held


def base_of(change: Change) -> Edition | None:
    """What a change is compared with: the edition that decides now; before anything does, what it starts from."""
    return in_force() or change.base


def _not_begun(change: Change, wanted: list[Work], at: datetime) -> list[Work]:
    """What of it neither waits nor runs for the draft as it stands."""
    mine = change.runs.filter(state__in=ACTIVE)
    # Nobody waits for what was asked of a draft that is no more; what runs already may come to its end.
    stale = mine.filter(state=State.WAITING.value, kind__in=wanted).exclude(digest=change.draft_digest)
    stale.update(state=State.CANCELLED.value, ended_at=at, outcome="the draft was edited before it began")
    begun = set(mine.filter(digest=change.draft_digest).values_list("kind", flat=True))
    return [work for work in wanted if work not in begun]


def _faults(change: Change, wanted: list[Work], seconds: int) -> list[Fault]:
    faults = []
    if not wanted:
        faults.append(Fault("nothing-chosen", "choose what is to be done", "works"))
    if seconds not in SECONDS_A_CLAIM:
        known = ", ".join(map(str, SECONDS_A_CLAIM))
        faults.append(Fault("bad-seconds", f"the solver may think for one of {known} seconds", "seconds_a_claim"))
    if change.at_stage.is_over:
        faults.append(Fault("over", "this change is over; open another one"))
    if not change.draft_digest:
        faults.append(Fault("no-draft", "nothing is drafted yet; write something first"))
    return faults


def _kept(change: Change) -> dict[str, str]:
    files = change.draft_files()
    keep_texts(files.values())
    return {path: sha256_of(text.encode("utf-8")) for path, text in files.items()}


def _options(work: Work, seconds: int) -> dict[str, Any]:
    return {"seconds_a_claim": seconds} if work in (Work.PROOF, Work.DIFFERENCE) else {}


def _known(run: Run) -> Run | None:
    """What was found for the very same; a history may have grown since, so a rehearsal is always done."""
    if run.work is Work.REHEARSAL:
        return None
    same = Run.objects.filter(kind=run.kind, digest=run.digest, as_of=run.as_of, options=run.options, state=State.DONE)
    if run.work.compares:
        same = same.filter(base__digest=run.base.digest) if run.base is not None else same.filter(base=None)
    return same.filter(same_as=None).first()


def _take_over(run: Run, known: Run, at: datetime) -> None:
    for name in _TAKEN:
        setattr(run, name, getattr(known, name))
    run.state, run.same_as, run.started_at, run.ended_at, run.seconds = State.DONE.value, known, at, at, 0.0


def _keep(run: Run, found: Outcome) -> None:
    """What was found, taken apart: pages read what they show, and not all of it."""
    document: dict[str, Any] = dict(found.document)
    shown = document.get("shown")
    report = document.get("report", document)
    if isinstance(shown, Mapping):
        run.drawings, shown = _drawings(shown)
        run.shown = keep_text(_json(shown))
    else:
        run.shown = keep_text(_json(document))
    run.report = keep_text(_json(report))
    run.page = keep_text(found.page) if found.page else None
    run.figures = figures_of(run.work, found.document)


def _drawings(shown: Mapping[str, Any]) -> tuple[dict[str, dict[str, str]], dict[str, Any]]:
    """Drawings by chart and scheme, each kept as a text of its own; and the rest."""
    kept: dict[str, dict[str, str]] = {}
    charts = []
    for chart in shown.get("charts", ()):
        schemes = {scheme: keep_text(chart[scheme]) for scheme in ("light", "dark")}
        kept[chart["name"]] = {scheme: text.digest for scheme, text in schemes.items()}
        charts.append({name: part for name, part in chart.items() if name not in schemes})
    return kept, {**shown, "charts": charts} if charts else dict(shown)


def _json(part: object) -> str:
    return json.dumps(part, ensure_ascii=False, separators=(",", ":"))


def _came_to(run: Run) -> Literal["passed", "not-passed", "open", "failed"]:
    if run.state == State.FAILED:
        return "failed"
    if run.passed is None:
        return "open"
    return "passed" if run.passed else "not-passed"


def texts_of(run: Run) -> dict[str, str]:
    """The draft that a run is about, as it was when it was asked for."""
    found = dict(Text.objects.filter(digest__in=set(run.files.values())).values_list("digest", "content"))
    return {path: found[digest] for path, digest in run.files.items()}
