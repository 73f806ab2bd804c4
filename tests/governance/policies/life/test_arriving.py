"""What the clerk does by itself where a launch is everywhere, and what it leaves to people."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest

from assay.governance.policies.life.stages import Stage
from tests.governance.policies.life.houses import FILES, LIKENESS, begun, only_gates, opened, told
from tests.governance.policies.life.test_changes import slugs, walk
from tests.workbench.people import ActorOf

if TYPE_CHECKING:
    from assay.governance.people.models import Person

pytestmark = pytest.mark.django_db


def test_the_clerk_takes_the_last_step_alone_and_sets_a_day_of_review_that_is_to_come(
    ada: Person, actor_of: ActorOf, at: datetime
) -> None:
    from assay.governance.office.actor import SYSTEM
    from assay.governance.policies.life.commands import advance, arrive_due
    from assay.governance.policies.life.drafts import put
    from assay.governance.policies.life.editions import make_edition

    by = actor_of(ada)
    begun(by, at)
    with only_gates({}):
        change = opened(by, at)
        put(change, LIKENESS, FILES[LIKENESS] + "More.\n", by=by, at=at)
        assert slugs(advance(change=change, by=SYSTEM, at=at)) == ["a-persons-step"]
        walk(change, by, at, Stage.LAUNCH)
        # A day of review that came while it was launched is none any more.
        type(change).objects.filter(pk=change.pk).update(review_on=at.date(), gate_at=at, gate_met=1, gate_of=2)
        told(make_edition(change.draft_files(), change=change, by=by, at=at), at=at)
        assert arrive_due(at) == 1
    change.refresh_from_db()
    assert (change.at_stage, change.review_on) == (Stage.IN_FORCE, date(2027, 12, 15))
    # What was seen of the gate that it left says nothing of the next one.
    assert (change.gate_at, change.gate_met, change.gate_of) == (None, 0, 0)
