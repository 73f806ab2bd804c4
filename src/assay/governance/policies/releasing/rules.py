"""Which share a launch takes next, and what stands against one. Pure: no store, no clock."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite
from typing import Literal, TypeAlias

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.unicode import is_unicode

# Why a release was made: the house began, a change looks on, a change decides, a former edition decides again, an end.
Kind: TypeAlias = Literal["begin", "pilot", "launch", "roll-back", "withdraw"]
BEGIN: Kind = "begin"
PILOT: Kind = "pilot"
LAUNCH: Kind = "launch"
ROLL_BACK: Kind = "roll-back"
WITHDRAW: Kind = "withdraw"
# The shares that are offered; any other above 0 may be given.
STEPS = (0.01, 0.1, 0.5, 1.0)
LEAST_SHARE = 0.0001
LONGEST_REASON = 600
# How often a share of so many items is told in the ledger: in whole numbers, as it holds no fractions.
SHARES_IN = 10_000


def next_step(share: float) -> float | None:
    """The next larger share that is offered; None where everything is decided."""
    return next((step for step in STEPS if step > share + 1e-9), None)


def step_before(share: float) -> float | None:
    """The next smaller share that is offered; None below the first."""
    return next((step for step in reversed(STEPS) if step < share - 1e-9), None)


def why_no_share(share: float) -> Fault | None:
    """What is wrong with a share."""
    if not LEAST_SHARE <= share <= 1:
        return Fault("bad-share", "a share is above 0 and 100 % at the most, such as 10 %", "share")
    return None


def why_no_reason(reason: str) -> Fault | None:
    """What is wrong with the words why."""
    if not reason.strip():
        return Fault("reason-missing", "say why, for those who look at it later", "reason")
    if "\0" in reason or not is_unicode(reason):
        return Fault("no-text", "the reason holds a character that no store keeps; write it again", "reason")
    if len(reason) > LONGEST_REASON:
        return Fault("too-long", f"say it in {LONGEST_REASON} characters", "reason")
    return None


def share_read(text: str) -> float | None:
    """A share as a person writes it: `10 %`, `10%`, `10`, `0.1`; None where it is none.

    A number above 1 is of a hundred. A plain `1` could be everything or one in a hundred, so it is no share.
    """
    plain = text.strip().replace(",", ".")
    of_hundred = plain.endswith("%")
    try:
        number = float(plain.removesuffix("%").strip())
    except ValueError:
        return None
    if not isfinite(number) or (number == 1 and not of_hundred):
        return None
    return number / 100 if of_hundred or number > 1 else number


def in_words(share: float) -> str:
    """A share as people read it: `1 %`, `0.5 %`."""
    return f"{share * 100:.6g} %"


def deciding_line(told: Iterable[tuple[str, int]]) -> list[int]:
    """The editions that decided one after the other and were not rolled back, the present one last.

    told  of each release of what decides everything, oldest first: its kind, and the edition
    """
    line: list[int] = []
    for kind, edition in told:
        if kind == ROLL_BACK and edition in line:
            del line[line.index(edition) + 1 :]
        elif not line or line[-1] != edition:
            line.append(edition)
    return line
