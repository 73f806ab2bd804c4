"""`assay scan`: the evidence in media files, in a form to read or as JSON. It decides nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.interfaces.cli.terminal import Waiting, counted, print_table, printable, wrong_use

if TYPE_CHECKING:
    from assay.detection.result import ScanResult
    from assay.detection.scanner import Settings
    from assay.engine.decision.assertion import Assertion


def scan(
    paths: Annotated[list[Path], typer.Argument(metavar="PATHS...", help="Media files, and folders of them.")],
    trust: Annotated[Path | None, typer.Option(help="A folder of trust lists (PEM).")] = None,
    allow_host: Annotated[
        list[str] | None, typer.Option(help="A host that may be asked for a manifest; may be repeated.")
    ] = None,
    deep: Annotated[bool, typer.Option("--deep", help="Look into pictures and sound, too, which takes long.")] = False,
    scanner: Annotated[list[str] | None, typer.Option(help="Only this scanner; may be repeated.")] = None,
    weights: Annotated[Path | None, typer.Option(help="A folder of weights and keys for scanners.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a file, and no summary.")] = False,
) -> None:
    """Find evidence in media files. Ends with 1 where a file could not be read to its end."""
    from assay.detection.run import scan_files
    from assay.detection.scanner import Settings, UnusableTrust

    if trust is not None and not trust.is_dir():
        wrong_use(f"there is no folder `{trust}`; `assay trust update {trust}` makes one")
    settings = Settings(trust, tuple(allow_host or ()), weights)
    _check(scanner or (), settings)
    files = list(_files(paths))
    try:
        results = scan_files(files, settings=settings, scanners=scanner or None, deep=deep)
    except UnusableTrust as unusable:
        wrong_use(str(unusable))
    found: list[ScanResult] = []
    faulty = 0
    with Waiting("scanning", len(files)) as waiting:
        for number, result in enumerate(results, 1):
            faulty += bool(result.faults)
            if as_json:
                print(json.dumps(_as_json(result), ensure_ascii=False).encode("utf-8", "backslashreplace").decode())
            else:
                found.append(result)
            waiting.reached(number)
    if not as_json:
        _print(found, faulty)
    raise typer.Exit(1 if faulty else 0)


def _check(names: Sequence[str], settings: Settings) -> None:
    """Somebody who names a scanner is told at once that it cannot work, and not by an empty answer."""
    from assay.detection.registry import UnknownScanner, load_scanner
    from assay.detection.scanner import State, UnusableTrust, readiness_of

    if settings.weights is not None and not settings.weights.is_dir():
        wrong_use(f"there is no folder `{settings.weights}`")
    for name in names:
        try:
            readiness = readiness_of(load_scanner(name, settings))
        except (UnknownScanner, UnusableTrust) as refused:
            wrong_use(str(refused))
        if readiness.state is not State.READY:
            wrong_use(f"the scanner `{name}` is not ready: {readiness.words}; {readiness.next_step}")


def _files(paths: list[Path]) -> Iterator[Path]:
    from assay.detection.run import media_paths

    for path in paths:
        if path.is_dir():
            yield from media_paths(path)
        else:
            # What is not there is reported like any file that cannot be read, beside the results of the others.
            yield path


def _print(found: list[ScanResult], faulty: int) -> None:
    from assay.detection.judgement import assertions, judge

    rows = []
    for result in found:
        judgement = judge(result.evidence)
        evidence = [*judgement.reasons, *(f"Fault: {fault.slug}: {fault.words}" for fault in result.faults)]
        said = [f"{one.signal} = {_value(one)} ({one.by})" for one in assertions(result) if one.signal != "modality"]
        rows.append(
            (printable(str(result.path)), "\n".join(evidence) or "-", judgement.integrity.value, "\n".join(said) or "-")
        )
    if rows:
        print_table(("file", "evidence", "integrity", "what it asserts"), rows)
        print()
    with_evidence = sum(any(one.found for one in result.evidence) for result in found)
    words = f"{counted(len(found), 'file')}: {with_evidence} with evidence"
    print(words + (f", {faulty} with faults" if faulty else ""))


def _as_json(result: ScanResult) -> dict[str, object]:
    from assay.detection.judgement import assertions, judge

    return {
        "file": printable(str(result.path)),
        "sha256": result.sha256,
        "container": result.container,
        "modality": result.modality.value if result.modality is not None else None,
        "integrity": judge(result.evidence).integrity.value,
        "evidence": [{"id": one.identifier, **one.as_mapping()} for one in result.evidence],
        "assertions": [_assertion_as_json(one) for one in assertions(result)],
        "faults": [{"slug": each.slug, "reason": each.words, "scanner": each.scanner} for each in result.faults],
        "scanners": list(result.scanners),
    }


def _assertion_as_json(one: Assertion) -> dict[str, object]:
    return {
        "signal": one.signal,
        "value": _value(one),
        "by": one.by,
        "source": one.source,
        "evidence": list(one.evidence),
    }


def _value(assertion: Assertion) -> object:
    return sorted(assertion.value) if isinstance(assertion.value, frozenset) else assertion.value
