"""A record as one market has it: what it says of any other is taken out. It reads nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assay.engine.decision.item import EVERYWHERE


def in_one_market(record: Mapping[str, object], market: str, names: Sequence[str]) -> dict[str, object]:
    """What pages read of a record, for one market.

    names  what the record may call it; the first that it has is the one
    What is shown is named here: whatever a record holds besides, such as its calendar of every market, stays out.
    """
    outcomes = [one for one in _list(record.get("outcomes")) if isinstance(one, dict)]
    said = {name for one in outcomes for name in _list(one.get("markets")) if isinstance(name, str)}
    here = next((name for name in names if name in said), None)
    given = record.get("input")
    assertions = given.get("assertions") if isinstance(given, dict) else None
    return {
        "subject": record.get("subject", "item"),
        "reasons": record.get("reasons"),
        "outcomes": [
            {**one, "markets": [market]} for one in outcomes if here is not None and here in _list(one.get("markets"))
        ],
        "signals": _values(record.get("signals"), market),
        "resolved": record.get("resolved"),
        "conflicts": record.get("conflicts"),
        "input": {"assertions": assertions},
    }


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _values(signals: object, market: str) -> dict[str, object]:
    """Signals with their value there, which is the one for everywhere where the market has none of its own."""
    found: dict[str, object] = {}
    for name, value in signals.items() if isinstance(signals, dict) else ():
        if not isinstance(value, dict):
            found[name] = value
        elif market in value or EVERYWHERE in value:
            found[name] = value.get(market, value.get(EVERYWHERE))
    return found
