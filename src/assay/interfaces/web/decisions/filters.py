"""What an address asks of the list of decisions, read as untrusted. It looks nothing up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from assay.engine.kernel.errors import Fault
from assay.interfaces.stores.indexing.facts import OPEN, SETTLED, Truth, bundle_fact, measure_fact, rule_fact
from assay.interfaces.stores.indexing.reading.wanted import Wanted
from assay.interfaces.web.decisions.wording import quoted

LONGEST = 512
NAMES = ("item", "market", "measure", "truth", "rule", "rule_truth", "bundle", "state", "from", "until")
_TRUTHS: Mapping[str, Truth] = {"": "yes", "yes": "yes", "unknown": "unknown"}
_STATES = {"": (), "open": (OPEN,), "settled": (SETTLED,)}


@dataclass(frozen=True, slots=True)
class Filters:
    """Filters in force.

    given   what the address has, by name, without what is empty
    wanted  the same for the index
    faults  what of it cannot be meant
    """

    given: Mapping[str, str]
    wanted: Wanted
    faults: tuple[Fault, ...] = ()


def read_filters(asked: Mapping[str, str], zone: tzinfo = UTC) -> Filters:
    """Filters from an address.

    zone  in which days begin for whoever asks
    """
    given = {name: value.strip() for name in NAMES if (value := asked.get(name, "")) and value.strip()}
    faults = [
        Fault("long-filter", f"a filter has at most {LONGEST} characters", name)
        for name, value in given.items()
        if len(value) > LONGEST
    ]
    truth = _TRUTHS.get(given.get("truth", ""))
    rule_truth = _TRUTHS.get(given.get("rule_truth", ""))
    state = _STATES.get(given.get("state", ""))
    for name, found in (("truth", truth), ("rule_truth", rule_truth), ("state", state)):
        if found is None:
            faults.append(Fault("bad-filter", f"{quoted(given[name])} cannot be chosen there", name))
    since, until = (_instant(given.get(name, ""), zone, end=name == "until") for name in ("from", "until"))
    for name, instant in (("from", since), ("until", until)):
        if given.get(name) and instant is None:
            faults.append(Fault("bad-day", f"{quoted(given[name])} is no day; write it as `2026-12-15`", name))
    in_market = [*(state or ())]
    if "measure" in given and truth:
        in_market.append(measure_fact(given["measure"], truth))
    anywhere = [rule_fact(given["rule"], rule_truth)] if "rule" in given and rule_truth else []
    anywhere += [bundle_fact(given["bundle"])] if "bundle" in given else []
    wanted = Wanted(
        item=given.get("item", ""),
        market=given.get("market", ""),
        in_market=tuple(in_market),
        anywhere=tuple(anywhere),
        since=since,
        until=until,
    )
    return Filters(given, wanted, tuple(faults))


def in_one_market(filters: Filters, market: str) -> Filters:
    """The same filters for whoever may look at this market alone; empty leaves them as they are."""
    if not market:
        return filters
    given = {name: market if name == "market" else filters.given[name] for name in NAMES if name in filters.given}
    faults = filters.faults
    if "rule" in given:
        words = "the list knows rules for all markets together, and your role is for some of them; leave the rule out"
        faults = (*faults, Fault("rule-of-every-market", words, "rule"))
    return Filters({**given, "market": market}, replace(filters.wanted, market=market), faults)


def _instant(text: str, zone: tzinfo, *, end: bool) -> int | None:
    """Microseconds since the epoch of a day's beginning, or its end, or of an instant."""
    if not text:
        return None
    try:
        if len(text) == 10:
            day = date.fromisoformat(text) + timedelta(days=1 if end else 0)
            found = datetime.combine(day, time(), zone)
        else:
            found = datetime.fromisoformat(text)
            found = found if found.tzinfo is not None else found.replace(tzinfo=zone)
        return int(found.timestamp() * 1_000_000)
    except (ValueError, OverflowError):
        return None
