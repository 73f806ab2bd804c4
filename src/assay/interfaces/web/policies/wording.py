"""Dates, grounds and limits of rules and duties in plain words. It never says whether a duty is met."""

from __future__ import annotations

from datetime import datetime, timedelta

from assay.engine.kernel.instants import DAY, EPOCH, day_of, format_instant
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Rule
from assay.engine.language.pack.promises.obligations import Obligation

NOT_ADVICE = "This is how the pack's authors read their duties. It is not legal advice."
_SUBJECTS = {"item": "items", "account": "accounts", "campaign": "campaigns"}
_CONFIDENCE = {"verified": "checked against its source", "partly-verified": "partly checked against its source"}
STATUS_WORDS = {
    "in_force": "in force",
    "enacted": "enacted",
    "proposed": "proposed",
    "voluntary": "voluntary",
    "struck_down": "struck down",
    "lapsed": "lapsed",
    "unverified": "not verified",
}


def moment_of(instant: int | None) -> datetime | None:
    """An instant of a pack as a time with its zone."""
    return None if instant is None else EPOCH + timedelta(microseconds=instant)


def is_whole_day(instant: int) -> bool:
    """Whether an instant is the first of a day in UTC, as a date without a time is read."""
    return instant % DAY == 0


def instant_words(instant: int) -> str:
    """A day, or a time where it is one."""
    return format_instant(instant).removesuffix("T00:00:00Z")


def period_words(rule: Rule, pack: Pack) -> str:
    """When a rule holds, what it judges and who may apply it."""
    words = []
    if rule.period.effective is not None:
        words.append(f"From {instant_words(rule.period.effective)}.")
    if rule.period.sunset is not None:
        words.append(f"Until {instant_words(rule.period.sunset)}, when it no longer holds.")
    imposed = [pack.measures.by_id[one.name] for one in rule.then]
    spared = [f"“{measure.title}”" for measure in imposed if measure.after_grace]
    if rule.grace_until is not None and spared:
        words.append(f"Before {instant_words(rule.grace_until)} people are still spared {', '.join(spared)}.")
    if rule.period == type(rule.period)():
        words.append("Always.")
    who = "Only specialists may apply it." if rule.enforced_by == "specialist" else "Any reviewer may apply it."
    return " ".join([*words, f"It judges {_SUBJECTS[rule.subject]}.", who])


def grounds_of(duty: Obligation) -> str:
    """The law behind a duty, since when, and how far it was checked."""
    law = ", ".join(part for part in (duty.instrument, duty.provision) if part)
    start = "" if duty.effective is None else f", from {day_of(duty.effective)}"
    status = STATUS_WORDS.get(duty.status, duty.status)
    return f"{law}{start}; {status}; {_CONFIDENCE.get(duty.confidence, 'not checked against its source')}"
