"""One condition, compiled: its truth for some values. It tests nothing."""

from __future__ import annotations

from collections.abc import Mapping

from assay.engine.kernel.truth import Truth, from_planes
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.vocabulary import Vocabulary
from assay.engine.program.lower import lower_pack
from assay.engine.program.scalar import Scalar, compile_scalar
from tests.makers import a_pack, a_rule


def compiled(pack: Pack) -> Scalar:
    return compile_scalar(lower_pack(pack))


def planes_of(scalar: Scalar, values: Mapping[str, MaybeValue], item: str | None = "item-1") -> tuple[int, int]:
    """The planes of rules for some values; absent ones are missing."""
    row = [values.get(signal.name) for signal in scalar.program.pack.vocabulary.signals]
    terms = scalar.evaluate(row, item)
    if scalar.evaluate_market is not None:
        terms &= scalar.evaluate_market(row, item)
    return scalar.rule_planes(terms)


def truth_of_rule(scalar: Scalar, place: int, values: Mapping[str, MaybeValue], item: str | None = "item-1") -> Truth:
    true, possible = planes_of(scalar, values, item)
    return from_planes(true >> place & 1, possible >> place & 1)


def truth(condition: str, vocabulary: Vocabulary, values: Mapping[str, MaybeValue]) -> Truth:
    return truth_of_rule(compiled(a_pack(a_rule("p/r", condition), vocabulary=vocabulary)), 0, values)
