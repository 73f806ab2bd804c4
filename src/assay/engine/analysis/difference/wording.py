"""Regions of items in words, as conditions, and as claims. It finds no regions itself."""

from __future__ import annotations

from dataclasses import dataclass

from assay.engine.analysis.difference.axes import Axes, Box
from assay.engine.analysis.difference.change import Company, Region
from assay.engine.analysis.difference.contribution import Contribution
from assay.engine.analysis.situations.memory import read_by
from assay.engine.analysis.situations.search import Search
from assay.engine.analysis.situations.world import World
from assay.engine.kernel.truth import UNKNOWN, YES, Truth
from assay.engine.language.expression.printer import print_expression
from assay.engine.language.expression.syntax import Literal
from assay.engine.language.phrases import named_words
from assay.engine.language.plain import plain_condition
from assay.engine.program.core import Atom, InRollout, Node
from assay.engine.program.lower import lower_condition
from assay.engine.program.smt.formula import Formula, Situation, every, holds_in, true


@dataclass(frozen=True, slots=True)
class Wording:
    """What both versions come to, said of regions and of their witnesses."""

    search: Search
    old: World
    new: World
    measure: str

    def inside(self, box: Box, axes: Axes) -> Formula:
        """That an item certainly lies in a box."""
        said = axes.expression(box)
        nodes: list[Node] = [lower_condition(said, self.search.stage.vocabulary), *axes.atoms(box)]
        return every(true(node) for node in nodes)

    def region(self, box: Box, axes: Axes, company: Company, situation: Situation, words: str = "") -> Region:
        """A box of complete items; `words` where they say it better than its axes."""
        said, rollouts = axes.expression(box), axes.atoms(box)
        plain = "" if isinstance(said, Literal) and rollouts else plain_condition(said, self.search.stage.vocabulary)
        return Region(
            words=words or " and ".join(part for part in (plain, *map(_rollout, rollouts)) if part),
            condition="" if rollouts or words else print_expression(said),
            complete=True,
            missing=(),
            already=company.already,
            otherwise=company.otherwise,
            above=company.above,
            witness=self.search.witness(situation, shows=self.shows(situation)),
        )

    def waiting(
        self,
        nodes: tuple[Node, Node],
        whole: Formula,
        truths: tuple[Truth, Truth],
        rules: tuple[tuple[Contribution, ...], tuple[Contribution, ...]],
        situation: Situation,
    ) -> Region:
        """All items of which something is unknown and for which the changed rules come to other truths."""
        read = sorted({name for node in nodes for name in read_by(node)})
        filled = self._filled(whole, situation, read)
        missing = tuple(name for name in read if filled.points[0].get(name) is None)
        old, new = (named_words(dict.fromkeys(one.ref for one in side)) for side in rules)
        before, after = truths
        if before is UNKNOWN:
            words = f"while it is open whether {old} hold{_s(rules[0])}: it is now {_certainty(after)}"
        elif after is UNKNOWN:
            words = f"while it is open whether {new} hold{_s(rules[1])}: it was {_certainty(before)}"
        else:
            words = f"while other rules are open: {_certainty(before)} became {_certainty(after)}"
        return self._whole(words, missing, filled)

    def meanwhile(
        self, old: tuple[Contribution, ...], new: tuple[Contribution, ...], after: Truth, situation: Situation
    ) -> Region:
        """All items on which something is done, or no longer done, while rules are open."""
        rules = new if after is YES else old
        words = f"while it is open whether {named_words(dict.fromkeys(one.ref for one in rules))} hold{_s(rules)}"
        read = sorted({name for one in rules for name in read_by(one.node)})
        missing = tuple(name for name in read if situation.points[0].get(name) is None)
        return self._whole(words, missing, situation)

    def _whole(self, words: str, missing: tuple[str, ...], situation: Situation) -> Region:
        shown = self.search.witness(situation, shows=self.shows(situation))
        return Region(words, condition="", complete=False, missing=missing, witness=shown)

    def shows(self, situation: Situation) -> str:
        """What both versions come to for an item: what is done, and whether the measure itself is open."""
        both = (world.comes_to(situation, waiting=(self.measure,)) for world in (self.old, self.new))
        return "before: {}; after: {}".format(*both)

    def _filled(self, whole: Formula, situation: Situation, names: list[str]) -> Situation:
        """The same with as much known as it takes to see what is waited for."""
        alphabet = self.search.alphabet
        for name in names:
            domain = alphabet.domain(name) if situation.points[0].get(name) is None else None
            for value in domain.values if domain is not None else ():
                tried = Situation(({**situation.points[0], name: value},), situation.places, situation.item)
                if holds_in(whole, tried):
                    situation = tried
                    break
        order = self.search.stage.vocabulary.index
        points = (dict(sorted(situation.points[0].items(), key=lambda pair: order[pair[0]])),)
        return Situation(points, situation.places, situation.item)


def _certainty(truth: Truth) -> str:
    return "certainly imposed" if truth is YES else "certainly not imposed"


def _s(rules: tuple[Contribution, ...]) -> str:
    return "s" if len({one.ref for one in rules}) == 1 else ""


def _rollout(atom: Atom) -> str:
    assert isinstance(atom.test, InRollout)  # noqa: S101 (the caller chose them)
    share = f"{atom.test.share:.6g}"
    return f"it is {'not ' if atom.negated else ''}among the share {share} of items that `{atom.test.rule}` is tried on"
