"""incompatible-measures: a rule that imposes two measures which must not hold together. Pairs are the prover's."""

from __future__ import annotations

from collections.abc import Iterator

from assay.engine.kernel.errors import Diagnostic
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Named

SLUG = "incompatible-measures"


def check(pack: Pack) -> Iterator[Diagnostic]:
    """Every second measure of such a pair in one list of a rule."""
    for rule in pack.rules:
        yield from _in(pack, rule.then)
        yield from _in(pack, rule.until_known)


def _in(pack: Pack, measures: tuple[Named, ...]) -> Iterator[Diagnostic]:
    for place, named in enumerate(measures):
        for earlier in measures[:place]:
            if pack.measures.clash(earlier.name, named.name):
                words = f"`{earlier.name}` and `{named.name}` must not hold together"
                yield Diagnostic(SLUG, words, named.span, "`measures.yaml` declares them incompatible")
