"""Two versions of a pack against each other: every decision that differs, or the proof that none does."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from assay.engine.analysis.difference.change import Change, Difference, Doubt
from assay.engine.analysis.difference.clauses import Clauses, paired
from assay.engine.analysis.difference.contribution import part
from assay.engine.analysis.difference.effects import Effects
from assay.engine.analysis.difference.join import joined_packs, joined_vocabulary
from assay.engine.analysis.difference.wording import Wording
from assay.engine.analysis.difference.words import edited_words
from assay.engine.analysis.situations.search import Search
from assay.engine.analysis.situations.stage import stage_of
from assay.engine.analysis.situations.world import World
from assay.engine.kernel.instants import format_instant
from assay.engine.language.expression.syntax import signals_of
from assay.engine.language.pack.calendar import Window
from assay.engine.language.pack.pack import Pack
from assay.engine.language.phrases import named_words
from assay.engine.program.core import Node
from assay.engine.program.lower import lower_condition
from assay.engine.program.smt.solver import SECONDS


def compare(
    old: Pack,
    new: Pack,
    as_of: int,
    *,
    seconds: float = SECONDS,
    reached: Callable[[int, int], None] | None = None,
) -> Difference:
    """Every change of every measure from an instant on, and every clause that changed.

    as_of    microseconds since the epoch
    seconds  how long the solver may think about one question
    reached  told how many measures are compared, and how many there are
    raises   Refused, where an item of the one version cannot be an item of the other
    """
    vocabulary = joined_vocabulary(old.vocabulary, new.vocabulary)
    before, after = joined_packs(old, new)
    stage = stage_of([after, before], vocabulary, as_of)
    worlds = (World(before, stage), World(after, stage))
    search = Search(stage, worlds, _excused(worlds), seconds=seconds)
    changes, doubts = _changes(worlds, search, reached)
    words = edited_words((old.vocabulary, old.measures), (new.vocabulary, new.measures))
    return Difference(
        old=old.digest,
        new=new.digest,
        old_title=f"{old.title} {old.version}".strip(),
        new_title=f"{new.title} {new.version}".strip(),
        as_of=as_of,
        vocabulary=vocabulary,
        changes=tuple(changes),
        clauses=(*Clauses(*worlds, search).edits(), *words),
        notes=tuple(_notes(before, after)),
        doubts=tuple(doubts),
    )


def _excused(worlds: tuple[World, World]) -> list[Node]:
    """The conditions of exceptions, which are compared for themselves."""
    return [
        lower_condition(exception.when.expression, world.pack.vocabulary)
        for world in worlds
        for exception in world.pack.exceptions
    ]


def _changes(
    worlds: tuple[World, World], search: Search, reached: Callable[[int, int], None] | None
) -> tuple[list[Change], list[Doubt]]:
    """What becomes of each measure, the new version's measures first."""
    kin = {}
    for was, now in paired(worlds[0].rules, worlds[1].rules):
        kin[was.rule.ref], kin[now.rule.ref] = now.rule.ref, was.rule.ref
    changes: list[Change] = []
    doubts: list[Doubt] = []
    measures = list(dict.fromkeys(name for world in reversed(worlds) for name in world.pack.measures.by_id))
    for number, measure in enumerate(measures):
        parted = part(measure, *worlds)
        if parted.old or parted.new:
            effects = Effects(parted, search, Wording(search, *worlds, measure), kin)
            changes += effects.changes()
            doubts += effects.doubts
        if reached is not None:
            reached(number + 1, len(measures))
    return changes, doubts


def _notes(old: Pack, new: Pack) -> Iterator[str]:
    """What else may turn decisions another way, and is no condition of a rule."""
    used = {name for pack in (old, new) for name in _read(pack)}
    kinds = {
        signal.calendar.kind
        for pack in (old, new)
        for signal in pack.vocabulary.signals
        if signal.calendar is not None and signal.name in used
    }
    before, after = ({window.id: window for window in pack.windows if window.kind in kinds} for pack in (old, new))
    for name in dict.fromkeys((*after, *before)):
        if _times(before.get(name)) != _times(after.get(name)):
            yield f"the calendar's window `{name}` {_moved(before.get(name), after.get(name))}"
    for signal in new.vocabulary.signals:
        was = old.vocabulary.by_name.get(signal.name)
        if was is not None and signal.name in used:
            believed = (was.precedence, was.asserted_by, was.confidence_at_least)
            if believed != (signal.precedence, signal.asserted_by, signal.confidence_at_least):
                yield f"assertions of `{signal.name}` are resolved in another order, or by others"
    for ladder in new.measures.ladders:
        after_order = [step.id for step in ladder.steps]
        before_order = [step.id for one in old.measures.ladders if one.id == ladder.id for step in one.steps]
        shared = set(after_order) & set(before_order)
        if [step for step in after_order if step in shared] != [step for step in before_order if step in shared]:
            yield f"the steps of the ladder `{ladder.id}` stand in another order"


def _read(pack: Pack) -> set[str]:
    conditions = [rule.when for rule in pack.rules] + [rule.unless for rule in pack.rules if rule.unless is not None]
    conditions += [exception.when for exception in pack.exceptions]
    return {name for condition in conditions for name in signals_of(condition.expression)}


def _times(window: Window | None) -> object:
    if window is None:
        return None
    return (window.kind, window.markets, window.phase, window.start, window.until, window.poll)


def _moved(before: Window | None, after: Window | None) -> str:
    if before is None and after is not None:
        where = named_words(sorted(after.markets)[:4])
        return f"is new: {after.phase} in {where} from {format_instant(after.start)} to {format_instant(after.until)}"
    if after is None:
        return "is gone"
    return f"now runs from {format_instant(after.start)} to {format_instant(after.until)}, or says something else"
