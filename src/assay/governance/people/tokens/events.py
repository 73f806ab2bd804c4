"""What happens to tokens, as the ledger keeps it: no name, no secret."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assay.governance.ledger.events import event


@event("tokens.token-made", words="made {subject} for {operations} operations, until {ends}")
@dataclass(frozen=True, slots=True)
class TokenMade:
    """Somebody let a program act for them."""

    operations: int
    commands: int
    ends: datetime


@event("tokens.token-revoked", words="revoked {subject}")
@dataclass(frozen=True, slots=True)
class TokenRevoked:
    """A token ended before its day."""
