"""Writes a label into a copy of a file and reads it back. It replaces a file only as a whole, and never the media."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.detection.evidence import MAXIMUM_DETAIL_CHARACTERS, Evidence, Integrity, Kind
from assay.detection.labels.formats.writers import WRITERS, Writer
from assay.detection.labels.implicit import (
    MEANINGS,
    SPEAKERS,
    STANDARD_KEYS,
    Label,
    departures,
    detail_name,
    label_text,
    merge,
    parse_label,
)
from assay.detection.labels.marking import Marking
from assay.detection.labels.pieces import Original, Piece, write_pieces
from assay.detection.labels.refused import CannotLabel
from assay.detection.labels.wish import CODES, Wish
from assay.detection.media import Media, Unreadable
from assay.detection.registry import load_scanner
from assay.detection.scanner import ScanFailed, Settings

_CREDENTIALS = "c2pa"
_READER = "metadata"


@dataclass(frozen=True, slots=True)
class Written:
    """What came of it: where the file stands, the label that it holds now, and what our own reader found in it.

    replaced    the keys whose earlier value gave way, with that value
    departures  where the label leaves the standard's form, such as a missing producer
    """

    out: Path
    container: str
    size: int
    sha256: str
    label: tuple[tuple[str, str], ...]
    places: tuple[str, ...]
    replaced: tuple[tuple[str, str], ...]
    departures: tuple[str, ...]
    evidence: tuple[Evidence, ...]


def write_label(
    file: Path, *, out: Path, wish: Wish, break_credentials: bool = False, replace: bool = False
) -> Written:
    """The file with what the wish names, at `out`; raises CannotLabel, and then nothing was written.

    break_credentials  label a signed file all the same; its signature will not hold any more
    replace            whether `out` may be there already, as the file itself is when it is labelled in place
    """
    if faults := wish.faults():
        words = "; ".join(f"{fault.field}: {fault.words}" if fault.field else fault.words for fault in faults)
        raise CannotLabel(faults[0].slug, words)
    media = _media(file)
    writer = _writer(media)
    if out.exists() and not replace:
        raise CannotLabel(
            "file-exists", f"`{out}` is there already", "name another file, or label it with `--in-place`"
        )
    with media.open() as stream:
        original = Original(stream, media.size)
        found = Marking()
        for _ in writer(original, found):
            pass
        if not break_credentials:
            _refuse_signed(media)
        keys, replaced = _merged(found.labels, wish)
        marking = Marking(keys, wish.properties)
        pieces = writer(original, marking)
        temporary = _temporary(media, original, pieces, out)
    try:
        evidence = _read_back(temporary, media, keys, wish)
        _put(temporary, file, out, replace=replace)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    label = parse_label(label_text(keys, wrapped=False)) if keys is not None else None
    strange = departures(label) if label is not None else ()
    new = Media.from_path(out)
    kept = tuple((keys or {}).items())
    return Written(
        out, media.container.name, new.size, new.sha256, kept, tuple(marking.places), replaced, strange, evidence
    )


def _writer(media: Media) -> Writer:
    writer = WRITERS.get(media.container.name)
    if writer is None:
        words = f"no label can be written into a file of the kind `{media.container.name}`"
        raise CannotLabel("no-writer", words, f"these can be labelled: {', '.join(sorted(WRITERS))}")
    return writer


def _media(file: Path) -> Media:
    try:
        media = Media.from_path(file)
    except Unreadable as unreadable:
        raise CannotLabel("unreadable-file", str(unreadable)) from unreadable
    if not media.size:
        raise CannotLabel("empty-file", "the file has no bytes")
    return media


def _refuse_signed(media: Media) -> None:
    # Credentials that cannot be read are credentials all the same.
    evidence, unread = _scanned(_CREDENTIALS, media)
    if unread or any(each.kind is Kind.SIGNED_PROVENANCE and each.integrity is not Integrity.NONE for each in evidence):
        raise CannotLabel(
            "signed-file",
            "the file carries content credentials, which a change would break",
            "label what the encoder wrote, then keep the original's credentials with `assay credential attach`; "
            "`--break-credentials` labels this file all the same",
        )


def _merged(found: Sequence[Label], wish: Wish) -> tuple[dict[str, str] | None, tuple[tuple[str, str], ...]]:
    """The label's keys, or None where none is to be written; and the earlier values that give way."""
    if not wish.keys:
        return None, ()
    keys, disagreed = merge(found, wish.keys)
    if disagreed:
        words = f"the labels in the file disagree on {', '.join(disagreed)}"
        raise CannotLabel("labels-disagree", words, "say what shall stand there with the options for these fields")
    if keys["Label"] not in MEANINGS:
        raise CannotLabel("no-label", "the file has no label yet, and none was said", "say `--label` 1, 2 or 3")
    if not any(keys.get(key) for key in SPEAKERS):
        words = "a label names who made the content or who distributes it"
        raise CannotLabel("nobody-named", words, "say `--producer` or `--propagator`")
    gone = {
        (key, value)
        for label in found
        for key, value in label.keys
        if value and key in wish.keys and value != wish.keys[key]
    }
    return keys, tuple(sorted(gone))


