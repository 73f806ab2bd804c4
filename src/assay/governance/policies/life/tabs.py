"""The tabs of a change: each part registers its own. It shows none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from assay.governance.policies.life.models import Change

# A word or figure beside the tab's title, such as `2 open`; empty where there is nothing to say.
Badge: TypeAlias = Callable[[Change], str]


def _nothing(_: Change) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab.

    url_name  a page that takes `number`
    """

    name: str
    title: str
    url_name: str
    order: int
    badge: Badge = _nothing


TABS: dict[str, Tab] = {}


def register_tab(tab: Tab) -> None:
    """Make a tab known; again under the same name replaces."""
    TABS[tab.name] = tab
