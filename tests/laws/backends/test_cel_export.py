"""Exported CEL, run by Google's own, says of any case what the reference meaning says; unknown is unbound."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.kernel.truth import UNKNOWN, YES, truth_of
from assay.engine.language.examples import case_of
from assay.engine.language.expression.syntax import Not
from assay.engine.language.meaning import Case, meaning_of, pack_meaning
from assay.engine.language.pack.pack import Pack
from assay.engine.program.cel.export import CelExport, compile_cel
from assay.engine.program.core import Atom, Test
from assay.engine.program.lower import Program, lower_pack
from assay.interfaces.packs import load_pack
from tests.conftest import ROOT
from tests.engine.program.cel.oracle import bindings, environment, truth_in_cel
from tests.engine.program.sql.each_kind import EACH_KIND, EXACT, EXACT_ROWS, ONLY_IN_THE_CORE, opposites
from tests.engine.program.sql.fixed_pack import cases_at_bounds, the_pack
from tests.makers import a_case, a_condition, a_pack, a_rule, cases, conditions, packs, signals_for, vocabularies


def agree(pack: Pack, program: Program, export: CelExport, case: Case, where: object) -> None:
    names = {code: found.name for found in program.classes for code in found.codes}
    bound = bindings(export, case, names[case.market])
    meant = pack_meaning(pack, case)
    rules = {ref: truth_in_cel(where, text, bound) for ref, text in export.rules.items()}
    assert rules == {rule.ref: meant.rules[rule.ref] for rule in pack.rules if rule.subject == case.subject}
    measures = {name: truth_in_cel(where, text, bound) for name, text in export.measures.items()}
    assert measures == meant.measures
    assert meanwhile(export, {ref for ref, truth in rules.items() if truth is UNKNOWN}, bound) == {
        measure for measure, truth in meant.open_measures.items() if truth is YES
    }


def meanwhile(export: CelExport, open_rules: set[str], bound: dict[str, object]) -> set[str]:
    """What open rules impose, worked out of the manifest as a program around the texts would."""
    rules = export.manifest["rules"]
    assert isinstance(rules, list)
    at = str(bound["assay.as_of"]).replace(" ", "T").replace("+00:00", "Z")
    return {
        one["measure"]
        for rule in rules
        if rule["ref"] in open_rules
        for one in rule["until_known"]
        if one["from"] is None or at >= one["from"]
    }


@given(st.data())
def test_exported_cel_agrees_with_meaning(data: st.DataObject) -> None:
    pack = data.draw(packs())
    case = data.draw(cases(pack))
    program = lower_pack(pack)
    export = compile_cel(program, subject=case.subject)
    agree(pack, program, export, case, environment(export))


def test_every_bound_of_time_is_where_it_is() -> None:
    program = lower_pack(the_pack())
    export = compile_cel(program)
    where = environment(export)
    for case in cases_at_bounds():
        agree(program.pack, program, export, case, where)


@pytest.mark.slow
def test_the_starter_pack_agrees_on_all_its_examples() -> None:
    pack = load_pack(ROOT / "packs" / "starter")
    program = lower_pack(pack)
    exports = {rule.subject: compile_cel(program, subject=rule.subject) for rule in pack.rules}
    environments = {subject: environment(export) for subject, export in exports.items()}
    for case in [case_of(example, pack) for policy in pack.policies for example in policy.examples]:
        agree(pack, program, exports[case.subject], case, environments[case.subject])


@given(st.data())
def test_single_conditions_agree_with_meaning(data: st.DataObject) -> None:
    vocabulary = data.draw(vocabularies(most=3))
    condition = data.draw(conditions(vocabulary))
    export = compile_cel(lower_pack(a_pack(a_rule("p/r", condition), vocabulary=vocabulary)))
    where = environment(export)
    for signals in data.draw(st.lists(signals_for(vocabulary, missing=0.15), min_size=12, max_size=12)):
        bound = bindings(export, a_case(signals), "rest")
        assert truth_in_cel(where, export.rules["p/r"], bound) is meaning_of(condition, signals, vocabulary)


@pytest.mark.parametrize("text", EACH_KIND)
def test_each_kind_of_condition_and_its_opposite(text: str) -> None:
    for condition in (a_condition(text).expression, Not(a_condition(text).expression)):
        export = compile_cel(lower_pack(a_pack(a_rule("p/r", condition), vocabulary=EXACT)))
        where = environment(export)
        for signals in EXACT_ROWS:
            bound = bindings(export, a_case(signals), "rest")
            assert truth_in_cel(where, export.rules["p/r"], bound) is meaning_of(condition, signals, EXACT)


@pytest.mark.parametrize(("test", "holds"), ONLY_IN_THE_CORE)
def test_what_every_value_answers_alike_is_still_unknown_without_one(test: Test, holds: bool) -> None:
    for program, answered in opposites(test, holds=holds):
        export = compile_cel(program)
        where = environment(export)
        (signal,) = Atom(test).signals
        for row in EXACT_ROWS:
            found = truth_in_cel(where, export.rules["p/r"], bindings(export, a_case(row), "rest"))
            assert found is truth_of(answered if signal in row else None)
