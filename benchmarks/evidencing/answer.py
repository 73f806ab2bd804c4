"""What a tool says of one file, in words that all of them share. It says nothing of whether that is right."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

GENERATED = frozenset({"trainedAlgorithmicMedia"})
ALTERED = frozenset({"compositeWithTrainedAlgorithmicMedia", "compositedWithTrainedAlgorithmicMedia"})
# What could be in a composite is left open by its own definition, but one of its parts is synthetic.
SYNTHETIC = frozenset({"compositeSynthetic"})


@dataclass(frozen=True, slots=True)
class Answer:
    """One tool's answer on one file.

    ai      `yes`, `partial`, or an empty text where it says nothing of the kind
    human   it says outright that no AI had a part in it
    broken  it says that what was signed was changed afterwards
    proved  it says AI and gives it as proved, without keeping it apart from what anybody can write into a file
    error   what it failed with, or an empty text
    """

    ai: str = ""
    human: bool = False
    broken: bool = False
    proved: bool = False
    error: str = ""


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool, loaded and ready.

    name          as people install it, with its version
    how           how it is asked, in a few words
    ask           what is timed: everything the tool says of the file at a path, in its own form
    read          that as an answer
    children_cpu  seconds of CPU time of processes that work for it; 0 where it has none
    close         lets go of them
    """

    name: str
    how: str
    ask: Callable[[str], object]
    read: Callable[[object], Answer]
    children_cpu: Callable[[], float] = lambda: 0.0
    close: Callable[[], None] = lambda: None


class NotHere(Exception):
    """The tool cannot be run on this machine; the text says how it could be."""


def ai_of(source_types: Iterable[str]) -> str:
    """What source types in IPTC's words come to: `yes`, `partial`, or nothing."""
    terms = {each.rstrip("/").rpartition("/")[2] for each in source_types}
    if terms & GENERATED:
        return "yes"
    return "partial" if terms & (ALTERED | SYNTHETIC) else ""


def source_types_in(node: object) -> Iterable[str]:
    """Every value of a key `digitalSourceType`, at any depth of plain JSON."""
    if isinstance(node, dict):
        for key, value in node.items():
            if str(key).rpartition(":")[2].lower() == "digitalsourcetype" and isinstance(value, str):
                yield value
            else:
                yield from source_types_in(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from source_types_in(value)
