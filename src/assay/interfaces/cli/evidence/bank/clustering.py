"""`assay bank clusters`: near-duplicates among files, hashes or a bank's entries, and how far each has spread."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.interfaces.cli.evidence.bank.folders import opened
from assay.interfaces.cli.terminal import Waiting, counted, print_table, printable, write_file, wrong_use

if TYPE_CHECKING:
    from assay.detection.copies.clusters.circumstances import Circumstances
    from assay.detection.copies.clusters.closeness import Closeness
    from assay.detection.copies.clusters.items import Gathered
    from assay.detection.copies.kinds import HashKind
    from assay.interfaces.copying.report import Report, Told

_HEADER = ("cluster", "items", "width", "look at", "accounts", "surfaces", "first and last", "a day", "busiest hour")


def clusters(  # noqa: PLR0913 (each argument is an option of the command)
    given: Annotated[Path, typer.Argument(help="A folder of media, a bank, or a file of hashes.")],
    kind: Annotated[str | None, typer.Option(help="Of media and hashes without a type; pdq if left out.")] = None,
    within: Annotated[
        float | None, typer.Option(help="What counts as near; the usual of its kind if left out.")
    ] = None,
    smallest: Annotated[int, typer.Option(min=2, help="The smallest cluster that is shown.")] = 2,
    context: Annotated[
        Path | None, typer.Option(help="id,account,surface,market,at of items: CSV or JSON Lines.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many clusters are shown.")] = 20,
    html: Annotated[Path | None, typer.Option(help="Write a page to this file.")] = None,
    with_pictures: Annotated[
        bool, typer.Option("--with-pictures", help="On the page: each middle, small, grey and blurred.")
    ] = False,
    workers: Annotated[int, typer.Option(min=1, max=256, help="Processes that hash.")] = 2,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a cluster, and no summary.")] = False,
) -> None:
    """Group near-duplicates and say how far each group has spread. Ends with 1 where something could not be read."""
    from assay.interfaces.copying.report import report_of

    if not given.exists():
        wrong_use(printable(f"there is no file or folder `{given}`"))
    if with_pictures and (html is None or not given.is_dir()):
        wrong_use("`--with-pictures` is for a page about a folder of media: name one with --html")
    known = _context(context)
    gathered = _gathered(given, kind, workers)
    closeness = _closeness(gathered.kind, within)
    with Waiting("comparing", None) as waiting:
        report = report_of(given.name, gathered, closeness, known, smallest=smallest, progress=waiting.reached)
    if html is not None:
        write_file(html, _page(report, given if with_pictures else None, limit))
    if as_json:
        for each in report.clusters[:limit]:
            print(json.dumps(_as_json(each, closeness)))
    else:
        _print(report, limit, html)
    raise typer.Exit(1 if gathered.faults or (known and known.refused) else 0)


def _context(path: Path | None) -> Circumstances | None:
    from assay.detection.copies.clusters.circumstances import read_circumstances

    if path is None:
        return None
    try:
        with path.open("rb") as stream:
            told = read_circumstances(stream)
    except OSError as error:
        wrong_use(printable(f"`{path}` cannot be opened: {(error.strerror or 'it cannot be read').lower()}"))
    for number, fault in told.faults[:10]:
        print(printable(f"{path}:{number}: {fault.slug}: {fault.words}"), file=sys.stderr)
    if told.refused > 10:
        print(f"{told.refused:,} lines in all could not be used", file=sys.stderr)
    return told


def _gathered(given: Path, kind: str | None, workers: int) -> Gathered:
    from assay.detection.copies.bank.settings import BANK_FILE
    from assay.detection.copies.clusters.items import of_bank, of_file, of_media
    from assay.detection.copies.kinds import HashKind

    if kind is not None and kind not in set(HashKind):
        wrong_use(f"`{kind}` is no kind of hash; write {', '.join(HashKind)}")
    chosen: HashKind = HashKind(kind) if kind is not None else HashKind.PDQ
    if (given / BANK_FILE).is_file():
        with opened(given) as bank:
            if kind is not None and bank.settings.kind is not chosen:
                wrong_use(f"the bank holds `{bank.settings.kind}`; leave --kind out")
            gathered = of_bank(bank)
    elif given.is_dir():
        from assay.detection.run import media_paths

        paths = list(media_paths(given))
        with Waiting("hashing", len(paths)) as waiting:
            gathered = of_media(given, paths, chosen, workers=workers, progress=waiting.reached)
    else:
        with given.open("rb") as stream, Waiting("reading", given.stat().st_size) as waiting:
            gathered = of_file(stream, chosen, progress=waiting.reached)
    for name, fault in gathered.faults[:10]:
        print(printable(f"{name}: {fault.slug}: {fault.words}"), file=sys.stderr)
    return gathered


def _closeness(kind: HashKind, within: float | None) -> Closeness:
    from assay.detection.copies.clusters.closeness import closeness_of
    from assay.engine.kernel.errors import Fault

    closeness = closeness_of(kind, within)
    if isinstance(closeness, Fault):
        wrong_use(closeness.words)
    return closeness


def _page(report: Report, pictures: Path | None, limit: int) -> str:
    from assay.interfaces.copying.page.clusters_page import render_clusters

    return render_clusters(report, limit=limit, pictures=_pictures(report, pictures, limit) if pictures else {})


def _pictures(report: Report, folder: Path, limit: int) -> dict[str, str]:
    from assay.interfaces.inspection.picture import blurred_picture

    shown = report.clusters[:limit]
    found = {}
    with Waiting("drawing", len(shown)) as waiting:
        for number, each in enumerate(shown, 1):
            picture = blurred_picture(folder / each.medoid)
            if picture is not None:
                found[each.medoid] = picture
            waiting.reached(number)
    return found


def _print(report: Report, limit: int, html: Path | None) -> None:
    rows = [_row(each, report.closeness) for each in report.clusters[:limit]]
    if rows:
        print_table(_HEADER, rows)
        print()
    for line in report.remarks:
        print(printable(line))
    shown = f" (the largest {limit} are shown)" if len(report.clusters) > limit else ""
    within = sum(len(each.members) for each in report.clusters)
    words = (
        f"{counted(report.items, 'item')}: {counted(len(report.clusters), 'cluster')}{shown} with {within:,} of them"
    )
    print(printable(f"{words}; near is {report.closeness.words}"))
    if html is not None:
        print(printable(f"The page is in {html}"))


def _row(each: Told, closeness: Closeness) -> tuple[str, ...]:
    spread = each.spread
    width = closeness.told(each.cluster.diameter)
    if each.cluster.is_chained:
        width += f"\n{each.cluster.strays:,} by a chain only"
    period = (
        "-"
        if spread.first is None or spread.last is None
        else f"{spread.first:%Y-%m-%d %H:%M}\n{spread.last:%Y-%m-%d %H:%M}"
    )
    per_day = "-" if spread.per_day is None else f"{spread.per_day:,.1f}"
    return (
        str(each.number),
        f"{spread.items:,}",
        width,
        each.medoid,
        f"{len(spread.accounts):,}" if spread.accounts else "-",
        _few(spread.surfaces),
        period,
        per_day,
        f"{spread.busiest_hour:,}" if spread.timed else "-",
    )


def _few(counts: Sequence[tuple[str, int]]) -> str:
    shown = [f"{name} {count:,}" for name, count in counts[:3]]
    return ", ".join(shown + (["…"] if len(counts) > 3 else [])) or "-"


def _as_json(each: Told, closeness: Closeness) -> dict[str, object]:
    cluster, spread = each.cluster, each.spread
    return {
        "cluster": each.number,
        "items": spread.items,
        "members": list(each.members),
        "medoid": each.medoid,
        "diameter": cluster.diameter,
        "reach": cluster.reach,
        "by_chain_only": cluster.strays,
        "compared": cluster.compared,
        "near": closeness.words,
        "accounts": dict(spread.accounts),
        "surfaces": dict(spread.surfaces),
        "markets": dict(spread.markets),
        "first": spread.first.isoformat() if spread.first else None,
        "last": spread.last.isoformat() if spread.last else None,
        "per_day": None if spread.per_day is None else round(spread.per_day, 3),
        "busiest_hour": spread.busiest_hour,
        "last_24_hours": spread.last_day,
        "24_hours_before": spread.day_before,
    }
