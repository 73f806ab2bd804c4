"""Remark on lines of a draft, answer, close, open again. None of it changes a text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.office.actor import Actor
from assay.governance.office.operations import command
from assay.governance.office.roles import INSIDE
from assay.governance.policies.drafting.events import RemarkAnswered, RemarkClosed, RemarkMade
from assay.governance.policies.drafting.models import Remark, Reply
from assay.governance.policies.drafting.queries import drafts
from assay.governance.policies.drafting.queries.mentions import mentioned_in
from assay.governance.policies.drafting.rules.writing import (
    LONGEST_SUGGESTION,
    MOST_OPEN_REMARKS,
    faults_of_words,
    may_hold,
    plain,
)
from assay.governance.policies.life.drafts import hold, person_of
from assay.governance.policies.life.models import Change, keep_text
from assay.governance.policies.life.targets import MAKERS, target_of

RemarkKind: TypeAlias = Literal["comment", "suggestion"]


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of a file as somebody saw it.

    revision     that they saw, 0 for the edition that the draft starts from
    first, last  counted from 1
    """

    path: str
    revision: int
    first: int
    last: int


@command("policies.make-remark", words="remark on the draft of a change", roles=INSIDE, target=target_of)
def make_remark(
    *, change: Change, lines: Lines, words: str, suggested: str | None = None, by: Actor, at: datetime
) -> Remark | list[Fault]:
    """Say something of some lines, or suggest what should stand there instead."""
    held = hold(change)
    seen = drafts.text_at(held, lines.path, lines.revision)
    faults = _faults(held, lines, seen, words, suggested)
    if faults or seen is None:
        return faults
    kind: RemarkKind = "comment" if suggested is None else "suggestion"
    remark = Remark.objects.create(
        change=held,
        path=lines.path,
        kind=kind,
        seen=keep_text(seen),
        first=lines.first,
        last=lines.last,
        words=words.strip(),
        suggested=plain(suggested or ""),
        by=person_of(by),
        at=at,
    )
    told = mentioned_in(words)
    append(RemarkMade(remark.reference, kind, told), subject=held.reference, by=by, at=at)
    return remark


def _faults(change: Change, lines: Lines, seen: str | None, words: str, suggested: str | None) -> list[Fault]:
    known = () if change.base is None else change.base.files
    if seen is None or not may_hold(lines.path, change.path, known):
        return [Fault("no-such-text", "there is no such text to remark on; load the page again", "file")]
    if change.at_stage.is_over:
        return [Fault("over", f"change {change.number} is over; open another change to go on with it")]
    faults = [] if suggested is not None and not words.strip() else faults_of_words(words)
    count = seen.count("\n") + 1
    if not 1 <= lines.first <= lines.last <= count:
        faults.append(Fault("no-such-lines", f"the text has lines 1 to {count}; choose among these", "first"))
    elif suggested is not None:
        faults += _faults_of_suggestion(seen, lines, plain(suggested))
    if change.remarks.filter(state="open").count() >= MOST_OPEN_REMARKS:
        words = f"there are {MOST_OPEN_REMARKS} open remarks already; settle some of them first"
        faults.append(Fault("too-many", words))
    return faults


def _faults_of_suggestion(seen: str, lines: Lines, suggested: str) -> list[Fault]:
    if suggested == "\n".join(seen.split("\n")[lines.first - 1 : lines.last]):
        return [Fault("same", "the suggestion is what stands there; edit it, or make it a comment", "suggested")]
    return [] if not suggested else faults_of_words(suggested + "x", field="suggested", longest=LONGEST_SUGGESTION)


@command("policies.answer-remark", words="answer a remark on the draft of a change", roles=INSIDE, target=target_of)
def answer_remark(*, change: Change, remark: Remark, words: str, by: Actor, at: datetime) -> Reply | list[Fault]:
    """Answer; whoever made the remark hears of it, and whoever is named."""
    hold(change)
    faults = faults_of_words(words)
    if faults:
        return faults
    reply = Reply.objects.create(remark=remark, words=words.strip(), by=person_of(by), at=at)
    append(RemarkAnswered(remark.reference, mentioned_in(words)), subject=change.reference, by=by, at=at)
    return reply


@command("policies.close-remark", words="settle a remark on the draft of a change", roles=INSIDE, target=target_of)
def close_remark(*, change: Change, remark: Remark, by: Actor, at: datetime) -> Remark | list[Fault]:
    """Settle a remark: those who write may, and whoever made it."""
    hold(change)
    remark.refresh_from_db()
    if not _may_close(remark, by):
        words = "settling it is for those who write the text, or for whoever made the remark; answer it instead"
        return [Fault("not-yours", words)]
    return _close(change, remark, "settled", "", by, at)


@command("policies.decline-suggestion", words="decline a suggestion for a change", roles=MAKERS, target=target_of)
def decline_suggestion(*, change: Change, remark: Remark, words: str, by: Actor, at: datetime) -> Remark | list[Fault]:
    """Decline a suggestion, and say why."""
    hold(change)
    remark.refresh_from_db()
    if remark.kind != "suggestion":
        return [Fault("no-suggestion", "this is a comment; settle it, or answer it")]
    faults = faults_of_words(words, field="reason")
    return faults or _close(change, remark, "declined", words.strip(), by, at)


@command("policies.reopen-remark", words="open a settled remark again", roles=INSIDE, target=target_of)
def reopen_remark(*, change: Change, remark: Remark, by: Actor, at: datetime) -> Remark | list[Fault]:
    """Open a remark again that was settled or declined."""
    held = hold(change)
    remark.refresh_from_db()
    if not _may_close(remark, by):
        return [Fault("not-yours", "opening it again is for those who write the text, or for whoever made the remark")]
    if held.at_stage.is_over or remark.state not in ("settled", "declined"):
        return [Fault("not-closed", "this remark cannot be opened again; make a new one")]
    remark.state, remark.reason, remark.closed_by, remark.closed_at = "open", "", None, None
    remark.save(update_fields=["state", "reason", "closed_by", "closed_at"])
    append(RemarkClosed(remark.reference, "reopened"), subject=change.reference, by=by, at=at)
    return remark


def _may_close(remark: Remark, by: Actor) -> bool:
    mine = remark.by is not None and remark.by.reference in by.hands
    return mine or by.reaches(MAKERS, target_of({"change": remark.change}))


def _close(
    change: Change, remark: Remark, outcome: Literal["settled", "declined"], reason: str, by: Actor, at: datetime
) -> Remark | list[Fault]:
    if remark.state != "open":
        return [Fault("closed", "somebody closed this remark already; load the page again")]
    remark.state, remark.reason, remark.closed_by, remark.closed_at = outcome, reason, person_of(by), at
    remark.save(update_fields=["state", "reason", "closed_by", "closed_at"])
    append(RemarkClosed(remark.reference, outcome), subject=change.reference, by=by, at=at)
    return remark
