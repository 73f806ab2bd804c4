"""Two versions of a pack brought to one vocabulary and the same markets, so that they can be asked about one item."""

from __future__ import annotations

from dataclasses import replace

from assay.engine.kernel.errors import Diagnostic, Refused
from assay.engine.kernel.markets import Markets
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.vocabulary import Signal, Vocabulary
from assay.engine.language.problems.words import wrong_type


def joined_packs(old: Pack, new: Pack) -> tuple[Pack, Pack]:
    """Both packs, each knowing the subdivisions of both: a rule for a country holds in all of its parts."""
    parts = tuple(dict.fromkeys((*new.markets.subdivisions, *old.markets.subdivisions)))
    return (
        replace(old, markets=Markets(old.markets.groups, parts)),
        replace(new, markets=Markets(new.markets.groups, parts)),
    )


def joined_vocabulary(old: Vocabulary, new: Vocabulary) -> Vocabulary:
    """The signals of both, with the values of both; what both declare is said in the words of the new one.

    raises  Refused, where a signal is of one type in the old version and of another in the new
    """
    problems = [_otherwise(old.by_name[signal.name], signal) for signal in new.signals if signal.name in old.by_name]
    found = [problem for problem in problems if problem is not None]
    if found:
        raise Refused(found)
    kept = [_joined(old.by_name.get(signal.name), signal) for signal in new.signals]
    return Vocabulary((*kept, *(signal for signal in old.signals if signal.name not in new.by_name)))


def _otherwise(old: Signal, new: Signal) -> Diagnostic | None:
    """What keeps an item of the one version from being an item of the other."""
    if old.type is not new.type:
        words = f"`{new.name}` is a {old.type} in the old version and a {new.type} in the new one"
    elif (old.subject, old.scope) != (new.subject, new.scope):
        words = f"`{new.name}` belongs to something else in the old version"
    else:
        return None
    return wrong_type.report(words, new.span, "give it another name, so that no item of the past is misread")


def _joined(old: Signal | None, new: Signal) -> Signal:
    if old is None:
        return new
    gone = tuple(value for value in old.values if value.name not in new.by_name)
    return replace(
        new,
        values=(*new.values, *gone),
        minimum=None if old.minimum is None or new.minimum is None else min(old.minimum, new.minimum),
        maximum=None if old.maximum is None or new.maximum is None else max(old.maximum, new.maximum),
        integer=old.integer and new.integer,
        longest=max(old.longest, new.longest),
    )
