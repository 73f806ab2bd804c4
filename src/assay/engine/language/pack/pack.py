"""A pack: everything a platform's policy needs, read and typed. It never says whether it is sound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from assay.engine.kernel.digest import digest_of_files
from assay.engine.kernel.markets import Markets
from assay.engine.language.expression.syntax import signals_of
from assay.engine.language.pack.calendar import Window
from assay.engine.language.pack.measures import Measures
from assay.engine.language.pack.policy import Condition, Exemption, Policy, Rule
from assay.engine.language.pack.promises.harms import NO_HARMS, Harms
from assay.engine.language.pack.promises.obligations import Obligation
from assay.engine.language.pack.promises.scenarios import Scenario
from assay.engine.language.pack.vocabulary import SUBJECTS, Vocabulary


@dataclass(frozen=True)
class Pack:
    """A pack as read. `files` are its texts by name, from which its digest is made."""

    name: str
    title: str
    version: str
    precedence: tuple[str, ...]
    markets: Markets
    vocabulary: Vocabulary
    measures: Measures
    obligations: tuple[Obligation, ...]
    windows: tuple[Window, ...]
    policies: tuple[Policy, ...]
    files: Mapping[str, str] = field(repr=False, compare=False)
    harms: Harms = NO_HARMS
    protected: tuple[Scenario, ...] = ()

    @cached_property
    def digest(self) -> str:
        """The content address of the pack's texts."""
        return digest_of_files(self.files)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule, in the order of files and places."""
        return tuple(rule for policy in self.policies for rule in policy.rules)

    @cached_property
    def exceptions(self) -> tuple[Exemption, ...]:
        """Every exception, in the order of files and places."""
        return tuple(exception for policy in self.policies for exception in policy.exceptions)

    @cached_property
    def rule_by_ref(self) -> Mapping[str, Rule]:
        """Rules by how they are cited."""
        return {rule.ref: rule for rule in self.rules}

    def reached(self, exception: Exemption) -> tuple[Rule, ...]:
        """The rules that an exception reaches: those it names, less those that bar exceptions."""
        wanted = {full_reference(named.name, exception.policy) for named in exception.reaches}
        return tuple(
            rule
            for rule in self.rules
            if not rule.no_exception
            and (rule.ref in wanted or (f"{rule.policy}/*" in wanted and self.can_read(rule.subject, exception.when)))
        )

    def can_read(self, subject: str, condition: Condition) -> bool:
        """Whether a rule on a subject may read a condition: an item's rule its account's signals, not the reverse."""
        named = (self.vocabulary.by_name.get(name) for name in signals_of(condition.expression))
        return all(SUBJECTS.index(signal.subject) >= SUBJECTS.index(subject) for signal in named if signal)

    @cached_property
    def markets_of(self, /) -> Mapping[str, frozenset[str] | None]:
        """The single markets in which each rule holds, by its reference; None is everywhere."""
        return {
            rule.ref: self.markets.resolve(tuple(named.name for named in rule.markets)) if rule.markets else None
            for rule in self.rules
        }

    @cached_property
    def exceptions_of(self) -> Mapping[str, tuple[Exemption, ...]]:
        """The exceptions that reach each rule, by the rule's reference."""
        reaching: dict[str, list[Exemption]] = {rule.ref: [] for rule in self.rules}
        for exception in self.exceptions:
            for rule in self.reached(exception):
                reaching[rule.ref].append(exception)
        return {ref: tuple(found) for ref, found in reaching.items()}


def full_reference(name: str, policy: str) -> str:
    """A rule's name as written in a policy, as it is cited everywhere."""
    return name if "/" in name else f"{policy}/{name}"
