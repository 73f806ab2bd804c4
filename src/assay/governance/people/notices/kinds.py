"""Kinds of notices: what each is called, what it asks for, how people hear of it. It knows nobody and sends nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Way(StrEnum):
    """How somebody hears of a kind; but for `none`, it also stands in the workbench."""

    PAGE = "page"
    AT_ONCE = "at-once"
    DAILY = "daily"
    NONE = "none"

    @property
    def words(self) -> str:
        """As people choose it."""
        return _WORDS[self]


_WORDS = {
    Way.PAGE: "In the workbench",
    Way.AT_ONCE: "Also by mail, at once",
    Way.DAILY: "Also by mail, once a day",
    Way.NONE: "Not at all",
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notice.

    title     its first line, and the subject of its mail
    asks      what to do, or that there is nothing to do
    page      the name of the page where it is done
    security  whether it is about somebody's way in: such a one always comes at once
    leads     whether it leads to the page of what it is about, where that has one
    way       how people hear of it who have chosen nothing
    """

    slug: str
    title: str
    asks: str
    page: str
    way: Way = Way.PAGE
    security: bool = False
    leads: bool = False


_ALL = (
    Kind(
        "approval-wanted",
        "An approval waits for you",
        "Read it, then approve or decline it.",
        "people:approvals",
        Way.AT_ONCE,
    ),
    Kind(
        "proposal-settled",
        "Your proposal was answered",
        "There is nothing to do, unless you want to propose it again.",
        "people:approvals",
        Way.DAILY,
    ),
    Kind(
        "role-changed",
        "What you may do has changed",
        "Look at your roles and why you hold them.",
        "people:me",
        Way.AT_ONCE,
    ),
    Kind(
        "standing-in",
        "You stand in for somebody",
        "What waits for them waits for you too, from the day it begins.",
        "people:me",
        Way.AT_ONCE,
    ),
    Kind(
        "bundle-changed",
        "Another bundle decides now",
        "Look at what changed, and at the decisions since.",
        "bundles:list",
        Way.DAILY,
    ),
    Kind(
        "recovery-wanted",
        "Somebody asks for a way back in",
        "Make sure that it is they who ask, by another way than mail. Then approve or decline it.",
        "people:approvals",
        Way.AT_ONCE,
        security=True,
    ),
    Kind(
        "way-in-changed",
        "Your way in has changed",
        "If this was you, there is nothing to do. If not, end your sessions and tell an administrator now.",
        "mfa_index",
        Way.AT_ONCE,
        security=True,
    ),
    Kind(
        "sign-in-noticed",
        "A sign-in to look at",
        "If this was you, there is nothing to do. If not, end your sessions and tell an administrator now.",
        "usersessions_list",
        Way.AT_ONCE,
        security=True,
    ),
)
# A room adds its own when the program starts.
KINDS: dict[str, Kind] = {kind.slug: kind for kind in _ALL}


def way_of(kind: Kind, chosen: str | None) -> Way:
    """How somebody hears of a kind, by what they chose; security cannot be turned off."""
    if kind.security or chosen is None:
        return kind.way
    return Way(chosen)
