"""The launch checklist of the demonstration's first change, by whoever each item belongs to. It judges none."""

from __future__ import annotations

from assay.governance.policies.readiness.commands.checklist import mark_item
from assay.governance.policies.readiness.rules.items import ItemState
from assay.interfaces.demo.workbench.cast import BO, FAY, KIM, Member
from assay.interfaces.demo.workbench.making.walking import Walk

# What shows that an item is done; the other items are found by themselves.
_SHOWN: tuple[tuple[str, Member, str], ...] = (
    ("guidance-read", FAY, "Gus and Hana read it; neither had a question."),
    ("queues", FAY, "The queue of disclosures, four languages, within a day."),
    ("notices", KIM, "The question stands in all 14 languages, and says that a no costs nothing."),
    ("appeals", FAY, "Nothing is done that could be appealed; answers can be changed for 90 days."),
    ("statement-of-reasons", BO, "None is due: nothing is restricted."),
    ("education", KIM, "A post in the creators' letter of the week before."),
    ("kill-switch", FAY, "The shift lead on call, at more than 2,000 questions an hour."),
)


def pass_checklist(walk: Walk) -> None:
    """Every item that nothing finds by itself."""
    for item, member, words in _SHOWN:
        by, at = walk.telling.actor(member), walk.telling.later(25)
        passed = ItemState.PASSED
        walk.telling.done(mark_item(change=walk.now, item=item, state=passed, words=words, by=by, at=at))
