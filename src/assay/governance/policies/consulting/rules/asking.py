"""What must hold of a consultation, an invitation, a view and an answer. It reads no store and no clock."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.unicode import is_unicode
from assay.governance.policies.consulting.rules import words

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked, until when, and of how much of the draft.

    withheld       numbers of pieces of the policy's text
    shows_changes  whether it is shown how the draft stands to the text in force
    """

    title: str
    question: str
    closes_at: datetime
    background: str = ""
    withheld: frozenset[int] = field(default_factory=frozenset)
    shows_changes: bool = False


@dataclass(frozen=True, slots=True)
class Engagement:
    """For what, and from where, somebody is asked.

    stale_on  the first day on which it is out of date; None is never
    """

    expertise: str = ""
    viewpoint: str = ""
    region: str = ""
    stale_on: date | None = None


def faults_of_asking(asking: Asking, pieces: int, at: datetime) -> list[Fault]:
    """All that is wrong with what is to be asked."""
    found = [
        *text_faults(asking.title, "title", "a title for those who are asked", words.TITLE_MOST),
        *text_faults(asking.question, "question", "the question", words.QUESTION_MOST),
        *text_faults(asking.background, "background", "the background", words.BACKGROUND_MOST, needed=False),
        *faults_of_end(asking.closes_at, at),
    ]
    if not all(0 <= number < pieces for number in asking.withheld):
        found.append(Fault("no-such-piece", "the text was edited meanwhile; choose again what to withhold", "withheld"))
    elif len(asking.withheld) >= pieces:
        found.append(Fault("nothing-shown", "something of the draft has to be shown; withhold less", "withheld"))
    return found


def faults_of_end(closes_at: datetime, at: datetime) -> list[Fault]:
    """What is wrong with a closing date."""
    if closes_at <= at:
        return [Fault("closes-in-the-past", "choose a closing date that is still to come", "closes_at")]
    if closes_at - at > LONGEST:
        return [Fault("closes-too-late", f"choose a closing date within {LONGEST.days} days", "closes_at")]
    return []


def faults_of_engagement(engagement: Engagement, today: date, *, external: bool) -> list[Fault]:
    """What is wrong with an invitation's particulars."""
    found = [
        *text_faults(engagement.expertise, "expertise", "what they are asked for", 200, needed=external),
        *text_faults(engagement.region, "region", "the region", 80, needed=False),
    ]
    if engagement.viewpoint not in words.VIEWPOINTS:
        found.append(Fault("no-viewpoint", "choose the viewpoint from which they speak", "viewpoint"))
    if engagement.stale_on is not None and engagement.stale_on <= today:
        found.append(Fault("stale-already", "the engagement has to last beyond today; choose a later day", "stale_on"))
    return found


def faults_of_declaration(conflict: str, said: str) -> list[Fault]:
    """What is wrong with a declaration of interests."""
    if conflict not in words.CONFLICTS:
        return [Fault("no-declaration", "say whether you have an interest in the outcome", "conflict")]
    return text_faults(
        said, "words", "your interest, in your own words", words.DECLARATION_MOST, needed=conflict != "none"
    )


def faults_of_view(position: str, confidence: str, said: str, part: int | None, parts: Collection[int]) -> list[Fault]:
    """What is wrong with a view.

    parts  the pieces of the text that it may be about
    """
    found = []
    if position not in words.POSITIONS:
        found.append(Fault("no-position", "choose where you stand", "position"))
    if confidence not in words.CONFIDENCES:
        found.append(Fault("no-confidence", "choose how sure you are", "confidence"))
    if part is not None and part not in parts:
        found.append(Fault("no-such-part", "choose a part of the draft that is shown to you", "part"))
    return [*found, *text_faults(said, "words", "your view", words.VIEW_MOST)]


def faults_of_answer(outcome: str, said: str, revision: int | None, revisions: Collection[int]) -> list[Fault]:
    """What is wrong with an answer to a view.

    revisions  of the draft, one of which has what was adopted
    """
    found = []
    if outcome not in words.OUTCOMES:
        found.append(Fault("no-outcome", "choose what was done with it", "outcome"))
    elif outcome != "not-adopted" and revision not in revisions:
        found.append(
            Fault(
                "no-revision",
                "choose the revision of the draft that has it; where there is none yet, edit the draft first",
                "revision",
            )
        )
    return [*found, *text_faults(said, "words", "why, for whoever gave the view", words.ANSWER_MOST)]


def text_faults(text: str, name: str, what: str, most: int, *, needed: bool = True) -> list[Fault]:
    """What is wrong with something that was written."""
    if needed and not text.strip():
        return [Fault("nothing-written", f"write {what}", name)]
    if len(text) > most:
        return [Fault("too-long", f"{what} has at most {most:,} characters; shorten it", name)]
    if not is_unicode(text) or "\0" in text:
        return [Fault("no-text", f"{what} holds a character that is no text; write it again", name)]
    return []
