"""`assay history`: past items as a table to rehearse on, imported and shown. It changes no table that it reads."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from assay.interfaces.cli.rehearsing import synth
from assay.interfaces.cli.terminal import (
    Waiting,
    counted,
    print_table,
    print_title,
    printable,
    sound_pack,
    wrapped,
    wrong_use,
)

if TYPE_CHECKING:
    from assay.engine.backtest.history.facts import Facts
    from assay.engine.backtest.history.needs import Needs
    from assay.engine.backtest.history.refusals import Refusals
    from assay.engine.backtest.rehearsal import HistoryFacts, Refusal
    from assay.engine.kernel.errors import Fault
    from assay.engine.language.pack.pack import Pack
    from assay.interfaces.histories.files import History
    from assay.interfaces.histories.importing.incoming import Asked, Imported

_MOST_MISSING = 12
_DESIGNS = ("census", "simple", "stratified", "poisson")

history = typer.Typer(help="Past items, to rehearse changes on.", no_args_is_help=True, rich_markup_mode=None)
history.command("synth")(synth.synth)


@history.command("import")
def import_(
    source: Annotated[Path, typer.Argument(metavar="SOURCE", help="CSV, JSON Lines, Parquet, or decision records.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The history to write, a .parquet file.")],
    pack: Annotated[Path, typer.Option(help="The pack whose signals the items have.")],
    named: Annotated[
        list[str] | None, typer.Option("--map", help="`name=column`: the column that holds something.")
    ] = None,
    mapping: Annotated[Path | None, typer.Option(help="A YAML file of `name: column`.")] = None,
    views: Annotated[str | None, typer.Option(help="Markets that have views, as in DE,US,*.")] = None,
    design: Annotated[str | None, typer.Option(help="census, simple, stratified or poisson.")] = None,
    rejects: Annotated[Path | None, typer.Option(help="Where rows that are wrong go, as JSON Lines.")] = None,
) -> None:
    """Check every row of a table and write a history. Ends with 1 where a row was left out."""
    from assay.interfaces.histories.importing.incoming import Asked
    from assay.interfaces.histories.importing.mapping import read_mapping

    _check_files(source, out, rejects)
    if design is not None and design not in _DESIGNS:
        wrong_use(f"`{design}` is no sampling design; it is one of {', '.join(_DESIGNS)}")
    sound = sound_pack(pack)
    called = read_mapping(mapping, named or [], sound)
    if isinstance(called, list):
        _end_with(called, mapping or Path("--map"), 2)
    codes = tuple([code.strip() for code in (views or "").split(",") if code.strip()])
    strange = next((code for code in codes if code != "*" and code not in sound.markets.codes), None)
    if strange is not None:
        wrong_use(f"no market is named `{strange}`; write codes such as DE,US, and `*` for everywhere else")
    imported = _import(Asked(source, out, sound, called, codes, design), rejects)
    if isinstance(imported, list):
        _end_with(imported, source, 1)
    facts = _sum_up(imported, Asked(source, out, sound, called, codes, design), rejects)
    raise typer.Exit(1 if imported.refused or imported.rejects.beside or facts.refused else 0)


@history.command("show")
def show(
    path: Annotated[Path, typer.Argument(metavar="HISTORY", help="A Parquet file, or a folder of them.")],
    pack: Annotated[
        Path | None, typer.Option(help="Check every signal against this pack, and say what is missing.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Say what a history is, and what of it cannot be used. Ends with 1 where something cannot."""
    from assay.interfaces.histories.facts import facts_of
    from assay.interfaces.histories.files import open_history

    opened = open_history(path)
    if isinstance(opened, list):
        _end_with(opened, path, 2 if not path.exists() else 1)
    facts, refusals = _count(opened, _needs(opened, None if pack is None else sound_pack(pack)))
    found = facts_of(opened, facts, refusals)
    refused = refusals.listed()
    if as_json:
        print(json.dumps(_as_mapping(found, refused, facts), ensure_ascii=False, indent=2))
    else:
        _print_facts(found, facts, with_pack=pack is not None)
        _print_refusals(refused)
    raise typer.Exit(1 if any(each.rows for each in refused) else 0)


def _check_files(source: Path, out: Path, rejects: Path | None) -> None:
    from assay.interfaces.histories.importing.run import is_known_kind

    if not source.exists():
        wrong_use(f"there is no file or folder `{source}`")
    if not is_known_kind(source):
        wrong_use(f"`{source}` must end in .csv, .jsonl or .parquet, which says how it is read")
    if out.suffix.lower() != ".parquet":
        wrong_use(f"`{out}` must end in .parquet")
    taken = [source.resolve()]
    for path in (out, rejects):
        if path is not None and (path.resolve() in taken or path.resolve().parent in taken):
            wrong_use(f"`{path}` is read or written already; choose another name")
        taken += [path.resolve()] if path is not None else []


def _import(asked: Asked, rejects: Path | None) -> Imported | list[Fault]:
    from assay.interfaces.histories.importing.run import import_history
    from assay.interfaces.histories.writing import unfinished

    try:
        with (
            nullcontext() if rejects is None else unfinished(rejects) as beside,
            nullcontext() if beside is None else beside.open("wb") as stream,
            Waiting("importing", None) as waiting,
        ):
            return import_history(asked, stream, waiting.reached)
    except OSError as error:
        wrong_use(f"`{error.filename or asked.out}` cannot be used: {(error.strerror or 'it cannot be read').lower()}")


def _sum_up(imported: Imported, asked: Asked, rejects: Path | None) -> HistoryFacts:
    """What came in, what was kept, and what the new file says of itself once it is read back."""
    from assay.interfaces.histories.facts import facts_of
    from assay.interfaces.histories.files import open_history
    from assay.interfaces.records.rejects import counted as by_slug

    opened = open_history(asked.out)
    if isinstance(opened, list):
        _end_with(opened, asked.out, 3)
    facts, refusals = _count(opened, _needs(opened, asked.pack))
    found = facts_of(opened, facts, refusals)
    for reject in imported.rejects.first if rejects is None else ():
        place = reject.place
        where = f"{place.file or asked.source.name}:{place.number}"
        print(printable(f"{where}: {reject.slug}: {reject.faults[0].words}"), file=sys.stderr)
    _print_facts(found, facts, with_pack=True)
    print()
    words = [f"{counted(imported.given, 'row')} read", f"{imported.kept:,} kept"]
    if imported.refused:
        words.append(f"{imported.refused:,} left out ({by_slug(imported.rejects.counts)})")
    if imported.rejects.beside:
        words.append(f"beside rows that were kept: {by_slug(imported.rejects.beside)}")
    print("; ".join(words))
    _print_aside(imported.aside)
    if rejects is None and len(imported.rejects) + imported.rejects.beside.total() > len(imported.rejects.first):
        print("the first faults are shown above; `--rejects FILE` keeps all of them", file=sys.stderr)
    return found


def _print_aside(aside: Counter[str]) -> None:
    for name, rows in sorted(aside.items(), key=lambda pair: (-pair[1], pair[0])):
        print(
            printable(
                f"left aside: nobody knows `{name}` ({counted(rows, 'row')}); `--map NAME={name}` says what it is"
            )
        )


def _needs(opened: History, pack: Pack | None) -> Needs:
    from assay.engine.backtest.history.needs import Needs
    from assay.engine.kernel.markets import COUNTRIES
    from assay.engine.language.pack.vocabulary import Vocabulary

    if pack is None:
        codes = COUNTRIES | {market for market in opened.markets if market != "*"}
        return Needs.of_vocabulary(Vocabulary(()), codes, frozenset())
    measures = frozenset([measure.id for measure in pack.measures.all])
    return Needs.of_vocabulary(pack.vocabulary, pack.markets.codes, measures)


def _count(opened: History, needs: Needs) -> tuple[Facts, Refusals]:
    from assay.interfaces.histories.facts import count_facts
    from assay.interfaces.histories.reading import prepare

    with Waiting("looking at ids", opened.rows) as waiting:
        reading = prepare(opened, needs, reached=waiting.reached)
    if isinstance(reading, list):
        _end_with(reading, Path(opened.path), 1)
    with Waiting("reading", opened.rows) as waiting:
        return count_facts(reading, waiting.reached)


def _end_with(faults: Sequence[Fault], path: Path, code: int) -> NoReturn:
    for fault in faults:
        print(printable(f"{path}: {fault.slug}: {fault.words}"), file=sys.stderr)
    print(f"{counted(len(faults), 'fault')}: nothing could be read", file=sys.stderr)
    raise typer.Exit(code)


def _print_facts(found: HistoryFacts, facts: Facts, *, with_pack: bool) -> None:
    print_title(printable(found.title))
    days = f"{found.first_day} to {found.last_day}, {counted(len(facts.days), 'day')}" if facts.days else "no day"
    print(f"{counted(found.rows, 'row')} · {days} · {found.design}")
    if not found.rows:
        print("there is nothing in it to decide")
        return
    if found.effective_rows < found.rows - 0.5:
        print(f"says as much as a simple random sample of {found.effective_rows:,.0f} rows would")
    print(found.digest)
    carried = [(found.has_creators, "uploaders"), (found.has_hours, "hours of the day"), (found.has_labels, "labels")]
    print("has " + (", ".join(words for has, words in carried if has) or "neither uploaders, hours nor labels"))
    if found.has_labels:
        print(f"{counted(facts.labels, 'label')} on {counted(facts.labelled_rows, 'row')}")
    print()
    rows = [(name or "(none)", f"{drawn:,}", f"{items:,.0f}") for name, (drawn, items) in found.strata.items()]
    if len(rows) > 1:
        print_table(("stratum", "rows", "stand for items"), rows)
    reached = [
        (name, f"{rows:,}", f"{views:,}" if found.has_views else "") for name, (rows, views) in facts.markets.items()
    ]
    print_table(("market", "rows that reached it", "views"), reached)
    if with_pack:
        _print_missing(found)


def _print_missing(found: HistoryFacts) -> None:
    partly = [(name, f"{share:.1%}") for name, share in found.missing.items() if 0 < share < 1]
    never = [name for name, share in found.missing.items() if share == 1]
    if partly:
        print_table(("signal", "rows without it"), partly[:_MOST_MISSING])
    if len(partly) > _MOST_MISSING:
        print(
            f"and {counted(len(partly) - _MOST_MISSING, 'signal')} more, each missing in fewer rows; `--json` has all"
        )
    if never:
        print(wrapped(f"in no row: {', '.join(never)}"))


def _print_refusals(refused: Sequence[Refusal]) -> None:
    if not refused:
        return
    print()
    print_table(
        ("what is wrong", "column", "rows", "first", "why"),
        [(each.slug, each.column, f"{each.rows:,}" if each.rows else "", each.first, each.words) for each in refused],
    )


def _as_mapping(found: HistoryFacts, refused: Sequence[Refusal], facts: Facts) -> dict[str, object]:
    from dataclasses import asdict

    written = asdict(found)
    written["strata"] = {name: {"rows": rows, "items": items} for name, (rows, items) in found.strata.items()}
    written["markets"] = {name: {"rows": rows, "views": views} for name, (rows, views) in facts.markets.items()}
    written["labels"] = facts.labels
    return {**written, "refusals": [asdict(each) for each in refused]}
