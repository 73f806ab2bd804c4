"""Media files as item records: scanned, and joined with what the platform knows. It never decodes a file itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from assay.detection.result import ScanResult
from assay.detection.weighing.settings import DEFAULT, Weighing, weighing_of
from assay.engine.decision.assertion import Assertion
from assay.engine.decision.item import write_assertion
from assay.engine.kernel.errors import Fault
from assay.engine.kernel.values import Value
from assay.engine.language.pack.vocabulary import Signal, SignalType, Vocabulary
from assay.interfaces.records.json_lines import json_records
from assay.interfaces.records.reading import Place, Record

if TYPE_CHECKING:
    from assay.detection.scanner import Settings

CONTEXT = "context.jsonl"
SURFACE = "surface"


@dataclass(slots=True)
class _Context:
    """What is known of files beside their bytes, by file name, with the line that says so."""

    by_name: dict[str, tuple[Place, Mapping[str, object]]] = field(default_factory=dict)
    rejected: list[Record] = field(default_factory=list)


def media_files(folder: Path) -> list[Path]:
    """The media below a folder, in a stable order."""
    from assay.detection.run import media_paths

    return [path for path in media_paths(folder) if path != folder / CONTEXT]


def media_records(
    paths: Sequence[Path], folder: Path | None, vocabulary: Vocabulary, settings: Settings | None
) -> Iterator[Record]:
    """A record for each file, by its name below the folder, with the context that lies in it.

    raises  UnusableWeighing where the folder of detectors does not say how their scores are weighed
    """
    from assay.detection.run import scan_files

    weighing = weighing_of(settings.detectors if settings is not None else None)
    names = [path.name if folder is None else path.relative_to(folder).as_posix() for path in paths]
    results = zip(names, scan_files(paths, settings=settings), strict=True)
    yield from scanned_records(results, vocabulary, None if folder is None else folder / CONTEXT, weighing)


def scanned_records(
    results: Iterable[tuple[str, ScanResult]],
    vocabulary: Vocabulary,
    known: Path | None,
    weighing: Weighing = DEFAULT,
) -> Iterator[Record]:
    """A record for each file that was scanned; then one for each line of context that fits none of them.

    known     a file of context, which may be absent; the surface that it names says how common AI is there
    weighing  how the operator has scores weighed
    """
    context = _read_context(known) if known is not None else _Context()
    yield from context.rejected
    for name, result in results:
        yield _record(name, result, context, vocabulary, weighing)
    for name, (place, _) in context.by_name.items():
        yield Record(place, faults=(Fault("unknown-file", f"no file is named `{name[:120]}`", "id"),), id=name[:120])


def _record(name: str, result: ScanResult, context: _Context, vocabulary: Vocabulary, weighing: Weighing) -> Record:
    # A file's name may hold bytes that are no UTF-8, which no line of rejects could be written with.
    place = Place("file", file=name.encode("utf-8", errors="backslashreplace").decode("utf-8"))
    faults = tuple(Fault(fault.slug, fault.words, fault.scanner) for fault in result.faults)
    known = context.by_name.pop(name, None)
    if faults and not result.scanners:
        return Record(place, faults=faults, id=name if name == place.file else None)
    said = known[1] if known is not None else {}
    found = fitting_assertions(result, vocabulary, weighing, _surface(said))
    made: list[object] = [write_assertion(one, vocabulary) for one in found]
    theirs = said.get("assertions")
    assertions = [*made, *theirs] if isinstance(theirs, list) else (made if theirs is None else theirs)
    return Record(place, {**said, "id": name, "assertions": assertions}, notes=faults)


def _surface(said: Mapping[str, object]) -> str | None:
    signals = said.get("signals")
    surface = signals.get(SURFACE) if isinstance(signals, Mapping) else None
    return surface if isinstance(surface, str) else None


def fitting_assertions(
    result: ScanResult, vocabulary: Vocabulary, weighing: Weighing = DEFAULT, surface: str | None = None
) -> Iterator[Assertion]:
    """What a scan asserts, in so far as this vocabulary has a word for it and lets that asserter speak."""
    from assay.detection.judgement import assertions

    for assertion in assertions(result, weighing, surface):
        signal = vocabulary.by_name.get(assertion.signal)
        if signal is None or signal.by_market or assertion.by not in signal.asserted_by:
            continue
        value = signal.read(signal.write(_typed(assertion.value, signal)))
        if not isinstance(value, Fault):
            yield replace(assertion, value=value)


def _typed(value: Value, signal: Signal) -> Value:
    """A bank of known items says its values in words, and only the vocabulary knows what they are."""
    if isinstance(value, str) and signal.type is SignalType.FLAG:
        return {"yes": True, "no": False}.get(value, value)
    if isinstance(value, str) and signal.type is SignalType.SET:
        return frozenset(each.strip() for each in value.split(",") if each.strip())
    return value


def _read_context(path: Path) -> _Context:
    found = _Context()
    if not path.is_file():
        return found
    with path.open("rb") as stream:
        for record in json_records(stream, file=CONTEXT):
            _add(record, found)
    return found


def _add(record: Record, found: _Context) -> None:
    content = record.content
    if record.faults:
        found.rejected.append(record)
    elif not isinstance(content, Mapping) or not isinstance(content.get("id"), str):
        fault = Fault("bad-id", "a line of context names its file in `id`", "id")
        found.rejected.append(Record(record.place, faults=(fault,)))
    elif content["id"] in found.by_name:
        fault = Fault("duplicate-id", "an earlier line of context is about this file", "id")
        found.rejected.append(Record(record.place, faults=(fault,), id=content["id"][:120]))
    else:
        found.by_name[content["id"]] = (record.place, content)
