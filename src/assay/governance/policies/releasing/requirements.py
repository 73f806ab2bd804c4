"""What must hold to leave the pilot and the launch. It lets nothing decide."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from assay.governance.policies.life.gates import Finding, requirement
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.stages import Stage
from assay.governance.policies.ports import PORTS
from assay.governance.policies.releasing.rules import in_words
from assay.governance.policies.releasing.standing import decides, edition_of, looked_on, others_in_launch, told

_SECONDS_AN_HOUR = 3600


@requirement(
    "releasing.shadow",
    leaving=Stage.PILOT,
    words="The bundle has looked on for as long as this house wants.",
    waivable=True,
)
def looked_on_long_enough(change: Change, at: datetime) -> Finding:
    """Hours of looking on count for these very texts alone."""
    edition, wanted = edition_of(change), PORTS.terms().shadow_hours
    if edition is None:
        return Finding(met=False, words="no bundle is built of the draft as it is now", url=_page(change))
    hours = looked_on(edition, at).total_seconds() / _SECONDS_AN_HOUR
    words = f"it has looked on for {hours:.4g} of {wanted:g} hours"
    return Finding(hours >= wanted, words, _page(change), digest=edition.digest)


@requirement("releasing.room", leaving=Stage.PILOT, words="No other change is being launched.")
def has_room(change: Change, at: datetime) -> Finding:
    """One launch at a time: of two, nobody could say which one did what is seen."""
    others = others_in_launch(change)
    if others:
        url = reverse("releasing:change", args=[others[0].number])
        return Finding(met=False, words=f"change {others[0].number} is being launched", url=url)
    return Finding(met=True, words="none is being launched", url=_page(change))


@requirement("releasing.everywhere", leaving=Stage.LAUNCH, words="The bundle decides everything.")
def decides_everything(change: Change, at: datetime) -> Finding:
    """As the channel knows it, and not only as somebody meant it."""
    edition, now = edition_of(change), decides()
    if edition is None:
        return Finding(met=False, words="no bundle is built of the draft as it is now", url=_page(change))
    if now.current is not None and now.current.edition.digest == edition.digest:
        words = f"edition {edition.number} decides everything"
        return Finding(met=True, words=words, url=_page(change), digest=edition.digest)
    wanted = told()
    if wanted.current is not None and wanted.current.edition_id == edition.pk:
        return Finding(met=False, words="it was released, and the channel does not know it yet", url=_page(change))
    share = now.staged.share if now.staged is not None and now.staged.change_id == change.pk else 0.0
    words = f"it decides {in_words(share)}" if share else "it decides nothing yet"
    return Finding(met=False, words=words, url=_page(change))


def _page(change: Change) -> str:
    return reverse("releasing:change", args=[change.number])
