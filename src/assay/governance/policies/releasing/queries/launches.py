"""How far the release of one change has come. It changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import floor

from assay.governance.office.actor import Actor
from assay.governance.office.operations import query
from assay.governance.office.roles import INSIDE
from assay.governance.policies.life.gates import Stands, standing, that_stay
from assay.governance.policies.life.models import Change, Edition, Release
from assay.governance.policies.life.stages import Stage
from assay.governance.policies.life.targets import target_of
from assay.governance.policies.ports import PORTS, Looked
from assay.governance.policies.releasing.building import BUILT_AT
from assay.governance.policies.releasing.rules import in_words, next_step, step_before
from assay.governance.policies.releasing.standing import edition_of, looked_on, others_in_launch, told

_SECONDS_AN_HOUR = 3600


@dataclass(frozen=True, slots=True)
class LaunchView:
    """The release of a change.

    edition   built of its draft as it is now; None where none is
    shadow    the release by which it looks on; None where it does not
    staged    the release by which it decides a share
    current   the release by which it decides everything
    hours     that it has looked on in all, and `wanted` hours
    looked    what the service counted while it looked on; None where it does not tell
    waiting   releases of it that the channel does not know of yet
    stands    what is asked again whenever something of it is shipped; empty where nothing of it can be
    others    other changes that are being launched
    """

    edition: Edition | None
    shadow: Release | None
    staged: Release | None
    current: Release | None
    hours: float
    wanted: float
    looked: Looked | None
    waiting: tuple[Release, ...]
    stands: tuple[Stands, ...]
    others: tuple[Change, ...]

    @property
    def hours_shown(self) -> float:
        """The hours as a page shows them, never more than there were."""
        return floor(self.hours * 10) / 10

    @property
    def share(self) -> float:
        """Of how many items it decides."""
        return 1.0 if self.current is not None else 0.0 if self.staged is None else self.staged.share

    @property
    def more(self) -> float | None:
        """The next larger share that is offered."""
        return next_step(self.share)

    @property
    def less(self) -> float | None:
        """The next smaller share that is offered."""
        return step_before(self.share)

    @property
    def less_in_words(self) -> str:
        """That share as people read it."""
        return "" if self.less is None else in_words(self.less)

    @property
    def in_the_way(self) -> tuple[Stands, ...]:
        """What does not hold of what is asked again."""
        return tuple(one for one in self.stands if not one.holds)


@query("policies.see-launch", words="see how far the release of a change has come", roles=INSIDE, target=target_of)
def see_launch(*, change: Change, by: Actor, at: datetime) -> LaunchView:
    """Its bundle, its pilot, its share, and what is in the way."""
    edition, now = edition_of(change), told()
    hours = 0.0 if edition is None else looked_on(edition, at).total_seconds() / _SECONDS_AN_HOUR
    current = now.current if edition is not None and _is_of(now.current, change, edition) else None
    asks = change.at_stage in BUILT_AT and current is None
    waiting = change.releases.filter(published_at=None, delivery__overtaken_by=None).select_related("edition")
    return LaunchView(
        edition,
        now.shadow if _is_of(now.shadow, change, edition) else None,
        now.staged if _is_of(now.staged, change, edition) else None,
        current,
        hours,
        PORTS.terms().shadow_hours,
        _looked(edition),
        tuple(waiting.order_by("number")),
        tuple(standing(change, that_stay(), at)) if asks else (),
        tuple(others_in_launch(change)) if change.at_stage in (Stage.PILOT, Stage.LAUNCH) else (),
    )


@query("policies.read-draft", words="read every text of a draft", roles=INSIDE, target=target_of)
def read_draft(*, change: Change, by: Actor, at: datetime) -> Mapping[str, str]:
    """The whole pack as the change would leave it."""
    return change.draft_files()


def _is_of(release: Release | None, change: Change, edition: Edition | None) -> bool:
    if release is None:
        return False
    return release.change_id == change.pk or (edition is not None and release.edition_id == edition.pk)


def _looked(edition: Edition | None) -> Looked | None:
    found = None if PORTS.looked is None or edition is None else PORTS.looked()
    return found if found is not None and edition is not None and found.bundle == edition.digest else None
