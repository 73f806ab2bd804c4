"""What every other engine is here: a way to hand it an item, to ask it, and to read its answer. It judges nobody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from assay.engine.decision.item import Item
from assay.engine.kernel.truth import NO, UNKNOWN, YES, Truth

Answers: TypeAlias = Sequence[Truth]


@dataclass(frozen=True, slots=True)
class Peer:
    """Another engine, loaded with the same policy.

    name    as people install it, with its version
    how     how it is driven, in a few words
    native  an item in the form the engine takes fastest; made before the clock starts, as our own items are
    ask     what is timed: everything the engine says of one item, in its own form
    read    that as the truth of each rule, in the pack's order
    """

    name: str
    how: str
    native: Callable[[Item], Any]
    ask: Callable[[Any], Any]
    read: Callable[[Any], Answers]


def truth_of_answer(given: object) -> Truth:
    """The truth value of an engine's yes or no; anything else is an error, which is how engines say unknown."""
    if given is True:
        return YES
    return NO if given is False else UNKNOWN
