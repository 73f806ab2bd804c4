"""`assay backtest`: what a change of policy would have done to past items. It writes whole files or none."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from assay.engine.kernel.errors import Diagnostic, Fault
from assay.engine.kernel.identifiers import did_you_mean
from assay.engine.kernel.instants import parse_instant
from assay.engine.language.pack.pack import Pack
from assay.interfaces.cli.terminal import Waiting, printable, wrong_use
from assay.interfaces.cli.versions import named_version, sound_version

if TYPE_CHECKING:
    from assay.engine.backtest.rehearsal import Rehearsal
    from assay.interfaces.rehearsals.running import Settings

ENGINES = ("local", "duckdb", "ray", "spark")
STOPPED = 130


@dataclass(frozen=True, slots=True)
class Asked:
    """What the options ask for, as typed; nothing where an option was not given."""

    history: Path
    base: str
    candidate: str
    pack: Path | None
    html: Path | None
    markets: str | None
    since: str | None
    until: str | None
    assume: Path | None
    totals: Path | None
    cases: int
    least_rows: int
    engine: str

    @property
    def command(self) -> str:
        """The command that asks for it."""
        named = {
            "--pack": self.pack,
            "--html": self.html,
            "--markets": self.markets,
            "--since": self.since,
            "--until": self.until,
            "--assume": self.assume,
            "--totals": self.totals,
            "--cases": None if self.cases == CASES else self.cases,
            "--least-rows": None if self.least_rows == LEAST_ROWS else self.least_rows,
            "--engine": None if self.engine == ENGINES[0] else self.engine,
        }
        words = ["assay", "backtest", "--history", str(self.history), "--base", self.base]
        words += ["--candidate", self.candidate]
        for name, value in named.items():
            words += [] if value is None else [name, str(value)]
        return shlex.join(words)


CASES, LEAST_ROWS = 24, 5


def backtest(  # noqa: PLR0913 (its options)
    history: Annotated[Path, typer.Option(help="Past items: a Parquet file, or a folder of them.")],
    base: Annotated[str, typer.Option(help="The version in force: a folder, a bundle, a git revision.")],
    candidate: Annotated[str, typer.Option(help="The version that is proposed.")],
    pack: Annotated[Path | None, typer.Option(help="For revisions: the pack's folder in the working tree.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write a report for people, one HTML file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    engine: Annotated[str, typer.Option(help="Where it runs: local, duckdb, ray or spark.")] = ENGINES[0],
    markets: Annotated[str | None, typer.Option(help="Only these, such as BR,DE; without it, all.")] = None,
    since: Annotated[str | None, typer.Option(help="Only rows of this day and later.")] = None,
    until: Annotated[str | None, typer.Option(help="Only rows of this day and earlier.")] = None,
    cases: Annotated[int, typer.Option(help="How many changed items to show for reading.")] = CASES,
    assume: Annotated[Path | None, typer.Option(help="What forecasts assume, as YAML.")] = None,
    totals: Annotated[Path | None, typer.Option(help="Totals known from elsewhere, as YAML.")] = None,
    least_rows: Annotated[int, typer.Option(help="Figures with fewer rows behind them are kept back.")] = LEAST_ROWS,
) -> None:
    """Decide past items again by two versions, and say what would change. Ends with 1 where nothing can be decided."""
    asked = Asked(
        history, base, candidate, pack, html, markets, since, until, assume, totals, cases, least_rows, engine
    )
    _check_options(asked)
    try:
        found = _rehearsed(asked)
        if html is not None:
            _write_whole(html, _page_of(found, asked))
        if as_json:
            from assay.interfaces.rehearsals.written import rehearsal_as_text

            print(rehearsal_as_text(found), end="")
        else:
            from assay.interfaces.cli.rehearsing.shown import print_rehearsal

            print_rehearsal(found)
            if html is not None:
                print(f"the report is in {html}")
    except KeyboardInterrupt:
        print("assay: stopped; nothing was written", file=sys.stderr)
        raise typer.Exit(STOPPED) from None
    raise typer.Exit(0 if found.history.rows else 1)


def _check_options(asked: Asked) -> None:
    """Say what is wrong with the options before anything long begins."""
    if not asked.history.exists():
        wrong_use(f"there is no file and no folder `{asked.history}`; `assay history import` makes one")
    if asked.engine not in ENGINES:
        hint = did_you_mean(asked.engine, set(ENGINES))
        wrong_use(f"there is no engine `{asked.engine}`; " + (hint or f"there are {', '.join(ENGINES)}"))
    for name, day in (("--since", asked.since), ("--until", asked.until)):
        if day is not None and (len(day) != len("2026-12-15") or parse_instant(day) is None):
            wrong_use(f"`{name} {day}` is no day; write `2026-12-15`")
    if asked.since is not None and asked.until is not None and asked.since > asked.until:
        wrong_use("`--since` is later than `--until`, so no day is left")
    if asked.cases < 0 or asked.least_rows < 1:
        wrong_use("`--cases` is 0 or more, and `--least-rows` is 1 or more")
    for path in (asked.assume, asked.totals):
        if path is not None and not path.is_file():
            wrong_use(f"there is no file `{path}`")
    if asked.html is not None:
        _check_place(asked.html)


def _check_place(report: Path) -> None:
    if report.is_dir():
        wrong_use(f"`{report}` is a folder; name a file for the report")
    above = next((one for one in report.parents if one.exists()), None)
    if above is not None and not above.is_dir():
        wrong_use(f"`{report}` cannot be written: `{above}` is a file and no folder")


def _rehearsed(asked: Asked) -> Rehearsal:
    """The rehearsal; ends with 1 where the history or a pack keeps it from being one."""
    from assay.interfaces.rehearsals.running import rehearse

    place = asked.pack or next((Path(one) for one in (asked.candidate, asked.base) if Path(one).is_dir()), None)
    old, new = (sound_version(named_version(named, place), "rehearsed") for named in (asked.base, asked.candidate))
    with Waiting("rehearsing", None) as waiting:
        found = rehearse(asked.history, old, new, _settings(asked, old, new), waiting.reached)
    if isinstance(found, list):
        _refuse(found)
    return found


def _settings(asked: Asked, old: Pack, new: Pack) -> Settings:
    """What the options ask for, with the files that they name; ends with 2 where one of these is wrong."""
    from assay.interfaces.rehearsals.assumptions import read_assumptions
    from assay.interfaces.rehearsals.running import Settings
    from assay.interfaces.rehearsals.totals import read_totals

    assumptions = None if asked.assume is None else read_assumptions(asked.assume, old, new)
    totals = None if asked.totals is None else read_totals(asked.totals)
    for path, found in ((asked.assume, assumptions), (asked.totals, totals)):
        if isinstance(found, list) and path is not None:
            _wrong_file(path, found)
    names = None if asked.markets is None else tuple(_names(asked.markets))
    return Settings(
        least_rows=asked.least_rows,
        cases=asked.cases,
        markets=names,
        since=asked.since,
        until=asked.until,
        assumptions=assumptions if not isinstance(assumptions, list) else None,
        totals=totals if not isinstance(totals, list) else None,
        engine=asked.engine,
    )


def _names(markets: str) -> list[str]:
    names = [name.strip() for name in markets.split(",") if name.strip()]
    if not names:
        wrong_use("no market is named; leave the option out for all of them")
    return names


def _wrong_file(path: Path, problems: Sequence[Diagnostic]) -> NoReturn:
    """Show what is wrong with a file that an option names, with its lines, and end with 2."""
    try:
        files = {str(path): path.read_text(encoding="utf-8")}
    except (OSError, UnicodeDecodeError):
        files = {}
    for problem in problems:
        print(problem.render(files), file=sys.stderr)
    raise typer.Exit(2)


def _page_of(found: Rehearsal, asked: Asked) -> str:
    from assay.interfaces.rehearsals.page.rehearsal_page import render_rehearsal

    return render_rehearsal(found, command=asked.command, written=f"{datetime.now(UTC):%Y-%m-%d}")


def _write_whole(path: Path, text: str) -> None:
    """Write a file beside its place and then put it there, so that whoever looks finds all of it or none."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(path)
    except OSError as error:
        wrong_use(f"`{path}` cannot be written: {(error.strerror or 'it cannot be opened').lower()}")
    finally:
        with suppress(OSError):
            part.unlink()


def _refuse(faults: Sequence[Fault]) -> NoReturn:
    for fault in faults:
        where = f"{fault.field}: " if fault.field else ""
        print(printable(f"{where}{fault.slug}: {fault.words}"), file=sys.stderr)
    raise typer.Exit(1)
