"""One measure in two versions: where, when and on which items it turns out otherwise. It reports and weighs nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from assay.engine.analysis.difference.axes import Axes, Box
from assay.engine.analysis.difference.boxes import TooMany, boxes_of, meets
from assay.engine.analysis.difference.change import Change, Company, Direction, Doubt, Region
from assay.engine.analysis.difference.contribution import (
    Contribution,
    Parted,
    act_at,
    any_of_them,
    is_so,
    waits,
)
from assay.engine.analysis.difference.wording import Wording
from assay.engine.analysis.situations.search import Search
from assay.engine.kernel.truth import NO, UNKNOWN, YES, Truth
from assay.engine.language.pack.vocabulary import SUBJECTS
from assay.engine.program.core import All, Node, opposite
from assay.engine.program.smt.alphabet import Alphabet
from assay.engine.program.smt.formula import ALWAYS, Formula, Not, Situation, every, holds_in, possible, true
from assay.engine.program.smt.formula import Axis as Dimension
from assay.engine.program.smt.solver import Possible, Undecided

_DIRECTIONS = {
    (NO, YES): Direction.WIDENED,
    (YES, NO): Direction.NARROWED,
    (NO, UNKNOWN): Direction.OPENED,
    (YES, UNKNOWN): Direction.OPENED,
    (UNKNOWN, NO): Direction.SETTLED,
    (UNKNOWN, YES): Direction.SETTLED,
}


@dataclass(frozen=True, slots=True)
class _Cell:
    """Market classes at one time in which the same rules count, for one kind of subject.

    common    the rules that both versions have there
    old, new  those that only one has
    """

    subject: str
    epoch: int
    markets: tuple[int, ...]
    common: tuple[Contribution, ...]
    old: tuple[Contribution, ...]
    new: tuple[Contribution, ...]


@dataclass(frozen=True, slots=True)
class _Hit:
    """A place in which items of a region really change."""

    epoch: int
    markets: tuple[int, ...]
    company: Company
    situation: Situation


# What is claimed of a cell, and the rules whose items are left out.
_Said: TypeAlias = Callable[[_Cell], tuple[Formula, Company]]


class Effects:
    """Works out the changes of one measure."""

    def __init__(self, parted: Parted, search: Search, wording: Wording, kin: Mapping[str, str]) -> None:
        """`kin` says how a rule of one version is called in the other, where it is called otherwise."""
        self.parted, self.search, self.wording, self.kin = parted, search, wording, kin
        self.stage = search.stage
        self.doubts: list[Doubt] = []
        changed = [one.node for one in (*parted.old, *parted.new)]
        # Only what the changed rules tell apart is spoken of.
        self.axes = Axes(Alphabet.of(search.stage.vocabulary, changed))

    def changes(self) -> Iterator[Change]:
        """Every change of the measure."""
        for cells in self._alike(meanwhile=False):
            yield from self._certain(cells)
        for cells in self._alike(meanwhile=True):
            yield from self._meanwhile(cells)

    # ------------------------------------------------------------ where and when

    def _alike(self, *, meanwhile: bool) -> list[list[_Cell]]:
        """Where which rules count; cells with the same changed rules stand together."""
        old, new, common = (
            [one for one in side if one.meanwhile is meanwhile]
            for side in (self.parted.old, self.parted.new, self.parted.common)
        )
        groups: dict[tuple[object, ...], list[_Cell]] = {}
        for subject in SUBJECTS if old or new else ():
            sides = [[one for one in side if one.subject == subject] for side in (common, old, new)]
            for epoch in range(len(self.stage.epochs)):
                cells: dict[tuple[tuple[Contribution, ...], ...], list[int]] = {}
                for market in range(len(self.stage.markets)):
                    here = tuple(act_at(side, self.stage, market, epoch) for side in sides)
                    # Rules that differ in their dates or markets may still be the same here and now.
                    if {one.node for one in here[1]} != {one.node for one in here[2]}:
                        cells.setdefault(here, []).append(market)
                for here, markets in cells.items():
                    groups.setdefault((subject, *here[1:]), []).append(_Cell(subject, epoch, tuple(markets), *here))
        return list(groups.values())

    def _hits(self, cells: list[_Cell], claim: _Said, name: str, better: Formula = ALWAYS) -> list[_Hit]:
        """The cells in which a claim can be true, if possible shown by an item of which something more is true."""
        found: list[_Hit] = []
        for cell in cells:
            said, company = claim(cell)
            stage = self.stage
            situated = (
                stage.of_subject(cell.subject),
                stage.within(Dimension.EPOCH, (cell.epoch,)),
                stage.within(Dimension.MARKET, cell.markets),
            )
            hints = [self._moved(hit.situation, cell) for hit in found[-1:]]
            answer = self.search.find(every((*situated, said)), f"{name}:{cell.epoch}:{cell.markets}", hints=hints)
            if isinstance(answer, Possible):
                situation = answer.situation
                if not holds_in(better, situation):
                    plainer = self.search.find(every((*situated, said, better)), f"{name}:{cell.epoch}:plain")
                    situation = plainer.situation if isinstance(plainer, Possible) else situation
                found.append(_Hit(cell.epoch, cell.markets, company, situation))
            elif isinstance(answer, Undecided):
                words = f"undecided whether `{self.parted.measure}` turns out otherwise there ({answer.why})"
                self.doubts.append(Doubt(words, answer.query))
        return found

    @staticmethod
    def _moved(situation: Situation, cell: _Cell) -> Situation:
        places = {**situation.places, Dimension.EPOCH: cell.epoch, Dimension.MARKET: cell.markets[0]}
        return Situation(situation.points, places, situation.item)

    # ---------------------------------------------------------- what is certain

    def _certain(self, cells: list[_Cell]) -> Iterator[Change]:
        for before, after in ((NO, YES), (YES, NO)):
            definite = list(self._complete(cells, before, after))
            yield from definite
            if not definite:
                yield from self._waiting(cells, before, after)
        for before, after in _DIRECTIONS:
            if UNKNOWN in (before, after):
                yield from self._waiting(cells, before, after)

    def _complete(self, cells: list[_Cell], before: Truth, after: Truth) -> Iterator[Change]:
        """Changes of items of which everything is known, rule by rule, as boxes."""
        gained, lost = (cells[0].new, cells[0].old) if after is YES else (cells[0].old, cells[0].new)
        regions: dict[tuple[tuple[int, ...], tuple[int, ...]], list[tuple[str, Region]]] = {}
        for number, one in enumerate(gained):
            same = next((other for other in lost if self.kin.get(one.ref, one.ref) == other.ref), None)
            node = one.node if same is None else All((one.node, opposite(same.node)))
            others = tuple(other for other in lost if other is not same)
            name = f"{before.value}:{after.value}:{number}"
            for key, region in self._of_rule(cells, (one, node), others, gained[:number], name, gains=after is YES):
                regions.setdefault(key, []).append((one.ref, region))
        for (epochs, markets), found in regions.items():
            behind = tuple(dict.fromkeys(ref for ref, _ in found))
            yield self._change(cells[0], (epochs, markets), (before, after), behind, tuple(one for _, one in found))

    def _of_rule(
        self,
        cells: list[_Cell],
        rule: tuple[Contribution, Node],
        others: tuple[Contribution, ...],
        above: tuple[Contribution, ...],
        name: str,
        *,
        gains: bool,
    ) -> Iterator[tuple[tuple[tuple[int, ...], tuple[int, ...]], Region]]:
        """The regions of one rule, less what other rules have to do with.

        rule  what it adds, and the condition under which it does so in one version only
        """
        node, words = rule[1], ""
        try:
            boxes = boxes_of(node, self.axes)
        except TooMany:
            # As one region, in the rule's own name: that is exact too, and shorter than its boxes.
            boxes, words = [{}], f"`{rule[0].ref}` holds, and does not in the other version"
        for number, box in enumerate(boxes):
            inside = every((self.wording.inside(box, self.axes), true(node)))

            def claim(cell: _Cell, box: Box = box, inside: Formula = inside) -> tuple[Formula, Company]:
                beside = (cell.common, others, above)
                sides = [[one for one in side if meets(one.node, box, self.axes)] for side in beside]
                alone = every(Not(possible(one.node)) for side in sides for one in side)
                return every((inside, alone)), Company(*map(_refs, sides))

            hits = self._hits(cells, claim, f"{self.parted.measure}:{name}:{number}", self._spared(gains=gains))
            for key, hit in _stretches(hits):
                yield key, self.wording.region(box, self.axes, hit.company, hit.situation, words)

    def _spared(self, *, gains: bool) -> Formula:
        """That the version without the measure does not do it meanwhile either: a witness is plainer then."""
        world = self.search.worlds[0 if gains else 1]
        place = world.pack.measures.index.get(self.parted.measure)
        return ALWAYS if place is None else Not(world.done(place))

    def _waiting(self, cells: list[_Cell], before: Truth, after: Truth) -> Iterator[Change]:
        """Changes of items of which something is unknown, each as a whole."""
        old, new = any_of_them(cells[0].old), any_of_them(cells[0].new)

        def claim(cell: _Cell) -> tuple[Formula, Company]:
            beside = _beside(cell.common, before, after)
            return every((is_so(old, before), is_so(new, after), beside)), Company()

        name = f"{self.parted.measure}:{before.value}:{after.value}"
        for (epochs, markets), hit in _stretches(self._hits(cells, claim, name)):
            cell = next(cell for cell in cells if cell.epoch == hit.epoch and cell.markets == hit.markets)
            rules = (cells[0].old, cells[0].new)
            region = self.wording.waiting((old, new), claim(cell)[0], (before, after), rules, hit.situation)
            behind = _refs([*cells[0].new, *cells[0].old])
            yield self._change(cells[0], (epochs, markets), (before, after), behind, (region,))

    def _meanwhile(self, cells: list[_Cell]) -> Iterator[Change]:
        """Changes of what is done while rules are open."""
        for before, after in ((NO, YES), (YES, NO)):

            def claim(cell: _Cell, after: Truth = after) -> tuple[Formula, Company]:
                done, spared = (cell.new, cell.old) if after is YES else (cell.old, cell.new)
                return every((waits(done), Not(waits(spared)), Not(waits(cell.common)))), Company()

            name = f"{self.parted.measure}:meanwhile:{after.value}"
            for (epochs, markets), hit in _stretches(self._hits(cells, claim, name)):
                region = self.wording.meanwhile(cells[0].old, cells[0].new, after, hit.situation)
                behind = _refs(list(cells[0].new if after is YES else cells[0].old))
                where = (epochs, markets)
                yield self._change(cells[0], where, (before, after), behind, (region,), meanwhile=True)

    def _change(
        self,
        cell: _Cell,
        where: tuple[tuple[int, ...], tuple[int, ...]],
        truths: tuple[Truth, Truth],
        behind: tuple[str, ...],
        regions: tuple[Region, ...],
        *,
        meanwhile: bool = False,
    ) -> Change:
        (epochs, markets), (before, after) = where, truths
        stage = self.stage
        return Change(
            measure=self.parted.measure,
            subject=cell.subject,
            markets=tuple(stage.markets[place].name for place in markets),
            codes=tuple(sorted(code for place in markets for code in stage.markets[place].codes)),
            since=stage.epochs[epochs[0]],
            until=stage.end_of(epochs[-1]),
            before=before,
            after=after,
            direction=_DIRECTIONS[before, after],
            meanwhile=meanwhile,
            rules=behind,
            regions=regions,
        )


def _refs(found: list[Contribution]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.ref for one in found))


def _beside(common: tuple[Contribution, ...], before: Truth, after: Truth) -> Formula:
    """What the rules that both versions have must say, for the measure itself to turn out otherwise."""
    none_true = every(Not(true(one.node)) for one in common)
    none_open = every(Not(possible(one.node)) for one in common)
    if UNKNOWN not in (before, after):
        # Where none of them is open the complete items have shown it already.
        return every((none_true, Not(none_open)))
    return none_true if YES in (before, after) else none_open


def _stretches(hits: list[_Hit]) -> Iterator[tuple[tuple[tuple[int, ...], tuple[int, ...]], _Hit]]:
    """Hits put together: the markets of each time, and times one after the other with the same markets."""
    by_company: dict[Company, dict[int, list[_Hit]]] = {}
    for hit in hits:
        by_company.setdefault(hit.company, {}).setdefault(hit.epoch, []).append(hit)
    for by_epoch in by_company.values():
        running: tuple[list[int], tuple[int, ...], _Hit] | None = None
        for epoch in sorted(by_epoch):
            markets = tuple(sorted(market for hit in by_epoch[epoch] for market in hit.markets))
            if running is not None and running[1] == markets and running[0][-1] == epoch - 1:
                running[0].append(epoch)
                continue
            if running is not None:
                yield (tuple(running[0]), running[1]), running[2]
            running = ([epoch], markets, by_epoch[epoch][0])
        if running is not None:
            yield (tuple(running[0]), running[1]), running[2]
