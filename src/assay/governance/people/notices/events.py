"""What people choose of notices and calendars, as the ledger keeps it: no address and no token."""

from __future__ import annotations

from dataclasses import dataclass

from assay.governance.ledger.events import event


@event("notices.ways-chosen", words="chose how to hear of notices")
@dataclass(frozen=True, slots=True)
class WaysChosen:
    """How many kinds somebody set to another way than before."""

    changed: int


@event("calendar.address-made", words="made an address for their calendar")
@dataclass(frozen=True, slots=True)
class CalendarAddressMade:
    """Whoever knows the address can read the calendar, until it is revoked."""


@event("calendar.address-revoked", words="revoked an address of their calendar")
@dataclass(frozen=True, slots=True)
class CalendarAddressRevoked:
    """From now on it shows nothing."""
