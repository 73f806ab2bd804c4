"""What a policy needs of the product: signals, surfaces, measures, labels, notices, by its rules. It knows no store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from assay.engine.language.expression.syntax import signals_of
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Rule

Kind: TypeAlias = Literal["signal", "surface", "measure", "label", "notice"]
KINDS: tuple[Kind, ...] = ("signal", "surface", "measure", "label", "notice")
LABELS = "label"


@dataclass(frozen=True, slots=True)
class Use:
    """One rule that needs something.

    markets      in which it holds; None is everywhere
    until_known  what it imposes while something that it reads is unknown
    """

    rule: str
    title: str
    markets: frozenset[str] | None
    until_known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dependency:
    """One thing that rules need of the product.

    kind, name  `signal` `person.consent`; `label` `label:ai`; `notice` `removed` is the message that says so
    title       as the pack calls it
    question    of a signal, what a person is asked where it is unknown
    is_new      whether nothing of the edition in force needs it
    """

    kind: Kind
    name: str
    title: str
    uses: tuple[Use, ...]
    question: str = ""
    is_new: bool = False

    def rules_in(self, market: str) -> tuple[Use, ...]:
        """The rules that need it in a market."""
        return tuple(use for use in self.uses if use.markets is None or market in use.markets)


def dependencies_of(pack: Pack, rules: Iterable[Rule]) -> dict[tuple[Kind, str], Dependency]:
    """What some rules of a pack need, in the order of kinds and names."""
    found: dict[tuple[Kind, str], list[Use]] = {}
    for rule in rules:
        use = _use(rule, pack)
        for key in _keys_of(rule, pack):
            found.setdefault(key, []).append(use)
    order = sorted(found, key=lambda key: (KINDS.index(key[0]), key[1]))
    return {key: _made(key, pack, tuple(found[key])) for key in order}


def needed(draft: Pack, paths: Iterable[str], base: Pack | None) -> tuple[Dependency, ...]:
    """What a change needs: all that the policies in the files it touches need, and all that is new anywhere.

    paths  files that the change puts in place
    base   the pack in force, or None
    """
    touched = set(paths)
    policies = {policy.id for policy in draft.policies if policy.path in touched}
    before = set() if base is None else set(dependencies_of(base, base.rules))
    own = dependencies_of(draft, [rule for rule in draft.rules if rule.policy in policies])
    whole = dependencies_of(draft, draft.rules)
    wanted = [key for key in whole if key in own or key not in before]
    return tuple(_marked(own.get(key, whole[key]), key not in before) for key in wanted)


def _marked(found: Dependency, is_new: bool) -> Dependency:
    return Dependency(found.kind, found.name, found.title, found.uses, found.question, is_new)


def _use(rule: Rule, pack: Pack) -> Use:
    return Use(rule.ref, rule.title, pack.markets_of[rule.ref], tuple(named.name for named in rule.until_known))


def _keys_of(rule: Rule, pack: Pack) -> list[tuple[Kind, str]]:
    signals: set[str] = set()
    for condition in (rule.when, rule.unless, *(one.when for one in pack.exceptions_of[rule.ref])):
        signals |= set() if condition is None else signals_of(condition.expression)
    signals |= {"audience"} if rule.audience else set()
    keys: list[tuple[Kind, str]] = [("signal", name) for name in signals if not _by_calendar(name, pack)]
    keys += [("surface", named.name) for named in rule.surfaces]
    for named in (*rule.then, *rule.until_known):
        keys += _of_measure(named.name, pack)
    return sorted(set(keys))


def _by_calendar(name: str, pack: Pack) -> bool:
    """Whether the pack's own calendar gives a signal, so that no product has to."""
    signal = pack.vocabulary.by_name.get(name)
    return signal is not None and signal.calendar is not None


def _of_measure(name: str, pack: Pack) -> Iterator[tuple[Kind, str]]:
    measure = pack.measures.by_id.get(name)
    if measure is not None and measure.family == LABELS:
        yield "label", name
        return
    yield "measure", name
    # What takes something from somebody is told to them: a step of a ladder, and what counts against an account.
    if measure is not None and measure.kind in ("step", "kind"):
        yield "notice", name


def _made(key: tuple[Kind, str], pack: Pack, uses: tuple[Use, ...]) -> Dependency:
    kind, name = key
    if kind == "signal":
        signal = pack.vocabulary.by_name.get(name)
        if signal is None:
            return Dependency(kind, name, name, uses)
        return Dependency(kind, name, signal.title, uses, signal.question)
    if kind == "surface":
        return Dependency(kind, name, f"The surface {name}", uses)
    measure = pack.measures.by_id.get(name)
    title = name if measure is None else measure.title
    return Dependency(kind, name, f"The message that says: {title}" if kind == "notice" else title, uses)
