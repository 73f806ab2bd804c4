"""What sign-off asks of a change: signatures, no veto, conditions met. It signs nothing."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from assay.governance.policies.life.gates import Finding, holds, lacks, requirement
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.stages import Stage
from assay.governance.policies.signing.queries.sheets import is_due
from assay.governance.policies.signing.queries.voices import count_of, signatures_of, voice_of


@requirement(
    "signing.signed", leaving=Stage.SIGN_OFF, stays=True, words="Everybody who must sign has signed this very draft."
)
def signed(change: Change, at: datetime) -> Finding:
    """By the matrix as it stands now."""
    found = count_of(change, signatures_of(change))
    agreed = sum(voice.verdict.agrees for voice in found.counted)
    dissents = len(found.counted) - agreed
    said = f"{agreed} signed" + (f", {dissents} dissent" if dissents else "")
    return Finding(found.is_enough, found.words or said, _url(change), change.draft_digest)


@requirement("signing.no-veto", leaving=Stage.SIGN_OFF, stays=True, words="No legal veto stands.")
def no_veto(change: Change, at: datetime) -> Finding:
    """Whatever the draft."""
    veto = change.vetoes.select_related("by").filter(lifted_at=None).first()
    if veto is None:
        return holds("none stands", _url(change))
    return lacks(f"{veto.by.name} stopped it as legal; only legal lifts it", _url(change))


@requirement(
    "signing.conditions", leaving=Stage.SIGN_OFF, stays=True, words="Every condition that is due by now is met."
)
def conditions(change: Change, at: datetime) -> Finding:
    """Of every signature of this draft that stands; confirmed by whoever set it, or another of that function.

    Also of one that counts no more, since its signer was named the owner or has left: that frees nobody from it.
    """
    wanted = [
        condition
        for each in signatures_of(change)
        for condition in each.conditions.all()
        if voice_of(each).digest == change.draft_digest and each.withdrawn_at is None and condition.confirmed_at is None
    ]
    due = [condition for condition in wanted if is_due(condition, change.at_stage, at.date())]
    later = len(wanted) - len(due)
    words = f"{len(due)} open" if due else "none is open" if not later else f"{later} open, due later"
    return Finding(not due, words, _url(change))


def _url(change: Change) -> str:
    return reverse("signing:change", args=[change.number])
