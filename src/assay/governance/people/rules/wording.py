"""How roles and their reach are said in words. Pure."""

from __future__ import annotations

from assay.governance.office.actor import Held, Scope


def scope_words(scope: Scope) -> str:
    """How far a role reaches: `everywhere`, or `room people; markets DE, FR`."""
    parts = [
        f"{one if len(names) == 1 else many} {', '.join(sorted(names))}"
        for one, many, names in (
            ("room", "rooms", scope.rooms),
            ("policy", "policies", scope.policies),
            ("market", "markets", scope.markets),
        )
        if names
    ]
    return "; ".join(parts) or "everywhere"


def held_words(held: Held) -> str:
    """A role with its reach, as a list shows it: `legal`, `reviewer (market DE)`."""
    return held.role.words if held.scope == Scope() else f"{held.role.words} ({scope_words(held.scope)})"
