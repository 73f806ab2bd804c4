"""Whether a pack keeps its promises: invariants, the formal part of duties, protected scenarios. Not legal advice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assay.engine.analysis.proof.claim import Claim, Settled, always, settle, undecided
from assay.engine.analysis.proof.finding import Checked, Finding, Kind, Weight
from assay.engine.analysis.situations.closing import LeftOpen
from assay.engine.analysis.situations.remainder import residual, rolled_out
from assay.engine.analysis.situations.search import Search
from assay.engine.analysis.situations.witness import Witness
from assay.engine.analysis.situations.world import World
from assay.engine.kernel.instants import format_instant
from assay.engine.kernel.truth import NO, UNKNOWN, YES, Truth
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.expression.syntax import Expression
from assay.engine.language.pack.calendar import value_by_calendar
from assay.engine.language.pack.promises.obligations import Obligation, Property
from assay.engine.language.pack.promises.scenarios import Scenario
from assay.engine.language.pack.vocabulary import SUBJECTS
from assay.engine.language.phrases import named_words
from assay.engine.program.core import FALSE, TRUE
from assay.engine.program.smt.encode import MOST_IDS, PATIENCE
from assay.engine.program.smt.formula import Axis, Formula, Not, Situation, every, holds_in, some
from assay.engine.program.smt.solver import Impossible, Undecided

# Duties of these are looked into; what was struck down or has lapsed binds nobody.
_WEIGHTS = {
    "in_force": Weight.ERROR,
    "enacted": Weight.ERROR,
    "voluntary": Weight.WARNING,
    "unverified": Weight.WARNING,
    "proposed": Weight.NOTE,
}
_HINTS = {Kind.WOULD_BREAK: "it is proposed: mend the rules before it comes into force"}
_GONE = {"struck_down": "it was struck down", "lapsed": "it has lapsed"}


def invariant_claims(world: World, search: Search) -> Iterator[Claim]:
    """For each invariant: that no item breaks it."""
    for invariant in world.pack.measures.invariants:
        by_nothing = Not(world.of_nothing(invariant.holds))
        about = _about(world, search, by_nothing, invariant.id, invariant.holds)
        words = f"an item breaks `{invariant.id}`, which the pack promises of every decision"
        yield Claim(
            kind=Kind.BROKEN_INVARIANT,
            subjects=(invariant.id,),
            title=invariant.text,
            span=invariant.span,
            violation=every((about, Not(world.possibly(invariant.holds)))),
            words=always(words),
            shows=lambda situation: (world.comes_to(situation),),
            hint="mend the rules that impose this, or the promise",
        )


def _about(world: World, search: Search, nothing_breaks: Formula, name: str, *read: Expression) -> Formula:
    """The subjects that a promise is about.

    What asks for a measure is about those that its signals belong to. What only forbids, so that an item on which
    nothing is imposed cannot break it, is about every decision that may read these signals: an item's may read its
    account's.

    nothing_breaks  that an item on which nothing is imposed breaks it
    """
    subjects, readable = world.subjects_of(read), world.readable_by(read)
    if subjects != readable and isinstance(search.find(nothing_breaks, f"asks:{name}", shown=False), Impossible):
        subjects = readable
    return some(world.stage.of_subject(subject) for subject in subjects)


# ---------------------------------------------------------------------- duties


def settled_duties(world: World, search: Search) -> Iterator[Settled]:
    """Every duty of the register: proved, refuted, undecided, or not formal and why."""
    for duty in world.pack.obligations:
        subjects = (duty.id,)
        if duty.property is None:
            yield Settled(Checked(Kind.BROKEN_OBLIGATION, subjects, duty.title, "not-formal", duty.not_formal))
        elif duty.status in _GONE:
            yield Settled(Checked(Kind.BROKEN_OBLIGATION, subjects, duty.title, "not-formal", _GONE[duty.status]))
        elif duty.until is not None and duty.until <= world.stage.epochs[0]:
            yield Settled(Checked(Kind.BROKEN_OBLIGATION, subjects, duty.title, "not-formal", "its time is over"))
        else:
            yield from _duty(duty, duty.property, world, search)


def _duty(duty: Obligation, said: Property, world: World, search: Search) -> Iterator[Settled]:
    kind = Kind.WOULD_BREAK if duty.status == "proposed" else Kind.BROKEN_OBLIGATION
    when, requires = said.when.expression, said.requires.expression
    by_nothing = every((world.condition(when), Not(world.of_nothing(requires))))
    bites = every(
        (
            _about(world, search, by_nothing, duty.id, when, requires),
            world.stage.in_markets(duty.reach),
            world.stage.between(duty.effective, duty.until),
            world.condition(when),
        )
    )
    # A duty that no item falls under would be proved by every pack.
    meant = search.find(bites, f"meant:{duty.id}", shown=False)
    title = f"Some item falls under {duty.id}."
    if isinstance(meant, Undecided):
        yield undecided(Kind.VACUOUS_OBLIGATION, (duty.id,), title, duty.span, meant)
    elif isinstance(meant, Impossible):
        words = f"no item falls under `{duty.id}`: its `when` can never be so"
        finding = Finding(Kind.VACUOUS_OBLIGATION, (duty.id,), words, duty.span, "mend the `when` of its property")
        yield Settled(Checked(Kind.VACUOUS_OBLIGATION, (duty.id,), title, "refuted"), finding)
        return
    yield settle(_duty_claim(duty, said, kind, bites, world), search)


def _duty_claim(duty: Obligation, said: Property, kind: Kind, bites: Formula, world: World) -> Claim:
    where = duty.instrument + (f", {duty.provision}" if duty.provision else "")
    verb = "would be broken" if kind is Kind.WOULD_BREAK else "is broken"

    def words(situation: Situation) -> str:
        epoch = situation.places.get(Axis.EPOCH, 0)
        when = f" from {format_instant(world.stage.epochs[epoch])} on" if epoch else ""
        return f"`{duty.id}` ({where}) {verb}{when}: an item falls under it and does not get what it requires"

    return Claim(
        kind=kind,
        subjects=(duty.id,),
        title=duty.title,
        span=duty.span,
        violation=every((bites, Not(world.possibly(said.requires.expression)))),
        words=words,
        shows=lambda situation: (world.comes_to(situation),),
        hint=f"{_HINTS.get(kind, 'mend the rules')}, or check the property with counsel; this is not legal advice",
        markets=duty.markets,
        weight=_WEIGHTS[duty.status],
    )


# ------------------------------------------------------------------- scenarios


def settled_scenarios(world: World, search: Search) -> Iterator[Settled]:
    """Every protected scenario, decided in each of its markets at each time that begins something."""
    for scenario in world.pack.protected:
        title = f"{scenario.title[:1].upper()}{scenario.title[1:]} is left alone."
        try:
            finding = _fallen(scenario, world, search)
        except LeftOpen as left:
            yield undecided(Kind.FALLEN_SCENARIO, (scenario.id,), title, scenario.span, left.answer)
            continue
        outcome = "proved" if finding is None else "refuted"
        yield Settled(Checked(Kind.FALLEN_SCENARIO, (scenario.id,), title, outcome), finding)


def _fallen(scenario: Scenario, world: World, search: Search) -> Finding | None:
    """The first market and time in which something protected meets what it must not."""
    markets = world.pack.markets.resolve(tuple(named.name for named in scenario.markets))
    read = [world.pack.vocabulary.by_name[name] for name, value in scenario.given.items() if value is not None]
    subject = min((signal.subject for signal in read), key=SUBJECTS.index, default="item")
    never = {world.pack.measures.index[named.name] for named in scenario.never}
    rules = [place for place, found in enumerate(world.rules) if never & {*found.then, *found.until_known}]
    truths: dict[tuple[object, ...], dict[int, Truth]] = {}
    for epoch, instant in enumerate(world.stage.epochs):
        for place, market in enumerate(world.stage.markets):
            if market.example not in markets:
                continue
            calendar = _calendar(world, market.example, instant)
            signals = {**calendar, **scenario.given}
            places = {Axis.MARKET: place, Axis.EPOCH: epoch, Axis.SUBJECT: SUBJECTS.index(subject)}
            here = Situation((signals,), places)
            # Markets and times tell rules apart by what the calendar says, and by where and when they hold at all.
            said = tuple(calendar.values())
            if said not in truths:
                truths[said] = {rule: _truth(rule, here, world, search) for rule in rules}
            met = {rule: _imposed(rule, truth, here, world) & never for rule, truth in truths[said].items()}
            behind = {rule: truths[said][rule] for rule, imposed in met.items() if imposed}
            if behind:
                return _fallen_by(scenario, behind, met, here, world)
    return None


def _truth(rule: int, here: Situation, world: World, search: Search) -> Truth:
    """What a rule says of an item of some id: where it is rolled out to a share, the item is among that share."""
    left = residual(rolled_out(world.rules[rule].condition), here.points[0], None)
    if left in (TRUE, FALSE):
        return YES if left == TRUE else NO
    return search.closing.truth(left, here.points[0])


def _imposed(rule: int, truth: Truth, here: Situation, world: World) -> set[int]:
    """What a rule imposes, or may impose."""
    if truth is NO or not holds_in(world.active(rule), here):
        return set()
    lowered = world.rules[rule]
    imposed = {*lowered.then, *(lowered.until_known if truth is UNKNOWN else ())}
    return {one for one in imposed if holds_in(world.imposing(rule, one), here)}


def _calendar(world: World, market: str, instant: int) -> dict[str, MaybeValue]:
    return {
        signal.name: value_by_calendar(signal, world.pack.windows, market, instant)
        for signal in world.pack.vocabulary.signals
        if signal.calendar is not None
    }


def _fallen_by(
    scenario: Scenario, behind: Mapping[int, Truth], met: Mapping[int, set[int]], here: Situation, world: World
) -> Finding:
    certain = [rule for rule, truth in behind.items() if truth is YES]
    rules = certain or list(behind)
    item = next((found for rule in rules if (found := _item(scenario, rule, here, world)) is not None), scenario.id)
    measures = world.pack.measures.all
    names = [measures[place].id for place in sorted(set().union(*(met[rule] for rule in rules)))]
    by = named_words(world.rules[rule].rule.ref for rule in rules)
    market = world.stage.markets[here.places[Axis.MARKET]].example
    verb = "meets" if certain else "may meet"
    words = f"`{scenario.id}` is protected, yet it {verb} {named_words(names)} in {market} (by {by})"
    shown = Witness(
        item,
        SUBJECTS[here.places[Axis.SUBJECT]],
        scenario.given,
        market,
        world.stage.epochs[here.places[Axis.EPOCH]],
        frozenset(name for name in scenario.given if world.pack.vocabulary.by_name[name].by_market),
        f"{', '.join(names)} {'is imposed' if certain else 'is not ruled out'}",
    )
    hint = "mend the rule, or let an exception spare it" if certain else "say more in `given`"
    return Finding(Kind.FALLEN_SCENARIO, (scenario.id,), words, scenario.span, hint, (shown,))


def _item(scenario: Scenario, rule: int, here: Situation, world: World) -> str | None:
    """An id that a rule is rolled out to; None where none was found."""
    node, share = world.rules[rule].condition, world.rules[rule].rule.rollout
    for number in range(min(MOST_IDS, int(PATIENCE / share) + 1)):
        item = f"{scenario.id}-{number}" if number else scenario.id
        if residual(node, here.points[0], item) != FALSE:
            return item
    return None
