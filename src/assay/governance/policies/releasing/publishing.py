"""Tells the channel what was released, after it was committed and in order. What was not committed is told to nobody.

A release is its own note of what is still to be told: a kill before, between or after loses none, and what the channel
has already is not said to it twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from assay.engine.kernel.errors import Fault
from assay.governance.office.actor import SYSTEM
from assay.governance.office.operations import is_faults
from assay.governance.policies.life.editions import current_release
from assay.governance.policies.life.models import Release
from assay.governance.policies.ports import Channel, Part, Published
from assay.governance.policies.releasing.beginning import bundle_of
from assay.governance.policies.releasing.building import channel_or_fault
from assay.governance.policies.releasing.commands.publishing import note_published
from assay.governance.policies.releasing.models import Delivery
from assay.governance.policies.releasing.rules import ROLL_BACK, WITHDRAW
from assay.governance.policies.releasing.standing import CURRENT, SHADOW, STAGED

# One that is killed holds a release so long; every file of a channel is given far less.
_LEASE = timedelta(seconds=60)
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=2), timedelta(seconds=60)
_PARTS: dict[str, Part] = {CURRENT: "current", STAGED: "staged", SHADOW: "shadow"}
_log = structlog.get_logger(__name__)


def publish_due(at: datetime) -> int:
    """Publish whatever waits, the oldest first; how many releases that were. The first that fails holds up the rest."""
    count = 0
    while (release := _taken(at)) is not None:
        published = _publish(release, at)
        if isinstance(published, Fault):
            _note_fault(release, published, at)
            return count
        if _told_after_all(release):
            continue
        if not is_faults(note_published(release=release, published=published, by=SYSTEM, at=at)):
            count += 1
    return count


def _told_after_all(release: Release) -> bool:
    """Whether another process told of a roll-back while this one told what it overtakes: then that is told once more.

    Without this, whichever of the two wrote last to the channel would decide.
    """
    with transaction.atomic():
        held = Delivery.objects.select_for_update().get(release=release)
        if held.overtaken_by_id is not None:
            Release.objects.filter(pk=held.overtaken_by_id).update(published_at=None)
            Delivery.objects.filter(release=held.overtaken_by_id).update(held_until=None, next_at=None)
    return held.overtaken_by_id is not None


def waiting() -> list[Release]:
    """Releases that the channel does not know of yet, the oldest first."""
    rows = Release.objects.filter(published_at=None).exclude(delivery__overtaken_by__isnull=False)
    rows = rows.select_related("edition", "change", "delivery", "made_by").defer("edition__bundle", "edition__files")
    return list(rows.order_by("number"))


def _taken(at: datetime) -> Release | None:
    """The next release, held by this process for a while; None where none is due."""
    if not Release.objects.filter(published_at=None).exclude(delivery__overtaken_by__isnull=False).exists():
        return None
    with transaction.atomic():
        _overtake()
        found = waiting()
        if not found:
            return None
        Delivery.objects.get_or_create(release=found[0])
        held = Delivery.objects.select_for_update().get(release=found[0])
        if (held.held_until is not None and held.held_until > at) or (held.next_at is not None and held.next_at > at):
            return None
        if Release.objects.filter(pk=held.release_id, published_at=None).first() is None:
            return None
        held.held_until = at + _LEASE
        held.save(update_fields=["held_until"])
        return found[0]


def _overtake() -> None:
    """A roll-back waits for nobody: what was to be told before it has no effect after it, and is not told."""
    back = Release.objects.filter(published_at=None, kind=ROLL_BACK).order_by("-number").first()
    if back is None:
        return
    for each in Release.objects.filter(published_at=None, number__lt=back.number):
        Delivery.objects.update_or_create(release=each, defaults={"overtaken_by": back, "held_until": None})


def _publish(release: Release, at: datetime) -> Published | Fault:
    channel = channel_or_fault()
    if isinstance(channel, Fault):
        return channel
    by = "assay" if release.made_by is None else release.made_by.name
    reason = release.reason or ("" if release.change is None else f"change {release.change.number}")
    part = _PARTS[release.part]
    if release.kind == WITHDRAW:
        return channel.withdraw(part, reason=reason, by=by, at=at)
    bundle = bundle_of(release.edition, at)
    if isinstance(bundle, Fault):
        return bundle
    alone = release.kind == ROLL_BACK
    published = channel.publish(bundle, part, share=release.share, reason=reason, by=by, at=at, alone=alone)
    if not isinstance(published, Fault) or published.slug != "no-release":
        return published
    began = _begin_channel(channel, at)
    if isinstance(began, Fault):
        return began
    return channel.publish(bundle, part, share=release.share, reason=reason, by=by, at=at, alone=alone)


def _begin_channel(channel: Channel, at: datetime) -> Published | Fault:
    """An empty channel is first told what decides already: beside nothing, nothing looks on and decides a share."""
    held = current_release()
    if held is None:
        return Fault("nothing-in-force", "the channel is empty, and nothing decides yet beside which this could")
    bundle = bundle_of(held.edition, at)
    if isinstance(bundle, Fault):
        return bundle
    return channel.publish(bundle, "current", share=1.0, reason="what decided before", by="assay", at=at)


def _note_fault(release: Release, fault: Fault, at: datetime) -> None:
    """Shown on the page of releases until it is gone; tried again after 2, 4, 8 … seconds, a minute at most."""
    with transaction.atomic():
        held = Delivery.objects.select_for_update().get(release=release)
        held.tries += 1
        held.next_at = at + min(_FIRST_WAIT * 2 ** min(held.tries - 1, 10), _LONGEST_WAIT)
        held.held_until = None
        held.save(update_fields=["tries", "next_at", "held_until"])
        Release.objects.filter(pk=release.pk).update(fault=fault.words[:600])
    _log.warning("release_not_published", release=release.number, slug=fault.slug, tries=held.tries)
