"""That the channel has a release, and that one is tried again. Neither speaks to the channel."""

from __future__ import annotations

from datetime import datetime

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.ledger.events import Digest
from assay.governance.office.actor import Actor
from assay.governance.office.operations import command
from assay.governance.policies.life.editions import write_versions
from assay.governance.policies.life.models import Release
from assay.governance.policies.ports import Published
from assay.governance.policies.releasing.commands.building import RELEASERS
from assay.governance.policies.releasing.events import PublishingTriedAgain, ReleasePublished
from assay.governance.policies.releasing.models import Delivery
from assay.governance.policies.releasing.rules import WITHDRAW
from assay.governance.policies.releasing.standing import CURRENT


@command("policies.note-published", words="note that the channel has a release", system=True)
def note_published(*, release: Release, published: Published, by: Actor, at: datetime) -> Release | list[Fault]:
    """Once for each release; what begins to decide everything brings its versions."""
    rows = Release.objects.select_for_update(of=("self",)).select_related("edition", "edition__change")
    held = rows.get(pk=release.pk)
    if held.published_at is not None:
        return [Fault("already-published", f"release {held.number} is published already")]
    held.published_at, held.sequence, held.fault = at, published.sequence, ""
    held.save(update_fields=["published_at", "sequence", "fault"])
    Delivery.objects.filter(release=held).update(held_until=None, next_at=None)
    if held.part == CURRENT and held.kind != WITHDRAW:
        write_versions(held.edition, at=at)
    said = ReleasePublished(held.edition.reference, published.sequence, Digest(published.current))
    append(said, subject=held.reference, by=by, at=at)
    return held


@command("policies.publish-again", words="let a release that could not be published be tried at once", roles=RELEASERS)
def publish_again(*, release: Release, by: Actor, at: datetime) -> Release | list[Fault]:
    """The clerk tries it now, and not only when its wait is over."""
    held = Delivery.objects.select_for_update().filter(release=release, release__published_at=None).first()
    if held is None or not held.tries or held.overtaken_by_id is not None:
        return [Fault("not-failing", f"release {release.number} does not wait after a failure")]
    held.next_at = None
    held.save(update_fields=["next_at"])
    append(PublishingTriedAgain(held.tries), subject=release.reference, by=by, at=at)
    return release
