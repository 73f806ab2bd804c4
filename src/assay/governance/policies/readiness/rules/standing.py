"""How it stands with what a policy needs, market by market: ready, degraded, blocked, or accepted. It knows no store.

What nobody has said anything of is not taken for ready: it blocks, unless the edition in force needs it as well, which
then shows that it is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from assay.engine.kernel.markets import Markets
from assay.engine.language.pack.classes import classes_of
from assay.governance.policies.readiness.rules.dependencies import Dependency, Use

EVERYWHERE = "*"


class State(StrEnum):
    """What a feature is like in a market; the best first."""

    READY = "ready"
    PARTLY = "partly"
    PLANNED = "planned"
    MISSING = "missing"


class Effect(StrEnum):
    """What that does to a launch; the worst first."""

    BLOCKS = "blocks"
    ACCEPTED = "accepted"
    DEGRADES = "degrades"
    USED = "used"
    READY = "ready"
    NONE = "none"


_ORDER = tuple(State)
_WORST = tuple(Effect)


@dataclass(frozen=True, slots=True)
class Provided:
    """A feature of the product, as far as launches go by it.

    states  by market, group or `*`: its state, and the day it is planned for
    """

    name: str
    title: str
    kind: str
    provides: frozenset[str]
    owner: str
    states: Mapping[str, tuple[State, date | None]] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Accepted:
    """Somebody took it upon them to launch without; `markets` empty is every one."""

    kind: str
    name: str
    markets: frozenset[str]


@dataclass(frozen=True, slots=True)
class Cell:
    """One thing that is needed, in markets that are all alike.

    feature  what provides it, the one that is worse off where there are several; None where nobody said
    ready_on the day it is planned for
    uses     the rules that need it here
    """

    effect: Effect
    state: State | None
    feature: Provided | None
    ready_on: date | None
    uses: tuple[Use, ...]

    @property
    def open_rules(self) -> tuple[Use, ...]:
        """Rules that do something while what they read is unknown."""
        return tuple(use for use in self.uses if use.until_known)


@dataclass(frozen=True, slots=True)
class Column:
    """Markets in which everything that is needed stands alike."""

    name: str
    codes: frozenset[str]
    effect: Effect


@dataclass(frozen=True, slots=True)
class Row:
    """One dependency in every column."""

    dependency: Dependency
    cells: tuple[Cell, ...]

    @property
    def effect(self) -> Effect:
        """The worst of its cells."""
        return min((cell.effect for cell in self.cells), key=_WORST.index, default=Effect.NONE)


@dataclass(frozen=True, slots=True)
class Standing:
    """The map of what is needed: rows are dependencies, columns groups of markets."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def count(self, effect: Effect) -> int:
        """How many dependencies are like this somewhere."""
        return sum(any(cell.effect is effect for cell in row.cells) for row in self.rows)


def standing_of(
    needed: Sequence[Dependency], features: Iterable[Provided], accepted: Iterable[Accepted], markets: Markets,
    today: date,
) -> Standing:  # fmt: skip
    """Every dependency in every market; markets that are alike in all of it are one column."""
    known = _by_need(features)
    taken = list(accepted)
    sets = {use.markets for each in needed for use in each.uses if use.markets is not None}
    for provided in {one.name: one for each in known.values() for one in each}.values():
        sets |= {reached for name in provided.states if (reached := _reach(markets, name)) is not None}
    sets |= {one.markets for one in taken if one.markets}
    columns: dict[tuple[Cell, ...], set[str]] = {}
    for alike in classes_of(markets, sets):
        market = alike.example
        cells = tuple(_cell(each, known, taken, markets, market, today) for each in needed)
        columns.setdefault(cells, set()).update(alike.codes)
    shown = {cells: codes for cells, codes in columns.items() if any(cell.effect is not Effect.NONE for cell in cells)}
    ordered = sorted(shown.items(), key=lambda pair: (_WORST.index(_worst(pair[0])), -len(pair[1]), min(pair[1])))
    made = tuple(
        Column(_name(codes, markets, shown.values()), frozenset(codes), _worst(cells)) for cells, codes in ordered
    )
    rows = tuple(Row(each, tuple(cells[place] for cells, _ in ordered)) for place, each in enumerate(needed))
    return Standing(made, tuple(sorted(rows, key=lambda row: _WORST.index(row.effect))))


def state_in(provided: Provided, market: str, markets: Markets) -> tuple[State, date | None] | None:
    """A feature's state in a market: what is said of it alone, of the smallest group with it, or of everywhere."""
    if market in provided.states:
        return provided.states[market]
    groups = [(reach, name) for name in provided.states if (reach := _reach(markets, name)) and market in reach]
    if groups:
        return provided.states[min(groups, key=lambda pair: (len(pair[0]), pair[1]))[1]]
    return provided.states.get(EVERYWHERE)


def _reach(markets: Markets, name: str) -> frozenset[str] | None:
    return markets.reach(name) if name != EVERYWHERE and markets.knows(name) else None


def _by_need(features: Iterable[Provided]) -> dict[tuple[str, str], list[Provided]]:
    found: dict[tuple[str, str], list[Provided]] = {}
    for one in features:
        for name in one.provides:
            found.setdefault((one.kind, name), []).append(one)
    return found


def _cell(
    each: Dependency, known: Mapping[tuple[str, str], list[Provided]], taken: Sequence[Accepted], markets: Markets,
    market: str, today: date,
) -> Cell:  # fmt: skip
    uses = each.rules_in(market)
    if not uses:
        return Cell(Effect.NONE, None, None, None, ())
    said = [
        (*found, one)
        for one in known.get((each.kind, each.name), ())
        if (found := state_in(one, market, markets)) is not None
    ]
    is_taken = any(
        (one.kind, one.name) == (each.kind, each.name) and (not one.markets or market in one.markets) for one in taken
    )
    if not said:
        effect = Effect.BLOCKS if each.is_new else Effect.USED
        return Cell(Effect.ACCEPTED if effect is Effect.BLOCKS and is_taken else effect, None, None, None, uses)
    best, worst = (chosen(said, key=lambda one: _ORDER.index(one[0])) for chosen in (min, max))
    # Of two that provide the same, such as a label in the feed and one on live video, one alone is a part of it.
    if worst[0] is not State.READY and best[0] in (State.READY, State.PARTLY):
        return Cell(Effect.DEGRADES, worst[0], worst[2], worst[1], uses)
    return Cell(_effect(best[0], is_taken=is_taken), best[0], best[2], best[1], uses)


def _effect(state: State, *, is_taken: bool) -> Effect:
    # A day that is planned, or past, makes nothing ready: somebody has to say that it is there.
    if state is State.READY:
        return Effect.READY
    return Effect.ACCEPTED if is_taken else Effect.BLOCKS


def _worst(cells: Iterable[Cell]) -> Effect:
    return min((cell.effect for cell in cells), key=_WORST.index, default=Effect.NONE)


def _name(codes: set[str], markets: Markets, all_codes: Iterable[set[str]]) -> str:
    """A group's name, the codes where they are few, or how many they are."""
    if len(codes) == len(markets.codes):
        return "everywhere"
    for group in markets.groups:
        if markets.reach(group) == codes:
            return group
    ordered = sorted(codes)
    if len(ordered) <= 6:
        return ", ".join(ordered)
    if len(codes) == max(map(len, all_codes)) and len(codes) > len(markets.codes) // 2:
        return "everywhere else"
    return f"{', '.join(ordered[:4])} and {len(ordered) - 4} more"
