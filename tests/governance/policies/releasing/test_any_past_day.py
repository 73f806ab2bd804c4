"""The decision of any past day is made again from the edition of that day, byte for byte, whatever came since."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from assay.engine.decision.decide import Decider
from assay.engine.decision.item import Item
from assay.engine.decision.record import RecordWriter, Replayer
from assay.engine.kernel.instants import instant_of
from assay.engine.kernel.values import Value
from assay.interfaces.packs.bundles import Bundle, open_bundle
from assay.interfaces.packs.channel.release import bundle_name
from assay.interfaces.packs.texts import Texts, check_texts
from tests.governance.policies.releasing.desks import Desk, desk
from tests.governance.policies.releasing.test_shipping import commands

__all__ = ["desk"]
pytestmark = pytest.mark.django_db
FAKE: tuple[dict[str, Value], ...] = ({"is_fake": True}, {"is_fake": False}, {})


def decided(desk: Desk, at: datetime) -> list[bytes]:
    """What a service decides that has taken up what the channel says."""
    bundle = open_bundle(desk.folder / "channel" / bundle_name(desk.told.current))
    assert isinstance(bundle, Bundle), bundle
    decider = Decider(check_texts(bundle.texts).checked.pack)
    found = []
    for number, signals in enumerate(FAKE):
        item = Item.from_signals(signals, decider.vocabulary, id=f"upload-{number}")
        assert isinstance(item, Item), item
        found.append(RecordWriter(decider).write(decider.decide(item, instant_of(at))))
    return found


def test_the_decision_of_any_past_day_is_made_again_by_the_edition_of_that_day(desk: Desk) -> None:
    from assay.governance.policies.life.models import Edition
    from assay.governance.policies.releasing.queries import see_as_of

    days = {desk.at: decided(desk, desk.at)}
    one = desk.change()
    desk.later(days=2)
    desk.shipped(one)
    days[desk.later(hours=1)] = decided(desk, desk.at)
    desk.later(days=2)
    desk.shipped(desk.change(words="We stop more of it.", policy="fraud"))
    days[desk.later(hours=1)] = decided(desk, desk.at)
    desk.later(days=2)
    commands().roll_back(reason="Wrong.", by=desk.bo, at=desk.at)
    desk.published()
    days[desk.later(hours=1)] = decided(desk, desk.at)
    assert len({json.loads(records[0])["bundle"] for records in days.values()}) == 3

    now = desk.later(days=30)
    for at, records in days.items():
        found = see_as_of(day=at.date(), by=desk.ada, at=now)
        assert found.release is not None
        for record in records:
            edition = Edition.objects.get(digest=json.loads(record)["bundle"])
            assert edition == found.release.edition
            pack = check_texts(Texts("an edition", "", edition.texts)).checked.pack
            assert Replayer(Decider(pack)).replay(record) == record
