"""`assay compile`: a pack as SQL or as plain CEL, for engines that hold the data. It runs nothing that it prints."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.identifiers import did_you_mean
from assay.engine.language.pack.vocabulary import SUBJECTS
from assay.interfaces.cli.terminal import counted, instant_option, printable, write_file, wrong_use

if TYPE_CHECKING:
    from assay.engine.language.pack.pack import Pack
    from assay.engine.program.sql.layout import Column, Layout
    from assay.engine.program.sql.query import SqlQuery

TARGETS = ("sql", "cel")
_TABLE = "items"
_OF_A_ROW = ("id", "market", "as_of")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the options ask of SQL; all of it is empty where nobody did."""

    dialect: str | None
    table: str | None
    as_of: str | None
    columns: tuple[str, ...]
    keep: tuple[str, ...]
    by: tuple[str, ...]
    holds_classes: bool
    tally: bool

    @property
    def named(self) -> list[str]:
        """The options that were given."""
        given = {
            "--dialect": self.dialect,
            "--table": self.table,
            "--as-of": self.as_of,
            "--column": self.columns,
            "--keep": self.keep,
            "--by": self.by,
            "--classes": self.holds_classes,
            "--tally": self.tally,
        }
        return [name for name, value in given.items() if value]


def compile_pack(  # noqa: PLR0913 (its options)
    pack: Annotated[str, typer.Argument(help="A pack's folder, a bundle, or REVISION:PATH.")],
    to: Annotated[str, typer.Option(help="`sql` or `cel`.")],
    dialect: Annotated[str | None, typer.Option(help="Of SQL: duckdb, postgres, spark, bigquery, …")] = None,
    table: Annotated[str | None, typer.Option(help="Of SQL: the table that holds the items.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Of SQL: one date for all rows, not a column.")] = None,
    subject: Annotated[str, typer.Option(help="What is decided: item, account or campaign.")] = "item",
    rules: Annotated[bool, typer.Option("--rules", help="The truth of each rule, too.")] = False,
    tally: Annotated[bool, typer.Option("--tally", help="Of SQL: counts, not rows.")] = False,
    by: Annotated[list[str] | None, typer.Option(help="With `--tally`: a column to count by.")] = None,
    column: Annotated[list[str] | None, typer.Option(help="Of SQL: SIGNAL=COLUMN, or id=, market=, as_of=.")] = None,
    keep: Annotated[list[str] | None, typer.Option(help="Of SQL: a column to carry into the result.")] = None,
    classes: Annotated[bool, typer.Option("--classes", help="Of SQL: markets are names of classes.")] = False,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="The file to write; else it is shown.")] = None,
    manifest: Annotated[Path | None, typer.Option(help="Write what a host must know, as JSON.")] = None,
) -> None:
    """Print a pack as SQL or as plain CEL. Ends with 1 where the pack is not sound."""
    if to not in TARGETS:
        wrong_use(f"a pack is compiled to `sql` or `cel`, not to `{to}`")
    _one_of("subject", subject, SUBJECTS)
    asked = Asked(dialect, table, as_of, tuple(column or ()), tuple(keep or ()), tuple(by or ()), classes, tally)
    if to == "cel" and asked.named:
        wrong_use(f"`{asked.named[0]}` is for SQL; CEL has no table")
    found = _sound_version(pack)
    made = (
        _as_cel(found, subject, with_rules=rules) if to == "cel" else _as_sql(found, subject, asked, with_rules=rules)
    )
    if manifest is not None:
        write_file(manifest, json.dumps(made.manifest, ensure_ascii=False, indent=2) + "\n")
    if output is None:
        sys.stdout.write(made.text)
        return
    write_file(output, made.text)
    print(f"{output}: {made.summary}")


@dataclass(frozen=True, slots=True)
class _Made:
    text: str
    manifest: object
    summary: str


# ------------------------------------------------------------------------- SQL


def _as_sql(pack: Pack, subject: str, asked: Asked, *, with_rules: bool) -> _Made:
    from assay.engine.program.lower import lower_pack
    from assay.engine.program.sql.dialects import DIALECTS
    from assay.engine.program.sql.query import compile_sql
    from assay.engine.program.sql.tally import compile_tally

    if asked.dialect is None:
        wrong_use(f"say which dialect with `--dialect`: {', '.join(DIALECTS)}")
    _one_of("dialect", asked.dialect, DIALECTS)
    if asked.by and not asked.tally:
        wrong_use("`--by` counts by a column, and needs `--tally`")
    as_of = None if asked.as_of is None else instant_option(asked.as_of)
    table = _TABLE if asked.table is None else asked.table
    program = lower_pack(pack)
    try:
        query = compile_sql(
            program,
            asked.dialect,
            table=table,
            as_of=as_of,
            subject=subject,
            with_rules=with_rules,
            layout=_layout(pack, asked),
        )
        counts = compile_tally(query, asked.by) if asked.tally else None
    except ValueError as error:
        wrong_use(str(error))
    said: dict[str, object] = query.manifest() | {"table": table, "pack": _named(pack)}
    if counts is not None:
        columns = {"by": list(counts.by), "rows": counts.rows, "yes": counts.yes, "open": counts.open}
        said["tally"] = columns | {"meanwhile": counts.meanwhile}
    text = f"{_head(pack, query)}{query.text if counts is None else counts.text}\n"
    size = (counted(len(query.measures), "measure"), counted(len(query.columns), "column"))
    return _Made(text, said, f"{asked.dialect}, {size[0]} from {size[1]} of `{table}`")


