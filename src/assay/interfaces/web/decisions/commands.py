"""Take a list of decisions out of the system. That somebody did is what the ledger keeps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from assay.engine.kernel.digest import canonical_json, sha256_of
from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.ledger.events import Digest
from assay.governance.office.actor import Actor
from assay.governance.office.exporting import Form
from assay.governance.office.operations import command
from assay.governance.office.references import Reference
from assay.governance.office.roles import Role
from assay.interfaces.stores.indexing.reading.wanted import Listed
from assay.interfaces.web.decisions.events import DecisionsExported
from assay.interfaces.web.decisions.filters import Filters, in_one_market
from assay.interfaces.web.decisions.in_market import MarketView
from assay.interfaces.web.decisions.opened import opened_index
from assay.interfaces.web.decisions.reach import by_filters, narrowed_to

TAKE = frozenset({Role.POLICY_LEAD, Role.ANALYST, Role.OPERATIONS_LEAD, Role.LEGAL, Role.DATA, Role.AUDITOR})
MOST_ROWS = 100_000
_LIST = Reference("list", "decisions")


@dataclass(frozen=True, slots=True)
class Taken:
    """Decisions to be sent, by their rows in the index.

    numbers   one more than may be sent, where there are more
    market    the only one of which they tell; empty is every one
    """

    numbers: tuple[int, ...]
    form: Form
    market: str = ""

    def rows(self) -> Iterator[Listed]:
        """The decisions, read as they are sent."""
        with opened_index() as index:
            if not isinstance(index, Fault):
                rows = index.rows(self.numbers)
                yield from (one for one, _ in MarketView(index, self.market).rows(rows)) if self.market else rows


@command(
    "decisions.export",
    words="take a list of decisions out of the system",
    roles=TAKE,
    target=by_filters(TAKE),
    reach="market",
)
def export_decisions(*, filters: Filters, form: Form, by: Actor, at: datetime) -> Taken | list[Fault]:
    """Find what the filters ask for, the newest first, and note who takes how many of them."""
    market = narrowed_to(by, TAKE, filters.wanted.market)
    filters = in_one_market(filters, market)
    if filters.faults:
        return list(filters.faults)
    with opened_index() as index:
        if isinstance(index, Fault):
            return [index]
        if market:
            view = MarketView(index, market)
            rows = index.rows(view.numbers(filters.wanted, MOST_ROWS + 1))
            numbers = tuple(row.number for row, _ in view.rows(rows, filters.wanted))
        else:
            numbers = index.numbers(filters.wanted, MOST_ROWS + 1)
    digest = Digest(sha256_of(canonical_json(dict(filters.given))))
    complete = len(numbers) <= MOST_ROWS
    append(DecisionsExported(min(len(numbers), MOST_ROWS), complete, form, digest), subject=_LIST, by=by, at=at)
    return Taken(numbers, form, market)
