"""What two versions of a pack are said to differ in is what trying every item gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from assay.engine.analysis.difference.change import Change, Difference, Region
from assay.engine.analysis.difference.compare import compare
from assay.engine.analysis.situations.witness import Witness
from assay.engine.kernel.truth import NO, UNKNOWN, YES, Truth
from assay.engine.language.expression.parser import parse_expression
from assay.engine.language.meaning import meaning_of
from assay.engine.language.pack.pack import Pack
from tests.laws.proofs.reproducing import Told, by_decider, by_meaning, by_tables
from tests.laws.proofs.small.edits import RULE_EDITS, edited, with_rules
from tests.laws.proofs.small.packs import AS_OF, FEATURES, KEPT, small_packs
from tests.laws.proofs.small.shown import shown
from tests.laws.proofs.trying import Item, Place, Said, Tried, ids_for

# The language has no word for a rollout, so a region of it has no condition that could be read again.
WRITTEN = tuple(feature for feature in FEATURES if feature != "rollout")


# Market, instant, subject.
Where: TypeAlias = tuple[str, int, str]


@dataclass(frozen=True)
class Versions:
    """Two packs with every item at every place, and what is said of their difference."""

    old: Tried
    new: Tried
    said: Difference

    @classmethod
    def of(cls, old: Pack, new: Pack) -> Versions:
        return cls(Tried(old), Tried(new), compare(old, new, AS_OF))

    @property
    def wheres(self) -> list[Where]:
        """Every market, instant and subject that one of the versions tells apart."""
        axes = zip(
            *((place.market, place.as_of, place.subject) for tried in self.both for place in tried.places), strict=True
        )
        markets, instants, subjects = (sorted(set(axis)) for axis in axes)
        return [(str(market), int(at), str(one)) for market in markets for at in instants for one in subjects]

    @property
    def both(self) -> tuple[Tried, Tried]:
        return self.old, self.new

    @property
    def ids(self) -> list[str]:
        """Ids of which each lies in other rollouts."""
        return ids_for(self.old.pack, self.new.pack)

    @cached_property
    def differing(self) -> dict[tuple[str, Where, bool], set[tuple[str, Item]]]:
        """Where a measure turns out otherwise (with true: while rules are open), and for which items."""
        found: dict[tuple[str, Where, bool], set[tuple[str, Item]]] = {}
        ids = self.ids
        for where in self.wheres:
            for place in (Place(*where, name) for name in ids):
                for item in self.old.items:
                    if self.old.can_be(item, place):
                        for measure, late in self._differing(place, item):
                            found.setdefault((measure, where, late), set()).add((place.id, item))
        return found

    def _differing(self, place: Place, item: Item) -> Iterator[tuple[str, bool]]:
        was, now = (tried.said(place, item) for tried in (self.old, self.new))
        for measure in KEPT:
            if _truth(was, measure) is not _truth(now, measure):
                yield measure, False
            if (measure in {one for _, one in was.by_open}) != (measure in {one for _, one in now.by_open}):
                yield measure, True

    @property
    def seems_open(self) -> bool:
        """Whether in one version some rule somewhere only seems open."""
        return any(tried.seem_open(tried.pack.rules) for tried in (self.old, self.new))

    def changes(self, measure: str, where: Where) -> list[Change]:
        """What is said of a measure there."""
        market, as_of, subject = where
        return [
            change
            for change in self.said.changes
            if change.measure == measure
            and change.subject == subject
            and market in change.codes
            and change.since <= as_of
            and (change.until is None or as_of < change.until)
        ]

    def holds(self, region: Region, change: Change, place: Place, item: Item) -> bool:
        """Whether a region of complete items holds one."""
        words = dict(zip(self.old.names, item, strict=True))
        inside = meaning_of(parse_expression(region.condition), words, self.said.vocabulary)
        this, other = (self.new, self.old) if change.after is YES else (self.old, self.new)
        left_out = any(
            _imposed(tried, reference, change.measure, place, item)
            for tried, named in (
                (this, (*region.already, *region.above)),
                (other, (*region.already, *region.otherwise)),
            )
            for reference in named
        )
        return inside is YES and not left_out

    def __str__(self) -> str:
        changes = "\n".join(
            f"{change.measure} {change.before.value} {change.after.value} meanwhile={change.meanwhile} "
            f"by {change.rules} from {change.since} to {change.until} in {change.markets}: {change.regions}"
            for change in self.said.changes
        )
        return f"old {shown(self.old.pack)}\nnew {shown(self.new.pack)}\n{changes}"


def _truth(said: Said, measure: str) -> Truth:
    return YES if measure in said.certain else UNKNOWN if measure in said.waiting else NO


def _imposed(tried: Tried, reference: str, measure: str, place: Place, item: Item) -> bool:
    # A rule that was renamed goes by its name in the other version.
    rule = tried.pack.rule_by_ref.get(reference)
    if rule is None or tried.kleene(rule, place, item) is not YES:
        return False
    return measure in tried.imposed(rule, (one.name for one in rule.then), place)


@st.composite
def versions(draw: st.DrawFn, *, features: tuple[str, ...] = FEATURES) -> Versions:
    old = draw(small_packs(features=features, most_rules=4))
    # Whoever leaves rollouts out must not get them by an edit.
    kinds = RULE_EDITS if "rollout" in features else [kind for kind in RULE_EDITS if kind != "rollout"]
    return Versions.of(old, draw(edited(old, edits=kinds)))


@given(versions(features=WRITTEN))
def test_an_item_of_which_all_is_known_changes_just_where_one_region_holds_it(found: Versions) -> None:
    (name,) = found.ids
    for where in found.wheres:
        place = Place(*where, name)
        for measure in KEPT:
            changes = [change for change in found.changes(measure, where) if not change.meanwhile]
            for item in found.old.complete:
                holding = [
                    (change.before, change.after)
                    for change in changes
                    for region in change.regions
                    if region.complete and found.holds(region, change, place, item)
                ]
                was, now = (_truth(tried.said(place, item), measure) for tried in (found.old, found.new))
                assert holding == ([] if was is now else [(was, now)]), f"{measure} {place} {item}\n{found}"


@given(versions())
def test_whatever_changes_is_said_and_nothing_else_is(found: Versions) -> None:
    """Where some rule only seems open, what differs in both readings is said, and nothing that differs in neither."""
    said = {
        (measure, here, change.meanwhile)
        for here in found.wheres
        for measure in KEPT
        for change in found.changes(measure, here)
    }
    assert found.said.same is not bool(said)
    if not found.seems_open:
        assert said == set(found.differing), f"{said ^ set(found.differing)}\n{found}"
        return
    old, new = (Tried(one.pack, closing=True) for one in found.both)
    closed = Versions(old, new, found.said).differing
    firmly = {key for key in found.differing if found.differing[key] & closed.get(key, set())}
    assert firmly <= said <= set(found.differing) | set(closed), f"{said ^ firmly}\n{found}"


@given(versions())
def test_each_region_shows_an_item_that_changes(found: Versions) -> None:
    for change in found.said.changes:
        for region in change.regions:
            if found.seems_open:
                assert any(_shown(found, change, region, teller) for teller in (by_tables, by_meaning)), str(found)
            else:
                assert _shown(found, change, region, by_tables), f"{region}\n{found}"
                # Of what is open by the tables the decider may know more: every answer may come to the same.
                assert not region.complete or _shown(found, change, region, by_decider), f"{region}\n{found}"


def _shown(found: Versions, change: Change, region: Region, teller: Callable[[Pack, Witness], Told]) -> bool:
    told = [teller(tried.pack, region.witness) for tried in (found.old, found.new)]
    was, now = (one.measures[change.measure] for one in told)
    if change.meanwhile:
        return [change.measure in one.meanwhile for one in told] == [change.before is YES, change.after is YES]
    return (was, now) == (change.before, change.after) if region.complete else was is not now


@given(small_packs())
def test_a_pack_in_another_order_is_the_same(pack: Pack) -> None:
    rules = list(reversed(pack.rules))
    assert compare(pack, with_rules(pack, rules, pack.exceptions), AS_OF).same
    assert compare(pack, pack, AS_OF).same
