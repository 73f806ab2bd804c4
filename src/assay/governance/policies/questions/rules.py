"""What must hold of a question and of a ruling. It reads no store and no clock."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.identifiers import nearest
from assay.engine.kernel.unicode import is_unicode

QUESTION_MOST = 2_000
CONTEXT_MOST = 8_000
RULING_MOST = 4_000
RATIONALE_MOST = 8_000
NOTE_MOST = 1_000
MARKETS_MOST = 60
EXAMPLE_MOST = 200
ITEM_MOST = 600
# A ruling is no rule: after so long somebody looks again, or writes it into the policy.
LONGEST = timedelta(days=366)
USUAL = timedelta(days=180)
# So long before its last day a ruling asks to be looked at.
SOON = timedelta(days=14)
STATES: Mapping[str, str] = {
    "open": "Open",
    "ruled": "In force",
    "expired": "Expired",
    "superseded": "Superseded",
    "withdrawn": "Withdrawn",
}
_DECISION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}\Z")
_MARKET = re.compile(r"[A-Z][A-Z0-9-]{1,11}\Z")


@dataclass(frozen=True, slots=True)
class About:
    """What a question is about.

    rule, example  of the policy; empty is all of it
    markets        where it arose; none is everywhere
    item, decision where it came from, or empty
    """

    policy: str
    rule: str = ""
    example: str = ""
    markets: tuple[str, ...] = ()
    item: str = ""
    decision: str = ""


def faults_of_question(
    *, about: About, question: str, context: str, policies: Collection[str], rules: Collection[str]
) -> list[Fault]:
    """All that is wrong with a question.

    policies  those of the house
    rules     those of the policy that it is about
    """
    found = [
        *text_faults(question, "question", "the question", QUESTION_MOST),
        *text_faults(context, "context", "the context", CONTEXT_MOST, needed=False),
        *text_faults(about.example, "example", "the example", EXAMPLE_MOST, needed=False),
        *text_faults(about.item, "item", "the item’s id", ITEM_MOST, needed=False),
        *_faults_of_markets(about.markets),
    ]
    if not _NAME.match(about.policy):
        found.append(Fault("no-policy", "choose the policy that it is about", "policy"))
    elif about.policy not in policies:
        near = nearest(about.policy, policies)
        hint = f"did you mean `{near}`" if near else "choose one of the list"
        found.append(Fault("unknown-policy", f"no policy is named `{about.policy}`; {hint}", "policy"))
    elif about.rule and about.rule not in rules:
        near = nearest(about.rule, rules)
        hint = f"did you mean `{near}`" if near else "leave it empty where it is about the whole policy"
        words = f"`{about.policy}` has no rule `{about.rule[:120]}`; {hint}"
        found.append(Fault("unknown-rule", words, "rule"))
    if about.decision and not _DECISION.match(about.decision):
        found.append(Fault("no-decision", "give a decision by its name, such as `1-103`, or none", "decision"))
    return found


def _faults_of_markets(markets: Collection[str]) -> list[Fault]:
    wrong = sorted(market for market in markets if not _MARKET.match(market))
    if wrong:
        return [Fault("bad-market", f"`{wrong[0][:20]}` is no market; write codes such as `DE`", "markets")]
    if len(markets) > MARKETS_MOST:
        return [Fault("many-markets", f"name at most {MARKETS_MOST} markets; none is everywhere", "markets")]
    return []


def faults_of_ruling(ruling: str, rationale: str, expires_on: date | None, today: date) -> list[Fault]:
    """All that is wrong with a ruling."""
    return [
        *text_faults(ruling, "ruling", "the ruling", RULING_MOST),
        *text_faults(rationale, "rationale", "the rationale", RATIONALE_MOST),
        *faults_of_end(expires_on, today),
    ]


def faults_of_end(expires_on: date | None, today: date) -> list[Fault]:
    """What is wrong with the last day of a ruling."""
    if expires_on is None or expires_on <= today:
        return [Fault("expires-in-the-past", "choose a last day that is still to come", "expires_on")]
    if expires_on - today > LONGEST:
        words = f"a ruling holds for {LONGEST.days} days at the most; for longer, write it into the policy"
        return [Fault("expires-too-late", words, "expires_on")]
    return []


def text_faults(text: str, name: str, what: str, most: int, *, needed: bool = True) -> list[Fault]:
    """What is wrong with something that was written."""
    if needed and not text.strip():
        return [Fault("nothing-written", f"write {what}", name)]
    if len(text) > most:
        return [Fault("too-long", f"{what} has at most {most:,} characters; shorten it", name)]
    if not is_unicode(text) or "\0" in text:
        return [Fault("no-text", f"{what} holds a character that is no text; write it again", name)]
    return []