def _layout(pack: Pack, asked: Asked) -> Layout:
    from assay.engine.program.sql.layout import Layout

    columns: dict[str, str] = {}
    for given in asked.columns:
        name, equals, column = given.partition("=")
        if not equals or not column:
            wrong_use(f"`{given}` names no column; write `--column SIGNAL=COLUMN`")
        if name not in _OF_A_ROW and name not in pack.vocabulary.by_name:
            hint = did_you_mean(name, [*_OF_A_ROW, *pack.vocabulary.by_name])
            wrong_use(f"no signal is named `{name}`" + (f"; {hint}" if hint else ""))
        columns[name] = column
    item, market, as_of = (columns.pop(name, name) for name in _OF_A_ROW)
    # Whoever counts by a column means it to be carried.
    keep = dict.fromkeys([*asked.keep, *(name for name in asked.by if name not in (item, market, as_of))])
    return Layout(item, market, as_of, asked.holds_classes, columns, tuple(keep))


def _head(pack: Pack, query: SqlQuery) -> str:
    """What the query is of, and what the table must hold, as comments that every dialect has."""
    lines = [f"{pack.name} {pack.version}, {pack.digest}", f"{query.subject}s, one row a market; the table's columns:"]
    lines += [f"  {found.name} {found.type}: {_holds(found)}" for found in query.columns]
    lines += ["of each measure: true, false, or NULL for unknown, which is never to be taken for false"]
    return "".join(f"-- {printable(line)}\n" for line in lines)


def _holds(column: Column) -> str:
    match column.holds:
        case "id":
            return "the id, which shares of items are drawn by"
        case "market":
            return "the market"
        case "as_of":
            return "when it is decided as of, in microseconds since 1970"
        case "known":
            return f"whether `{column.of}` is known"
        case "rollout":
            return f"the share that the id has for `{column.of}`, worked out before"
        case _ if column.of == column.name:
            return "NULL where it is unknown"
        case _:
            return f"`{column.of}`, NULL where it is unknown"


# ------------------------------------------------------------------------- CEL


def _as_cel(pack: Pack, subject: str, *, with_rules: bool) -> _Made:
    from assay.engine.program.cel.export import compile_cel
    from assay.engine.program.lower import lower_pack

    export = compile_cel(lower_pack(pack), subject=subject)
    titles = {measure.id: measure.title for measure in pack.measures.all}
    parts = [f"// {pack.name} {pack.version}, {pack.digest}\n// {subject}s; an unbound variable is an unknown signal\n"]
    parts += [f"// measure {name}: {printable(titles[name])}\n{text}\n" for name, text in export.measures.items()]
    if with_rules:
        parts += [f"// rule {reference}\n{text}\n" for reference, text in export.rules.items()]
    size = (counted(len(export.measures), "measure"), counted(len(export.variables), "variable"))
    return _Made("\n".join(parts), export.manifest, f"CEL, {size[0]} of {size[1]}")


# ---------------------------------------------------------------- what is given


def _sound_version(named: str) -> Pack:
    """The pack that somebody named; ends with 1 and its faults where it is not sound, with 2 where there is none."""
    from assay.interfaces.packs.texts import check_texts
    from assay.interfaces.packs.versions import read_version

    texts = read_version(named, None)
    if isinstance(texts, Fault):
        _refuse(texts)
    report = check_texts(texts, examples=False)
    if not report.sound:
        print("\n".join([*report.rendered, report.summary]), file=sys.stderr)
        raise typer.Exit(1)
    return report.checked.pack


def _refuse(fault: Fault) -> NoReturn:
    wrong_use(f"{fault.slug}: {fault.words}")


def _one_of(what: str, given: str, known: Sequence[str]) -> None:
    if given not in known:
        hint = did_you_mean(given, known)
        wrong_use(f"no {what} is named `{given}`; " + (hint or f"there are {', '.join(known)}"))


def _named(pack: Pack) -> dict[str, str]:
    return {"name": pack.name, "title": pack.title, "version": pack.version, "digest": pack.digest}
