"""A small pack in a few lines, as a failing law shows it. It tests nothing."""

from __future__ import annotations

from collections.abc import Iterator

from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Named


def shown(pack: Pack) -> str:
    """The pack's words, rules and promises, a line each."""
    return "\n".join(["the pack:", *_lines(pack)])


def _names(named: tuple[Named, ...]) -> str:
    return "[" + ", ".join(one.name for one in named) + "]"


def _lines(pack: Pack) -> Iterator[str]:
    for signal in pack.vocabulary.signals:
        yield f"  {signal.name}: {signal.type.value} {signal.scope} {signal.subject}, asserted by {signal.asserted_by}"
    for rule in pack.rules:
        unless = "" if rule.unless is None else f" unless {rule.unless.source.text}"
        yield f"  {rule.ref}: {rule.when.source.text}{unless} then {_names(rule.then)} until {_names(rule.until_known)}"
        scope = (_names(rule.markets), _names(rule.surfaces), rule.period, rule.grace_until, rule.rollout, rule.subject)
        yield f"    {scope}{' no exception' if rule.no_exception else ''}"
    for exception in pack.exceptions:
        yield f"  {exception.ref}: {exception.when.source.text} reaches {_names(exception.reaches)}"
    for window in pack.windows:
        yield f"  {window}"
    for harm in pack.harms.harms:
        yield f"  harm {harm.severity}: {harm.when.source.text} answered by {_names(harm.answered_by)}"
    for invariant in pack.measures.invariants:
        yield f"  always: {invariant.source.text}"
    for duty in pack.obligations:
        if duty.property is not None:
            said = f"{duty.property.when.source.text} requires {duty.property.requires.source.text}"
            yield f"  {duty.id} ({duty.status}) in {duty.markets} from {duty.effective} until {duty.until}: {said}"
    for scenario in pack.protected:
        yield f"  protected in {_names(scenario.markets)}: {dict(scenario.given)} never {_names(scenario.never)}"
    cure = pack.measures.label_never_cures
    if cure is not None:
        limit = "" if cure.when is None else f" when {cure.when.source.text}"
        yield f"  cures: {_names(cure.measures)} from {dict(cure.undisclosed)} to {dict(cure.disclosed)}{limit}"
