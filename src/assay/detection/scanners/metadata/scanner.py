"""The metadata scanner: reads a file's fields, then asks each family of marks what they mean. It decodes no media."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from assay.detection.evidence import Claim, Evidence, Integrity, Kind, Tier
from assay.detection.inspection import Section
from assay.detection.media import Media
from assay.detection.scanner import Card, Example, ScanFailed, Settings
from assay.detection.scanners.metadata.bounded import MAXIMUM_FIELDS, Exhausted, Field, Malformed, Source
from assay.detection.scanners.metadata.examples import examples
from assay.detection.scanners.metadata.marks.generators import find_generators
from assay.detection.scanners.metadata.marks.label_cn import find_labels
from assay.detection.scanners.metadata.marks.source_type import find_source_types
from assay.detection.scanners.metadata.readers import READERS
from assay.detection.scanners.metadata.shown import sections_of

NAME = "metadata"
MAXIMUM_EVIDENCE = 64
MAXIMUM_PLACES = 16


@dataclass(frozen=True, slots=True)
class Reading:
    """The fields of one file, and what was left unread: a slug and words, or None where all was read."""

    fields: tuple[Field, ...]
    fault: tuple[str, str] | None
    parts: Mapping[str, int] = field(default_factory=dict)


def read_fields(media: Media) -> Reading:
    """Every metadata field of a file whose container has a reader; others have none and are wholly read."""
    reader = READERS.get(media.container.name)
    if reader is None:
        return Reading((), None)
    fields: list[Field] = []
    fault: tuple[str, str] | None = None
    with media.open() as stream:
        source = Source(stream, media.size)
        try:
            fields.extend(islice(reader(source), MAXIMUM_FIELDS + 1))
        except Malformed as malformed:
            fault = ("malformed-metadata", str(malformed))
        except Exhausted as exhausted:
            fault = ("metadata-not-read", f"the file asks for more {exhausted} than one file is given")
    if len(fields) > MAXIMUM_FIELDS:
        fault = ("metadata-not-read", f"the file has more than {MAXIMUM_FIELDS} fields")
    if fault is None and source.faults:
        fault = ("malformed-metadata", "; ".join(source.faults[:3]))
    if fault is None and source.notes:
        fault = ("metadata-not-read", "; ".join(source.notes[:3]))
    return Reading(tuple(fields), fault, source.parts)


@dataclass(frozen=True, slots=True)
class MetadataScanner:
    """Reads what files say of themselves, in the fields and forms that mean it."""

    card: Card

    @property
    def name(self) -> str:
        return NAME

    def scan(self, media: Media) -> list[Evidence]:
        if media.container.name not in READERS:
            return []
        reading = read_fields(media)
        fields = reading.fields
        evidence = _found(fields)
        if reading.fault is not None:
            raise ScanFailed(*reading.fault, evidence=evidence)
        return [*evidence, _looked(media, fields, evidence)]

    def inspect(self, media: Media) -> tuple[Section, ...]:
        if media.container.name not in READERS:
            words = f"files of the kind `{media.container.name}` have no fields that this scanner reads"
            return (Section("Fields", "not checked", note=words),)
        reading = read_fields(media)
        unread = reading.fault[1] if reading.fault is not None else ""
        return sections_of(media, reading.parts, reading.fields, _found(reading.fields), unread)

    def examples(self) -> Sequence[Example]:
        return examples()


def _found(fields: Sequence[Field]) -> list[Evidence]:
    return [*find_source_types(fields), *find_labels(fields), *find_generators(fields)][:MAXIMUM_EVIDENCE]


def _looked(media: Media, fields: Sequence[Field], evidence: Sequence[Evidence]) -> Evidence:
    """The record that every structure was walked, which alone lets anybody say that a label is not there."""
    details = {"read": "whole", "places": ",".join(sorted({each.place for each in fields})[:MAXIMUM_PLACES])}
    if not any("gb_label" in each.details for each in evidence):
        details["gb_label"] = "none"
    source = f"{NAME}:{media.container.name}"
    return Evidence(Kind.DECLARATION, Claim.NONE, Integrity.NONE, Tier.UNVERIFIED, source, details)


def build(settings: Settings) -> MetadataScanner:
    """The entry point; this scanner has nothing to set."""
    return MetadataScanner(Card.load(Path(__file__).with_name("card.toml")))
