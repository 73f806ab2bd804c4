"""How far grants reach into decisions: whoever has a role for some markets looks at one of them at a time.

A market in the address is what is asked for; without one it is the first of theirs. It reads no store.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assay.governance.office.actor import Actor, Target
from assay.governance.office.operations import TargetOf
from assay.governance.office.roles import Role
from assay.interfaces.look.markets import title_of
from assay.interfaces.web.decisions.filters import Filters

_ROOM = "decisions"


def markets_of(by: Actor, roles: frozenset[Role]) -> tuple[str, ...] | None:
    """The markets that somebody may look at, in the order of their titles; None is every one."""
    markets = by.markets(roles, _ROOM)
    return None if markets is None else tuple(sorted(markets, key=lambda code: (title_of(code), code)))


def market_for(by: Actor, roles: frozenset[Role], asked: str) -> str:
    """The market that somebody looks at; empty is all of them together."""
    markets = markets_of(by, roles)
    return asked or (markets[0] if markets else "")


def narrowed_to(by: Actor, roles: frozenset[Role], asked: str) -> str:
    """The only market of which anything may be shown; empty for whoever may see every one."""
    return "" if markets_of(by, roles) is None else market_for(by, roles, asked)


def target_for(by: Actor, roles: frozenset[Role], asked: str) -> Target:
    """What somebody's look is about."""
    return Target(_ROOM, market=market_for(by, roles, asked) or None)


def by_filters(roles: frozenset[Role]) -> TargetOf:
    """The target of an operation that takes `filters`."""

    def found(given: Mapping[str, Any]) -> Target:
        filters = given.get("filters")
        return target_for(given["by"], roles, filters.wanted.market if isinstance(filters, Filters) else "")

    return found


def by_market(roles: frozenset[Role]) -> TargetOf:
    """The target of an operation that takes `market`."""

    def found(given: Mapping[str, Any]) -> Target:
        return target_for(given["by"], roles, str(given.get("market") or ""))

    return found
