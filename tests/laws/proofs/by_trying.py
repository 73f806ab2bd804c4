"""Each finding as it is defined, looked for by trying every item. It uses nothing of the prover and tests nothing."""

from __future__ import annotations

from itertools import combinations

from assay.engine.kernel.truth import NO, YES
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.expression.syntax import Expression, signals_of
from assay.engine.language.pack.policy import Rule
from assay.engine.language.pack.vocabulary import SUBJECTS
from tests.laws.proofs.small.packs import AS_OF
from tests.laws.proofs.trying import Item, Place, Tried, calendar_of, without_excuses

Found = set[tuple[str, ...]]
GONE = ("struck_down", "lapsed")


# ----------------------------------------------------------------------- rules


def _looked_at(tried: Tried) -> list[Rule]:
    """The rules whose time is not over."""
    return [rule for rule in tried.pack.rules if rule.period.sunset is None or rule.period.sunset > AS_OF]


def _ever(tried: Tried, rule: Rule) -> bool:
    return any(tried.kleene(rule, place, item) is YES for place, item in tried.everything)


def dead_and_swallowed(tried: Tried) -> Found:
    """Rules that never hold: by themselves, or only for what they give way to."""
    bare = Tried(without_excuses(tried.pack))
    found: Found = set()
    for rule in _looked_at(tried):
        if not _ever(tried, rule):
            alone = _ever(bare, bare.pack.rule_by_ref[rule.ref])
            found.add(("swallowed-rule" if alone else "dead-rule", rule.ref))
    return found


def undermined(tried: Tried) -> Found:
    """Rules that bar exceptions and are never true where one of the pack's exceptions is, though they could be."""
    bare = Tried(without_excuses(tried.pack))
    found: Found = set()
    for rule in _looked_at(tried):
        if rule.no_exception and rule.unless is not None:
            plain = bare.pack.rule_by_ref[rule.ref]
            for exception in tried.pack.exceptions:
                if not tried.pack.can_read(rule.subject, exception.when):
                    continue
                excused = [
                    (place, item)
                    for place, item in tried.everything
                    if tried.holds(exception.when.expression, place, item) is YES
                ]
                could = any(bare.kleene(plain, place, item) is YES for place, item in excused)
                if could and not any(tried.kleene(rule, place, item) is YES for place, item in excused):
                    found.add(("undermined-rule", rule.ref, exception.ref))
                    break
    return found


def shadowed(tried: Tried) -> Found:
    """Rules that can hold, and impose nothing that the others do not."""
    return {
        ("shadowed-rule", rule.ref)
        for rule in _looked_at(tried)
        if _ever(tried, rule) and not any(_adds(tried, rule, place, item) for place, item in tried.everything)
    }


def _adds(tried: Tried, rule: Rule, place: Place, item: Item) -> bool:
    said = tried.said(place, item)
    mine = {measure for reference, measure in said.doing if reference == rule.ref}
    others = {measure for reference, measure in said.doing if reference != rule.ref}
    return any(not tried.stronger(measure) & others for measure in mine)


def clashing(tried: Tried) -> Found:
    """Pairs of rules that do to one item what excludes each other."""
    order = [rule.ref for rule in tried.pack.rules]
    found: Found = set()
    for place, item in tried.everything:
        for (one, first), (other, second) in combinations(tried.said(place, item).doing, 2):
            if one != other and tried.pack.measures.clash(first, second):
                found.add(("clashing-rules", *sorted((one, other), key=order.index)))
    return found


# -------------------------------------------------------------------- promises


def gaps(tried: Tried) -> Found:
    """Harms that nothing answers and nothing may."""
    harms = tried.pack.harms
    found: Found = set()
    for harm in harms.harms:
        answers = {named.name for named in harm.answered_by} or {one.id for one in tried.pack.measures.all}
        subjects = _nearest(tried, harm.when.expression)
        for place, item in tried.everything:
            declared = place.subject in subjects and tried.holds(harm.when.expression, place, item) is YES
            if harm.severity >= harms.level and declared and not tried.said(place, item).maybe & answers:
                found.add(("gap", harm.id))
    return found


