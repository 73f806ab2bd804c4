"""A policy's text taken apart to be read: prose, guidance and program, in their order. It judges nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assay.engine.language.document.markdown import Block, Section, read_document
from assay.governance.policies.library.rules import name_of


@dataclass(frozen=True, slots=True)
class Written:
    """A rule or an exception as it was written, with the examples that follow it."""

    kind: str
    name: str
    texts: tuple[str, ...]

    @property
    def examples(self) -> int:
        """How many examples it has."""
        return len(self.texts) - 1


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with what stands below it.

    number   counts the headings from 1; 0 is what stands before the first
    """

    number: int
    title: str
    public: str
    guidance: str
    blocks: tuple[Written, ...]

    @property
    def anchor(self) -> str:
        """Where it stands on its page."""
        return f"part-{self.number}"


def parts_of(text: str) -> tuple[Part, ...]:
    """The text part by part; one that nobody could release any more can still be read."""
    document = read_document(text)
    ends = [*(section.line for section in document.sections[1:]), len(text) + 2]
    return tuple(
        _part(number, section, [one for one in document.blocks if section.line <= one.line < end])
        for number, (section, end) in enumerate(zip(document.sections, ends, strict=True))
    )


def _part(number: int, section: Section, blocks: Iterable[Block]) -> Part:
    guidance = section.guidance.removeprefix("**Moderators:**").strip()
    return Part(number, section.title, section.public, guidance[:1].upper() + guidance[1:], tuple(_written(blocks)))


def _written(blocks: Iterable[Block]) -> Iterator[Written]:
    held: list[Block] = []
    for block in blocks:
        if held and block.kind != "example":
            yield _together(held)
            held = []
        held.append(block)
    if held:
        yield _together(held)


def _together(blocks: Sequence[Block]) -> Written:
    return Written(blocks[0].kind, name_of(blocks[0]), tuple(one.text for one in blocks))
