"""Every witness of every finding shows what it is said to show: to the reference meaning, and to whoever decides it."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given

from assay.engine.analysis.proof.finding import Finding, Kind
from assay.engine.analysis.proof.prove import prove
from assay.engine.analysis.situations.witness import Witness
from assay.engine.kernel.truth import NO, YES
from assay.engine.language.meaning import Case, meaning_of, rule_meaning
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Rule
from tests.laws.proofs.reproducing import Told, by_decider, by_meaning, says, signals_in
from tests.laws.proofs.small.packs import AS_OF, small_packs
from tests.laws.proofs.small.shown import shown
from tests.laws.proofs.trying import Tried, without_excuses
from tests.makers import packs

Teller = Callable[[Pack, Witness], Told]


@given(small_packs(promises=True))
def test_a_witness_shows_what_it_is_said_to(pack: Pack) -> None:
    for finding in prove(pack, AS_OF).findings:
        reproduced(pack, finding, by_meaning)
        reproduced(pack, finding, by_decider)


@given(packs())
def test_so_does_one_of_a_pack_with_all_that_rules_can_have(pack: Pack) -> None:
    for finding in prove(pack, AS_OF).findings:
        reproduced(pack, finding, by_decider)


def reproduced(pack: Pack, finding: Finding, teller: Teller) -> None:
    told = [teller(pack, witness) for witness in finding.witnesses]
    assert _SHOWN[finding.kind](pack, finding, told), f"{teller}: {finding}\n{shown(pack)}"


def _nothing(pack: Pack, finding: Finding, told: list[Told]) -> bool:
    """There is nothing to be shown of what can never be."""
    return not told


def _undermined(pack: Pack, finding: Finding, told: list[Told]) -> bool:
    (witness,), (reference, excuse) = finding.witnesses, finding.subjects
    bare = without_excuses(pack)
    case = Case(signals_in(pack, witness), witness.market, witness.as_of, witness.id, witness.subject)
    exception = next(one for one in pack.exceptions if one.ref == excuse)
    return (
        rule_meaning(bare.rule_by_ref[reference], bare, case) is YES
        and meaning_of(exception.when.expression, case.signals, pack.vocabulary) is YES
        and told[0].rules[reference] is not YES
    )


def _clashing(pack: Pack, finding: Finding, told: list[Told]) -> bool:
    tried, (witness,) = Tried(pack), finding.witnesses
    one, other = (pack.rule_by_ref[reference] for reference in finding.subjects)
    first, second = (_doing(tried, rule, told[0], witness) for rule in (one, other))
    return any(pack.measures.clash(this, that) for this in first for that in second) and (first | second) & {
        *told[0].done
    } == (first | second)


def _doing(tried: Tried, rule: Rule, told: Told, witness: Witness) -> frozenset[str]:
    if told.rules[rule.ref] is NO:
        return frozenset()
    named = rule.then if told.rules[rule.ref] is YES else rule.until_known
    place = tried.places[0]
    return tried.imposed(rule, (one.name for one in named), type(place)(witness.market, witness.as_of, "item", "-"))


def _gap(pack: Pack, finding: Finding, told: list[Told]) -> bool:
    harm = next(one for one in pack.harms.harms if one.id == finding.subjects[0])
    answers = {named.name for named in harm.answered_by} or {one.id for one in pack.measures.all}
    declared = says(pack, harm.when.expression, finding.witnesses[0], told[0])
    return declared is YES and not answers & told[0].maybe


def _cured(pack: Pack, finding: Finding, told: list[Told]) -> bool:
    cure, (before, after) = pack.measures.label_never_cures, finding.witnesses
    assert cure is not None
    apart = {*cure.undisclosed, *cure.disclosed}
    alike = (before.id, before.subject, before.market, before.as_of) == (
        after.id,
        after.subject,
        after.market,
        after.as_of,
    )
    rest = [{name: value for name, value in one.signals.items() if name not in apart} for one in (before, after)]
    stated = cure.undisclosed.items() <= before.signals.items() and cure.disclosed.items() <= after.signals.items()
    (name,) = finding.subjects
    lifted = told[0].measures[name] is YES and not Tried(pack).stronger(name) & told[1].maybe
    meant = cure.when is None or says(pack, cure.when.expression, before, told[0]) is YES
    return alike and rest[0] == rest[1] and stated and lifted and meant


def _broken_invariant(pack: Pack, finding: Finding, told: list[Told]) -> bool:
    invariant = next(one for one in pack.measures.invariants if one.id == finding.subjects[0])
    return says(pack, invariant.holds, finding.witnesses[0], told[0]) is NO


def _broken_duty(pack: Pack, finding: Finding, told: list[Told]) -> bool:
    duty = next(one for one in pack.obligations if one.id == finding.subjects[0])
    (witness,) = finding.witnesses
    assert duty.property is not None
    now = (duty.effective is None or witness.as_of >= duty.effective) and (
        duty.until is None or witness.as_of < duty.until
    )
    when = says(pack, duty.property.when.expression, witness, told[0])
    requires = says(pack, duty.property.requires.expression, witness, told[0])
    return now and witness.market in duty.reach and when is YES and requires is NO


def _fallen(pack: Pack, finding: Finding, told: list[Told]) -> bool:
    scenario = next(one for one in pack.protected if one.id == finding.subjects[0])
    return bool({named.name for named in scenario.never} & told[0].maybe)


def _open_forever(pack: Pack, finding: Finding, told: list[Told]) -> bool:
    (witness,), (name,) = finding.witnesses, finding.subjects
    return name not in witness.signals and bool(told[0].waiting) and not told[0].settled


_SHOWN: dict[Kind, Callable[[Pack, Finding, list[Told]], bool]] = {
    Kind.DEAD_RULE: _nothing,
    Kind.SWALLOWED_RULE: _nothing,
    Kind.SHADOWED_RULE: _nothing,
    Kind.VACUOUS_OBLIGATION: _nothing,
    Kind.PHANTOM_QUESTION: _nothing,
    Kind.UNDERMINED_RULE: _undermined,
    Kind.CLASHING_RULES: _clashing,
    Kind.GAP: _gap,
    Kind.LABEL_CURES: _cured,
    Kind.BROKEN_INVARIANT: _broken_invariant,
    Kind.BROKEN_OBLIGATION: _broken_duty,
    Kind.WOULD_BREAK: _broken_duty,
    Kind.FALLEN_SCENARIO: _fallen,
    Kind.OPEN_FOREVER: _open_forever,
    Kind.UNDECIDED: lambda pack, finding, told: bool(finding.query),
}
