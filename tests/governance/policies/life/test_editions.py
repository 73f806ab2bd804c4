"""What decided when: editions, the versions they bring, and what a roll-back gives back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.governance.policies.life.houses import FILES, FRAUD, LIKENESS, begun, opened, told
from tests.workbench.people import ActorOf

if TYPE_CHECKING:
    from assay.governance.people.models import Person

pytestmark = pytest.mark.django_db


def test_any_day_has_the_texts_that_decided_then(ada: Person, actor_of: ActorOf, at: datetime) -> None:
    from assay.governance.policies.life.drafts import put
    from assay.governance.policies.life.editions import edition_at, make_edition, text_at, version_at
    from assay.governance.policies.life.models import Document, Version

    by, hour = actor_of(ada), timedelta(hours=1)
    first = begun(by, at)
    change = opened(by, at)
    put(change, LIKENESS, "changed\n", by=by, at=at)
    put(change, FRAUD, None, by=by, at=at)
    put(change, "policies/extra.md", "new\n", by=by, at=at)
    second = make_edition(change.draft_files(), change=change, by=by, at=at)
    assert make_edition(change.draft_files(), change=change, by=by, at=at + hour) == second
    told(second, "staged", at=at + hour)
    likeness = Document.objects.get(path=LIKENESS)
    # A share of items is not everything.
    assert edition_at(at + hour) == first
    told(second, at=at + 2 * hour)
    assert edition_at(at - hour) is None
    assert edition_at(at + hour) == first
    assert edition_at(at + 2 * hour) == second
    assert text_at(likeness, at + hour) == FILES[LIKENESS]
    assert text_at(likeness, at + 3 * hour) == "changed\n"
    fraud = Document.objects.get(path=FRAUD)
    assert (text_at(fraud, None), fraud.retired_at, fraud.versions) == (None, at + 2 * hour, 2)
    told(first, kind="roll-back", at=at + 4 * hour)
    assert text_at(likeness, None) == FILES[LIKENESS]
    found = version_at(likeness, None)
    assert found is not None
    assert found.number == 1
    likeness.refresh_from_db()
    fraud.refresh_from_db()
    assert (likeness.versions, fraud.retired_at) == (2, None)
    assert Document.objects.get(path="policies/extra.md").retired_at == at + 4 * hour
    # The same texts once more bring nothing new; others than the newest do.
    told(second, at=at + 5 * hour)
    assert Version.objects.filter(document=likeness).count() == 2


def test_a_file_that_cannot_be_read_is_called_by_its_name() -> None:
    from assay.governance.policies.life.editions import named

    assert named("policies/odd.md", "---\n: [\n---\n").name == "odd"
    assert named("policies/odd.md", "no head").title == "odd"
    assert named("policies/a.md", "---\npolicy: b\ntitle: T\nversion: 1.2\neffective: 2026-12-01\n---\n").label == "1.2"
    assert named("harms.yaml", "x").name == "harms.yaml"
