"""What must hold to leave the stage of consultation. It asks the store, and changes nothing."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from assay.governance.policies.consulting.queries.standing import standing_of
from assay.governance.policies.life.gates import Finding, holds, lacks, requirement
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.stages import Stage


@requirement(
    "consulting.views",
    leaving=Stage.CONSULTATION,
    words="Somebody was consulted on the draft and gave a view.",
    waivable=True,
)
def views(change: Change, at: datetime) -> Finding:
    """At least one consultation is over and has a view."""
    found, url = standing_of(change, at), reverse("consulting:change", args=[change.number])
    if not found.consultations:
        return lacks("nobody was asked yet", url)
    if not found.heard:
        until = f", it is open until {found.open_until:%-d %B %Y}" if found.open_until else ""
        views = f"{found.views} views are" if found.views > 1 else "1 view is" if found.views else "no view is"
        said = f"{views} in{until}"
        return lacks(said, url, found.digest)
    plural = "view" if found.heard == 1 else "views"
    return holds(f"{found.heard} {plural} in {found.closed} closed", url, found.digest)


@requirement(
    "consulting.answered",
    leaving=Stage.CONSULTATION,
    words="Every consultation is over, and every view has its answer.",
)
def answered(change: Change, at: datetime) -> Finding:
    """No consultation is open, and of each view it is written down what was done with it."""
    found, url = standing_of(change, at), reverse("consulting:change", args=[change.number])
    if found.open_until is not None:
        return lacks(f"a consultation is open until {found.open_until:%-d %B %Y}; wait, or close it", url)
    if found.unanswered:
        what = "view has" if found.unanswered == 1 else "views have"
        return lacks(f"{found.unanswered} of {found.views} {what} no answer", url)
    return holds(f"all {found.views} answered" if found.views else "there is no view to answer", url)
