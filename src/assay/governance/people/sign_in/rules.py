"""When a session ends, who needs a second factor, who may decide a recovery. Pure: no store, no clock."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from assay.engine.kernel.errors import Fault
from assay.governance.office.actor import Actor
from assay.governance.office.references import Reference
from assay.governance.office.roles import Role
from assay.governance.people.rules.granting import SIGNING

Means: TypeAlias = Literal[
    "password",
    "password-and-code",
    "password-and-key",
    "password-and-recovery-code",
    "passkey",
    "single-sign-on",
    "single-sign-on-and-code",
    "single-sign-on-and-key",
    "single-sign-on-and-recovery-code",
    "link",
]
# Whoever holds one of these can sign for the house, or let others in.
POWERFUL = SIGNING
RECOVERY_LASTS = timedelta(days=3)
# In this order: most browsers say that they are others too.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)
_SECOND = {"totp": "code", "webauthn": "key", "recovery_codes": "recovery-code"}


def is_over(*, began: datetime, seen: datetime, at: datetime, idle: timedelta, longest: timedelta) -> bool:
    """Whether a session has ended by itself: too long without a request, or too long in all."""
    return at - seen >= idle or at - began >= longest or seen > at + timedelta(minutes=5)


def needs_second_factor(roles: Collection[Role], *, required: bool) -> bool:
    """Whether somebody with these roles must have a second factor."""
    return required or not POWERFUL.isdisjoint(roles)


def means_of(records: Iterable[Mapping[str, object]]) -> Means:
    """How somebody came in, from the steps that allauth recorded in the session, newest last."""
    first, second = "link", ""
    for record in records:
        if record.get("reauthenticated"):
            continue
        match record.get("method"):
            case "password":
                first = "password"
            case "socialaccount":
                first = "single-sign-on"
            case "mfa" if record.get("passwordless"):
                return "passkey"
            case "mfa":
                second = _SECOND.get(str(record.get("type")), "code")
    if first == "link" or not second:
        return first  # type: ignore[return-value]
    return f"{first}-and-{second}"  # type: ignore[return-value]


def browser_words(agent: str) -> str:
    """A browser as people call it, from what it says of itself; `Unknown browser` where it is none that we know."""
    name = next((name for sign, name in _BROWSERS if sign in agent), "Unknown browser")
    system = next((system for sign, system in _SYSTEMS if sign in agent), "")
    return f"{name} on {system}" if system else name


def why_not_decide(by: Actor, person: Reference, *, open_until: datetime | None, at: datetime) -> list[Fault]:
    """What stands against somebody deciding on another's recovery; empty where nothing does.

    open_until   until when it can be decided; None where it has been already
    """
    faults = []
    if person in by.hands:
        faults.append(Fault("same-hands", "somebody else decides on your own recovery; ask another administrator"))
    if open_until is None:
        faults.append(Fault("already-decided", "this recovery has been decided already; open the list again"))
    elif at >= open_until:
        faults.append(Fault("too-late", "this recovery has ended; the person asks for it again"))
    return faults
