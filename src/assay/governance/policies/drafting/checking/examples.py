"""A policy's examples, each run: what it says should come out, and what does. It never says which of both is wrong."""

from __future__ import annotations

from dataclasses import dataclass

from assay.engine.analysis.answers import answer_in_words
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.checker import Checked
from assay.engine.language.examples import Usual, case_of, rule_of, usual_of
from assay.engine.language.meaning import pack_meaning
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Example
from assay.engine.language.problems.examples import failing_example
from assay.engine.language.problems.examples.missing_example import catches


@dataclass(frozen=True, slots=True)
class Expected:
    """One thing that an example says, and what came out: `yes`, `no` or `unknown`.

    is_rule  whether it is said of a rule; else of a measure
    """

    name: str
    title: str
    wanted: str
    found: str
    is_rule: bool = False

    @property
    def holds(self) -> bool:
        """Whether it came out as said."""
        return self.wanted == self.found


@dataclass(frozen=True, slots=True)
class ExampleRun:
    """An example that was run.

    given  what is known of the item: a signal's title and its value in words
    """

    title: str
    line: int
    rule: str
    given: tuple[tuple[str, str], ...]
    expected: tuple[Expected, ...]

    @property
    def passes(self) -> bool:
        """Whether everything came out as it says."""
        return all(each.holds for each in self.expected)


def can_run(checked: Checked) -> bool:
    """Whether the pack's words are all known, so that an example can be run."""
    return all(problem.slug == failing_example.SLUG for problem in checked.errors)


def runs_of(checked: Checked, path: str) -> tuple[ExampleRun, ...]:
    """The examples of a file's policy, run; only where `can_run`."""
    pack = checked.pack
    usual = usual_of(pack)
    examples = [example for policy in pack.policies if policy.path == path for example in policy.examples]
    return tuple(_run(example, pack, usual) for example in examples)


def _run(example: Example, pack: Pack, usual: Usual) -> ExampleRun:
    outcome, rule = pack_meaning(pack, case_of(example, pack, usual)), rule_of(example, pack)
    expected = []
    wanted = catches(example, rule) if rule is not None else None
    if rule is not None and wanted is not None:
        expected.append(Expected(rule.ref, rule.title, wanted, outcome.rules[rule.ref].value, is_rule=True))
    for named, truth in example.expect:
        title = pack.measures.by_id[named.name].title
        expected.append(Expected(named.name, title, truth, outcome.measures[named.name].value))
    given = tuple(_said(name, value, pack) for name, value in example.given.items())
    return ExampleRun(example.title, example.span.line, rule.ref if rule is not None else "", given, tuple(expected))


def _said(name: str, value: MaybeValue, pack: Pack) -> tuple[str, str]:
    signal = pack.vocabulary.by_name[name]
    return signal.title, "unknown" if value is None else answer_in_words(signal, value)
