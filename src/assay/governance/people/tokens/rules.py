"""What a token may be made for, how it is written and read. Pure: no store, no clock, no chance."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest

from assay.engine.kernel.errors import Fault
from assay.governance.office.actor import Actor
from assay.governance.office.operations import OPERATIONS, Operation

PREFIX = "assay_me"
LONGEST = timedelta(days=365)
MOST_TOKENS = 50
_FORM = re.compile(rf"{PREFIX}_([0-9a-f]{{12}})_([A-Za-z0-9_-]{{43}})\Z")
# Whoever stole a token must not be able to make more of it, to change how anybody comes in, or to give anybody power;
# and an approval is somebody's own.
NEVER = frozenset(
    {
        "tokens.make",
        "tokens.revoke",
        "people.sign-in",
        "people.accept-invitation",
        "people.change-password",
        "people.add-factor",
        "people.remove-factor",
        "people.end-sessions",
        "people.recover",
        "people.approve-recovery",
        "people.decline-recovery",
        "people.approve",
        "people.decline",
        "people.grant-role",
        "people.propose-role",
        "people.propose-in-emergency",
        "people.delegate",
        # Whoever is named as a stand-in acts with every role.
        "people.record-absence",
        "people.invite",
        "people.invite-again",
        "people.change-person",
        "people.reopen-account",
        "calendar.make-address",
    }
)


def can_be_given(by: Actor) -> list[Operation]:
    """The operations that somebody can let a program do: what they may do somewhere now, by room and name."""
    mine = [each for each in OPERATIONS.values() if each.name not in NEVER and (each.own or each.roles & by.roles)]
    return sorted(mine, key=lambda each: (each.room, each.kind, each.name))


def why_not_make(
    by: Actor, *, name: str, operations: Collection[str], ends: datetime, held: int, at: datetime
) -> list[Fault]:
    """What stands against a token; empty where nothing does.

    held  how many of theirs hold already
    """
    faults = []
    given = {each.name for each in can_be_given(by)}
    if not name.strip():
        faults.append(Fault("name-missing", "name the token after the program that will use it", "name"))
    if not operations:
        faults.append(Fault("nothing-chosen", "choose at least one thing that the token may do", "operations"))
    faults += [
        Fault("not-yours", f"you cannot let a token do `{unknown[:60]}`", "operations")
        for unknown in sorted(set(operations) - given)
    ]
    if not at < ends <= at + LONGEST:
        faults.append(Fault("bad-end", "the last day is after today, and within 365 days", "ends"))
    if held >= MOST_TOKENS:
        faults.append(Fault("too-many", f"you have {MOST_TOKENS} tokens; revoke one that you do not need"))
    return faults


def written(key: str, secret: str) -> str:
    """A token as it is shown, once."""
    return f"{PREFIX}_{key}_{secret}"


def read(text: str) -> tuple[str, str] | None:
    """The key and the secret in a token, or None where it has another form."""
    found = _FORM.match(text)
    return (found.group(1), found.group(2)) if found else None


def digest_of(secret: str) -> str:
    """The form in which a secret of 32 random bytes is kept: it cannot be guessed, so it needs no slow hash."""
    return sha256(secret.encode()).hexdigest()


def is_secret(secret: str, digest: str) -> bool:
    """Whether a secret is the one that was kept; takes as long for every wrong one."""
    return compare_digest(digest_of(secret), digest)
