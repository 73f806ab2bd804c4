"""Packs of a few rules over signals of a few values, with what a pack may promise. It tests nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from assay.engine.kernel.instants import DAY
from assay.engine.kernel.span import Span
from assay.engine.language.pack.calendar import Window
from assay.engine.language.pack.measures import Cure, Invariant
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Exemption, Period, Rule
from assay.engine.language.pack.promises.harms import Harm, Harms
from assay.engine.language.pack.promises.obligations import Obligation, Property
from assay.engine.language.pack.promises.scenarios import Scenario
from assay.engine.language.pack.vocabulary import Signal
from tests.laws.proofs.small.words import (
    DAYS_TO,
    HOUR,
    KINDS,
    PHASE,
    SURFACE,
    atoms_of,
    signal_of,
    small_conditions,
    small_vocabularies,
    values_of,
)
from tests.makers import (
    MARKETS,
    SOME_DAY,
    a_condition,
    a_pack,
    a_policy,
    a_rule,
    an_exception,
    named,
    some_measures,
)

# Not the first moment of a day, since windows and polls are days.
AS_OF = SOME_DAY + 5 * HOUR
LATER = tuple(SOME_DAY + number * DAY for number in (1, 2, 3))
KEPT = ("not_recommended", "removed", "label:ai", "label:possibly_ai", "strike:minor")
MEASURES = replace(some_measures(), all=tuple(one for one in some_measures().all if one.id in KEPT))
MEASURES = replace(
    MEASURES,
    ladders=(replace(MEASURES.ladders[0], steps=tuple(one for one in MEASURES.all if one.kind == "step")),),
    incompatible=(("label:ai", "label:possibly_ai"), ("label:possibly_ai", "removed")),
)
PLACE = Span("policies/p.md", 1, 1)
MARKET_LISTS: tuple[tuple[str, ...], ...] = ((), (), ("EU",), ("FR",), ("not:FR",), ("US", "FR"))
# One of each part into which these lists divide the world.
TRIED_MARKETS = ("BR", "DE", "FR", "US")
ASK_MARKET = ('market == "FR"', 'market != "FR"', 'market in ["FR", "US"]', '"US" == market')
ASK_MEASURES = (
    '"label:ai" in measures',
    '"removed" in measures',
    '!("not_recommended" in measures)',
    'sets.contains(measures, ["label:ai", "removed"])',
    'sets.intersects(measures, ["removed", "not_recommended"])',
    "size(measures) == 0",
    "size(measures) < 2",
    "size(measures) != 1",
)
FEATURES = ("time", "grace", "markets", "rollout", "account", "calendar", "surface")
# A strike waits for the end of grace, so it comes more often.
MEASURE = st.sampled_from((*KEPT, "strike:minor"))


@dataclass(frozen=True, slots=True)
class Shape:
    """What a pack is made with besides plain rules: its words, at most two features, questions that it asks often."""

    atoms: tuple[str, ...]
    account_atoms: tuple[str, ...]
    features: frozenset[str]

    def has(self, feature: str) -> bool:
        return feature in self.features


@st.composite
def small_packs(
    draw: DrawFn,
    *,
    kinds: Sequence[str] = KINDS,
    features: Sequence[str] = FEATURES,
    most_rules: int = 5,
    promises: bool = False,
) -> Pack:
    """A pack of one to `most_rules` rules, with at most two features; `promises` adds one of each that it can make."""
    chosen = frozenset(draw(st.lists(st.sampled_from(features), max_size=2, unique=True))) if features else frozenset()
    vocabulary = draw(small_vocabularies(kinds, _extra(chosen, draw(st.booleans()))))
    vocabulary = replace(vocabulary, signals=tuple([draw(_with_reviewers(signal)) for signal in vocabulary.signals]))
    every, account = atoms_of(vocabulary), atoms_of(vocabulary, ("account",))
    # Few questions, so that rules say the same now and then.
    asked = draw(st.lists(st.sampled_from(every), min_size=2, max_size=5))
    shape = Shape(tuple(asked), tuple(account), chosen)
    rules = [draw(_rules(f"p/r{number}", shape)) for number in range(draw(st.integers(1, most_rules)))]
    exceptions = [draw(_exceptions(f"p/e{number}", rules, shape)) for number in range(draw(st.integers(0, 2)))]
    windows = draw(_windows()) if "calendar" in chosen else ()
    pack = a_pack(a_policy("p", rules, exceptions), vocabulary=vocabulary, measures=MEASURES, windows=windows)
    return draw(_promising(pack, shape)) if promises else pack


def _extra(features: frozenset[str], phase: bool) -> tuple[Signal, ...]:
    found = [signal_of("flag", "account.new", subject="account")] if "account" in features else []
    found += [SURFACE] if "surface" in features else []
    return (*found, *([PHASE if phase else DAYS_TO] if "calendar" in features else []))


@st.composite
def _with_reviewers(draw: DrawFn, signal: Signal) -> Signal:
    """The signal, now and then one that no reviewer may answer."""
    if draw(st.sampled_from((True, True, False))):
        return signal
    return replace(signal, asserted_by=("uploader", "detector"), precedence=("uploader", "detector"))


@st.composite
def _rules(draw: DrawFn, reference: str, shape: Shape) -> Rule:
    account = shape.has("account") and bool(draw(st.booleans()))
    condition = small_conditions(shape.account_atoms if account else shape.atoms)
    until = st.lists(MEASURE, max_size=1) if draw(st.booleans()) else st.just([])
    return a_rule(
        reference,
        draw(condition),
        unless=draw(condition) if draw(st.sampled_from((False, False, True))) else None,
        then=draw(st.lists(MEASURE, min_size=1, max_size=2, unique=True)),
        until_known=draw(until),
        markets=draw(st.sampled_from(MARKET_LISTS)) if shape.has("markets") else (),
        surfaces=draw(st.sampled_from(((), ("advert",)))) if shape.has("surface") else (),
        period=draw(_periods()) if shape.has("time") else Period(),
        grace_until=draw(st.sampled_from((None, LATER[0], LATER[1]))) if shape.has("grace") else None,
        rollout=draw(st.sampled_from((1.0, 0.5, 0.5, 0.3))) if shape.has("rollout") else 1.0,
        subject="account" if account else "item",
        no_exception=draw(st.booleans()),
    )


def _periods() -> st.SearchStrategy[Period]:
    starts, ends = (None, SOME_DAY, *LATER[:2]), (None, None, AS_OF, *LATER)
    return st.tuples(st.sampled_from(starts), st.sampled_from(ends)).map(
        lambda pair: Period(pair[0], None if pair[1] is not None and (pair[0] or 0) >= pair[1] else pair[1])
    )


@st.composite
def _exceptions(draw: DrawFn, reference: str, rules: list[Rule], shape: Shape) -> Exemption:
    condition = draw(small_conditions(shape.atoms))
    reached = draw(st.sampled_from(("p/*", *(rule.ref for rule in rules if rule.subject == "item"))))
    return an_exception(reference, condition, (reached,))


@st.composite
def _windows(draw: DrawFn) -> tuple[Window, ...]:
    found = []
    for number in range(draw(st.integers(1, 2))):
        start = draw(st.sampled_from((SOME_DAY, LATER[0])))
        poll = draw(st.sampled_from((None, start, LATER[1])))
        phase = draw(st.sampled_from(("campaign", "blackout")))
        reached = MARKETS.reach(draw(st.sampled_from(("EU", "FR", "US"))))
        until = draw(st.sampled_from((LATER[1], LATER[2])))
        source = "https://example.org/calendar"
        found.append(Window(f"w-{number}", "election", reached, phase, start, until, poll, source, "verified", PLACE))
    return tuple(found)


# -------------------------------------------------------------------- promises


@st.composite
def _promising(draw: DrawFn, pack: Pack, shape: Shape) -> Pack:
    """The pack with a harm, an invariant, two duties, a protected item and a word on labels."""
    about = (*shape.atoms, *(ASK_MARKET if shape.has("markets") else ()))
    both = (*about, *ASK_MEASURES, *ASK_MEASURES)
    harm = Harm(
        "harm",
        "A harm",
        draw(st.sampled_from(("S2", "S3", "S4"))),
        a_condition(draw(small_conditions(about))),
        named(*draw(st.lists(MEASURE, max_size=2, unique=True))),
        PLACE,
    )
    holds = a_condition(draw(small_conditions(both)))
    measures = replace(
        pack.measures,
        invariants=(Invariant("kept", "It is kept.", holds.expression, holds.source, PLACE),),
        label_never_cures=draw(_cures(pack, about)) if draw(st.booleans()) else None,
    )
    duties = tuple([draw(_duties(f"duty-{number}", shape, about, both)) for number in range(draw(st.integers(1, 2)))])
    return replace(
        pack,
        measures=measures,
        harms=Harms("S3", (harm,)),
        obligations=duties,
        protected=(draw(_scenarios(pack, shape)),),
    )


@st.composite
def _duties(draw: DrawFn, identifier: str, shape: Shape, about: Sequence[str], both: Sequence[str]) -> Obligation:
    period = draw(_periods()) if shape.has("time") else Period()
    markets = draw(st.sampled_from((("BR",), ("EU", "BR"), ("FR",)))) if shape.has("markets") else ("BR",)
    when, requires = draw(small_conditions(about)), draw(small_conditions(both))
    plain = dict.fromkeys(("provision", "trigger", "duty", "clock", "evidence", "note", "not_formal"), "")
    return Obligation(
        id=identifier,
        title=identifier,
        jurisdiction="BR",
        markets=markets,
        reach=MARKETS.resolve(markets),
        instrument="An act",
        bound=(),
        binds_platform=True,
        effective=period.effective,
        until=period.sunset,
        status=draw(st.sampled_from(("in_force", "enacted", "proposed", "voluntary", "unverified", "lapsed"))),
        kind="decision",
        source="https://example.org/act",
        confidence="verified",
        property=Property(a_condition(when), a_condition(requires)),
        span=PLACE,
        **plain,
    )


@st.composite
def _scenarios(draw: DrawFn, pack: Pack, shape: Shape) -> Scenario:
    known = [signal for signal in pack.vocabulary.signals if draw(st.sampled_from((True, True, True, False)))]
    given = {signal.name: draw(st.sampled_from(values_of(signal))) for signal in known}
    markets = draw(st.sampled_from(((), ("EU",), ("BR",)))) if shape.has("markets") else ()
    never = draw(st.lists(MEASURE, min_size=1, max_size=2, unique=True))
    return Scenario("protected", "an item that is protected", given, named(*markets), named(*never), PLACE)


@st.composite
def _cures(draw: DrawFn, pack: Pack, about: Sequence[str]) -> Cure:
    first, last = (draw(st.sampled_from(pack.vocabulary.signals)) for _ in range(2))
    undisclosed = {first.name: draw(st.sampled_from(values_of(first)))}
    disclosed = {one.name: draw(st.sampled_from(values_of(one))) for one in (first, last)}
    when = a_condition(draw(small_conditions(about))) if draw(st.booleans()) else None
    return Cure(
        named(*draw(st.lists(MEASURE, min_size=1, max_size=2, unique=True))), undisclosed, disclosed, when, PLACE
    )
