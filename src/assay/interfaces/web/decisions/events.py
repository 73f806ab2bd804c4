"""What happens to decisions on pages, as the ledger keeps it: never an item or a filter's text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assay.governance.ledger.events import Digest, event


@event("decisions.decisions-exported", words="took a list of {rows} decisions with them")
@dataclass(frozen=True, slots=True)
class DecisionsExported:
    """A list left the system.

    complete  whether it held all that the filters asked for
    filters   a digest of what was asked for
    """

    rows: int
    complete: bool
    form: Literal["csv", "json", "jsonl"]
    filters: Digest
