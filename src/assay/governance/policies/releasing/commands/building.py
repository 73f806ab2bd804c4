"""A change becomes a signed bundle. It lets nothing decide."""

from __future__ import annotations

from datetime import datetime

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.ledger.events import Digest
from assay.governance.office.actor import Actor
from assay.governance.office.operations import command
from assay.governance.office.roles import Role
from assay.governance.policies.life.editions import make_edition
from assay.governance.policies.life.models import Change, Edition
from assay.governance.policies.life.targets import target_of
from assay.governance.policies.releasing.building import signed_draft
from assay.governance.policies.releasing.commands.rows import hold_with_room
from assay.governance.policies.releasing.events import BundleBuilt
from assay.governance.policies.releasing.standing import edition_of

# Who ships what was signed off, and who takes it back.
RELEASERS = frozenset({Role.POLICY_LEAD, Role.OPERATIONS_LEAD})


@command(
    "policies.build-bundle",
    words="build and sign the bundle of a change whose gates all hold",
    roles=RELEASERS,
    target=target_of,
)
def build_bundle(*, change: Change, by: Actor, at: datetime) -> Edition | list[Fault]:
    """An edition with its signed bundle; or everything that keeps it from being built."""
    change = hold_with_room(change)
    held = edition_of(change)
    if held is not None:
        return [Fault("already-built", f"this draft is built already, as edition {held.number}")]
    made = signed_draft(change, at)
    if isinstance(made, list):
        return made
    edition = make_edition(made.files, change=change, by=by, at=at)
    edition.bundle = made.bundle
    edition.save(update_fields=["bundle"])
    said = BundleBuilt(edition.reference, Digest(edition.digest), made.proved.claims)
    append(said, subject=change.reference, by=by, at=at)
    return edition
