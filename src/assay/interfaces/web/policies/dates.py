"""Dates that stand in a pack: when policies begin and end, windows, duties. It is not legal advice and knows no day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from django.urls import reverse

from assay.engine.language.pack.calendar import Window
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Policy
from assay.engine.language.pack.promises.obligations import Obligation
from assay.governance.office.contributions import Date
from assay.interfaces.look.page import anchor_of
from assay.interfaces.web.policies.views import rule_anchor
from assay.interfaces.web.policies.wording import instant_words, is_whole_day, moment_of

# Its dates are said with the remark that they are no legal advice.
DUTIES = "duties"
_MOST_MARKETS = 4
Kind = Literal["begins", "ends", "due", "window"]


def all_dates(pack: Pack) -> Iterator[Date]:
    """Every date of a pack."""
    for policy in pack.policies:
        yield from _of_policy(policy)
    for window in pack.windows:
        yield from _of_window(window)
    for duty in pack.obligations:
        yield from _of_duty(duty)


def _of_policy(policy: Policy) -> Iterator[Date]:
    url = reverse("policies:policy", args=[policy.id])
    own = policy.period
    key = f"policy/{policy.id}"
    yield from _date("policies", f"{key}/begins", f"{policy.title} takes effect", own.effective, url, "begins")
    yield from _date("policies", f"{key}/ends", f"{policy.title} ends", own.sunset, url, "ends")
    graces = {rule.grace_until for rule in policy.rules if rule.grace_until is not None}
    for grace in sorted(graces):
        ends = f"{key}/grace/{instant_words(grace)}"
        yield from _date("policies", ends, f"The grace period of {policy.title} ends", grace, url, "ends")
    for rule in policy.rules:
        place = f"{url}#{rule_anchor(rule.id)}"
        if rule.period.effective != own.effective:
            words = f"The rule “{rule.title}” takes effect"
            yield from _date("policies", f"rule/{rule.ref}/begins", words, rule.period.effective, place, "begins")
        if rule.period.sunset != own.sunset:
            yield from _date(
                "policies", f"rule/{rule.ref}/ends", f"The rule “{rule.title}” ends", rule.period.sunset, place, "ends"
            )


def _of_window(window: Window) -> Iterator[Date]:
    url = f"{reverse('policies:windows')}#{anchor_of('window', window.id)}"
    where = _markets(window.markets)
    what = f"{window.kind.replace('_', ' ').capitalize()} in {where}"
    phase = window.phase.replace("_", " ")
    key = f"window/{window.id}"
    yield from _date("windows", f"{key}/begins", f"{what}: {phase} begins", window.start, url, "window")
    yield from _date("windows", f"{key}/ends", f"{what}: {phase} ends", window.until, url, "ends")
    yield from _date("windows", f"{key}/poll", f"{what}: polling day", window.poll, url, "due")


def _of_duty(duty: Obligation) -> Iterator[Date]:
    url = reverse("policies:duty", args=[duty.id])
    where = duty.jurisdiction
    words = f"{where} duty begins: {duty.title}"
    yield from _date(DUTIES, f"duty/{duty.id}/begins", words, duty.effective, url, "begins")
    yield from _date(DUTIES, f"duty/{duty.id}/ends", f"{where} duty ends: {duty.title}", duty.until, url, "ends")


def _date(room: str, key: str, words: str, instant: int | None, url: str, kind: Kind) -> Iterator[Date]:
    moment = moment_of(instant)
    if instant is not None and moment is not None:
        yield Date(room, key, words, moment, url, whole_day=is_whole_day(instant), kind=kind)


def _markets(codes: frozenset[str]) -> str:
    named = sorted(codes)
    if len(named) <= _MOST_MARKETS:
        return ", ".join(named)
    return f"{', '.join(named[:_MOST_MARKETS])} and {len(named) - _MOST_MARKETS} more"
