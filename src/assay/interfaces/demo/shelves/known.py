"""What a platform and its reviewers already know of an upload, in sets that files share. It never reads a file."""

from __future__ import annotations

from collections.abc import Mapping

from assay.interfaces.demo.recipe import Known, SignalValue

REVIEWER = "reviewer:ada"

_RECORD: Mapping[str, SignalValue] = {
    "surface": "feed",
    "audience": "everyone",
    "uploader_role": "private",
    "is_paid": "none",
    "made_with_own_tool": False,
    "new_in_blackout": False,
    "claimant_role": "none",
    "ncii_request": "none",
    "account.undisclosed_90d": 0,
    "account.near_copies_per_day": 0,
    "account.persona": "none",
}
_NOBODY: Mapping[str, SignalValue] = {
    "person.kind": "none",
    "person.age": "nobody",
    "intimacy": "none",
    "impersonation": "none",
    "portrayal": (),
    "said_or_did_not": False,
    "endorsement": "none",
    "nonconsent_signals": (),
    "account.youth_focus": False,
}
_PEACEFUL: Mapping[str, SignalValue] = {
    "nudify_promotion": "none",
    "fake_authority": "none",
    "fabricated_event": False,
    "false_document": False,
    "wrong_voting_facts": False,
    "campaign_content": False,
    "crisis_event": "none",
    "public_importance": (),
    "fraud_markers": (),
    "mark_tampering": "none",
    "satire": "none",
    "context_kind": (),
    "deception_risk": "low",
}


def record(**changes: SignalValue) -> tuple[Known, ...]:
    """What the platform's own records say of every upload; a double underscore in a name stands for a dot."""
    return _known(_RECORD, "platform", "platform:upload-record", changes)


def nobody_shown(**changes: SignalValue) -> tuple[Known, ...]:
    """A reviewer's finding that no person is shown, or what they found instead."""
    return _known(_NOBODY, "reviewer", REVIEWER, changes)


def peaceful(**changes: SignalValue) -> tuple[Known, ...]:
    """A reviewer's finding that nobody is deceived or harmed, or what they found instead."""
    return _known(_PEACEFUL, "reviewer", REVIEWER, changes)


def seen(**findings: SignalValue) -> tuple[Known, ...]:
    """What a reviewer found on this one file."""
    return _known({}, "reviewer", REVIEWER, findings)


def looked_through(**findings: SignalValue) -> tuple[Known, ...]:
    """Everything that is known of an upload a reviewer has looked at: no person, no harm, and these findings."""
    return (*record(), *nobody_shown(), *peaceful(), *seen(**findings))


def undisclosed(**findings: SignalValue) -> tuple[Known, ...]:
    """The same where the uploader says nothing of AI anywhere; without it, that stays open."""
    return looked_through(creator_disclosed="none", **findings)


def _known(
    base: Mapping[str, SignalValue], by: str, source: str, changes: Mapping[str, SignalValue]
) -> tuple[Known, ...]:
    values = {**base, **{name.replace("__", "."): value for name, value in changes.items()}}
    return tuple(Known(signal, value, by, source) for signal, value in values.items())
