"""Looks for a situation in which a claim is true: remembered, else found by the solver, else proved not to be there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assay.engine.analysis.situations.closing import Closing, LeftOpen
from assay.engine.analysis.situations.filling import Filling
from assay.engine.analysis.situations.memory import Digests, Forgetful, Memory, read_situation, write_situation
from assay.engine.analysis.situations.plainer import Plainer
from assay.engine.analysis.situations.stage import Stage
from assay.engine.analysis.situations.witness import Witness
from assay.engine.analysis.situations.world import World
from assay.engine.language.pack.vocabulary import SUBJECTS
from assay.engine.program.core import Node
from assay.engine.program.smt.alphabet import Alphabet
from assay.engine.program.smt.encode import Encoder, Written
from assay.engine.program.smt.formula import (
    Axis,
    Formula,
    Situation,
    every,
    holds_in,
)
from assay.engine.program.smt.solver import IMPOSSIBLE, Answer, Possible, Question, Undecided, ask

# Witnesses in which a rule only seems open; they are rare, and each is ruled out before the next is looked for.
MOST_SEEMING = 50
_PROVED = "proved"


class Search:
    """Asks claims about one or two worlds on one stage.

    worlds   the packs that claims speak of; `until_known` of their rules counts only where a rule is really open
    nodes    conditions that claims may hold beyond those of the rules
    seconds  how long the solver may think about one claim
    """

    def __init__(
        self,
        stage: Stage,
        worlds: Iterable[World],
        nodes: Iterable[Node],
        *,
        seconds: float,
        memory: Memory | None = None,
    ) -> None:
        self.stage, self.worlds, self.seconds = stage, tuple(worlds), seconds
        self.memory: Memory = Forgetful() if memory is None else memory
        rules = [lowered.condition for world in self.worlds for lowered in world.rules]
        self.alphabet = Alphabet.of(stage.vocabulary, [*rules, *nodes])
        self._written = Written()
        self._written_complete = self._written.for_complete_items()
        self._encoders: dict[tuple[frozenset[str], bool], Encoder] = {}
        self.readings = self._written.readings
        until = [lowered.condition for world in self.worlds for lowered in world.rules if lowered.until_known]
        self.digests = Digests(stage, self.readings, until)
        self.filling = Filling(self.alphabet, rules)
        self.closing = Closing(until, self.encoder(frozenset()), seconds=seconds)
        self.solved = self.reused = 0

    def find(
        self,
        claim: Formula,
        name: str,
        *,
        apart: frozenset[str] = frozenset(),
        hints: Iterable[Situation] = (),
        shown: bool = True,
    ) -> Answer:
        """A situation in which a claim is true, made as plain as it can be; or a proof that there is none.

        name   names the claim, to remember its witness by
        apart  signals that the second item of the situation may have otherwise than the first
        hints  situations in which it may well be true, looked at before the solver is asked
        shown  whether people will see it; else it is left as it was found
        """
        whole = self.bounded(claim)
        remembered = self.memory.get(f"witness:{name}")
        kept = None if remembered is None else read_situation(remembered, self.stage)
        if kept is not None and self._shows(whole, kept):
            self.reused += 1
            return Possible(kept)
        hinted = False
        for hint in hints:
            hinted = True
            if self._shows(whole, hint):
                return self._keep(name, whole, hint, apart, shown=shown)
        key = self.digests.of(whole, apart)
        if self.memory.get(key) == _PROVED:
            self.reused += 1
            return IMPOSSIBLE
        self.solved += 1
        answer = self._ask(whole, apart, likely=hinted)
        if isinstance(answer, Possible):
            return self._keep(name, whole, answer.situation, apart, shown=shown)
        if not isinstance(answer, Undecided):
            self.memory.put(key, _PROVED)
        return answer

    def _shows(self, whole: Formula, situation: Situation) -> bool:
        return len(situation.points) >= self.readings.of(whole).points and self._holds(whole, situation)

    def _holds(self, whole: Formula, situation: Situation) -> bool:
        # By the tables and with what only seems open closed: then the meaning and a decision both show it.
        try:
            return holds_in(whole, situation) and self.closing.holds(whole, situation)
        except LeftOpen:
            return False

    def _keep(self, name: str, whole: Formula, situation: Situation, apart: frozenset[str], *, shown: bool) -> Possible:
        plain = situation
        if shown:
            plain = Plainer(whole, situation, self.closing).plain(self.stage.vocabulary, apart)
        self.memory.put(f"witness:{name}", write_situation(plain, self.stage))
        return Possible(plain)

    def bounded(self, claim: Formula) -> Formula:
        """A claim, with what the calendar says of the signals that it reads."""
        read: dict[int, set[str]] = {}
        for name, point in self.readings.of(claim).signals:
            read.setdefault(point, set()).add(name)
        return every((claim, *(self.stage.calendar(names, point) for point, names in sorted(read.items()))))

    def encoder(self, apart: frozenset[str], *, complete: bool = False) -> Encoder:
        """The encoder for claims in which these signals are apart; `complete` where every signal is known."""
        if (apart, complete) not in self._encoders:
            written = self._written_complete if complete else self._written
            self._encoders[apart, complete] = Encoder(
                self.alphabet, self.stage.sizes, apart, written, complete=complete
            )
        return self._encoders[apart, complete]

    def _ask(self, whole: Formula, apart: frozenset[str], *, likely: bool) -> Answer:
        tried = likely
        if likely:
            complete = self._ask_all_known(whole, apart)
            if complete is not None:
                return complete
        question = Question(self.encoder(apart), whole, seconds=self.seconds)
        for _ in range(MOST_SEEMING):
            answer = question.answer()
            if not isinstance(answer, Possible):
                return answer
            try:
                if self.closing.holds(whole, answer.situation):
                    return answer
                instead = self.closing.instead(whole, answer.situation)
            except LeftOpen as left:
                return left.answer
            if instead is None:
                return Undecided("a witness of the solver does not hold", question.solver.to_smt2())
            complete = None if tried else self._ask_all_known(whole, apart)
            if complete is not None:
                return complete
            tried = True
            question.narrow(instead)
        return Undecided("every witness rests on a rule that only seems open", question.solver.to_smt2())

    def _ask_all_known(self, whole: Formula, apart: frozenset[str]) -> Possible | None:
        """A situation in which every signal is known that the claim looks at: nothing is open then, nor seems so."""
        answer = ask(self.encoder(apart, complete=True), whole, seconds=self.seconds)
        return answer if isinstance(answer, Possible) and self._holds(whole, answer.situation) else None

    def blamed(self, claim: Formula, parts: Sequence[Formula]) -> list[int] | None:
        """Which of some parts, by their places, are enough to make a claim impossible; None where all are not."""
        return Question(self.encoder(frozenset()), self.bounded(claim), seconds=self.seconds).blamed(parts)

    # --------------------------------------------------------------- witnesses

    def witness(self, situation: Situation, point: int = 0, shows: str = "") -> Witness:
        """A situation as an item that can be decided."""
        places = situation.places
        signals = situation.points[min(point, len(situation.points) - 1)]
        scoped = frozenset(name for name in signals if self.stage.vocabulary.by_name[name].by_market)
        return Witness(
            id=situation.item,
            subject=SUBJECTS[places.get(Axis.SUBJECT, 0)],
            signals=signals,
            market=self.stage.markets[places.get(Axis.MARKET, 0)].example,
            as_of=self.stage.epochs[places.get(Axis.EPOCH, 0)],
            scoped=scoped,
            shows=shows,
        )
