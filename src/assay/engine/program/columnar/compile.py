"""Packs to one columnar program, in which what they have in common is worked out once. It holds nothing of any item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from assay.engine.language.pack.vocabulary import SignalType
from assay.engine.program.columnar.atoms.leaves import Answers
from assay.engine.program.columnar.bundles import Bundle, Parts
from assay.engine.program.columnar.evaluate import Planes
from assay.engine.program.columnar.firings import Firings
from assay.engine.program.columnar.table.block import Block
from assay.engine.program.columnar.table.columns import misfit
from assay.engine.program.core import atoms_of
from assay.engine.program.lower import Program


class WrongColumn(ValueError):
    """A column cannot be that of its signal; a caller's fault, since whoever reads a table checks its columns."""


@dataclass(frozen=True, slots=True, eq=False)
class Columnar:
    """Several packs, compiled together.

    bundles  the packs, in the order given
    parts    what they are made of
    reads    the signals that some rule of them reads, with the types that the packs give them
    """

    bundles: tuple[Bundle, ...]
    parts: Parts
    reads: tuple[tuple[str, SignalType], ...]
    _answers: Answers = field(default_factory=Answers, repr=False)

    def evaluate(self, block: Block) -> Planes:
        """What every bundle says of a block's rows; nothing is worked out before it is asked for.

        raises  WrongColumn where a column does not fit its signal or the block
        """
        for name, kind in self.reads:
            own = block.columns.get(name)
            for column in (*(() if own is None else (own,)), *block.by_market.get(name, {}).values()):
                words = misfit(column, kind, block.rows)
                if words is not None:
                    raise WrongColumn(f"`{name}`: {words}")
        return Planes(self.bundles, self.parts, Firings(self.parts, block, self._answers), block)


def compile_columnar(programs: Sequence[Program]) -> Columnar:
    """One program for several packs, for instance a pack and what shall follow it."""
    parts = Parts()
    bundles = tuple([parts.add(program) for program in programs])
    reads = {(name, kind): None for program in programs for name, kind in _read_by(program)}
    return Columnar(bundles, parts, tuple(sorted(reads)))


def _read_by(program: Program) -> list[tuple[str, SignalType]]:
    names = {name for lowered in program.rules for atom in atoms_of(lowered.condition) for name in atom.signals}
    return [(name, program.pack.vocabulary.by_name[name].type) for name in names]
