"""What a change may be told to be: lengths, names, days, and the faults in what somebody gave. It reads no store."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.identifiers import MARKET_CODE, SLUG
from assay.engine.kernel.unicode import is_unicode

LONGEST_TITLE, LONGEST_WHY, LONGEST_NOTE, LONGEST_WORDS, LONGEST_REASON = 200, 8_000, 600, 1_000, 600
LONGEST_NAME = 60
MOST_NAMED = 60
RISKS = ("ordinary", "high")
# Nobody plans a policy further ahead than this.
_FURTHEST = timedelta(days=3_660)
_GROUP = re.compile(r"[A-Z][A-Z0-9_-]{1,15}\Z")


NO_TEXT = Fault("no-text", "the words hold a character that no store keeps, such as half of one; write them again")


def is_text(words: str) -> bool:
    """Whether words can be kept; what JSON can hold and no store can is not."""
    return "\0" not in words and is_unicode(words)


@dataclass(frozen=True, slots=True)
class Wish:
    """A change as somebody describes it.

    why      what is wrong today, and for whom
    harms    their names, as rules have them
    markets  codes or groups; empty is everywhere
    risk     `ordinary` or `high`
    note     what is told to the public
    """

    title: str
    why: str
    harms: tuple[str, ...] = ()
    markets: tuple[str, ...] = ()
    risk: str = "ordinary"
    note: str = ""
    wanted_on: date | None = None
    review_on: date | None = None


def faults_of_wish(wish: Wish, today: date) -> list[Fault]:
    """All that is wrong with a description."""
    return [
        *faults_of_words(wish.title, wish.why),
        *faults_of_scope(wish),
        *faults_of_note(wish.note),
        *faults_of_day(wish.wanted_on, today, "wanted_on"),
        *faults_of_day(wish.review_on, today, "review_on"),
    ]


def faults_of_words(title: str, why: str) -> list[Fault]:
    """All that is wrong with a title and a reason."""
    found = [NO_TEXT for words in (title, why) if not is_text(words)][:1]
    if not title.strip():
        found.append(Fault("no-title", "say in a few words what the change does", "title"))
    elif len(title) > LONGEST_TITLE:
        found.append(Fault("too-long", f"a title has at most `{LONGEST_TITLE}` characters; shorten it", "title"))
    if not why.strip():
        found.append(Fault("no-reason", "say what is wrong today, and for whom", "why"))
    elif len(why) > LONGEST_WHY:
        found.append(Fault("too-long", f"a reason has at most `{LONGEST_WHY}` characters; shorten it", "why"))
    return found


def faults_of_scope(wish: Wish) -> list[Fault]:
    """All that is wrong with harms, markets and risk."""
    found = [
        Fault(
            "no-harm", f"`{name[:60]}` cannot name a harm; write it as rules do, such as `false-endorsement`", "harms"
        )
        for name in wish.harms
        if not SLUG.match(name)
    ]
    found += [
        Fault("no-market", f"`{name[:20]}` is no market; write a code such as `DE`, `US-CA` or `EU`", "markets")
        for name in wish.markets
        if not (MARKET_CODE.match(name) or _GROUP.match(name))
    ]
    for name, given in (("harms", wish.harms), ("markets", wish.markets)):
        if len(given) > MOST_NAMED:
            found.append(
                Fault("too-many", f"name at most `{MOST_NAMED}`; leave {name} empty where it is nearly all", name)
            )
    if wish.risk not in RISKS:
        found.append(Fault("no-risk", "choose `ordinary` or `high`", "risk"))
    return found


def faults_of_note(note: str) -> list[Fault]:
    """All that is wrong with what is told to the public."""
    if not is_text(note):
        return [NO_TEXT]
    if len(note) > LONGEST_NOTE:
        return [Fault("too-long", f"a public note has at most `{LONGEST_NOTE}` characters; shorten it", "note")]
    return []


def faults_of_day(day: date | None, today: date, field: str) -> list[Fault]:
    """All that is wrong with a day to come; none given is nothing wrong."""
    if day is None:
        return []
    if day <= today:
        return [Fault("day-past", f"`{day.isoformat()}` is not to come; give a later day", field)]
    if day - today > _FURTHEST:
        return [Fault("day-far", f"`{day.isoformat()}` is too far away; give a day within ten years", field)]
    return []


def faults_of_reason(words: str, *, field: str = "words", longest: int = LONGEST_WORDS) -> list[Fault]:
    """All that is wrong with the words that somebody gives for what they do."""
    if not is_text(words):
        return [NO_TEXT]
    if not words.strip():
        return [Fault("no-reason", "say why, for those who read the change's history", field)]
    if len(words) > longest:
        return [Fault("too-long", f"a reason has at most `{longest}` characters; shorten it", field)]
    return []


def faults_of_name(name: str) -> list[Fault]:
    """All that is wrong with the name of a new policy."""
    if not SLUG.match(name) or len(name) > LONGEST_NAME:
        return [
            Fault("no-name", f"`{name[:60]}` cannot name a policy; use a-z and hyphens, such as `voice-clones`", "name")
        ]
    return []
