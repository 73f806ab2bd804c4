"""A pack as CEL texts, one a rule and one a measure, and a manifest. It uses no extension and no macro of CEL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assay.engine.language.expression.printer import print_expression
from assay.engine.language.expression.syntax import Compare, Expression, In, ListLiteral, Literal, Name
from assay.engine.language.pack.vocabulary import SUBJECTS
from assay.engine.program.cel.conditions import Conditions, both, either, instant
from assay.engine.program.cel.manifest import manifest_of
from assay.engine.program.cel.names import AS_OF, MARKET, Variable, rollout_name, variable_of
from assay.engine.program.core import InRollout, atoms_of
from assay.engine.program.lower import LoweredRule, Program


@dataclass(frozen=True, slots=True)
class CelExport:
    """Plain CEL.

    measures   by id: when the measure is imposed; an error that an unbound variable makes means that it is open
    rules      by reference: when the rule holds, in its markets and time; while it is open, its `until_known` hold
    variables  what the texts read
    manifest   what a program needs beside them, as plain JSON values
    """

    measures: Mapping[str, str]
    rules: Mapping[str, str]
    variables: tuple[Variable, ...]
    manifest: Mapping[str, object]


def compile_cel(program: Program, *, subject: str = "item") -> CelExport:
    """The CEL of a pack, for the rules on items, accounts or campaigns.

    raises  ValueError for an unknown subject
    """
    if subject not in SUBJECTS:
        raise ValueError(f"no subject is named `{subject}`: it is one of {', '.join(SUBJECTS)}")
    lowered = [found for found in program.rules if found.rule.subject == subject]
    conditions = Conditions(program.pack.vocabulary)
    written = [_rule(found, program, conditions) for found in lowered]
    rules = {found.rule.ref: print_expression(text) for found, text in zip(lowered, written, strict=True)}
    measures = {
        name: print_expression(
            either(
                [
                    _imposed(found, name, program, text)
                    for found, text in zip(lowered, written, strict=True)
                    if place in found.then
                ]
            )
        )
        for name, place in program.pack.measures.index.items()
    }
    variables = _variables(lowered, program)
    manifest = manifest_of(program, subject, lowered, variables, {"rules": rules, "measures": measures})
    return CelExport(measures, rules, variables, manifest)


def _rule(found: LoweredRule, program: Program, conditions: Conditions) -> Expression:
    """Where and when a rule holds, and its condition."""
    period = found.rule.period
    parts: list[Expression] = []
    if period.effective is not None:
        parts.append(Compare(">=", Name(AS_OF), instant(period.effective)))
    if period.sunset is not None:
        parts.append(Compare("<", Name(AS_OF), instant(period.sunset)))
    if found.markets is not None:
        names = [one.name for one in program.classes if one.example in found.markets]
        listed = ListLiteral(tuple(Literal(name) for name in names))
        parts.append(In(Name(MARKET), listed) if names else Literal(value=False))
    return both([*parts, conditions.write(found.condition)])


def _imposed(found: LoweredRule, measure: str, program: Program, text: Expression) -> Expression:
    until = found.rule.grace_until
    if until is None or not program.pack.measures.by_id[measure].after_grace:
        return text
    return both([Compare(">=", Name(AS_OF), instant(until)), text])


def _variables(lowered: list[LoweredRule], program: Program) -> tuple[Variable, ...]:
    atoms = [atom for found in lowered for atom in atoms_of(found.condition)]
    read = {name for atom in atoms for name in atom.signals}
    rolled = dict.fromkeys(atom.test.rule for atom in atoms if isinstance(atom.test, InRollout))
    return (
        Variable(MARKET, "string", "market"),
        Variable(AS_OF, "timestamp", "as_of"),
        *(Variable(rollout_name(rule), "double", "rollout", rule) for rule in rolled),
        *(variable_of(signal) for signal in program.pack.vocabulary.signals if signal.name in read),
    )
