"""What a reviewer sees of a file's metadata: its structure, its fields with their places, and what was not read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from assay.detection.evidence import Evidence
from assay.detection.inspection import Section, State
from assay.detection.labels.implicit import MEANINGS, STANDARD_KEYS, departures, parse_label
from assay.detection.media import Media
from assay.detection.scanners.metadata.bounded import Field
from assay.detection.scanners.metadata.marks.label_cn import PLACES, SHARED_PLACES

MAXIMUM_PARTS = 40
MAXIMUM_FIELDS = 120
_MEANINGS = {"is": "it is AI-generated", "may_be": "it may be AI-generated", "suspected": "it is suspected to be"}
_PLACE_NAMES = {
    "xmp": "XMP", "exif": "EXIF", "iim": "IPTC (IIM)", "png-text": "PNG text", "jpeg": "JPEG segments", "gif": "GIF",
    "riff": "RIFF chunks", "id3": "ID3", "mp4": "MP4 metadata", "matroska": "Matroska tags", "flv": "FLV script",
    "vorbis": "Vorbis comments", "ooxml": "custom properties", "front-matter": "front matter", "png": "PNG chunks",
}  # fmt: skip
_SPACES = {
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "IPTC extension",
    "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": "IPTC core",
    "http://www.tc260.org.cn/ns/AIGC/1.0/": "TC260",
    "http://purl.org/dc/elements/1.1/": "Dublin Core",
    "http://ns.adobe.com/xap/1.0/": "XMP",
}


def sections_of(
    media: Media, parts: Mapping[str, int], fields: Sequence[Field], found: Sequence[Evidence], unread: str
) -> tuple[Section, ...]:
    """The label first, then what else speaks of AI, the fields by place, the container, and what was not read."""
    sections = [*_labels(fields), _marks(found), _fields(fields), _structure(media, parts)]
    if unread:
        note = "What stands behind it may hold more fields: that none was found there says nothing."
        sections.append(Section("Not read", "not checked", (("reason", unread),), note=note))
    return tuple(sections)


def _labels(fields: Sequence[Field]) -> Iterator[Section]:
    """One section for each place that holds a label of GB 45438, key by key."""
    title = "Implicit label (GB 45438)"
    values = set()
    shown = []
    for field in fields:
        place = (field.place, field.key)
        if place not in PLACES and place not in SHARED_PLACES:
            continue
        label = parse_label(field.value, wrapped_only=place in SHARED_PLACES)
        if label is not None:
            values.add(label.keys)
            rows = [("place", _place(field)), ("says", _MEANINGS[MEANINGS[label.value]])]
            keys = label.as_mapping()
            rows += [(key, keys[key] or "empty") for key in sorted(keys, key=_order)]
            rows += [("departs from the standard", each) for each in departures(label)]
            shown.append(Section(title, "found", tuple(rows), note="Anybody can write one: it is a declaration."))
        elif place in PLACES:
            rows = [("place", _place(field)), ("text", field.value)]
            shown.append(Section(title, "weak", tuple(rows), note="It stands in a label's place and has not its form."))
    if len(values) > 1:
        yield Section(title, "weak", (("labels", str(len(values))),), tuple(shown), "They contradict each other.")
    else:
        yield from shown
    if not shown:
        yield Section(title, "absent")


def _marks(found: Sequence[Evidence]) -> Section:
    marks = [each for each in found if each.found and "gb_label" not in each.details]
    rows = []
    for each in marks:
        details = ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in each.details.items())
        rows.append((f"{each.claim.value.replace('_', ' ')} ({each.source.partition(':')[2]})", details))
    state: State = "found" if rows else "absent"
    note = "" if rows else "Most platforms take metadata off on the way, so that nothing follows from its absence."
    return Section("Declarations and generators' marks", state, tuple(rows), note=note)


def _fields(fields: Sequence[Field]) -> Section:
    by_place: dict[str, list[tuple[str, str]]] = {}
    for field in fields[:MAXIMUM_FIELDS]:
        by_place.setdefault(field.place, []).append((_key(field.key), field.value or "present"))
    children = tuple(
        Section(_PLACE_NAMES.get(place, place), "found", tuple(rows)) for place, rows in sorted(by_place.items())
    )
    left_out = len(fields) - MAXIMUM_FIELDS
    note = f"{left_out} further fields are not shown." if left_out > 0 else ""
    return Section("Fields", "found" if children else "absent", (("fields", str(len(fields))),), children, note)


def _structure(media: Media, parts: Mapping[str, int]) -> Section:
    rows = [("container", media.container.name), ("size", f"{media.size:,} bytes")]
    rows += [(name or "unnamed", str(count)) for name, count in list(parts.items())[:MAXIMUM_PARTS]]
    left_out = len(parts) - MAXIMUM_PARTS
    return Section("Structure", "found", tuple(rows), note=f"{left_out} further kinds of part." if left_out > 0 else "")


def _order(key: str) -> tuple[int, str]:
    """The standard's own order, and every other key behind it."""
    return (STANDARD_KEYS.index(key) if key in STANDARD_KEYS else len(STANDARD_KEYS), key)


def _place(field: Field) -> str:
    return f"{_PLACE_NAMES.get(field.place, field.place)}: {_key(field.key)}"


def _key(key: str) -> str:
    """An XMP name without its long namespace, of which a known name or the last word stays, since names repeat."""
    space, _, name = key.removeprefix("{").partition("}")
    return f"{_SPACES.get(space, space.rstrip('/#').rpartition('/')[2])}: {name}" if name else key
