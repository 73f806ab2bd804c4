"""What a row says beside its signals: day, views, design, labels. It never guesses what a field leaves open."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from assay.engine.backtest.history.block import DIMENSIONS
from assay.engine.backtest.history.labels import label_fault
from assay.engine.backtest.history.layout import (
    BETWEEN_MEASURES,
    CREATOR,
    DAY_COLUMN,
    DONE,
    HOUR,
    LABELS,
    PROBABILITY,
    STRATUM,
    market_of,
)
from assay.engine.backtest.history.needs import FIRST_DAY, LAST_DAY, Needs
from assay.engine.backtest.history.own import LEAST_PROBABILITY, MOST_VIEWS
from assay.engine.kernel.errors import Fault
from assay.engine.kernel.instants import DAY, SECOND, parse_instant
from assay.engine.kernel.unicode import is_unicode, quotable

_LONGEST_WORD = 512
_WHOLE = re.compile(r"[+-]?\d{1,18}\Z")
_DATE_ONLY = 10
_TRUTHS = {"yes": True, "true": True, "no": False, "false": False}


def read_day(given: object) -> tuple[int, int | None] | Fault:
    """A day, and of an instant its hour."""
    if given is None or given == "":
        return Fault("missing-day", "the day is missing", DAY_COLUMN)
    text = given.strip() if isinstance(given, str) else ""
    instant = parse_instant(text)
    if instant is None:
        hint = "a day is `2026-10-01`, or a time with its zone such as `2026-10-01T10:00:00Z`"
        return Fault("bad-day", f"`{quotable(str(given)[:40])}` is no day; {hint}", DAY_COLUMN)
    day = instant // DAY
    if not FIRST_DAY <= day <= LAST_DAY:
        return Fault("day-outside", f"`{text[:_DATE_ONLY]}` is before 2000 or after 2100", DAY_COLUMN)
    return day, None if len(text) == _DATE_ONLY else instant % DAY // (3600 * SECOND)


def read_hour(given: object) -> int | Fault | None:
    """An hour of the day; None is unknown."""
    found = _whole(given)
    if found is None or (isinstance(found, int) and 0 <= found <= 23):
        return found
    return Fault("bad-hour", f"`{quotable(str(given)[:40])}` is no hour of a day, 0 to 23", HOUR)


def read_probability(given: object) -> float | Fault:
    """The probability with which a row was drawn; without one it was taken for certain."""
    if given is None or given == "":
        return 1.0
    try:
        found = float(given) if isinstance(given, str | int | float) and not isinstance(given, bool) else math.nan
    except (ValueError, OverflowError):
        found = math.nan
    if not LEAST_PROBABILITY <= found <= 1.0:
        words = f"`{quotable(str(given)[:40])}` is no probability of being drawn: it is at least 1e-9 and at most 1"
        return Fault("bad-probability", words, PROBABILITY)
    return found


def read_views(name: str, given: object) -> int | Fault | None:
    """Views in a market; None is unknown."""
    found = _whole(given)
    if found is None or (isinstance(found, int) and 0 <= found <= MOST_VIEWS):
        return found
    return Fault("bad-views", f"`{quotable(str(given)[:40])}` is no number of views", name)


def read_word(name: str, given: object) -> str | Fault:
    """A word; the empty one is unknown."""
    if given is None:
        return ""
    text = given.strip() if isinstance(given, str) else str(given) if isinstance(given, int) else None
    if text is None or isinstance(given, bool) or len(text) > _LONGEST_WORD or not is_unicode(text):
        return Fault("wrong-type", f"`{name}` is a word of at most {_LONGEST_WORD} characters", name)
    return text


def read_done(given: object) -> str | Fault:
    """What was done then: measures in the order of their names; `|` where nothing was, nothing where it is unknown."""
    if given is None or given == "":
        return ""
    names = given.split(BETWEEN_MEASURES) if isinstance(given, str) else given
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return Fault("wrong-type", "`done` is a list of measures, or their names with `|` between", DONE)
    return BETWEEN_MEASURES.join(sorted({name.strip() for name in names if name.strip()})) or BETWEEN_MEASURES


def read_labels(given: object, needs: Needs) -> tuple[list[dict[str, object]], list[Fault]]:
    """Labels, and what is wrong with those that are left out."""
    if given is None or given == "":
        return [], []
    if not isinstance(given, list):
        return [], [Fault("bad-label", "`labels` is a list of objects with `of` and `value`", LABELS)]
    kept, faults = [], []
    for one in given:
        found = _label(one, needs)
        if isinstance(found, Fault):
            faults.append(found)
        else:
            kept.append(found)
    return kept, faults


def _label(given: object, needs: Needs) -> dict[str, object] | Fault:
    if not isinstance(given, Mapping):
        return Fault("bad-label", "a label is an object with `of` and `value`", LABELS)
    of, value, by, at = given.get("of"), _label_value(given.get("value")), given.get("by"), given.get("at")
    if not isinstance(of, str) or (value is not None and not is_unicode(value)):
        return Fault("unknown-label", "a label has no `of` or no `value`", LABELS)
    fault = label_fault(of, value, needs.labelled, needs.measures)
    if fault is not None:
        return Fault(fault.slug, fault.words, LABELS)
    instant = parse_instant(at) if isinstance(at, str) else None
    if at is not None and at != "" and instant is None:
        return Fault("bad-label", f"a label's `at` is a time such as `2026-10-01T10:00:00Z`, not `{at!s:.40}`", LABELS)
    final = given.get("final", False)
    final = _TRUTHS.get(final.lower(), final) if isinstance(final, str) else final
    who = read_word("by", by)
    if not isinstance(final, bool | None) or isinstance(who, Fault):
        return Fault("bad-label", "a label's `final` is true or false, and its `by` a word", LABELS)
    return {"of": of, "value": value, "by": who, "at": instant, "final": bool(final)}


def _label_value(given: object) -> str | None:
    """A label's value as the text that stands for it."""
    if isinstance(given, bool):
        return "yes" if given else "no"
    if isinstance(given, list):
        return BETWEEN_MEASURES.join(sorted(str(one) for one in given)) or BETWEEN_MEASURES
    return None if given is None or given == "" else str(given)


def _whole(given: object) -> int | str | None:
    """A whole number, None where nothing is said, and text where it is no such number."""
    if given is None or (isinstance(given, str) and not given.strip()):
        return None
    if isinstance(given, float) and given != given:  # noqa: PLR0124 (only NaN differs from itself)
        return None
    if isinstance(given, int) and not isinstance(given, bool):
        return given
    if isinstance(given, float) and given.is_integer():
        return int(given)
    text = str(given).strip()
    return int(text) if isinstance(given, str) and _WHOLE.match(text) else text


def is_own(name: str) -> bool:
    """Whether a field is the layout's own rather than a signal."""
    return name in _OWN or name in DIMENSIONS or market_of(name) is not None


_OWN = frozenset((DAY_COLUMN, HOUR, CREATOR, STRATUM, PROBABILITY, DONE, LABELS))
