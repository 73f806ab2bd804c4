"""What a policy's text says of itself, and in what two texts differ, rule by rule. It judges neither.

A text is taken apart as Markdown only, so that a version which nobody could release any more can still be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assay.engine.language.document.markdown import Block, read_document
from assay.engine.language.document.yaml_tree import MalformedYaml, Scalar, read_yaml
from assay.engine.language.document.yaml_tree import Mapping as YamlMapping

# Of the program, only these have a name by which they are told apart; examples belong to the rule above them.
_NAMED = ("rule", "exception")
_DECIDES = "condition and measures"
# What a policy's front matter may say otherwise without any item being decided otherwise.
_ONLY_TOLD = ("version:", "title:", "owner:")


@dataclass(frozen=True, slots=True)
class Clause:
    """A rule or an exception as it stands in a text.

    title     the heading below which it stands
    program   its block, as it was written
    examples  what is tried on it, as they were written
    """

    kind: str
    name: str
    title: str
    program: str
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """A policy's text in short.

    label, owner  what its front matter says, or empty
    frame         the rest of the front matter: when and where the policy holds
    """

    title: str
    label: str
    owner: str
    frame: str
    clauses: tuple[Clause, ...]

    @property
    def rules(self) -> int:
        """How many rules it has."""
        return sum(each.kind == "rule" for each in self.clauses)


@dataclass(frozen=True, slots=True)
class Altered:
    """A rule or exception that both texts have, and what of it is another.

    parts  `condition and measures`, `heading`, `examples`
    """

    clause: Clause
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two texts, rule by rule.

    same   how many rules and exceptions are the same in every word
    frame  whether the front matter says otherwise when or where the policy holds
    """

    added: tuple[Clause, ...]
    removed: tuple[Clause, ...]
    altered: tuple[Altered, ...]
    same: int
    frame: bool

    @property
    def is_prose_only(self) -> bool:
        """Whether no rule and no exception differs: then nothing is decided otherwise by this text alone."""
        decides = any(_DECIDES in each.parts for each in self.altered)
        return not (self.frame or self.added or self.removed or decides)


def outline_of(text: str) -> Outline:
    """The text in short; what cannot be read is left empty."""
    document = read_document(text)
    front = _words_of(document.front or "")
    frame = "\n".join(line for line in (document.front or "").split("\n") if not line.startswith(_ONLY_TOLD))
    told = (front.get("title", ""), front.get("version", ""), front.get("owner", ""))
    return Outline(*told, frame, _clauses(document.blocks))


def compared(before: Outline, after: Outline) -> Compared:
    """Which rules and exceptions came, went or are others, by their names; in the order of the text."""
    old = {(each.kind, each.name): each for each in before.clauses}
    new = {(each.kind, each.name): each for each in after.clauses}
    altered = [Altered(each, _parts(old[key], each)) for key, each in new.items() if key in old]
    changed = tuple(each for each in altered if each.parts)
    return Compared(
        tuple(each for key, each in new.items() if key not in old),
        tuple(each for key, each in old.items() if key not in new),
        changed,
        len(altered) - len(changed),
        before.frame != after.frame,
    )


def name_of(block: Block) -> str:
    """What a block calls itself: the name of a rule, the title of an example; empty where it says nothing."""
    said = _words_of(block.text)
    return said.get("id", "") or said.get("title", "")


def _parts(old: Clause, new: Clause) -> tuple[str, ...]:
    pairs = (
        (_DECIDES, old.program, new.program),
        ("heading", old.title, new.title),
        ("examples", old.examples, new.examples),
    )
    return tuple(words for words, before, after in pairs if before != after)


def _clauses(blocks: Iterable[Block]) -> tuple[Clause, ...]:
    found: list[Clause] = []
    for block in blocks:
        if block.kind in _NAMED:
            name = _words_of(block.text).get("id", "")
            found.append(Clause(block.kind, name or f"without a name, line {block.line}", block.heading, block.text))
        elif found:
            last = found[-1]
            found[-1] = Clause(last.kind, last.name, last.title, last.program, (*last.examples, block.text))
    return tuple(found)


def _words_of(text: str) -> Mapping[str, str]:
    """The plain values of a YAML mapping by their names; empty where it is none."""
    try:
        tree = read_yaml(text, "")
    except MalformedYaml:
        return {}
    if not isinstance(tree, YamlMapping):
        return {}
    values = ((name, tree.get(name)) for name in ("id", "title", "version", "owner"))
    return {name: value.text for name, value in values if isinstance(value, Scalar)}
