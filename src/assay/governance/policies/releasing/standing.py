"""What decides, decides a share, or looks on: read from the releases. It makes none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Q, QuerySet

from assay.governance.policies.life.models import Change, Edition, Release
from assay.governance.policies.life.stages import Stage
from assay.governance.policies.releasing.rules import ROLL_BACK, WITHDRAW, deciding_line

CURRENT, STAGED, SHADOW = "current", "staged", "shadow"
# Whoever only names an edition reads neither its files nor its bundle.
_COLUMNS = (
    "number", "kind", "part", "share", "reason", "made_at", "published_at", "sequence", "fault",
    "change__number", "change__title", "edition__number", "edition__digest", "edition__made_at",
    "edition__change__number", "edition__change__title",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Now:
    """The release behind each part; None where nothing has it."""

    current: Release | None = None
    staged: Release | None = None
    shadow: Release | None = None


def told() -> Now:
    """As it was released, also where the channel does not know yet."""
    return _parts(Release.objects.all())


def decides() -> Now:
    """As the channel knows it."""
    return _parts(Release.objects.filter(published_at__isnull=False))


def _parts(rows: QuerySet[Release]) -> Now:
    """The newest release of each part, in two reads; what it names is read with it, but for files and bundles."""
    newest = dict(rows.order_by().values_list("part").annotate(Max("number")))
    found = rows.filter(number__in=newest.values()).select_related("edition__change", "change")
    parts = {each.part: each for each in found.only(*_COLUMNS)}
    current = parts.get(CURRENT)
    return Now(current, *(_beside(rows, parts.get(part), current) for part in (STAGED, SHADOW)))


def _beside(rows: QuerySet[Release], found: Release | None, current: Release | None) -> Release | None:
    """What decides a share or looks on: ended by its end, by a roll-back, or when it came to decide everything."""
    if found is None or found.kind == WITHDRAW:
        return None
    if current is None or current.number < found.number:
        return found
    ends = Q(kind=ROLL_BACK) | Q(edition__digest=found.edition.digest)
    return None if rows.filter(ends, part=CURRENT, number__gt=found.number).exists() else found


def line() -> list[int]:
    """The editions, by their rows, that decide or decided and were not rolled back, the present one last."""
    rows = Release.objects.filter(part=CURRENT).exclude(kind=WITHDRAW).order_by("number")
    return deciding_line(rows.values_list("kind", "edition_id"))


def edition_of(change: Change) -> Edition | None:
    """The edition that was built for a change's draft as it is now."""
    found = Edition.objects.filter(change=change, digest=change.draft_digest).exclude(bundle=None)
    return found.defer("bundle", "files").select_related("made_by").first()


def others_in_launch(change: Change) -> list[Change]:
    """Other changes that are being launched."""
    return list(Change.objects.filter(stage=Stage.LAUNCH.value).exclude(pk=change.pk).order_by("number"))


def looked_on(edition: Edition, at: datetime) -> timedelta:
    """How long an edition has looked on in all, as far as the channel knew of it."""
    first = Release.objects.filter(edition=edition, part=SHADOW, published_at__isnull=False).order_by("number").first()
    if first is None:
        return timedelta()
    rows = Release.objects.filter(number__gte=first.number, published_at__isnull=False, part__in=(SHADOW, CURRENT))
    return _spent(edition, rows.order_by("number").values_list("kind", "part", "edition_id", "published_at"), at)


def _spent(edition: Edition, rows: Iterable[tuple[str, str, int, datetime | None]], at: datetime) -> timedelta:
    spent, since = timedelta(), None
    for kind, part, which, when in rows:
        begins = part == SHADOW and kind != WITHDRAW and which == edition.pk
        ends = part == SHADOW or kind == ROLL_BACK or which == edition.pk
        if since is not None and when is not None and ends:
            spent, since = spent + (when - since), None
        if begins:
            since = when
    return spent if since is None else spent + max(at - since, timedelta())
