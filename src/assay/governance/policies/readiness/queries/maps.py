"""The map of one change: what it needs of the product, market by market, and what was accepted. It changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from assay.governance.office.actor import Actor
from assay.governance.office.operations import query
from assay.governance.office.roles import INSIDE
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.targets import target_of
from assay.governance.policies.readiness.models import Acceptance
from assay.governance.policies.readiness.queries.features import provided
from assay.governance.policies.readiness.queries.needs import needs_of
from assay.governance.policies.readiness.rules.standing import Accepted, Effect, Standing, standing_of


@dataclass(frozen=True, slots=True)
class Map:
    """What a change needs.

    faults       errors of the draft: with them, what it needs is not known
    acceptances  of this very draft
    """

    standing: Standing
    faults: int
    acceptances: Sequence[Acceptance]

    @property
    def blocks(self) -> int:
        """How many things that it needs are missing somewhere, and accepted by nobody."""
        return self.standing.count(Effect.BLOCKS)


@query("policies.see-readiness-map", words="read what a change needs of the product", roles=INSIDE, target=target_of)
def see_map(*, change: Change, by: Actor, at: datetime) -> Map:
    """The map, for whoever may read the change."""
    return map_of(change, at)


def map_of(change: Change, at: datetime) -> Map:
    """The map of the draft as it stands."""
    needs = needs_of(change)
    acceptances = list(acceptances_of(change))
    accepted = [Accepted(each.kind, each.name, frozenset(each.markets)) for each in acceptances]
    features = provided({(each.kind, each.name) for each in needs.dependencies})
    standing = standing_of(needs.dependencies, features, accepted, needs.markets, at.date())
    return Map(standing, needs.faults, acceptances)


def acceptances_of(change: Change) -> Sequence[Acceptance]:
    """What was accepted for this very draft, and stands. What has become somebody's own work counts no more."""
    found = change.acceptances.filter(digest=change.draft_digest, withdrawn_at=None).select_related("by")
    own = change.hands
    return [each for each in found.order_by("pk") if each.by.reference not in own]


def acceptance_at(change: Change, key: UUID) -> Acceptance | None:
    """An acceptance of a change by its key."""
    return change.acceptances.select_related("by").filter(key=key, withdrawn_at=None).first()
