"""`assay decide`: items in, decision records out. It reads the clock once, and a bad record costs itself only."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from assay.interfaces.cli.evidence.bank.folders import check_banks
from assay.interfaces.cli.evidence.detector.folders import check_detectors
from assay.interfaces.cli.terminal import (
    Waiting,
    counted,
    instant_option,
    markets_option,
    printable,
    sound_pack,
    wrong_use,
)

if TYPE_CHECKING:
    from assay.engine.decision.decide import Decider
    from assay.interfaces.records.reading import Reject
    from assay.interfaces.records.rejects import Rejects
    from assay.interfaces.records.sinks import Sink
    from assay.interfaces.records.sources import Source

_DATA_SUFFIXES = (".jsonl", ".ndjson", ".parquet")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a run was asked to do."""

    given: str
    decider: Decider
    as_of: int
    markets: tuple[str, ...] | None
    reasons: bool


def decide(  # noqa: PLR0913 (its options)
    given: Annotated[
        str, typer.Argument(metavar="INPUT", help="JSON Lines, CSV, Parquet, media, a folder of media, or `-`.")
    ],
    pack: Annotated[Path, typer.Option(help="The pack's folder.")],
    markets: Annotated[str | None, typer.Option(help="Only these markets or groups, as in BR,EU.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Decide as at this date or time; without it, now.")] = None,
    reasons: Annotated[bool, typer.Option(help="Write each rule in plain words.")] = True,
    rejects: Annotated[Path | None, typer.Option(help="Where records that cannot be decided go.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where decisions go: .jsonl or .parquet.")] = None,
    trust: Annotated[Path | None, typer.Option(help="For media: a folder of PEM files with trust anchors.")] = None,
    banks: Annotated[Path | None, typer.Option(help="For media: a folder of banks of known items.")] = None,
    detectors: Annotated[Path | None, typer.Option(help="For media: a folder of configured detectors.")] = None,
) -> None:
    """Decide items. Ends with 1 where a record could not be decided."""
    from assay.detection.scanner import Settings
    from assay.engine.decision.decide import Decider
    from assay.interfaces.records.rejects import Rejects
    from assay.interfaces.records.sources import open_source

    _check_files(given, out, rejects, trust)
    check_banks(banks)
    check_detectors(detectors)
    settings = Settings(trust=trust, banks=banks, detectors=detectors)
    decider = Decider(sound_pack(pack))
    asked = _Asked(given, decider, instant_option(as_of), markets_option(markets, decider), reasons)
    with ExitStack() as stack:
        try:
            source = stack.enter_context(open_source(given, decider.vocabulary, settings))
            refused = Rejects(stack.enter_context(rejects.open("wb")) if rejects is not None else None)
            stream = stack.enter_context(out.open("wb")) if out is not None else sys.stdout.buffer
        except OSError as error:
            wrong_use(f"`{error.filename}` cannot be opened: {(error.strerror or 'it cannot be read').lower()}")
        sink = _sink(asked, out, stream, each=given == "-")
        try:
            decided, settled = _run(source, asked, sink, refused, printed=rejects is None)
        finally:
            sink.close()
    _sum_up(decided, settled, refused, rejects)
    raise typer.Exit(1 if len(refused) or refused.beside else 0)


def _check_files(given: str, out: Path | None, rejects: Path | None, trust: Path | None) -> None:
    if given != "-" and not Path(given).exists():
        wrong_use(f"there is no file or folder `{given}`")
    if out is not None and out.suffix.lower() not in _DATA_SUFFIXES:
        wrong_use(f"`{out}` must end in .jsonl or .parquet, which says how it is written")
    if trust is not None and not trust.is_dir():
        wrong_use(f"there is no folder `{trust}`; trust anchors are PEM files in a folder")
    files = [Path(given).resolve()] if given != "-" else []
    for path in (out, rejects):
        if path is not None and path.resolve() in files:
            wrong_use(f"`{path}` is read or written already; choose another name")
        files += [path.resolve()] if path is not None else []


def _sink(asked: _Asked, out: Path | None, stream: BinaryIO, *, each: bool) -> Sink:
    from assay.interfaces.records.sinks import LinesSink, ParquetSink

    if out is not None and out.suffix.lower() == ".parquet":
        return ParquetSink(stream, asked.decider)
    return LinesSink(stream, each=each and out is None)


def _run(source: Source, asked: _Asked, sink: Sink, refused: Rejects, *, printed: bool) -> tuple[int, int]:
    """Decide everything that comes; returns how many were decided and how many of them are settled everywhere."""
    from assay.engine.decision.record import RecordWriter
    from assay.interfaces.records.reading import Entry, read_entries
    from assay.interfaces.records.rejects import SHOWN

    decider = asked.decider
    writer = RecordWriter(decider, reasons=asked.reasons)
    decided = settled = 0
    with Waiting("deciding", source.total) as waiting:
        for reading in read_entries(source.records, decider.pack):
            if isinstance(reading, Entry):
                decision = decider.decide(reading.item, asked.as_of, asked.markets)
                sink.write(decision, writer.write(decision))
                decided += 1
                settled += all(outcome.settled for outcome in decision.outcomes)
            else:
                refused.add(reading)
                if printed and len(refused.first) <= SHOWN and reading is refused.first[-1]:
                    print(_line(reading, asked.given), file=sys.stderr)
            waiting.reached(source.done() if source.done is not None else decided + len(refused))
    return decided, settled


def _line(reject: Reject, given: str) -> str:
    """Place, slug, words, as every fault is shown."""
    place, fault = reject.place, reject.faults[0]
    file = place.file or ("standard input" if given == "-" else given)
    where = f"{file}:{place.number}" if place.number else file
    field = f"`{fault.field}`: " if fault.field and f"`{fault.field}`" not in fault.words else ""
    named = f" (id `{reject.id}`)" if reject.id is not None and reject.id != place.file else ""
    return printable(f"{where}: {fault.slug}: {field}{fault.words}{named}")


def _sum_up(decided: int, settled: int, refused: Rejects, rejects: Path | None) -> None:
    from assay.interfaces.records.rejects import counted as by_slug

    words = [f"{decided:,} decided"]
    if len(refused):
        words.append(f"{len(refused):,} rejected ({by_slug(refused.counts)})")
    if refused.beside:
        words.append(f"{counted(refused.beside.total(), 'fault')} beside decided records ({by_slug(refused.beside)})")
    if decided:
        words.append(f"{settled / decided:.0%} settled in every market ({settled:,} of {decided:,})")
    elif not len(refused):
        words.append("there was nothing to decide")
    print("; ".join(words), file=sys.stderr)
    shown = len(refused.first)
    if rejects is None and len(refused) + refused.beside.total() > shown:
        print(f"the first {shown} faults are shown above; `--rejects FILE` keeps all of them", file=sys.stderr)
