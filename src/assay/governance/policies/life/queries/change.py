"""One change by its number. It shows it to nobody: that is asked of `see_change`."""

from __future__ import annotations

from datetime import datetime

from assay.governance.office.actor import Actor
from assay.governance.office.operations import query
from assay.governance.office.roles import INSIDE
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.targets import target_of

_LARGEST = 2**31 - 1


def change_of(number: int) -> Change | None:
    """A change by its number; whoever shows it asks `see_change`."""
    if number > _LARGEST:
        return None
    found = Change.objects.select_related("document", "base", "owner", "author", "replaced_by")
    return found.filter(number=number).first()


@query("policies.see-change", words="read a change of a policy and what came of it", roles=INSIDE, target=target_of)
def see_change(*, change: Change, by: Actor, at: datetime) -> Change:
    """The change, for whoever may read it."""
    return change
