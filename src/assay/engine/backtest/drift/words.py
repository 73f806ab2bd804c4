"""What watched things are called, and what to bear in mind of two periods. It measures nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from assay.engine.backtest.drift.calibration import LEAST_LABELLED, Target
from assay.engine.backtest.drift.moved import PeriodFacts
from assay.engine.backtest.drift.shares import LEAST_DAYS
from assay.engine.backtest.drift.watch import OUTCOME, REACH, SIGNAL, Thing, Watch
from assay.engine.backtest.history.block import ELSEWHERE
from assay.engine.kernel.instants import DAY
from assay.engine.language.pack.pack import Pack

_WEEK = 7
_MOST_NAMED = 4


def title_of(thing: Thing, watch: Watch) -> str:
    """What a thing is called, for people."""
    pack = watch.program.pack
    name = thing.name
    if thing.kind == SIGNAL:
        name = pack.vocabulary.by_name[thing.name].title + (f": {thing.part}" if thing.part else "")
    elif thing.kind == OUTCOME:
        name = pack.measures.all[pack.measures.index[thing.name]].title
    elif thing.kind == REACH:
        return f"Reach of {'any market' if name == ELSEWHERE else name}"
    else:
        name = name.capitalize()
    return f"{name} in {thing.market}" if thing.market and thing.market != ELSEWHERE else name


def target_title(target: Target, watch: Watch) -> str:
    """What a score is held against, for people."""
    signals = watch.program.pack.vocabulary.by_name
    signal = signals.get(target.of)
    about = f"`{target.of}`" if signal is None or target.cut == "yes" else f"`{target.of}` {_cut(target)}"
    return f"{signals[target.score].title}, held against {about}"


def _cut(target: Target) -> str:
    return f"`{target.cut}` or above" if target.cut else ""


def facts_of(watch: Watch, title: str) -> PeriodFacts:
    """What a period is."""
    days = sorted(watch.everything.by_day)
    stands_for = sum(float(counts[1].sum()) for counts in watch.everything.by_stratum.values())
    first, last = (_day(days[place]) if days else "" for place in (0, -1))
    return PeriodFacts(title, first, last, len(days), watch.rows, stands_for)


def _day(day: int) -> str:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day)).date().isoformat()


def notes_of(facts: tuple[PeriodFacts, PeriodFacts], watch: Watch, held: set[str]) -> tuple[str, ...]:
    """What to bear in mind, each a sentence; `held` are the scores that were held against labels."""
    found = [note for one in facts if (note := _days_note(one))]
    old, new = facts
    if not old.rows or not new.rows:
        return tuple(found)
    if old.first_day <= new.last_day and new.first_day <= old.last_day:
        found.append("The periods overlap: rows that are in both make them look alike.")
    days = watch.everything.by_day
    if old.last_day < new.first_day and days:
        dated = list(_dated(watch.program.pack, min(days), _number(new.last_day)))
        named = "; ".join(dated[:_MOST_NAMED]) + (f"; and {len(dated) - _MOST_NAMED} more" * (len(dated) > _MOST_NAMED))
        if dated:
            found.append(f"The policy itself changes in these days, and outcomes with it: {named}.")
    scores = [one.name for one in watch.scores.signals if one.name not in held]
    if scores:
        found.append(
            f"Nothing is said of the calibration of {', '.join(f'`{name}`' for name in scores)}: it takes "
            f"{LEAST_LABELLED} labelled rows with a score in each period, of something that the score tells apart."
        )
    return tuple(found)


def _days_note(one: PeriodFacts) -> str:
    if not one.rows:
        return f"{one.title} has no row: nothing can be held against it."
    if one.days < LEAST_DAYS:
        return (
            f"{one.title} has {one.days} {'day' if one.days == 1 else 'days'}: how unlike days are by themselves is "
            "not known, so that a change may be that of a single day."
        )
    if one.days % _WEEK:
        return f"{one.title} has {one.days} days, which are no whole weeks: weekends may weigh unequally."
    return ""


def _number(day: str) -> int:
    return (datetime.fromisoformat(day).replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)).days


def _dated(pack: Pack, first: int, last: int) -> Iterator[str]:
    """What of a pack begins or ends in some days: rules, their grace, and windows of the calendar."""
    for rule in pack.rules:
        bounds = (("begins", rule.period.effective), ("ends", rule.period.sunset), ("ends its grace", rule.grace_until))
        for verb, at in bounds:
            if at is not None and first < at // DAY <= last:
                yield f"`{rule.ref}` {verb} on {_day(at // DAY)}"
    for window in pack.windows:
        for verb, at in (("begins", window.start), ("ends", window.until)):
            if first < at // DAY <= last:
                yield f"the window `{window.id}` {verb} on {_day(at // DAY)}"
