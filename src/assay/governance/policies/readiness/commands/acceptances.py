"""Operations or product take it upon them that a change is launched without something that it needs."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.ledger.events import Digest
from assay.governance.office.actor import Actor
from assay.governance.office.operations import command
from assay.governance.office.roles import Role
from assay.governance.people.models import Person
from assay.governance.policies.life.drafts import hold
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.targets import target_of
from assay.governance.policies.readiness.events import AcceptanceWithdrawn, MissingAccepted
from assay.governance.policies.readiness.models import WORDS_LONGEST, Acceptance
from assay.governance.policies.readiness.queries.needs import needs_of
from assay.governance.policies.readiness.rules.dependencies import Kind

ACCEPTORS = frozenset({Role.OPERATIONS_LEAD, Role.PRODUCT})


@command("policies.accept-missing", words="accept that a feature is missing", roles=ACCEPTORS, target=target_of)
def accept_missing(
    *, change: Change, kind: Kind, name: str, markets: Collection[str], words: str, by: Actor, at: datetime
) -> Acceptance | list[Fault]:
    """For this very draft, with the reason. Nobody accepts it for their own work.

    markets  codes; none is every one
    """
    change = hold(change)
    needs = needs_of(change)
    faults = []
    if not any((each.kind, each.name) == (kind, name) for each in needs.dependencies):
        faults.append(Fault("not-needed", f"the draft does not need `{name[:80]}`; look at the map again", "name"))
    if unknown := sorted(set(markets) - needs.markets.codes):
        faults.append(Fault("no-market", f"`{', '.join(unknown)[:60]}` is no market of this pack", "markets"))
    if not words.strip() or len(words) > WORDS_LONGEST:
        said = f"say in 1 to {WORDS_LONGEST} characters why it can be launched without, and what is done instead"
        faults.append(Fault("no-words", said, "words"))
    if by.hands & change.hands:
        faults.append(Fault("own-work", "this change is your own work; somebody else has to accept it"))
    if faults:
        return faults
    kept = Acceptance.objects.create(
        change=change, kind=kind, name=name, markets=sorted(set(markets)), words=words.strip(),
        digest=change.draft_digest, by=Person.of(by.who), at=at,
    )  # fmt: skip
    draft = Digest(change.draft_digest) if change.draft_digest else None
    append(MissingAccepted(kept.reference, kind, len(kept.markets), draft), subject=change.reference, by=by, at=at)
    return kept


@command("policies.withdraw-acceptance", words="no longer accept a gap", roles=ACCEPTORS, target=target_of)
def withdraw_acceptance(*, change: Change, acceptance: Acceptance, by: Actor, at: datetime) -> Acceptance | list[Fault]:
    """What is missing blocks again."""
    change = hold(change)
    acceptance = Acceptance.objects.select_for_update().get(pk=acceptance.pk, change=change)
    if acceptance.withdrawn_at is not None:
        return [Fault("withdrawn-already", "it is withdrawn already; nothing is to be done")]
    acceptance.withdrawn_at = at
    acceptance.save(update_fields=["withdrawn_at"])
    kind: Kind = acceptance.kind  # type: ignore[assignment]
    append(AcceptanceWithdrawn(acceptance.reference, kind), subject=change.reference, by=by, at=at)
    return acceptance
