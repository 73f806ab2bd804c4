"""A pack on a stage: what its rules and measures come to, as claims that can be asked or looked up. It asks nothing."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from assay.engine.analysis.situations.stage import Stage
from assay.engine.kernel.truth import NO, YES
from assay.engine.language.expression.syntax import Expression, signals_of
from assay.engine.language.meaning import imposes
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.promises.words import promise_vocabulary
from assay.engine.language.pack.vocabulary import MARKET_WORD, MEASURES_WORD, SUBJECTS, Vocabulary
from assay.engine.program.core import All as AllParts
from assay.engine.program.core import Among, Atom, Members, Node, Size
from assay.engine.program.lower import LoweredRule, lower_condition, lower_pack
from assay.engine.program.smt.formula import (
    ALWAYS,
    NEVER,
    AtLeast,
    Axis,
    Formula,
    Not,
    Plane,
    Situation,
    every,
    holds_in,
    possible,
    some,
    true,
    truth_in,
)

# Rules that are spoken of together, so that a claim on all but one shares nearly all of its parts with the others.
_PIECE = 32


@dataclass(frozen=True)
class World:
    """What a pack says in every situation on a stage. Rules and measures are named by their places."""

    pack: Pack
    stage: Stage
    _memo: dict[tuple[object, ...], Formula] = field(default_factory=dict, repr=False)
    _nodes: dict[Expression, Node] = field(default_factory=dict, repr=False)

    @cached_property
    def rules(self) -> tuple[LoweredRule, ...]:
        """The pack's rules, lowered."""
        return lower_pack(self.pack).rules

    @cached_property
    def promise_words(self) -> Vocabulary:
        """The vocabulary that promises are written in."""
        return promise_vocabulary(self.pack)

    @cached_property
    def subjects(self) -> tuple[str, ...]:
        """The subjects that some rule speaks of."""
        spoken = {lowered.rule.subject for lowered in self.rules}
        return tuple(subject for subject in SUBJECTS if subject in spoken)

    # ------------------------------------------------------------------- rules

    def active(self, rule: int) -> Formula:
        """That a rule holds at all: its markets, its time, its subject."""
        lowered, stage = self.rules[rule], self.stage
        period = lowered.rule.period
        return self._of(
            ("active", rule),
            lambda: every(
                (
                    stage.of_subject(lowered.rule.subject),
                    stage.in_markets(lowered.markets),
                    stage.between(period.effective, period.sunset),
                )
            ),
        )

    def is_over(self, rule: int) -> bool:
        """Whether a rule's time has ended before the first instant of the stage."""
        sunset = self.rules[rule].rule.period.sunset
        return sunset is not None and sunset <= self.stage.epochs[0]

    def true(self, rule: int, point: int = 0) -> Formula:
        """That a rule is certainly true."""
        return self._of(("true", rule, point), lambda: every((self.active(rule), true(self._node(rule), point))))

    def possible(self, rule: int, point: int = 0) -> Formula:
        """That a rule is true or unknown."""
        return self._of(
            ("possible", rule, point), lambda: every((self.active(rule), possible(self._node(rule), point)))
        )

    def open(self, rule: int, point: int = 0) -> Formula:
        """That a rule is unknown."""
        node = self._node(rule)
        return self._of(("open", rule, point), lambda: every((self.possible(rule, point), Not(true(node, point)))))

    def _node(self, rule: int) -> Node:
        return self.rules[rule].condition

    def _of(self, key: tuple[object, ...], make: Callable[[], Formula]) -> Formula:
        """A claim, made when it is first wanted, so that the solver reads it once."""
        found = self._memo.get(key)
        if found is None:
            found = self._memo[key] = make()
        return found

    # ---------------------------------------------------------------- measures

    def imposing(self, rule: int, measure: int) -> Formula:
        """That a rule which is true imposes a measure now: not in its grace, where the measure is spared then."""
        written, spared = self.rules[rule].rule, self.pack.measures.all[measure].after_grace
        if not spared or written.grace_until is None:
            return ALWAYS
        places = [place for place, instant in enumerate(self.stage.epochs) if imposes(written, spared, instant)]
        return self._of(("imposing", rule, measure), lambda: self.stage.within(Axis.EPOCH, places))

    @cached_property
    def by_measure(self) -> tuple[tuple[int, ...], ...]:
        """For each measure the rules that impose it when they are true."""
        return self._by_measure([lowered.then for lowered in self.rules])

    @cached_property
    def meanwhile(self) -> tuple[tuple[int, ...], ...]:
        """For each measure the rules that impose it while they are open."""
        return self._by_measure([lowered.until_known for lowered in self.rules])

    def _by_measure(self, imposed: list[tuple[int, ...]]) -> tuple[tuple[int, ...], ...]:
        places = range(len(self.pack.measures.all))
        return tuple(tuple(rule for rule, named in enumerate(imposed) if place in named) for place in places)

    def stronger(self, measure: int) -> tuple[int, ...]:
        """A measure and, where it is a step of a ladder, all stronger steps."""
        all_of_it = self.pack.measures.all
        one = all_of_it[measure]
        if one.kind != "step":
            return (measure,)
        return tuple(
            place
            for place, other in enumerate(all_of_it)
            if other.kind == "step" and other.family == one.family and other.rank >= one.rank
        )

    def done_by(self, rule: int, measure: int, point: int = 0) -> Formula:
        """That a rule does a measure now: it is true and imposes it, or is open and imposes it until it is known."""
        ways: list[Callable[[int, int], Formula]] = []
        ways += [self.true] if measure in self.rules[rule].then else []
        ways += [self.open] if measure in self.rules[rule].until_known else []
        return self._of(
            ("done by", rule, measure, point),
            lambda: every((some(way(rule, point) for way in ways), self.imposing(rule, measure))),
        )

    def done(self, measure: int, point: int = 0, *, without: int | None = None) -> Formula:
        """That some rule does a measure now; `without` leaves one rule out of account."""
        rules = self._doing[measure]
        key = without if without in rules else None

        def by_pieces() -> Formula:
            pieces = (rules[start : start + _PIECE] for start in range(0, len(rules), _PIECE))
            return some(self._done_in(piece, measure, point, without) for piece in pieces)

        return self._of(("done", measure, point, key), by_pieces)

    def _done_in(self, piece: tuple[int, ...], measure: int, point: int, without: int | None) -> Formula:
        """The same for some of the rules: only the piece that the one left out is in has to be made anew."""
        key = without if without in piece else None
        return self._of(
            ("done in", piece[0], measure, point, key),
            lambda: some(self.done_by(rule, measure, point) for rule in piece if rule != key),
        )

    @cached_property
    def _doing(self) -> tuple[tuple[int, ...], ...]:
        """For each measure the rules that may do it now."""
        return tuple(
            tuple(sorted({*when_true, *while_open}))
            for when_true, while_open in zip(self.by_measure, self.meanwhile, strict=True)
        )

    def certain(self, measure: int, point: int = 0) -> Formula:
        """That some rule which is true imposes a measure."""
        ways = (every((self.true(rule, point), self.imposing(rule, measure))) for rule in self.by_measure[measure])
        return self._of(("certain", measure, point), lambda: some(ways))

    def conceivable(self, measure: int, point: int = 0) -> Formula:
        """That a measure is done now, or that some open rule may still impose it."""
        waiting = (
            every((self.possible(rule, point), self.imposing(rule, measure))) for rule in self.by_measure[measure]
        )
        return self._of(("conceivable", measure, point), lambda: some((self.done(measure, point), *waiting)))

    def reached(self, measure: int, point: int = 0) -> Formula:
        """That a measure is certain or, on a ladder, a stronger step is: what people see of it."""
        steps = self.stronger(measure)
        return self._of(("reached", measure, point), lambda: some(self.certain(step, point) for step in steps))

    def comes_to(self, situation: Situation, point: int = 0, *, waiting: Container[str] | None = None) -> str:
        """What is done in a situation and what is still open, in a few words; `waiting` limits what is called open."""
        done: set[int] = set()
        still_open: set[int] = set()
        for place, lowered in enumerate(self.rules):
            if not holds_in(self.active(place), situation):
                continue
            truth = truth_in(lowered.condition, situation.points[point], situation.item)
            if truth is NO:
                continue
            imposed, kept = (lowered.then, ()) if truth is YES else (lowered.until_known, lowered.then)
            done.update(one for one in imposed if holds_in(self.imposing(place, one), situation))
            still_open.update(one for one in kept if holds_in(self.imposing(place, one), situation))
        names = [measure.id for measure in self.pack.measures.all]
        words = ", ".join(names[place] for place in sorted(done)) or "nothing"
        named = [names[place] for place in sorted(still_open - done)]
        left = ", ".join(name for name in named if waiting is None or name in waiting)
        return words + (f" (open: {left})" if left else "")

    # ---------------------------------------------------------------- promises

    def condition(self, expression: Expression, *, plane: Plane = Plane.TRUE, point: int = 0) -> Formula:
        """A condition of a promise, over signals, `market` and `measures`, in one of its planes."""
        return self._promise(self.lowered(expression), plane, point)

    def of_nothing(self, expression: Expression) -> Formula:
        """That a condition is true or unknown of an item on which nothing is imposed."""
        return self._promise(self.lowered(expression), Plane.POSSIBLE, None)

    def possibly(self, expression: Expression, point: int = 0) -> Formula:
        """That a condition is true or unknown."""
        return self.condition(expression, plane=Plane.POSSIBLE, point=point)

    def lowered(self, expression: Expression) -> Node:
        """A condition of a promise as atoms; the same object for the same expression."""
        found = self._nodes.get(expression)
        if found is None:
            found = self._nodes[expression] = lower_condition(expression, self.promise_words)
        return found

    def _promise(self, node: Node, plane: Plane, point: int | None) -> Formula:
        if not isinstance(node, Atom):
            parts = [self._promise(part, plane, point) for part in node.parts]
            return every(parts) if isinstance(node, AllParts) else some(parts)
        match node.test:
            case Among(name, values) if name == MARKET_WORD:
                inside = self.stage.in_markets(map(str, values))
                return Not(inside) if node.negated else inside
            case Members() | Size() if node.test.signal == MEASURES_WORD:
                # What is certainly not so is not possibly so, and the other way round.
                wanted = plane if not node.negated else _other(plane)
                plain = self._measures(node.test, wanted, point)
                return Not(plain) if node.negated else plain
            case _:
                return true(node, point or 0) if plane is Plane.TRUE else possible(node, point or 0)

    def _measures(self, test: Members | Size, plane: Plane, point: int | None) -> Formula:
        """A test of the set of measures that are done, of which some may still be open; without a point, of none."""
        count = len(self.pack.measures.all)
        done = [NEVER if point is None else self.done(place, point) for place in range(count)]
        maybe = [NEVER if point is None else self.conceivable(place, point) for place in range(count)]
        if isinstance(test, Members):
            index = self.pack.measures.index
            chosen = [(done if plane is Plane.TRUE else maybe)[index[name]] for name in sorted(test.values)]
            return every(chosen) if test.mode == "all" else some(chosen)
        least, most = (done, maybe) if plane is Plane.TRUE else (maybe, done)
        passing = [number for number in range(count + 1) if test.holds(frozenset(map(str, range(number))))]
        return some(every((_at_least(run[0], least), Not(_at_least(run[-1] + 1, most)))) for run in _runs(passing))

    def subjects_of(self, expressions: Iterable[Expression]) -> tuple[str, ...]:
        """The subjects that a promise is about: what its signals belong to; all, where it reads none."""
        given = tuple(expressions)
        reads = any(name in self.pack.vocabulary.by_name for one in given for name in signals_of(one))
        return self.readable_by(given)[-1:] if reads else self.readable_by(given)

    def readable_by(self, expressions: Iterable[Expression]) -> tuple[str, ...]:
        """The subjects whose decisions may read all that a promise reads, an item first; all, where it reads none."""
        named = {name for expression in expressions for name in signals_of(expression)}
        read = [self.pack.vocabulary.by_name[name] for name in named if name in self.pack.vocabulary.by_name]
        if not read:
            return self.subjects or SUBJECTS[:1]
        broadest = min((signal.subject for signal in read), key=SUBJECTS.index)
        return SUBJECTS[: SUBJECTS.index(broadest) + 1]


def _other(plane: Plane) -> Plane:
    return Plane.POSSIBLE if plane is Plane.TRUE else Plane.TRUE


def _at_least(number: int, parts: list[Formula]) -> Formula:
    if number <= 0:
        return ALWAYS
    return NEVER if number > len(parts) else AtLeast(number, tuple(parts))


def _runs(numbers: list[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs
