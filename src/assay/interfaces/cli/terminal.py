"""What commands share at the terminal: packs, dates and markets as typed, progress, tables. It decides nothing."""

from __future__ import annotations

import shutil
import sys
import textwrap
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Self

import typer

from assay.engine.kernel.identifiers import did_you_mean
from assay.engine.kernel.instants import DAY, instant_of, parse_instant
from assay.engine.language.pack.pack import Pack

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from assay.engine.decision.decide import Decider

PATIENCE_SECONDS = 1.0
_BETWEEN_UPDATES = 0.2
_WIDTH_OF_A_PIPE = 200


def wrong_use(words: str) -> NoReturn:
    """Say what is wrong with how a command was used, and end with 2."""
    print(f"assay: {words}", file=sys.stderr)
    raise typer.Exit(2)


def counted(number: int, one: str, several: str | None = None) -> str:
    """`1 file`, `2 files`."""
    return f"{number:,} {one if number == 1 else several or one + 's'}"


def sound_pack(folder: Path) -> Pack:
    """The pack in a folder; ends with 1 and its faults where it is not sound, with 2 where there is no folder."""
    from assay.interfaces.packs import check_folder

    if not folder.is_dir():
        wrong_use(f"there is no folder `{folder}`; a pack is a folder with a `pack.yaml`")
    report = check_folder(folder, examples=False)
    if not report.sound:
        for text in report.rendered:
            print(text, file=sys.stderr)
        print(report.summary, file=sys.stderr)
        raise typer.Exit(1)
    return report.checked.pack


def instant_option(given: str | None) -> int:
    """The instant an option names, or this second where there is none."""
    if given is None:
        return instant_of(datetime.now(UTC).replace(microsecond=0))
    found = parse_instant(given)
    if found is None:
        wrong_use(f"`{given}` is no date; write `2026-12-15` or `2026-12-15T10:00:00Z`")
    return found


def day_option(given: str | None) -> int:
    """The instant an option names, or the first moment of today, so that two runs of one day say the same."""
    now = instant_option(given)
    return now if given is not None else now - now % DAY


def markets_option(given: str | None, decider: Decider) -> tuple[str, ...] | None:
    """The market classes that an option names, by code, group or the class's own name; None is all of them."""
    if given is None:
        return None
    names = [name.strip() for name in given.split(",") if name.strip()]
    classes = {found.name for found in decider.program.classes}
    markets = decider.pack.markets
    for name in names:
        if name not in classes and not markets.knows(name):
            hint = did_you_mean(name, classes | markets.codes | set(markets.groups))
            wrong_use(f"no market is named `{name}`" + (f"; {hint}" if hint else "; write codes such as BR,EU"))
    if not names:
        wrong_use("no market is named; leave the option out for all of them")
    return tuple(found.name for found in decider.classes_of(names))


class Waiting:
    """A bar on the terminal's error stream, for whatever takes over a second. Nothing is drawn anywhere else."""

    def __init__(self, words: str, total: int | None) -> None:
        self._words, self._total = words, total
        self._shown: Progress | None = None
        self._task: TaskID | None = None
        self._next = time.monotonic() + PATIENCE_SECONDS if sys.stderr.isatty() else float("inf")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._shown is not None:
            self._shown.stop()

    def reached(self, done: int, total: int | None = None) -> None:
        """How far it is; cheap enough to be called for every record."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + _BETWEEN_UPDATES
        if self._shown is None:
            self._begin()
        if self._shown is not None and self._task is not None:
            self._shown.update(self._task, completed=done, total=total if total is not None else self._total)

    def _begin(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        self._shown = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = self._shown.add_task(self._words, total=self._total)
        self._shown.start()


def line_width() -> int:
    """How long a line of prose may be: as wide as the terminal, 100 characters at the most."""
    return max(min(shutil.get_terminal_size((100, 24)).columns, 100), 40)


def wrapped(text: str, indent: str = "", hanging: str | None = None) -> str:
    """Prose to the terminal's width, 100 at most; its own paragraphs are kept."""
    after = indent if hanging is None else hanging
    paragraphs = [printable(" ".join(part.split())) for part in text.split("\n\n") if part.strip()]
    lines = [
        textwrap.fill(
            part,
            line_width(),
            initial_indent=after if place else indent,
            subsequent_indent=after,
            break_on_hyphens=False,
            break_long_words=False,
        )
        for place, part in enumerate(paragraphs)
    ]
    return "\n\n".join(lines)


def print_title(text: str) -> None:
    """A line in bold where that can be seen."""
    typer.secho(text, bold=True)


def print_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table as wide as the terminal, on standard output; every cell is plain text."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(soft_wrap=False, width=None if sys.stdout.isatty() else _WIDTH_OF_A_PIPE)
    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold", show_edge=False)
    for name in header:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(Text("\n".join(map(printable, cell.split("\n")))) for cell in row))
    console.print(table)


def printable(text: str) -> str:
    """A stranger's text without ends of lines and control characters, which could forge what stands on a terminal."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)


def write_file(path: Path, text: str) -> None:
    """Write a file that an option names, with the folders above it; ends with 2 where that cannot be done."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        wrong_use(f"`{path}` cannot be written: {(error.strerror or 'it cannot be opened').lower()}")
