"""Limits and quotas as an operator writes them. It knows no pack: whether a measure exists is asked elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assay.engine.kernel.errors import Fault

_MEASURE = r"(?P<measure>[a-z0-9_.-]+(?::[a-z0-9_.-]+)?)"
_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_LIMIT = re.compile(
    rf"{_MEASURE}(?: in (?P<market>[A-Za-z][A-Za-z-]*))?: ?(?:at most (?P<most>{_NUMBER}) ?%"
    rf"|(?P<low>{_NUMBER}) ?% to (?P<high>{_NUMBER}) ?%)"
)
_QUOTA = re.compile(rf"{_MEASURE}: ?(?P<items>[0-9]+) in (?P<length>[0-9]+) (?P<unit>minute|hour)s?")
_SECONDS = {"minute": 60, "hour": 3600}


@dataclass(frozen=True, slots=True)
class Limit:
    """The share of decisions that a measure may be imposed in; `market` None is each market."""

    measure: str
    market: str | None
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Quota:
    """How many items a measure may be applied to in some seconds."""

    measure: str
    items: int
    seconds: int


def read_limit(text: str) -> Limit | Fault:
    """A limit such as `removed: at most 2%` or `removed in BR: 0.5% to 3%`."""
    found = _LIMIT.fullmatch(text.strip())
    if found is None:
        words = f"`{text[:60]}` is no limit; write `removed: at most 2%` or `removed in BR: 0.5% to 3%`"
        return Fault("bad-limit", words, "limits")
    low, high = float(found["low"] or 0) / 100, float(found["most"] or found["high"]) / 100
    if not 0 <= low < high <= 1:
        return Fault("bad-limit", f"`{text[:60]}`: shares rise, and end at 100%", "limits")
    return Limit(found["measure"], found["market"], low, high)


def read_quota(text: str) -> Quota | Fault:
    """A quota such as `removed: 500 in 10 minutes`."""
    found = _QUOTA.fullmatch(text.strip())
    if found is None:
        return Fault("bad-quota", f"`{text[:60]}` is no quota; write `removed: 500 in 10 minutes`", "quotas")
    seconds = int(found["length"]) * _SECONDS[found["unit"]]
    if not 60 <= seconds <= 7 * 86_400:
        return Fault("bad-quota", f"`{text[:60]}`: a window lasts from a minute to seven days", "quotas")
    return Quota(found["measure"], int(found["items"]), seconds)
