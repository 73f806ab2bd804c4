"""`assay scan`: the evidence in media files, few or millions, in a form to read or as rows. It decides nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from assay.interfaces.cli.evidence.bank.folders import check_banks
from assay.interfaces.cli.evidence.detector.folders import check_detectors
from assay.interfaces.cli.terminal import printable, wrong_use

if TYPE_CHECKING:
    from assay.detection.scanner import Settings
    from assay.detection.weighing.settings import Weighing
    from assay.interfaces.cli.items.scan_shown import Bar
    from assay.interfaces.scans.crew import Order
    from assay.interfaces.scans.given.sources import Given
    from assay.interfaces.scans.scanning import Engine

STOPPED = 130
# As in `detection`, which is loaded only when the command runs; a test holds them to be the same.
WORKERS, SECONDS, MEGABYTES, CACHE_MEGABYTES = 2, 20.0, 2048, 1024


@dataclass(frozen=True, slots=True)
class Asked:
    """What the options ask for, besides what is given and what scanners are set to.

    out     where rows go, or None: to the terminal
    whole   whether each row is printed as JSON, or, with `out`, the summary
    """

    out: Path | None
    resume: bool
    engine: str
    whole: bool


Paths = Annotated[
    list[Path] | None, typer.Argument(metavar="PATHS...", help="Media files, folders, and tables of paths.")
]
Lists = Annotated[
    list[str] | None, typer.Option("--list", help="A list of paths, one a line; - is standard input; repeatable.")
]
Root = Annotated[Path | None, typer.Option(help="The folder that paths in lists are below, and must not leave.")]
Hosts = Annotated[list[str] | None, typer.Option(help="A host that may be asked for a manifest; may be repeated.")]


def scan(  # noqa: PLR0913 (its options)
    paths: Paths = None,
    listed: Lists = None,
    column: Annotated[str | None, typer.Option(help="The column of a table that holds the paths.")] = None,
    root: Root = None,
    trust: Annotated[Path | None, typer.Option(help="A folder of trust lists (PEM).")] = None,
    allow_host: Hosts = None,
    deep: Annotated[bool, typer.Option("--deep", help="Look into pictures and sound, too, which takes long.")] = False,
    scanner: Annotated[list[str] | None, typer.Option(help="Only this scanner; may be repeated.")] = None,
    weights: Annotated[Path | None, typer.Option(help="A folder of weights and keys for scanners.")] = None,
    banks: Annotated[Path | None, typer.Option(help="A folder of banks of known items.")] = None,
    detectors: Annotated[Path | None, typer.Option(help="A folder of configured detectors.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write rows: .jsonl, .parquet, or a folder of Parquet parts.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="With --out: go on where it was cut off.")] = False,
    cache: Annotated[Path | None, typer.Option(help="A folder that keeps rows by content, for the next scan.")] = None,
    cache_megabytes: Annotated[int, typer.Option(help="How large the cache may grow.")] = CACHE_MEGABYTES,
    workers: Annotated[int, typer.Option(help="Processes; with --engine ray, in each actor.")] = WORKERS,
    seconds: Annotated[float, typer.Option(help="For one scanner on one file.")] = SECONDS,
    megabytes: Annotated[int, typer.Option(help="Of memory for one process.")] = MEGABYTES,
    engine: Annotated[str, typer.Option(help="Where it runs: pool or ray.")] = "pool",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a file; with --out, one summary.")] = False,
) -> None:
    """Find evidence in media files. Ends with 1 where a file could not be read to its end."""
    from assay.detection.scanner import Settings
    from assay.interfaces.scans.given.sources import Given

    given = Given(tuple(paths or ()), tuple(listed or ()), column, root)
    settings = Settings(trust, tuple(allow_host or ()), weights, banks, detectors)
    asked = Asked(out, resume, engine, as_json)
    limits = (workers, seconds, megabytes, cache_megabytes)
    _check(given, asked, settings, scanner or ())
    order = _order(settings, scanner, limits, cache, deep=deep)
    try:
        faulty = _scanned(given, asked, order) if out is None else _written(given, asked, order, out)
    except KeyboardInterrupt:
        _stopped(out)
    raise typer.Exit(1 if faulty else 0)


def _check(given: Given, asked: Asked, settings: Settings, names: Sequence[str]) -> None:
    """Whatever is wrong is said before a process is started, and a scanner that is named is not left out silently."""
    from assay.interfaces.scans.engines import why_absent
    from assay.interfaces.scans.kept.outputs import refusal

    if not given.paths and not given.lists:
        wrong_use("nothing is named to scan; name files, folders, a table of paths, or a list by `--list`")
    if given.root is not None and not given.root.is_dir():
        wrong_use(f"there is no folder `{given.root}`")
    if asked.resume and asked.out is None:
        wrong_use("`--resume` goes on with what `--out` names; name it")
    absent = why_absent(asked.engine)
    if absent is not None:
        wrong_use(absent.words)
    refused = refusal(asked.out, resume=asked.resume) if asked.out is not None else None
    if refused is not None:
        wrong_use(refused.words)
    _check_settings(settings)
    _check_named(settings, names)


def _check_settings(settings: Settings) -> None:
    if settings.trust is not None and not settings.trust.is_dir():
        wrong_use(f"there is no folder `{settings.trust}`; `assay trust update {settings.trust}` makes one")
    if settings.weights is not None and not settings.weights.is_dir():
        wrong_use(f"there is no folder `{settings.weights}`")
    check_banks(settings.banks)
    check_detectors(settings.detectors)


def _check_named(settings: Settings, names: Sequence[str]) -> None:
    from assay.detection.registry import UnknownScanner, load_scanner
    from assay.detection.scanner import State, UnusableTrust, readiness_of

    for name in names:
        try:
            readiness = readiness_of(load_scanner(name, settings))
        except (UnknownScanner, UnusableTrust) as refused:
            wrong_use(str(refused))
        if readiness.state is not State.READY:
            wrong_use(f"the scanner `{name}` is not ready: {readiness.words}; {readiness.next_step}")


def _order(
    settings: Settings,
    scanners: list[str] | None,
    limits: tuple[int, float, int, int],
    cache: Path | None,
    *,
    deep: bool,
) -> Order:
    from assay.detection.run import duty_of
    from assay.detection.scanner import UnusableTrust
    from assay.interfaces.scans.crew import Order

    workers, seconds, megabytes, cache_megabytes = limits
    try:
        duty = duty_of(
            workers=workers,
            seconds=seconds,
            megabytes=megabytes,
            settings=settings,
            scanners=scanners or None,
            deep=deep,
        )
    except (UnusableTrust, ValueError) as refused:
        wrong_use(str(refused))
    if cache_megabytes < 1:
        wrong_use("a cache needs a megabyte at least")
    return Order(duty, workers, seconds, _weighing(settings), cache, cache_megabytes)


def _weighing(settings: Settings) -> Weighing:
    from assay.detection.weighing.settings import load_weighing

    found = load_weighing(settings.detectors)
    if isinstance(found, list):
        wrong_use(printable(f"`{settings.detectors}`: {found[0].words}"))
    return found


def _scanned(given: Given, asked: Asked, order: Order) -> int:
    """Rows to the terminal as they come, or a table; the number of files with faults."""
    from assay.interfaces.cli.items.scan_shown import Shown
    from assay.interfaces.scans.scanning import scan_through
    from assay.interfaces.scans.totals import Totals

    totals, shown = Totals(), Shown()
    with _running(given, asked, order) as (engine, bar):
        for row in scan_through(given, engine, totals, bar):
            if asked.whole:
                print(row.line.decode("utf-8"))
            else:
                shown.add(row.line)
    if not asked.whole:
        shown.print(totals)
    return totals.faulty


def _written(given: Given, asked: Asked, order: Order, out: Path) -> int:
    """Rows into a file or a folder, and a summary; the number of files with faults."""
    from assay.engine.kernel.errors import Fault
    from assay.interfaces.cli.items.scan_shown import print_written
    from assay.interfaces.scans.scanning import scan_into

    with _running(given, asked, order) as (engine, bar):
        done = scan_into(out, given, engine, order.conditions(), bar, resume=asked.resume)
    if isinstance(done, Fault):
        wrong_use(done.words)
    print_written(done, out, as_json=asked.whole)
    return done.totals.faulty


@contextmanager
def _running(given: Given, asked: Asked, order: Order) -> Iterator[tuple[Engine, Bar]]:
    """An engine and a bar, for as long as the scan takes; whatever keeps it from its end is said."""
    from assay.detection.pool.chunks import PoolBroken
    from assay.interfaces.cli.items.scan_shown import Bar
    from assay.interfaces.scans.engines import an_engine
    from assay.interfaces.scans.given.lists import NoList
    from assay.interfaces.scans.kept.cache import CacheUnusable
    from assay.interfaces.scans.scanning import EngineFailed

    with ExitStack() as opened:
        try:
            bar = opened.enter_context(Bar(given))
            yield opened.enter_context(an_engine(asked.engine, order)), bar
        except (NoList, CacheUnusable) as refused:
            wrong_use(printable(str(refused)))
        except (EngineFailed, PoolBroken) as failed:
            print(f"assay: {printable(str(failed))}", file=sys.stderr)
            raise typer.Exit(3) from None
        except OSError as error:
            why = (error.strerror or "it cannot be opened").lower()
            if error.filename is None:
                # As on a full disk, which names no file.
                wrong_use(
                    printable(f"the scan cannot go on: {why}; what is done is kept, and `--resume` goes on with it")
                )
            wrong_use(printable(f"`{error.filename}` cannot be used: {why}"))


def _stopped(out: Path | None) -> NoReturn:
    words = f"; `--resume` goes on with `{out}`" if out is not None else ""
    print(f"assay: the scan was stopped{words}", file=sys.stderr)
    raise typer.Exit(STOPPED)
