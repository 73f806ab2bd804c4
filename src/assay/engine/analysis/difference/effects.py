"""One measure in two versions: where, when and on which items it turns out otherwise. It reports and weighs nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
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
from assay.engine.analysis.difference.seen import Seen
from assay.engine.analysis.difference.wording import Wording
from assay.engine.analysis.situations.search import Search
from assay.engine.kernel.truth import NO, UNKNOWN, YES, Truth
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.pack.vocabulary import SUBJECTS
from assay.engine.program.core import All, Node, opposite
from assay.engine.program.smt.alphabet import Alphabet
from assay.engine.program.smt.formula import ALWAYS, Formula, Not, Situation, every, holds_in, possible, some, true
from assay.engine.program.smt.formula import Axis as Dimension
from assay.engine.program.smt.solver import Answer, Possible, Undecided

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
    silent    the signals for which the calendar has no value there
    """

    subject: str
    epoch: int
    markets: tuple[int, ...]
    silent: frozenset[str]
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


_Rules: TypeAlias = tuple[Contribution, ...]
# Times and market classes.
_Where: TypeAlias = tuple[tuple[int, ...], tuple[int, ...]]


class _Bar(Enum):
    """What other rules must not be, for a measure to turn out otherwise: possible, true, open; or what they must be."""

    POSSIBLE = "possible"
    TRUE = "true"
    OPEN = "open"
    WAITING = "none of them true, and one of them open"