def _temporary(media: Media, original: Original, pieces: Iterable[Piece], out: Path) -> Path:
    """The new file beside the place where it shall stand, so that it can be put there in one step."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{out.name[:60]}.", dir=out.parent)
    except OSError as error:
        raise CannotLabel("cannot-write", f"`{out.parent}` cannot be written into") from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            write_pieces(original, pieces, stream)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise CannotLabel("cannot-write", (error.strerror or "the file cannot be written").lower()) from error
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _put(temporary: Path, file: Path, out: Path, *, replace: bool) -> None:
    try:
        shutil.copymode(file, temporary)
        if replace:
            temporary.replace(out)
        else:
            # A link fails where a file has come to stand meanwhile, which a rename would overwrite.
            os.link(temporary, out)
            temporary.unlink()
    except FileExistsError as error:
        raise CannotLabel("file-exists", f"`{out}` is there already") from error
    except OSError as error:
        raise CannotLabel("cannot-write", (error.strerror or "the file cannot be written").lower()) from error


def _read_back(temporary: Path, before: Media, keys: Mapping[str, str] | None, wish: Wish) -> tuple[Evidence, ...]:
    """What our own reader finds in the new file; it must be what was asked for, and nothing against it."""
    media = Media.from_path(temporary)
    evidence, fault = _scanned(_READER, media)
    if media.container != before.container or (fault and fault != _scanned(_READER, before)[1]):
        raise CannotLabel("not-read-back", "the file could not be read to its end after it was labelled")
    if keys is not None:
        labels = [each for each in evidence if "gb_label" in each.details and each.details["gb_label"] != "none"]
        if not labels or not all(_is_label(each, keys) for each in labels):
            words = "the file still holds another label, in a place that cannot be rewritten"
            raise CannotLabel("not-read-back", words, "`assay scan` shows where")
    for name, value in _told(wish).items():
        values = {each.details[name] for each in evidence if name in each.details}
        if value not in values or (name == "source_type" and len(values) > 1):
            words = "the file does not say just that, or says something else in a place that cannot be rewritten"
            raise CannotLabel("not-read-back", f"{name.replace('_', ' ')}: {words}", "`assay scan` shows where")
    return tuple(each for each in evidence if each.found)


def _told(wish: Wish) -> dict[str, str]:
    """How evidence tells the properties; a version or a writer alone says nothing of AI, and makes no evidence."""
    told = {
        "source_type": f"{CODES}{wish.source_type}" if wish.source_type else "",
        "generator": wish.system[:MAXIMUM_DETAIL_CHARACTERS],
        "prompt": "recorded" if wish.prompt else "",
    }
    return {name: value for name, value in told.items() if value}


def _is_label(evidence: Evidence, keys: Mapping[str, str]) -> bool:
    details = evidence.details
    if details["gb_label"] != MEANINGS[keys["Label"]] or "disagrees_on" in details:
        return False
    told = {detail_name(key): value[:MAXIMUM_DETAIL_CHARACTERS] for key, value in keys.items() if key in STANDARD_KEYS}
    return all(details.get(name, "") == value for name, value in told.items() if name != "label")


def _scanned(name: str, media: Media) -> tuple[Sequence[Evidence], str | None]:
    """A scanner's evidence, and the slug of what kept it from reading all."""
    try:
        return load_scanner(name, Settings()).scan(media), None
    except ScanFailed as failed:
        return failed.evidence, failed.slug
