"""`assay demo`: makes media, scans and decides them, and shows what came of it. It never touches other files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.interfaces.cli.items.demo_clusters import CLUSTERS, show_clusters
from assay.interfaces.cli.items.demo_workbench import fill_workbench
from assay.interfaces.cli.terminal import Waiting, counted, instant_option, print_table, sound_pack, wrong_use

if TYPE_CHECKING:
    from assay.detection.result import ScanResult
    from assay.engine.decision.decide import Decision
    from assay.engine.language.pack.pack import Pack
    from assay.interfaces.demo.make import MadeFile

_CERTAIN, _OPEN = "●", "◐"


@dataclass(frozen=True, slots=True)
class _Shown:
    """One file of the demonstration, with all that came of it."""

    made: MadeFile
    result: ScanResult
    decision: Decision
    record: bytes


def demo(
    folder: Annotated[Path, typer.Option(help="Where to write.")] = Path("demo"),
    service: Annotated[bool, typer.Option("--service", help="Also decide them over HTTP, by a service.")] = False,
    workbench: Annotated[
        bool, typer.Option("--workbench", help="Also fill a workbench with made-up people and what they did.")
    ] = False,
) -> None:
    """Make some sixty media files, scan them, decide them for every market, and report."""
    from assay.detection.run import scan_files
    from assay.detection.scanner import Settings
    from assay.interfaces.demo.make import BANKS, TRUST, make_media
    from assay.interfaces.packs import starter_folder

    starter = starter_folder(Path.cwd())
    if starter is None:
        wrong_use("the starter pack was not found; run this beside `packs/starter`")
    if folder.exists() and not folder.is_dir():
        wrong_use(f"`{folder}` is a file; name a folder")
    pack = sound_pack(starter)
    with Waiting("making media", None) as waiting:
        made = make_media(folder, progress=waiting.reached)
    with Waiting("scanning", len(made)) as waiting:
        results = []
        for result in scan_files(
            [file.path for file in made], settings=Settings(trust=folder / TRUST, banks=folder / BANKS)
        ):
            results.append(result)
            waiting.reached(len(results))
    shown, refused = _decide(pack, made, results, folder)
    _write(folder, pack, shown)
    _print(shown)
    settled = sum(all(outcome.settled for outcome in each.decision.outcomes) for each in shown)
    print(f"\n{counted(len(made), 'file')} made, {len(shown)} decided with {pack.title} {pack.version}, ", end="")
    print(f"{settled} settled in every market" + (f", {refused} rejected" if refused else ""))
    print(f"read {folder / 'report.html'}; the records are in {folder / 'decisions.jsonl'}")
    print(f"{show_clusters(folder)}: read {folder / CLUSTERS}")
    unlike = service and not _by_service(folder, starter, shown)
    if workbench:
        fill_workbench(folder, starter, [each.record for each in shown])
    raise typer.Exit(1 if refused or unlike else 0)


def _by_service(folder: Path, pack: Path, shown: Sequence[_Shown]) -> bool:
    """Decide the same uploads by a decision service, and say what came of it."""
    from assay.interfaces.demo.service import RECORDS, SERVICE, NoService, try_service

    try:
        with Waiting("deciding them over HTTP", None) as waiting:
            waiting.reached(0)
            tried = try_service(folder, pack, [each.record for each in shown])
    except NoService as failed:
        print(f"the decision service did not start: {failed}")
        return False
    start, deciding = tried.seconds
    print(
        f"{counted(tried.decided, 'upload')} decided over HTTP in {deciding:.1f} s by `assay serve`, ready after "
        f"{start:.1f} s: {tried.alike} of them byte for byte as above"
    )
    print(f"{folder / SERVICE / RECORDS}: {tried.verified}; replayed: {tried.replayed}")
    return tried.sound and tried.alike == len(shown)


def _decide(
    pack: Pack, made: Sequence[MadeFile], results: Sequence[ScanResult], folder: Path
) -> tuple[list[_Shown], int]:
    """Every file's decision, and how many could not be decided."""
    from assay.engine.decision.decide import Decider
    from assay.engine.decision.record import RecordWriter
    from assay.interfaces.demo.make import CONTEXT
    from assay.interfaces.records.media import scanned_records
    from assay.interfaces.records.reading import Entry, read_entries

    decider = Decider(pack)
    writer, as_of = RecordWriter(decider), instant_option(None)
    named = {file.path.name: (file, result) for file, result in zip(made, results, strict=True)}
    scanned = ((name, result) for name, (_, result) in named.items())
    shown, refused = [], 0
    for reading in read_entries(scanned_records(scanned, decider.vocabulary, folder / CONTEXT), decider.pack):
        if isinstance(reading, Entry):
            decision = decider.decide(reading.item, as_of)
            shown.append(_Shown(*named[reading.item.id], decision, writer.write(decision)))
        elif not reading.decided:
            refused += 1
            print(f"{reading.id}: {reading.slug}: {reading.faults[0].words}")
    return shown, refused


def _write(folder: Path, pack: Pack, shown: Sequence[_Shown]) -> None:
    from assay.interfaces.demo.report.collect import contents_of
    from assay.interfaces.demo.report.page import render

    records = [json.loads(each.record) for each in shown]
    contents = contents_of(pack, [each.made for each in shown], [each.result for each in shown], records)
    (folder / "decisions.jsonl").write_bytes(b"".join(each.record + b"\n" for each in shown))
    (folder / "report.html").write_text(render(contents, clusters=CLUSTERS), encoding="utf-8")


def _print(shown: Sequence[_Shown]) -> None:
    from assay.detection.judgement import judge

    rows = []
    for each in shown:
        reasons = judge(each.result.evidence).reasons[:2]
        name = f"{each.made.path.name}\n{each.made.title}"
        evidence = "\n".join(reasons) or "Nothing found."
        rows.append((name, evidence, _by_market(each.decision), _next(each.decision)))
    print_table(("file", "evidence", f"decision ({_CERTAIN} settled, {_OPEN} open)", "next question"), rows)


def _by_market(decision: Decision) -> str:
    """What is done, for markets that end alike; the largest class is called everywhere else."""
    from assay.engine.language.pack.classes import REST

    measures = decision.decider.pack.measures.by_id
    alike: dict[tuple[bool, tuple[str, ...]], list[str]] = {}
    for outcome in decision.outcomes:
        done = tuple(measures[name].title for name in decision.decider.measure_ids(outcome.standing.applied))
        alike.setdefault((outcome.settled, done), []).extend(outcome.markets)
    lines = []
    for (settled, done), names in sorted(alike.items(), key=lambda pair: REST not in pair[1]):
        place = ", ".join(names)
        if REST in names:
            place = "everywhere" if len(alike) == 1 else "everywhere else"
        lines.append(f"{_CERTAIN if settled else _OPEN} {place}: {', '.join(done) or 'nothing'}")
    return "\n".join([*lines[1:], lines[0]])


def _next(decision: Decision) -> str:
    """The question that comes first in most markets."""
    asked = [outcome.questions[0] for outcome in decision.outcomes for _ in outcome.markets if outcome.questions]
    if not asked:
        return "-"
    return decision.decider.vocabulary.signals[max(asked, key=asked.count)].question
