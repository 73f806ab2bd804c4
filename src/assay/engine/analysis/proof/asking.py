"""Questions that are asked for nothing, and questions that nobody who reviews can answer. It asks none itself."""

from __future__ import annotations

from collections.abc import Iterator

from assay.engine.analysis.proof.claim import Settled, undecided, weight_of
from assay.engine.analysis.proof.finding import Checked, Finding, Kind
from assay.engine.analysis.situations.memory import read_by
from assay.engine.analysis.situations.search import Search
from assay.engine.analysis.situations.world import World
from assay.engine.language.pack.vocabulary import Signal
from assay.engine.program.smt.formula import Formula, Known, Not, Situation, every, holds_in, some
from assay.engine.program.smt.solver import Impossible, Undecided

REVIEWER = "reviewer"


def settled_questions(world: World, search: Search) -> Iterator[Settled]:
    """For each signal that rules read: that its answer can matter, and that somebody who reviews may give it."""
    for signal in world.pack.vocabulary.signals:
        readers = [place for place, lowered in enumerate(world.rules) if signal.name in read_by(lowered.condition)]
        readers = [place for place in readers if not world.is_over(place)]
        if not readers:
            continue
        claim = _matters(signal, readers, world)
        answer = search.find(claim, f"matters:{signal.name}", apart=frozenset((signal.name,)), shown=False)
        title = f"The answer to “{signal.question}” can change what is done."
        if isinstance(answer, Undecided):
            yield undecided(Kind.PHANTOM_QUESTION, (signal.name,), title, signal.span, answer)
        elif isinstance(answer, Impossible):
            words = f"no answer to `{signal.name}` ever changes what is done, although rules read it"
            hint = "leave it out of the conditions, and people are not asked for it"
            weight = weight_of(Kind.PHANTOM_QUESTION)
            finding = Finding(Kind.PHANTOM_QUESTION, (signal.name,), words, signal.span, hint, weight=weight)
            yield Settled(Checked(Kind.PHANTOM_QUESTION, (signal.name,), title, "refuted"), finding)
        else:
            yield Settled(Checked(Kind.PHANTOM_QUESTION, (signal.name,), title, "proved"))
            yield from _answerable(signal, answer.situation, world, search)


def _matters(signal: Signal, readers: list[int], world: World) -> Formula:
    """That two items which differ in this signal alone, with everything known of both, are treated differently."""
    read = {name for place in readers for name in read_by(world.rules[place].condition)}
    touched = {measure for place in readers for measure in world.rules[place].then}
    measures = {step for measure in touched for step in _weaker(measure, world)}
    rules = {rule for measure in measures for step in world.stronger(measure) for rule in world.by_measure[step]}
    read |= {name for rule in rules for name in read_by(world.rules[rule].condition)}
    known = [Known(name, point) for name in sorted(read) for point in (0, 1)]
    differs = some(_otherwise(world.reached(measure, 0), world.reached(measure, 1)) for measure in sorted(measures))
    return every((*known, differs))


def _weaker(measure: int, world: World) -> list[int]:
    """A measure, and on a ladder the weaker steps, which are reached with it."""
    return [other for other in range(len(world.pack.measures.all)) if measure in world.stronger(other)]


def _otherwise(one: Formula, other: Formula) -> Formula:
    return some((every((one, Not(other))), every((other, Not(one)))))


def _answerable(signal: Signal, situation: Situation, world: World, search: Search) -> Iterator[Settled]:
    """That a reviewer may answer; else the item, with this alone unknown, stays open whatever people say."""
    title = f"Somebody who reviews may answer “{signal.question}”, or the calendar does."
    if REVIEWER in signal.asserted_by or signal.calendar is not None:
        yield Settled(Checked(Kind.OPEN_FOREVER, (signal.name,), title, "proved"))
        return
    points = tuple({key: value for key, value in point.items() if key != signal.name} for point in situation.points)
    opened = Situation(points[:1], situation.places, situation.item)
    measures = world.pack.measures.all
    left = [
        measure.id
        for place, measure in enumerate(measures)
        if holds_in(world.conceivable(place), opened) and not holds_in(world.certain(place), opened)
    ]
    who = ", ".join(signal.asserted_by)
    words = f"`{signal.name}` can alone keep a decision open, and no reviewer may answer it: only {who} may"
    hint = "let reviewers assert it (`asserted_by`, `precedence`), or make no rule depend on it alone"
    shown = (search.witness(opened, shows=f"still open: {', '.join(left)}"),)
    weight = weight_of(Kind.OPEN_FOREVER)
    finding = Finding(Kind.OPEN_FOREVER, (signal.name,), words, signal.span, hint, shown, weight=weight)
    yield Settled(Checked(Kind.OPEN_FOREVER, (signal.name,), title, "refuted"), finding)
