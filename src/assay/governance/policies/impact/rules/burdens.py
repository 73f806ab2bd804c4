"""Equity, cost and exposure as people assess them. It works out costs and intervals, and judges none of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from assay.engine.kernel.errors import Fault
from assay.governance.policies.impact.rules.assessing import Assessed, Level, Reader

MOST_GROUPS = 12
ERRORS = {
    "over": "acted on where it should not be",
    "under": "not acted on where it should be",
    "both": "both",
}
EQUITY = {
    "none": ("No group stands out", Level.LOW),
    "mitigated": ("Some groups stand out, and what is done is enough", Level.MODERATE),
    "watched": ("Some groups stand out; it goes on, watched, and is changed if they are hit", Level.CONSIDERABLE),
    "unresolved": ("A group is hit harder, and nothing yet is done that is enough", Level.HIGH),
}
EXPOSURE = {
    "falls": ("Reviewers see less severe material", Level.LOW),
    "same": ("Reviewers see as much severe material as now", Level.LOW),
    "within": ("Reviewers see more, within their budgets", Level.MODERATE),
    "beyond": ("Reviewers see more than their budgets allow until something is done", Level.HIGH),
}
PROTECTIONS = {
    "blur": "blurred and grey until asked for, sound off",
    "budget": "a daily budget of severe material, with a cool-down after it",
    "rotation": "rotation to other queues",
    "choice": "only people who chose this queue",
    "support": "counselling during paid hours",
    "fewer": "fewer questions asked before the decision",
}
_CURRENCY = re.compile(r"[A-Z]{3}\Z")


def read_equity(given: Mapping[str, Any]) -> Assessed | list[Fault]:
    """From a form: `groups` in rows, a `conclusion` and its `words`."""
    faults: list[Fault] = []
    groups = []
    rows = given.get("groups")
    for place, row in enumerate(rows if isinstance(rows, list) else []):
        if isinstance(row, Mapping) and any(str(value or "").strip() for value in row.values()):
            groups.append(_group(Reader(row, faults, f"g{place}-")))
    reader = Reader(given, faults)
    if len(groups) > MOST_GROUPS:
        reader.fault("too-many", f"name the {MOST_GROUPS} that matter most", "conclusion")
    conclusion = reader.choice("conclusion", {name: one[0] for name, one in EQUITY.items()}, "what this comes to")
    words = reader.words("words", needed="say on what this rests, for whoever signs")
    if conclusion and conclusion != "none" and not groups:
        reader.fault("missing-group", "name the group, the language or the market that stands out", "conclusion")
    if faults:
        return faults
    said, level = EQUITY[conclusion]
    named = ", ".join(one["group"] for one in groups[:4])
    outcome = f"{said}: {named}" if named else said
    return Assessed({"groups": groups, "conclusion": conclusion, "words": words}, outcome[:300], level)


def _group(reader: Reader) -> dict[str, str]:
    return {
        "group": reader.words("group", needed="name the group, the language or the market")[:120],
        "error": reader.choice("error", ERRORS, "how it would be treated wrongly"),
        "why": reader.words("why", needed="say why that is to be expected"),
        "mitigation": reader.words("mitigation"),
    }


def read_cost(given: Mapping[str, Any]) -> Assessed | list[Fault]:
    """From a form: hours a week with bounds, a rate, product work in days, and what is paid once."""
    faults: list[Fault] = []
    reader = Reader(given, faults)
    hours = _interval(reader, "the change in reviewer hours a week")
    rate = reader.number("rate", "what an hour costs", least=0.0)
    currency = reader.words("currency").upper() or "EUR"
    if not _CURRENCY.match(currency):
        reader.fault(
            "no-currency", f"`{currency[:10]}` is no currency; write its three letters, such as `EUR`", "currency"
        )
    days = reader.number("product_days", "product work in days", least=0.0)
    once = reader.number("one_off", "what is paid once", least=0.0)
    words = reader.words("words", needed="say what it is spent on, and who bears it")
    if faults or hours is None or rate is None or days is None or once is None:
        return faults
    content = {
        "hours": hours, "rate": rate, "currency": currency, "product_days": days, "one_off": once, "words": words,
        "weekly": {name: value * rate for name, value in hours.items()},
    }  # fmt: skip
    low, value, high = (content["weekly"][name] for name in ("low", "value", "high"))  # type: ignore[index]
    between = f" ({low:,.0f} to {high:,.0f})" if low != high else ""
    weekly = f"{currency} {value:+,.0f}{between} a week" if value or low != high else "no cost a week"
    return Assessed(content, f"{weekly}, {currency} {once:,.0f} once, {days:g} days of product work")


def read_exposure(given: Mapping[str, Any]) -> Assessed | list[Fault]:
    """From a form: hours of severe material a week with bounds, what protects people, and a conclusion."""
    faults: list[Fault] = []
    reader = Reader(given, faults)
    hours = _interval(reader, "the change in hours of severe material a week")
    conclusion = reader.choice("conclusion", {name: one[0] for name, one in EXPOSURE.items()}, "what this comes to")
    chosen = given.get("protections")
    protections = [name for name in PROTECTIONS if isinstance(chosen, list) and name in chosen]
    words = reader.words("words", needed="say what is done for those who see it, or why nothing is needed")
    if conclusion in {"within", "beyond"} and not protections:
        reader.fault("missing-protection", "choose what protects those who see more", "protections")
    if hours is not None and hours["low"] > 0 and conclusion in {"falls", "same"}:
        words_ = f"by the figures they see at least `{hours['low']:g}` hours more a week; choose what follows from that"
        reader.fault("against-figures", words_, "conclusion")
    if faults or hours is None:
        return faults
    said, level = EXPOSURE[conclusion]
    content = {"hours": hours, "conclusion": conclusion, "protections": protections, "words": words}
    if not any(hours.values()):
        return Assessed(content, said, level)
    return Assessed(content, f"{said}: {hours['value']:+,.1f} hours a week", level)


def _interval(reader: Reader, what: str) -> dict[str, float] | None:
    value = reader.number("hours", what)
    low = reader.number("hours_low", f"the least that {what} can be", needed=False)
    high = reader.number("hours_high", f"the most that {what} can be", needed=False)
    if value is None:
        return None
    least, most = value if low is None else low, value if high is None else high
    if not least <= value <= most:
        reader.fault("not-between", f"{what} must lie between the least and the most that it can be", "hours")
        return None
    return {"value": value, "low": least, "high": most}