@dataclass(frozen=True, slots=True)
class _Said:
    """What is claimed of every cell of a region.

    core    the same in all of them
    hint    values that may well show it, for some signals; others are filled in
    bar     what the rules beside it must not be
    beside  for a cell: rules that both versions have, those of the other version, those of regions above
    """

    name: str
    core: Formula
    hint: Mapping[str, MaybeValue] | None
    bar: _Bar
    beside: Callable[[_Cell], tuple[_Rules, _Rules, _Rules]]


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
        self._order = tuple(dict.fromkeys((*parted.common, *parted.old, *parted.new)))
        self._barred: dict[tuple[_Bar, Contribution], Formula] = {}

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
                cells: dict[tuple[_Rules, _Rules, _Rules, frozenset[str]], list[int]] = {}
                for market in range(len(self.stage.markets)):
                    shared, was, now = (act_at(side, self.stage, market, epoch) for side in sides)
                    # Rules that differ in their dates or markets may still be the same here and now.
                    if {one.node for one in was} != {one.node for one in now}:
                        cells.setdefault((shared, was, now, self._silent(market, epoch)), []).append(market)
                for (shared, was, now, silent), markets in cells.items():
                    cell = _Cell(subject, epoch, tuple(markets), silent, shared, was, now)
                    groups.setdefault((subject, was, now), []).append(cell)
        return list(groups.values())

    def _silent(self, market: int, epoch: int) -> frozenset[str]:
        """The signals for which the calendar has no value there: only there may they be unknown."""
        return frozenset(name for name, pairs in self.stage.silent.items() if (market, epoch) in pairs)

    def _hits(self, cells: list[_Cell], said: _Said, better: Formula = ALWAYS) -> list[_Hit]:
        """The cells in which a claim can be true, if possible shown by an item of which something more is true."""
        found: list[_Hit] = []
        # Markets and times matter only by which rules are beside, and by what the calendar leaves unknown.
        known: dict[tuple[frozenset[Contribution], frozenset[str]], Situation] = {}
        none: list[tuple[frozenset[str], frozenset[Contribution]]] = []
        monotone = said.bar is not _Bar.WAITING
        beside = [said.beside(cell) for cell in cells]
        barred_in = [frozenset(one for side in sides for one in side) for sides in beside]
        seen = self._everywhere(cells, said, barred_in, better) if monotone else []
        for cell, sides, barred in zip(cells, beside, barred_in, strict=True):
            # Where leaving out fewer rules leaves nothing, leaving out more does not either.
            if monotone and any(silent == cell.silent and fewer <= barred for silent, fewer in none):
                continue
            company = Company(*map(_refs, sides))
            same = known.get((barred, cell.silent))
            if same is None:
                same = next((one.situation for one in seen if self._is_shown(one, said.bar, barred, cell)), None)
            if same is not None:
                found.append(_Hit(cell.epoch, cell.markets, company, self._moved(same, cell)))
                continue
            answer = self._asked(cell, said, barred, better if not found else None)
            if isinstance(answer, Possible):
                seen.append(Seen(answer.situation, frozenset(self.stage.silent)))
                known[barred, cell.silent] = answer.situation
                found.append(_Hit(cell.epoch, cell.markets, company, answer.situation))
            elif isinstance(answer, Undecided):
                words = f"undecided whether `{self.parted.measure}` turns out otherwise there ({answer.why})"
                self.doubts.append(Doubt(words, answer.query))
            elif monotone:
                none.append((cell.silent, barred))
        return found

    def _everywhere(
        self, cells: list[_Cell], said: _Said, barred_in: list[frozenset[Contribution]], better: Formula
    ) -> list[Seen]:
        """An item that shows the same in every cell, if there is one: then one question is enough."""
        together = frozenset[Contribution]().union(*barred_in)
        if len(set(barred_in)) < 2:
            return []
        cell = min(cells, key=lambda one: len(one.silent))
        answer = self._asked(cell, said, together, better)
        return [Seen(answer.situation, frozenset(self.stage.silent))] if isinstance(answer, Possible) else []

    def _is_shown(self, seen: Seen, bar: _Bar, barred: frozenset[Contribution], cell: _Cell) -> bool:
        """Whether an item that was found in another cell shows the same in this one."""
        if bar is _Bar.WAITING or not seen.fits(cell.silent):
            return False
        if bar is _Bar.OPEN:
            return all(seen.truth(one) is not UNKNOWN for one in barred)
        # What is open and has `until_known` might be closed when the item is decided.
        closes = self.search.closing.closes
        return all(
            (truth := seen.truth(one)) is NO or (bar is _Bar.TRUE and truth is UNKNOWN and not closes(one.node))
            for one in barred
        )

    def _asked(self, cell: _Cell, said: _Said, barred: frozenset[Contribution], better: Formula | None) -> Answer:
        """A situation in one cell; `better` is None where nobody will see it."""
        stage = self.stage
        where = (
            stage.of_subject(cell.subject),
            stage.within(Dimension.EPOCH, (cell.epoch,)),
            stage.within(Dimension.MARKET, cell.markets),
        )
        whole = every((*where, said.core, *self._bars(said.bar, barred)))
        name = f"{self.parted.measure}:{said.name}:{cell.epoch}:{cell.markets}"
        hints = [] if said.hint is None else [self._moved(Situation((said.hint,)), cell)]
        answer = self.search.find(whole, name, hints=hints, shown=better is not None)
        if better is None or not isinstance(answer, Possible) or holds_in(better, answer.situation):
            return answer
        plainer = self.search.find(every((whole, better)), f"{name}:plain")
        return plainer if isinstance(plainer, Possible) else answer

    def _bars(self, bar: _Bar, barred: frozenset[Contribution]) -> list[Formula]:
        # In an order that does not depend on hashes, so that a run is like the last.
        others = [one for one in self._order if one in barred]
        if bar is _Bar.WAITING:
            return [*(self._not(_Bar.TRUE, one) for one in others), some(possible(one.node) for one in others)]
        return [self._not(bar, one) for one in others]

    def _not(self, bar: _Bar, one: Contribution) -> Formula:
        if (bar, one) not in self._barred:
            said = possible(one.node) if bar is _Bar.POSSIBLE else true(one.node)
            self._barred[bar, one] = Not(is_so(one.node, UNKNOWN) if bar is _Bar.OPEN else said)
        return self._barred[bar, one]

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
        regions: dict[_Where, list[tuple[str, Region]]] = {}
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
    ) -> Iterator[tuple[_Where, Region]]:
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
            met: dict[Contribution, bool] = {}

            def near(side: _Rules, box: Box = box, met: dict[Contribution, bool] = met) -> _Rules:
                for one in side:
                    if one not in met:
                        met[one] = meets(one.node, box, self.axes)
                return tuple(one for one in side if met[one])

            def beside(cell: _Cell, near: Callable[[_Rules], _Rules] = near) -> tuple[_Rules, _Rules, _Rules]:
                return near(cell.common), near(others), near(above)

            core = every((self.wording.inside(box, self.axes), true(node)))
            said = _Said(f"{name}:{number}", core, self.axes.sample(box), _Bar.POSSIBLE, beside)
            for key, hit in _stretches(self._hits(cells, said, self._spared(gains=gains))):
                yield key, self.wording.region(box, self.axes, hit.company, hit.situation, words)

    def _spared(self, *, gains: bool) -> Formula:
        """That the version without the measure does not do it meanwhile either: a witness is plainer then."""
        world = self.search.worlds[0 if gains else 1]
        place = world.pack.measures.index.get(self.parted.measure)
        return ALWAYS if place is None else Not(world.done(place))

    def _waiting(self, cells: list[_Cell], before: Truth, after: Truth) -> Iterator[Change]:
        """Changes of items of which something is unknown, each as a whole."""
        old, new = any_of_them(cells[0].old), any_of_them(cells[0].new)
        core = every((is_so(old, before), is_so(new, after)))
        # Where no other rule is open the complete items have shown it already.
        bar = _Bar.WAITING if UNKNOWN not in (before, after) else _Bar.TRUE if YES in (before, after) else _Bar.POSSIBLE
        said = _Said(f"{before.value}:{after.value}", core, None, bar, lambda cell: (cell.common, (), ()))
        for where, hit in _stretches(self._hits(cells, said)):
            region = self.wording.waiting(
                (old, new), core, (before, after), (cells[0].old, cells[0].new), hit.situation
            )
            behind = _refs((*cells[0].new, *cells[0].old))
            yield self._change(cells[0], where, (before, after), behind, (region,))

    def _meanwhile(self, cells: list[_Cell]) -> Iterator[Change]:
        """Changes of what is done while rules are open."""
        for before, after in ((NO, YES), (YES, NO)):
            done, spared = (cells[0].new, cells[0].old) if after is YES else (cells[0].old, cells[0].new)
            core = every((waits(done), Not(waits(spared))))
            said = _Said(f"meanwhile:{after.value}", core, None, _Bar.OPEN, lambda cell: (cell.common, (), ()))
            for where, hit in _stretches(self._hits(cells, said)):
                region = self.wording.meanwhile(cells[0].old, cells[0].new, after, hit.situation)
                behind = _refs(done)
                yield self._change(cells[0], where, (before, after), behind, (region,), meanwhile=True)

    def _change(
        self,
        cell: _Cell,
        where: _Where,
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


def _refs(found: tuple[Contribution, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.ref for one in found))


def _stretches(hits: list[_Hit]) -> Iterator[tuple[_Where, _Hit]]:
    """Hits put together: the markets of each time, and times one after the other with the same markets."""
    by_epoch: dict[int, list[_Hit]] = {}
    for hit in hits:
        by_epoch.setdefault(hit.epoch, []).append(hit)
    runs: list[tuple[list[int], tuple[int, ...], list[_Hit]]] = []
    for epoch, found in sorted(by_epoch.items()):
        markets = tuple(sorted(market for hit in found for market in hit.markets))
        if runs and runs[-1][1] == markets and runs[-1][0][-1] == epoch - 1:
            runs[-1][0].append(epoch)
            runs[-1][2].extend(found)
        else:
            runs.append(([epoch], markets, found))
    for epochs, markets, found in runs:
        yield (tuple(epochs), markets), _Hit(epochs[0], markets, _together(found), found[0].situation)


def _together(hits: list[_Hit]) -> Company:
    """The company of all hits: a rule that does not hold in a market imposes nothing there, so naming it is no harm."""
    sides = (
        [hit.company.already for hit in hits],
        [hit.company.otherwise for hit in hits],
        [hit.company.above for hit in hits],
    )
    return Company(*(tuple(dict.fromkeys(ref for refs in side for ref in refs)) for side in sides))
