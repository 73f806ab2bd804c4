"""The clerk looks at gates when something was done, and else now and then: an idle house costs next to nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from assay.governance.people.models import Person
from tests.governance.policies.life.houses import begun, only_gates, opened
from tests.workbench.people import ActorOf

pytestmark = pytest.mark.django_db


def test_gates_are_looked_at_again_when_something_was_done_or_minutes_have_passed(
    ada: Person, actor_of: ActorOf, at: datetime
) -> None:
    from assay.governance.policies.life.commands import look_at_gates

    by = actor_of(ada)
    begun(by, at)
    opened(by, at)

    def looks(seconds: float) -> int:
        return look_at_gates(at + timedelta(seconds=seconds))

    # Once more after half a minute, since what was begun before a look may have been written after it.
    with only_gates({}):
        assert [looks(1), looks(15), looks(60), looks(120), looks(240)] == [1, 0, 1, 0, 0]
        opened(by, at + timedelta(seconds=245), policy="fraud")
        assert [looks(250), looks(255), looks(290), looks(400)] == [2, 0, 2, 0]
        assert [looks(290 + 301), looks(290 + 350)] == [2, 0]
