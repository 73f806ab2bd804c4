"""Examples as cases: the market and the instant they are decided for. It never judges their answers."""

from __future__ import annotations

from dataclasses import dataclass

from assay.engine.kernel.digest import share_of
from assay.engine.kernel.instants import DAY
from assay.engine.language.meaning import Case
from assay.engine.language.pack.calendar import value_by_calendar
from assay.engine.language.pack.classes import market_classes
from assay.engine.language.pack.pack import Pack, full_reference
from assay.engine.language.pack.policy import Example, Rule


@dataclass(frozen=True, slots=True)
class Usual:
    """What holds for every example of a pack that says nothing else.

    market  one of the largest class
    latest  the day after everything in the pack has begun
    """

    market: str
    latest: int


def usual_of(pack: Pack) -> Usual:
    """The market and the instant of examples that name none."""
    largest = max(market_classes(pack), key=lambda found: len(found.codes))
    return Usual(min(largest.codes), max((_begun(each) for each in pack.rules), default=0) + DAY)


def rule_of(example: Example, pack: Pack) -> Rule | None:
    """The rule that an example is about, or None where it names none that exists."""
    return pack.rule_by_ref.get(full_reference(example.rule.name, example.policy)) if example.rule else None


@dataclass(frozen=True, slots=True)
class Setting:
    """What an example is decided by beside what is given: where, when, as which item, by rules on which subject."""

    market: str
    as_of: int
    item: str | None
    subject: str


def setting_of(example: Example, pack: Pack, usual: Usual) -> Setting:
    """The setting of an example, filled in where it names none."""
    rule = rule_of(example, pack)
    market = usual.market if example.market is None else example_market(example, pack)
    as_of = example.as_of if example.as_of is not None else _settled_instant(usual.latest, rule)
    # The id lies within every rollout of a whole pack's examples only by chance, so examples are decided without one.
    item = None if rule is None or rule.rollout >= 1.0 else _within_rollout(rule)
    return Setting(market, as_of, item, rule.subject if rule is not None else "item")


def case_of(example: Example, pack: Pack, usual: Usual | None = None) -> Case:
    """An example as a case, with its market and instant filled in where it names none.

    usual  of the pack, for whoever asks for many of its examples
    """
    setting = setting_of(example, pack, usual or usual_of(pack))
    signals = dict(example.given)
    for signal in pack.vocabulary.signals:
        if signal.calendar is not None and signal.name not in signals:
            signals[signal.name] = value_by_calendar(signal, pack.windows, setting.market, setting.as_of)
    return Case(signals, setting.market, setting.as_of, setting.item, setting.subject)


def example_market(example: Example, pack: Pack) -> str:
    """The one code an example is decided for."""
    if example.market is None:
        return usual_of(pack).market
    # Where a group is named, any of its members that no rule tells apart will do; the first is as good as another.
    return min(pack.markets.reach(example.market.name))


def _settled_instant(latest: int, rule: Rule | None) -> int:
    """The day after everything in the pack has begun; or, where a rule has ended by then, after it has begun itself."""
    if rule is not None and rule.period.sunset is not None and rule.period.sunset <= latest:
        return min(_begun(rule) + DAY, rule.period.sunset - 1)
    return latest


def _begun(rule: Rule) -> int:
    return max(rule.period.effective or 0, rule.grace_until or 0)


def _within_rollout(rule: Rule) -> str:
    """An item id that a rule's rollout includes, found by trying; a share of nothing includes none."""
    tried = (f"example-{number}" for number in range(10_000))
    return next((item for item in tried if share_of(item, rule.ref) < rule.rollout), "example-0")
