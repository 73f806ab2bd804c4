"""Past items of any pack, and what is counted of them one by one, by the reference meaning. It tests nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st

from assay.engine.backtest.figures import Unit
from assay.engine.backtest.history.block import ELSEWHERE, Group, HistoryBlock
from assay.engine.backtest.moments import Moments
from assay.engine.backtest.rehearsal import Scope
from assay.engine.backtest.replay.counting.draw import CERTAIN
from assay.engine.backtest.replay.counting.measures import Kind
from assay.engine.backtest.replay.counting.mixed import CellOf, Of, Rest
from assay.engine.backtest.replay.counting.states import VIEWED, Count
from assay.engine.backtest.replay.paths import Paths
from assay.engine.backtest.replay.tally import Tally
from assay.engine.backtest.replay.treatment import Treatment
from assay.engine.kernel.bits import places_of
from assay.engine.kernel.truth import NO, YES, Truth
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.meaning import Case, pack_meaning
from assay.engine.language.pack.calendar import value_by_calendar
from assay.engine.language.pack.pack import Pack
from assay.engine.program.imposed import Regime
from assay.engine.program.lower import Program, lower_pack
from tests.laws.backends.blocks import block_of
from tests.makers import a_condition, cases, conditions, named, packs

MARKETS = ("DE", "US", "US-CA", "CN", ELSEWHERE)
LANGUAGES = ("de", "en", "")


@dataclass(frozen=True, slots=True)
class Past:
    """One past item; `views` has no market where the history counts no views."""

    case: Case
    views: Mapping[str, int]
    stratum: str
    probability: float
    language: str
    creator: str

    @property
    def markets(self) -> list[str]:
        """The markets that it reached, or may have."""
        return [market for market, views in self.views.items() if views] if self.views else [ELSEWHERE]

    @property
    def weight(self) -> float:
        """How many items it stands for."""
        return 1.0 / self.probability

    @property
    def drawn_from(self) -> str:
        """The stratum as it is counted."""
        return CERTAIN if self.probability >= 1.0 else self.stratum


@st.composite
def changed(draw: st.DrawFn, pack: Pack) -> Pack:
    """The pack after an edit: some rules with another condition, effect or reach, some gone."""
    policies = []
    for policy in pack.policies:
        rules = []
        for rule in policy.rules:
            edits: dict[str, object] = draw(
                st.sampled_from(
                    (
                        {},
                        {},
                        {"then": rule.until_known or rule.then},
                        {"markets": named("EU")},
                        {"when": a_condition(draw(conditions(pack.vocabulary, rule.subject)))},
                    )
                )
            )
            rules += [replace(rule, **edits)] if draw(st.integers(0, 4)) else []  # type: ignore[arg-type]
        policies.append(replace(policy, rules=tuple(rules)))
    return replace(pack, policies=tuple(policies))


@st.composite
def histories(draw: st.DrawFn, pack: Pack, *, equal: bool = True) -> list[Past]:
    """Some rows; `equal` for strata of which all rows were drawn with one probability."""
    markets = draw(st.lists(st.sampled_from(MARKETS), max_size=4, unique=True))
    shares = {name: draw(st.sampled_from((1.0, 0.5, 0.1, 0.3))) for name in ("low", "high")}
    found = []
    for case in draw(st.lists(cases(pack), min_size=1, max_size=8)) * draw(st.sampled_from((1, 1, 9))):
        stratum = draw(st.sampled_from(("low", "high")))
        probability = shares[stratum] if equal else draw(st.floats(0.01, 1.0))
        views = {market: draw(st.sampled_from((0, -1, 1, 7, 3_000_000_000))) for market in markets}
        words = draw(st.sampled_from(LANGUAGES)), draw(st.sampled_from(("", "ann", "bob", "cem")))
        found.append(Past(case, views, stratum, probability, *words))
    return found


@st.composite
def worlds(draw: st.DrawFn, *, equal: bool = True) -> tuple[Pack, Pack, list[Past]]:
    """A pack, the pack after an edit, and past items."""
    old = draw(packs())
    return old, draw(changed(old)), draw(histories(old, equal=equal))


def history_block(rows: Sequence[Past], pack: Pack) -> HistoryBlock:
    """Rows as a block. What is market-scoped is left to the calendar."""
    block = replace(block_of([row.case for row in rows], pack.vocabulary), by_market={})
    return HistoryBlock(
        block,
        group([row.stratum for row in rows]),
        np.array([row.probability for row in rows]),
        {market: np.array([row.views[market] for row in rows], np.int64) for market in rows[0].views},
        {"language": group([row.language for row in rows])},
        creators=group([row.creator for row in rows]),
    )


def group(words: Sequence[str]) -> Group:
    """A word for each row."""
    names = tuple(sorted(set(words)))
    return Group(np.array([names.index(word) for word in words], np.int64), names)


# ------------------------------------------------------------- one row at a time


@dataclass(frozen=True, slots=True)
class Stood:
    """What a version makes of a row in a market: measures by name."""

    true: frozenset[str]
    possible: frozenset[str]
    treatment: Treatment


def stood(program: Program, case: Case, market: str) -> Stood:
    """The reference meaning, and from rules to what is done by the scalar table."""
    pack = program.pack
    code = program.classes[-1].example if market == ELSEWHERE else market
    meant = pack_meaning(pack, replace(case, signals=signals_in(pack, case, code), market=code))
    rules = list(meant.rules.values())
    standing = Regime(program, case.as_of).standing(
        sum(1 << place for place, truth in enumerate(rules) if truth is YES),
        sum(1 << place for place, truth in enumerate(rules) if truth is not NO),
    )
    names = [measure.id for measure in pack.measures.all]
    applied, unsettled = (
        tuple([names[place] for place in places_of(bits)]) for bits in (standing.applied, standing.unsettled)
    )
    has: dict[str, Truth] = dict(meant.measures)
    return Stood(
        frozenset(name for name, truth in has.items() if truth is YES),
        frozenset(name for name, truth in has.items() if truth is not NO),
        Treatment(applied, unsettled),
    )


def signals_in(pack: Pack, case: Case, code: str) -> dict[str, MaybeValue]:
    """What is known of a case in a market: of what is market-scoped only what the calendar says."""
    found: dict[str, MaybeValue] = {}
    for signal in pack.vocabulary.signals:
        if signal.calendar is not None:
            found[signal.name] = value_by_calendar(signal, pack.windows, code, case.as_of)
        elif not signal.by_market:
            found[signal.name] = case.signals.get(signal.name)
    return found


class OneByOne:
    """Both versions of every row in every market that it reached."""

    def __init__(self, old: Pack, new: Pack, rows: Sequence[Past], ways: Paths) -> None:
        self.rows, self.ways = rows, ways
        programs = lower_pack(old), lower_pack(new)
        self.stood = [
            {market: tuple(stood(program, row.case, market) for program in programs) for market in row.markets}
            for row in rows
        ]

    def path(self, row: int, market: str) -> int:
        """The code of where a row goes from and to."""
        old, new = self.stood[row][market]
        lanes = self.ways.lanes
        return self.ways.code(
            lanes.lane(old.treatment).id,
            lanes.lane(new.treatment).id,
            was_open=bool(old.treatment.open),
            is_open=bool(new.treatment.open),
        )

    def belongs(self, path: int, of: Of | Rest | CellOf) -> bool:
        """Whether a path is counted."""
        if isinstance(of, Rest):
            return not self.belongs(path, of.of)
        if isinstance(of, CellOf):
            return int(self.ways.cell[path]) == of.cell
        return of is Of.ALL or bool(getattr(self.ways, of.value)[path])

    def figures(self, scope: Scope, of: Of | Rest | CellOf, *, views: bool) -> list[int]:
        """By row what is counted of it in a scope."""
        found = []
        for place, row in enumerate(self.rows):
            inside = scope.dimension == "" or scope.value == row.language
            markets = [market for market in row.markets if scope.market in ("every market", market)] if inside else []
            counted = [market for market in markets if self.belongs(self.path(place, market), of)]
            found.append(sum(max(row.views[market], 0) for market in counted) if views else len(counted))
        return found

    def moments(self, figures: Sequence[int]) -> dict[str, Moments]:
        """Sums of figures by stratum, row by row."""
        found: dict[str, Moments] = {}
        for row, x in zip(self.rows, figures, strict=True):
            w, square = row.weight, 0 if row.drawn_from == CERTAIN else x * x
            own = Moments(int(x != 0), x, w * x, square, w * square, w * w * square)
            found[row.drawn_from] = found.get(row.drawn_from, Moments()) + own
        return found

    def scopes(self) -> list[Scope]:
        """Every scope that a row may be in."""
        markets = list(self.rows[0].views) or [ELSEWHERE]
        return [Scope(), *map(Scope, markets), *[Scope(dimension="language", value=one) for one in LANGUAGES]]


def is_near(found: Moments, expected: Moments, among: Moments | None = None) -> bool:
    """Whether whole numbers are equal, and fractions but for rounding; `among` is what they were taken out of."""
    size = expected if among is None else among
    exact = (found.rows, found.x) == (expected.rows, expected.x)
    return exact and all(
        abs(getattr(found, name) - getattr(expected, name)) <= 1e-9 * max(1.0, abs(getattr(size, name)))
        for name in ("xx", "wx", "wxx", "wwxx")
    )


def counted_by(tally: Tally) -> dict[object, object]:
    """Everything that a tally of lanes and measures would tell."""
    weights = tally.weights()
    found: dict[object, object] = {"strata": tally.strata.all, "items": tally.items_changed(weights)}
    for scope in tally.lanes.scopes:
        for of in (*Of, *tally.lanes.cells(scope)):
            for unit in Unit.DECISIONS, Unit.VIEWS, Unit.ITEMS:
                found[scope, of, unit] = tally.lanes.moments(scope, of, unit, weights)
        for measure in sorted(tally.measures.measures(scope)):
            for count in Count:
                kind = Kind(measure, count)
                found[scope, kind] = tally.measures.moments(scope, kind, Unit.DECISIONS, weights)
                if count in VIEWED:
                    found[scope, kind, "views"] = tally.measures.moments(scope, kind, Unit.VIEWS, weights)
                    rest = replace(kind, rest=True)
                    found[scope, rest] = tally.measures.moments(scope, rest, Unit.VIEWS, weights)
    found["creators"] = tally.creators.of(None), tally.creators.unnamed(None)
    found["unknown"] = dict(sorted(tally.lanes.views_unknown.items()))
    return found
