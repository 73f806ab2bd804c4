"""Assay's columnar back end over a table of rows, and the reference meaning over some of them. It keeps no block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from assay.engine.backtest.history.layout import DAY_COLUMN, ID
from assay.engine.backtest.history.needs import Needs
from assay.engine.backtest.history.refusals import Refusals
from assay.engine.kernel.truth import from_planes
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.meaning import Case, pack_meaning
from assay.engine.program.columnar.compile import Columnar, compile_columnar
from assay.engine.program.columnar.planes import unpack
from assay.engine.program.columnar.table.block import Block
from assay.engine.program.lower import Program, lower_pack
from assay.interfaces.histories.files import History, open_history
from assay.interfaces.histories.reading import Reading, prepare, read_piece
from benchmarks.material.generated import make_pack


@dataclass(frozen=True, slots=True)
class Blocks:
    """The generated pack of a seed, and its histories as blocks."""

    program: Program

    @classmethod
    def of(cls, seed: int) -> Blocks:
        """The pack of a seed."""
        return cls(lower_pack(make_pack(seed).pack))

    def read(self, table: Path, times: int, *, unique: bool = False) -> Iterator[Block]:
        """A history's rows as blocks, as a rehearsal reads them; the whole history some times over.

        unique  whether to look first for ids that come twice, as a rehearsal does once a history
        """
        history = open_history(table)
        needs = Needs.of([self.program], ids=False, creators=False, groups=False, labels=False, done=False)
        assert isinstance(history, History) and isinstance(needs, Needs)
        for _ in range(times):
            reading = prepare(history, needs, unique=unique)
            assert isinstance(reading, Reading)
            refusals = Refusals()
            for piece in history.pieces:
                for found in read_piece(reading, piece, refusals):
                    yield found.block
            assert not refusals.rows


def count_all(columnar: Columnar, blocks: Iterable[Block]) -> tuple[int, list[tuple[int, int, int]]]:
    """How many rows there are, and by measure in how many it is certain, unknown, and imposed meanwhile."""
    bundle = columnar.bundles[0].program
    market = bundle.classes[-1].name
    counts = np.zeros((len(bundle.pack.measures.all), 3), np.int64)
    rows = 0
    for block in blocks:
        planes = columnar.evaluate(block).measures(0, market)
        sure = np.bitwise_count(planes.true).sum(axis=1, dtype=np.int64)
        counts[:, 0] += sure
        counts[:, 1] += np.bitwise_count(planes.possible).sum(axis=1, dtype=np.int64) - sure
        counts[:, 2] += np.bitwise_count(planes.meanwhile).sum(axis=1, dtype=np.int64)
        rows += block.rows
    return rows, [(sure, unknown, meanwhile) for sure, unknown, meanwhile in counts.tolist()]


def differences_from_meaning(seed: int, table: Path, plain: Path, some: int) -> int:
    """How many of a table's first rows the reference meaning decides otherwise, in a rule or a measure.

    plain  the table from which the meaning is given the same rows
    """
    blocks = Blocks.of(seed)
    program, pack = blocks.program, blocks.program.pack
    market = program.classes[-1]
    block = next(blocks.read(table, 1))
    planes = compile_columnar([program]).evaluate(block)
    measures = planes.measures(0, market.name)
    truths = [
        [from_planes(*pair) for pair in zip(*(unpack(plane, block.rows).tolist() for plane in both), strict=True)]
        for pairs in (planes.rules(0, market.name), (measures.true, measures.possible))
        for both in zip(*pairs, strict=True)
    ]
    instants: list[int] = np.broadcast_to(np.asarray(block.as_of), block.rows).tolist()
    different = 0
    for row, record in enumerate(next(pq.ParquetFile(plain).iter_batches(some)).to_pylist()):
        signals: dict[str, MaybeValue] = {
            name: frozenset(value) if isinstance(value, list) else value
            for name, value in record.items()
            if name not in (ID, DAY_COLUMN) and value is not None
        }
        meant = pack_meaning(pack, Case(signals, market.example, instants[row], None))
        different += [truth[row] for truth in truths] != [*meant.rules.values(), *meant.measures.values()]
    return different
