"""A pack's examples run again after an edit. It asks no rule twice of one case, and gives the answers of a first run.

The problems are those of `failing_example.check`, in the same order; a law in the tests holds it to that.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.memory import forget_half
from assay.engine.kernel.truth import NO, Truth, any_of
from assay.engine.language.examples import Usual, case_of, rule_of, setting_of, usual_of
from assay.engine.language.expression.syntax import And, Expression
from assay.engine.language.meaning import Case, Outcome, imposes, meaning_of, rule_meaning
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Example, Policy, Rule
from assay.engine.language.problems.examples.failing_example import differences
from assay.engine.language.remembered import Remembered

# Policies whose answers are kept, and cases that are told apart; beyond, all of it begins anew.
_MOST_RUNS, _MOST_CASES, _MOST_PARTS = 1_200, 60_000, 40_000
# What is read by every rule beside its own file.
_SHARED = ("pack.yaml", "signals.yaml", "measures.yaml", "calendar.yaml")


@dataclass(frozen=True, slots=True)
class _Said:
    """What the rules of one policy said of one case: those that did not say no, and what they come to by measure."""

    rules: Mapping[str, Truth]
    measures: Mapping[str, Truth]


@dataclass(slots=True)
class _Run:
    """What the rules of one policy said, as long as nothing changes that they turn on.

    parts   by rule: the parts of its condition, each by its number, all of which must hold
    done    cases that they were asked of
    said    by case; where every rule said no, nothing is kept
    """

    rules: tuple[Rule, ...]
    parts: tuple[tuple[tuple[int, Expression], ...], ...]
    done: set[int] = field(default_factory=set)
    said: dict[int, _Said] = field(default_factory=dict)


@dataclass(slots=True)
class _Known:
    """All that is kept between two checks."""

    runs: dict[Hashable, _Run] = field(default_factory=dict)
    cases: dict[Hashable, int] = field(default_factory=dict)
    numbers: dict[Expression, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Asked:
    """An example, its rule and its case."""

    example: Example
    rule: Rule | None
    case: int


def failing_again(pack: Pack, memory: Remembered) -> Iterator[Diagnostic]:
    """Every way in which an example's answer differs from the policy's."""
    known: _Known = memory.runs.setdefault("examples", _Known())
    if len(known.cases) > _MOST_CASES or len(known.numbers) > _MOST_PARTS:
        known = memory.runs["examples"] = _Known()
    usual = usual_of(pack)
    asked = [_asked(example, pack, usual, known) for policy in pack.policies for example in policy.examples]
    runs = _runs_of(pack, known)
    _ask(pack, usual, asked, runs)
    said = _by_case(runs)
    for each in asked:
        yield from differences(each.example, each.rule, _outcome(each, said.get(each.case, ())))


def _asked(example: Example, pack: Pack, usual: Usual, known: _Known) -> _Asked:
    setting = setting_of(example, pack, usual)
    key = (tuple(example.given.items()), setting)
    number = known.cases.setdefault(key, len(known.cases))
    return _Asked(example, rule_of(example, pack), number)


def _runs_of(pack: Pack, known: _Known) -> list[_Run]:
    """The run of each policy that has rules: a new one where anything changed that its rules turn on."""
    texts = {policy.id: _text_of(policy, pack) for policy in pack.policies}
    shared = tuple(pack.files.get(name) for name in _SHARED)
    found = []
    for policy in pack.policies:
        if not policy.rules:
            continue
        excused = {each.policy for rule in policy.rules for each in pack.exceptions_of[rule.ref]}
        key = (shared, policy.path, texts[policy.id], tuple(sorted((name, texts[name]) for name in excused)))
        # Put to the end: what is used stays, what was typed over goes first.
        run = known.runs.pop(key, None) or _new_run(policy, known)
        known.runs[key] = run
        found.append(run)
    if len(known.runs) > max(_MOST_RUNS, 2 * len(found)):
        forget_half(known.runs)
    return found


def _text_of(policy: Policy, pack: Pack) -> str:
    """The text of a policy's file; its path may have the pack's folder before it."""
    text = pack.files.get(policy.path)
    return text if text is not None else next(text for name, text in pack.files.items() if policy.path.endswith(name))


def _new_run(policy: Policy, known: _Known) -> _Run:
    parts = []
    for rule in policy.rules:
        whole = rule.when.expression
        pieces = whole.operands if isinstance(whole, And) else (whole,)
        parts.append(tuple((known.numbers.setdefault(piece, len(known.numbers)), piece) for piece in pieces))
    return _Run(policy.rules, tuple(parts))


def _ask(pack: Pack, usual: Usual, asked: list[_Asked], runs: list[_Run]) -> None:
    """Ask every rule of each case whose example looks at what the rule imposes, where it was not asked before."""
    by_measure: dict[str, set[int]] = {measure.id: set() for measure in pack.measures.all}
    by_rule: dict[str, set[int]] = {}
    examples = {}
    for each in asked:
        examples[each.case] = each.example
        for named, _ in each.example.expect:
            by_measure[named.name].add(each.case)
        if each.rule is not None:
            by_rule.setdefault(each.rule.ref, set()).add(each.case)
    cases: dict[int, Case] = {}
    rejected: dict[int, dict[int, bool]] = {}
    for run in runs:
        wanted: set[int] = set()
        for measure in {named.name for rule in run.rules for named in rule.then}:
            wanted |= by_measure[measure] - run.done
        for rule in run.rules:
            wanted |= by_rule.get(rule.ref, set()) - run.done
        for number in wanted:
            case = cases.get(number)
            if case is None:
                case = cases[number] = case_of(examples[number], pack, usual)
            truths = list(_truths(run, pack, case, rejected.setdefault(number, {})))
            if truths:
                run.said[number] = _said(truths, pack, case.as_of)
        run.done |= wanted


def _said(truths: list[tuple[Rule, Truth]], pack: Pack, as_of: int) -> _Said:
    imposed: dict[str, list[Truth]] = {}
    for rule, truth in truths:
        for named in rule.then:
            if imposes(rule, pack.measures.by_id[named.name].after_grace, as_of):
                imposed.setdefault(named.name, []).append(truth)
    return _Said({rule.ref: truth for rule, truth in truths}, {name: any_of(found) for name, found in imposed.items()})


def _truths(run: _Run, pack: Pack, case: Case, rejected: dict[int, bool]) -> Iterator[tuple[Rule, Truth]]:
    """The rules of a policy that do not say no to a case; most fall by a part that other rules have as well."""
    for rule, parts in zip(run.rules, run.parts, strict=True):
        for number, piece in parts:
            falls = rejected.get(number)
            if falls is None:
                falls = rejected[number] = meaning_of(piece, case.signals, pack.vocabulary) is NO
            if falls:
                break
        else:
            truth = rule_meaning(rule, pack, case)
            if truth is not NO:
                yield rule, truth


def _by_case(runs: list[_Run]) -> Mapping[int, list[_Said]]:
    found: dict[int, list[_Said]] = {}
    for run in runs:
        for number, said in run.said.items():
            found.setdefault(number, []).append(said)
    return found


def _outcome(asked: _Asked, said: Sequence[_Said]) -> Outcome:
    """What the rules came to, as far as an example looks."""
    refs = () if asked.rule is None else (asked.rule.ref,)
    rule = {ref: any_of(each.rules.get(ref, NO) for each in said) for ref in refs}
    names = {named.name for named, _ in asked.example.expect}
    return Outcome(rule, {name: any_of(each.measures.get(name, NO) for each in said) for name in names})
