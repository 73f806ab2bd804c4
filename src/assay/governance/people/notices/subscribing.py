"""Notices are made here, from ledger entries after they were committed: once each, whatever is killed when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assay.governance.ledger.subscribers import Happened, subscriber
from assay.governance.people.models import Person
from assay.governance.people.notices.kinds import KINDS, Kind, Way, way_of
from assay.governance.people.notices.mail.outbox import post
from assay.governance.people.notices.models import Notice, Preference
from assay.governance.people.notices.recipients import RULES, Rule, Told, told_of


def register(kinds: Iterable[Kind], rules: Mapping[str, Rule]) -> None:
    """Add a room's kinds of notices, and by kind of event whom it tells; a room does so in its `AppConfig.ready`."""
    KINDS.update({kind.slug: kind for kind in kinds})
    for event, rule in rules.items():
        RULES[event] = _and_also(RULES[event], rule) if event in RULES else rule
    _subscribe()


def make_notices(happened: Happened) -> None:
    """Make the notices of one entry, and put what is to be mailed into the outbox."""
    told = told_of(happened)
    if not told:
        return
    keys = {who.key for _, who in told}
    persons = {str(one.key): one for one in Person.objects.filter(key__in=keys, is_active=True)}
    chosen = {(one.person_id, one.kind): one.way for one in Preference.objects.filter(person__in=persons.values())}
    for slug, person in _reached(told, persons):
        way = way_of(KINDS[slug], chosen.get((person.pk, slug)))
        if way is not Way.NONE:
            _make(happened, slug, person, way)


def _and_also(before: Rule, rule: Rule) -> Rule:
    """Two parts of a room that tell different people of the same event."""
    return lambda happened: [*before(happened), *rule(happened)]


def _subscribe() -> None:
    # From the first entry on: what happened before the clerk first ran is news all the same.
    subscriber("people.notices", kinds=tuple(sorted(RULES)), history=True)(make_notices)


def _reached(told: Iterable[Told], persons: dict[str, Person]) -> list[tuple[str, Person]]:
    return [(slug, persons[who.key]) for slug, who in told if who.key in persons]


def _make(happened: Happened, slug: str, person: Person, way: Way) -> None:
    notice, _ = Notice.objects.get_or_create(
        person=person,
        entry=happened.number,
        kind=slug,
        defaults={
            "subject": str(happened.subject),
            "actor": str(happened.actor),
            "at": happened.at,
            "daily": way is Way.DAILY,
        },
    )
    if way is Way.AT_ONCE:
        post(
            kind=slug,
            person=person,
            at=happened.at,
            key=f"notice:{happened.number}:{slug}:{person.key}",
            notices=(notice.pk,),
        )


_subscribe()
