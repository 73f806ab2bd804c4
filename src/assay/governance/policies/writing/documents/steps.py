"""A decision tree in words: questions, answers, where each leads. It is made by the engine; here it is only said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assay.engine.analysis.answers import answers_in_words
from assay.engine.analysis.state import Scene
from assay.engine.analysis.tree import Branch, End, Step, Tree, build_tree
from assay.engine.decision.decide import Decider
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.pack.measures import Measure


@dataclass(frozen=True, slots=True)
class Ending:
    """Where the questions end: what is done; nothing where there is no measure.

    open_rules  rules that stay open since nobody can answer for what they wait for
    """

    measures: tuple[Measure, ...]
    open_rules: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """In a few words."""
        done = ", ".join(measure.title for measure in self.measures) or "Nothing is done"
        return f"{done}; the rest stays open" if self.open_rules else done


@dataclass(frozen=True, slots=True)
class Answer:
    """Answers that lead to one place: to another question by its number, or to an end."""

    words: str
    likely: float
    goes_to: int | None
    ending: Ending | None


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a tree."""

    number: int
    signal: str
    question: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Steps:
    """A whole tree.

    ending    where nothing has to be asked
    expected  how many questions are expected, by the pack's priors; `most` on the longest way
    complete  whether nothing was cut
    """

    asked: tuple[Asked, ...]
    ending: Ending | None
    expected: float
    most: int
    complete: bool


def steps_of(scene: Scene, decider: Decider, wanted: Callable[[str], bool], say: Callable[[str, str], str]) -> Steps:
    """The tree of some rules in one market class.

    say  from a signal's name and its question to the question in the reader's language
    """
    tree = build_tree(scene, decider.questions, wanted, _known(scene, decider))
    speaker = _Speaker(decider, say)
    ending = None if isinstance(tree.start, int) else speaker.ending(tree.start)
    return Steps(tuple(speaker.asked(tree)), ending, tree.expected_questions, _most(tree), tree.complete)


class _Speaker:
    def __init__(self, decider: Decider, say: Callable[[str, str], str]) -> None:
        self.decider, self.say = decider, say

    def asked(self, tree: Tree) -> Iterator[Asked]:
        for step in tree.steps:
            signal = self.decider.vocabulary.signals[step.signal]
            question = self.say(signal.name, signal.question or signal.title)
            answers = tuple(self._answer(step, branch) for branch in step.branches)
            yield Asked(step.number, signal.name, question, answers)

    def _answer(self, step: Step, branch: Branch) -> Answer:
        signal = self.decider.vocabulary.signals[step.signal]
        words = answers_in_words(signal, branch.answers, step.signal, self.decider.residuals)
        if isinstance(branch.leads_to, End):
            return Answer(words, branch.likely, None, self.ending(branch.leads_to))
        return Answer(words, branch.likely, branch.leads_to, None)

    def ending(self, end: End) -> Ending:
        by_id = self.decider.pack.measures.by_id
        measures = tuple(by_id[name] for name in self.decider.measure_ids(end.measures))
        return Ending(measures, self.decider.rule_refs(end.open_rules))


def _most(tree: Tree) -> int:
    return tree.most_questions


def _known(scene: Scene, decider: Decider) -> list[MaybeValue]:
    """What a calendar says is known beforehand; everything else is asked."""
    calendar = scene.regime.calendar
    return [
        calendar[signal.name].get(scene.market.name) if signal.name in calendar else None
        for signal in decider.vocabulary.signals
    ]
