"""Makes a history and, if asked for, the truth behind it. What is written depends on packs and recipe alone."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import local
from typing import Any, Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from assay.engine.backtest.history.layout import DESIGN_KEY, HISTORY_KEY, LAYOUT_VERSION, ONE_STRATUM, SYNTH_KEY
from assay.engine.kernel.digest import canonical_json
from assay.engine.kernel.errors import Fault
from assay.engine.language.pack.pack import Pack
from assay.engine.program.columnar.planes import Plane, codes_of
from assay.engine.program.lower import Program
from assay.interfaces.histories.synth.chance import bits_of, stream
from assay.interfaces.histories.synth.deciding import Deciding
from assay.interfaces.histories.synth.judging import Judging
from assay.interfaces.histories.synth.missing import Missing
from assay.interfaces.histories.synth.plan import Plan, plan_of
from assay.interfaces.histories.synth.population import PART, Latent, Uploads, latent_of, parts_of, uploads_of
from assay.interfaces.histories.synth.recipe import Recipe, faults_of
from assay.interfaces.histories.synth.sampling import Taken, sampling_of
from assay.interfaces.histories.synth.tables import Tables, ids_of, schema_of
from assay.interfaces.histories.writing import GROUP_ROWS, history_file

# Of what was done then, so much was an error of somebody, and of so much nothing is recorded.
_DONE_IN_ERROR, _DONE_UNKNOWN = 0.03, 0.02
_WORKERS = 2
Reached = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Made:
    """What was written.

    rows     uploads taken into the history, of `of` uploads there were
    judged   of those taken, how many people judged
    strata   by name, how many were taken and how many there were
    jumps    the signal that goes missing late, where there is drift
    """

    rows: int
    of: int
    judged: int
    markets: tuple[str, ...]
    signals: int
    strata: dict[str, tuple[int, float]]
    jumps: str | None


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    table: Any
    truth: Any
    judged: int
    strata: NDArray[np.int64]
    weights: NDArray[np.float64]


def synthesise(
    packs: Sequence[Pack], recipe: Recipe, out: Path, truth: Path | None = None, reached: Reached | None = None
) -> Made | list[Fault]:
    """Write a history for packs of which the first is in force.

    truth    where every upload goes with all that is known of it, as a census without anything missing
    reached  told now and then how many uploads are done, of how many
    """
    faults = faults_of(recipe, packs[0].markets)
    plan = faults or plan_of(packs, recipe)
    if isinstance(plan, list):
        return plan
    return _Making(plan, truth is not None, reached or (lambda done, total: None)).write(packs, out, truth)


class _Making:
    """One history in the making; parts are drawn side by side and written in their order."""

    def __init__(self, plan: Plan, with_truth: bool, reached: Reached) -> None:
        rows, passes = plan.recipe.rows, 1 if plan.recipe.design == "census" else 2
        self._plan, self._with_truth = plan, with_truth
        self._missing, self._judging = Missing.of(plan), Judging.of(plan)
        self._tables = Tables(plan, schema_of(plan))
        self._own = local()
        self._rows, self._told = rows * passes, reached
        self._sampling = sampling_of(plan, lambda part: self._reached(part + 1))
        self._before = -(-rows // PART) if passes == 2 else 0

    def _reached(self, parts: int) -> None:
        self._told(min(parts * PART, self._rows), self._rows)

    def write(self, packs: Sequence[Pack], out: Path, truth: Path | None) -> Made:
        design = self._sampling.design
        judged, taken = 0, 0
        strata: dict[str, tuple[int, float]] = dict.fromkeys(self._sampling.names, (0, 0.0))
        with ExitStack() as files:
            history = files.enter_context(_Rows.to(out, self._schema(packs, design), files))
            whole = files.enter_context(_Rows.to(truth, self._schema(packs, "census"), files)) if truth else None
            for number, part in enumerate(self._parts()):
                history.add(part.table)
                if whole is not None:
                    whole.add(part.truth)
                judged, taken = judged + part.judged, taken + part.table.num_rows
                for place, name in enumerate(self._sampling.names):
                    here = part.strata == place
                    rows, stands = strata[name]
                    strata[name] = (rows + int(here.sum()), stands + float(part.weights[here].sum()))
                self._reached(self._before + number + 1)
        plan = self._plan
        markets, signals = plan.audience.markets, len(plan.signals)
        return Made(taken, plan.recipe.rows, judged, markets, signals, strata, self._missing.jumps)

    def _schema(self, packs: Sequence[Pack], design: str) -> Any:
        made = {**self._plan.recipe.as_json(), "packs": [pack.digest for pack in packs], "assay": "assay history synth"}
        keys = {HISTORY_KEY: LAYOUT_VERSION, DESIGN_KEY: design, SYNTH_KEY: canonical_json(made)}
        return self._tables.schema.with_metadata(keys)

    def _parts(self) -> Iterator[_Part]:
        waiting: deque[Future[_Part]] = deque()
        pool = ThreadPoolExecutor(min(_WORKERS, os.cpu_count() or 1))
        try:
            for part in parts_of(self._plan):
                waiting.append(pool.submit(self._part, part))
                # No more are drawn ahead than workers are busy with, or memory would grow with the rows.
                if len(waiting) > _WORKERS:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)

    def _deciding(self) -> Deciding:
        found: Deciding | None = getattr(self._own, "deciding", None)
        if found is None:
            found = self._own.deciding = Deciding(self._plan)
        return found

    def _part(self, part: int) -> _Part:
        plan = self._plan
        latent = latent_of(plan, part)
        taken = self._sampling.taken(latent)
        whole = uploads_of(plan, latent) if self._with_truth else None
        uploads = uploads_of(plan, latent, taken.rows) if whole is None else whole.taken(taken.rows)
        codes = self._missing.hidden(uploads, plan, part)
        ids, deciding = ids_of(uploads.places), self._deciding()
        seed, rows = plan.recipe.seed, uploads.rows
        judged = bits_of(stream(seed, part, "judged"), rows) < int(plan.recipe.labels * 65536)
        labels = None
        if judged.any():
            known = uploads.taken(np.flatnonzero(judged))
            right = deciding.done(known, known.codes, ids.filter(pa.array(judged)))
            labels = self._judging.labels(uploads, right, judged, part)
        done = _done(deciding.done(uploads, codes, ids), plan.programs[0], rows, seed, part)
        table = self._tables.table(uploads, codes, taken, self._sampling.names, done, labels)
        truth = None if whole is None else self._truth(latent, whole)
        return _Part(table, truth, int(judged.sum()), taken.strata, 1.0 / taken.probability)

    def _truth(self, latent: Latent, whole: Uploads) -> Any:
        every = Taken(None, np.zeros(latent.rows, np.int64), np.ones(latent.rows))
        truths = Tables(self._plan, self._tables.schema)
        return truths.table(whole, whole.codes, every, (ONE_STRATUM,))


def _done(planes: Sequence[Plane], program: Program, rows: int, seed: int, part: int) -> Any:
    """What was done then: what the pack in force decides, but for what somebody got wrong or did not record."""
    codes, sets = codes_of(planes, rows)
    names = [measure.id for measure in program.pack.measures.all]
    words = ["|".join(name for place, name in enumerate(names) if held >> place & 1) or "|" for held in sets]
    # An error is what was done to another upload, or nothing; the empty word is unknown.
    words += ["|", ""]
    bits = bits_of(stream(seed, part, "done"), rows)
    slips = bits < int(_DONE_IN_ERROR * 65536)
    instead = np.where(bits & 1, len(sets), np.roll(codes, 1))
    found = np.where(slips, instead, codes).astype(np.int32)
    found[bits >= int((1.0 - _DONE_UNKNOWN) * 65536)] = len(sets) + 1
    return pa.DictionaryArray.from_arrays(pa.array(found), pa.array(words, pa.string()))


class _Rows:
    """Tables on their way to a file, in groups of one size: a small sample would else be many tiny groups."""

    def __init__(self, writer: Any, schema: Any) -> None:
        self._writer, self._schema = writer, schema
        self._kept: list[Any] = []
        self._rows = 0

    @classmethod
    def to(cls, path: Path, schema: Any, files: ExitStack) -> _Rows:
        return cls(files.enter_context(history_file(path, schema)), schema)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *error: object) -> None:
        if kind is None:
            self._flush(0)

    def add(self, table: Any) -> None:
        self._kept.append(table)
        self._rows += table.num_rows
        if self._rows >= GROUP_ROWS:
            self._flush(GROUP_ROWS)

    def _flush(self, size: int) -> None:
        whole = pa.concat_tables(self._kept, promote_options="none").unify_dictionaries() if self._kept else None
        while whole is not None and whole.num_rows and whole.num_rows >= size:
            now = whole.slice(0, GROUP_ROWS).cast(self._schema)
            self._writer.write_table(now.combine_chunks(), row_group_size=GROUP_ROWS)
            whole = whole.slice(GROUP_ROWS)
        self._kept = [whole] if whole is not None and whole.num_rows else []
        self._rows = sum(table.num_rows for table in self._kept)