def cured(tried: Tried) -> Found:
    """Measures that an item meets undisclosed, and the same item disclosed certainly not."""
    cure = tried.pack.measures.label_never_cures
    if cure is None:
        return set()
    apart = {*cure.undisclosed, *cure.disclosed}
    labelled: dict[tuple[Place, Item], list[Item]] = {}
    spoken = {rule.subject for rule in tried.pack.rules}

    def rest(item: Item) -> Item:
        return tuple(value for name, value in zip(tried.names, item, strict=True) if name not in apart)

    def is_as(item: Item, given: dict[str, MaybeValue]) -> bool:
        return all(value == given.get(name, value) for name, value in zip(tried.names, item, strict=True))

    for place, item in tried.everything:
        if is_as(item, dict(cure.disclosed)):
            labelled.setdefault((place, rest(item)), []).append(item)
    found: Found = set()
    for place, item in tried.everything:
        meant = place.subject in spoken and is_as(item, dict(cure.undisclosed))
        if meant and (cure.when is None or tried.holds(cure.when.expression, place, item) is YES):
            for measure in {named.name for named in cure.measures} & tried.said(place, item).certain:
                for after in labelled.get((place, rest(item)), []):
                    if not tried.stronger(measure) & tried.said(place, after).maybe:
                        found.add(("label-cures", measure))
    return found


def _nearest(tried: Tried, condition: Expression) -> tuple[str, ...]:
    """The subject that the signals belong to; all that rules speak of, where none is read."""
    subjects = tried.about(condition)
    return subjects[-1:] if signals_of(condition) & {*tried.names} else subjects


def broken_invariants(tried: Tried) -> Found:
    """Promises of every decision that some item breaks."""
    found: Found = set()
    for invariant in tried.pack.measures.invariants:
        subjects = tried.about_whom(None, invariant.holds)
        about = [(place, item) for place, item in tried.everything if place.subject in subjects]
        if any(tried.holds(invariant.holds, place, item) is NO for place, item in about):
            found.add(("broken-invariant", invariant.id))
    return found


def broken_duties(tried: Tried) -> Found:
    """Duties that no item falls under, and duties that some item falls under without what they require."""
    found: Found = set()
    for duty in tried.pack.obligations:
        if duty.property is None or duty.status in GONE or (duty.until is not None and duty.until <= AS_OF):
            continue
        when, requires = duty.property.when.expression, duty.property.requires.expression
        subjects = tried.about_whom(when, requires)
        under = [
            (place, item)
            for place, item in tried.everything
            if place.subject in subjects
            and place.market in duty.reach
            and (duty.effective is None or place.as_of >= duty.effective)
            and (duty.until is None or place.as_of < duty.until)
            and tried.holds(when, place, item) is YES
        ]
        kind = "would-break" if duty.status == "proposed" else "broken-obligation"
        if not under:
            found.add(("vacuous-obligation", duty.id))
        elif any(tried.holds(requires, place, item) is NO for place, item in under):
            found.add((kind, duty.id))
    return found


def fallen(tried: Tried) -> Found:
    """Protected items that meet, or may meet, what they must not, under some id. The calendar fills in what it says."""
    found: Found = set()
    for scenario in tried.pack.protected:
        markets = tried.pack.markets.resolve(tuple(named.name for named in scenario.markets))
        read = {tried.pack.vocabulary.by_name[name].subject for name in scenario.given}
        subject = min(read, key=SUBJECTS.index, default="item")
        for place in tried.places:
            if place.market in markets and place.subject == subject:
                given = {**calendar_of(tried.pack, place.market, place.as_of), **scenario.given}
                said = tried.said(place, tuple(given.get(name) for name in tried.names))
                if said.maybe & {named.name for named in scenario.never}:
                    found.add(("fallen-scenario", scenario.id))
    return found


# ------------------------------------------------------------------- questions


def useless_and_unanswerable(tried: Tried) -> Found:
    """Signals that rules read for nothing; and signals that matter, and that no reviewer may answer."""
    found: Found = set()
    for place, signal in enumerate(tried.pack.vocabulary.signals):
        if any(signal.name in tried.read_by(rule) for rule in _looked_at(tried)):
            if not _matters(tried, place):
                found.add(("phantom-question", signal.name))
            elif "reviewer" not in signal.asserted_by and signal.calendar is None:
                found.add(("open-forever", signal.name))
    return found


def _matters(tried: Tried, signal: int) -> bool:
    """Whether two items of which all is known, and which differ in this alone, are treated otherwise."""
    met: dict[tuple[Place, Item], frozenset[str]] = {}
    for place in tried.places:
        for item in tried.complete:
            others = (*item[:signal], *item[signal + 1 :])
            seen = tried.seen(tried.said(place, item).certain)
            if met.setdefault((place, others), seen) != seen:
                return True
    return False
