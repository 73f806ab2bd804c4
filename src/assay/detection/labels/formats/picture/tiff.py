"""TIFF and DNG: a new first directory behind the file, with the XMP tag in it. No strip or tile moves."""

from __future__ import annotations

from assay.detection.labels.formats.picture.exif import XMP, Directories, comment_changes
from assay.detection.labels.marking import Marking
from assay.detection.labels.pieces import Original, Piece, replaced
from assay.detection.labels.refused import malformed

_BYTES = 1


def rewrite_tiff(original: Original, marking: Marking) -> list[Piece]:
    """The file with its XMP tag set."""
    directories = Directories(original)
    if not directories.first:
        raise malformed("the file has no directory")
    entries = directories.entries(directories.first)
    old = next((entry for entry in entries if entry.tag == XMP), None)
    found = original.read(*old.value) if old is not None else None
    packet = marking.packet(found, "XMP", with_label=True)
    end = original.size + (original.size & 1)
    changes, behind = comment_changes(directories, marking, end)
    if packet is not None and packet != found:
        packet_at = end + len(behind)
        behind += packet + bytes(len(packet) & 1)
        # A comment's row in this very directory may have been changed a moment ago.
        rows = {entry.place: entry.row for entry in entries if entry.tag != XMP}
        rows |= {start: row for start, _, row in changes if start in rows}
        table = [*rows.values(), directories.row(XMP, _BYTES, len(packet), packet_at)]
        link = directories.following(directories.first, len(entries))
        changes.append((directories.link, directories.link + directories.width, directories.offset(end + len(behind))))
        behind += directories.table(table, link)
    if not behind:
        return list(replaced(original.size, changes))
    return [*replaced(original.size, changes), bytes(end - original.size), behind]
