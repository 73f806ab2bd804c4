"""Whatever bytes come, a reader ends soon, stays small, and says at worst that they are malformed."""

from __future__ import annotations

import io
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.detection.container import sniff
from assay.detection.evidence import Integrity
from assay.detection.judgement import judge
from assay.detection.media import Media
from assay.detection.pixels import pixel_count
from assay.detection.scanner import ScanFailed, Settings
from assay.detection.scanners.c2pa.carried.signatures import NOTHING
from assay.detection.scanners.c2pa.claims import claim_of_manifest, generator_of
from assay.detection.scanners.c2pa.lineage import lineage_of
from assay.detection.scanners.declared.declaration import Malformed as MalformedDeclaration
from assay.detection.scanners.declared.declaration import parse_declaration
from assay.detection.scanners.metadata.bounded import Exhausted, Field, Malformed, Source
from assay.detection.scanners.metadata.examples.cases import examples
from assay.detection.scanners.metadata.marks.generators import find_generators
from assay.detection.scanners.metadata.marks.label_cn import PLACES, find_labels
from assay.detection.scanners.metadata.marks.source_type import SOURCE_TYPE, find_source_types
from assay.detection.scanners.metadata.readers import READERS
from assay.detection.scanners.metadata.readers.shared.exif import exif_fields
from assay.detection.scanners.metadata.readers.shared.iim import iim_fields, resource_fields
from assay.detection.scanners.metadata.readers.shared.xmp import xmp_fields
from assay.detection.scanners.metadata.readers.sound.id3 import id3_fields
from assay.detection.scanners.metadata.scanner import build

SCANNER = build(Settings())
VALID = {example.name: example.content for example in examples() if example.content}
CONTAINERS = {name: Media.from_bytes(content, name=name).container.name for name, content in VALID.items()}
SECONDS, MEBIBYTES = 1.0, 24
NUMBERS = (b"\x00", b"\x01", b"\x7f\xff\xff\xff", b"\x80\x00\x00\x00", b"\xff\xff\xff\xff", bytes(8), b"\xff" * 8)


def drained(fields: Callable[[Source], Iterator[Field]], content: bytes) -> list[Field]:
    """All fields a reader gives before it ends, in whichever declared way."""
    found: list[Field] = []
    try:
        for field in fields(Source(io.BytesIO(content), len(content))):
            found.append(field)
            assert isinstance(field.key, str)
            assert isinstance(field.value, str)
    except (Malformed, Exhausted):
        pass
    return found


@st.composite
def damaged(draw: st.DrawFn, content: bytes) -> bytes:
    """A valid file after a few faults: bytes changed, cut out, doubled, or a number put where it hurts."""
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(content) - 1)))
        length = draw(st.integers(0, 24))
        piece = draw(st.one_of(st.binary(max_size=8), st.sampled_from(NUMBERS), st.just(content[at : at + length])))
        match draw(st.sampled_from(["replace", "insert", "cut", "end", "double"])):
            case "replace":
                content = content[:at] + piece + content[at + len(piece) :]
            case "insert":
                content = content[:at] + piece + content[at:]
            case "cut":
                content = content[:at] + content[at + length :]
            case "end":
                content = content[:at]
            case _:
                content = content[:at] + content[at : at + length] * 3 + content[at + length :]
    return content


@given(st.data())
@pytest.mark.parametrize("name", VALID)
def test_a_damaged_file_is_read_or_refused(name: str, data: st.DataObject) -> None:
    content = data.draw(damaged(VALID[name]))
    reader = READERS[CONTAINERS[name]]
    began = time.process_time()
    drained(reader, content)
    media = Media.from_bytes(content, name=name)
    pixel_count(media)
    try:
        evidence = SCANNER.scan(media)
    except ScanFailed as failed:
        assert failed.slug in ("malformed-metadata", "metadata-not-read")
        evidence = list(failed.evidence)
    assert time.process_time() - began < SECONDS
    assert judge(evidence).integrity in (Integrity.NONE, Integrity.UNSIGNED)


@given(st.binary(max_size=600))
@pytest.mark.parametrize("container", sorted(READERS))
def test_any_bytes_behind_a_true_head_are_read_or_refused(container: str, tail: bytes) -> None:
    heads = [VALID[name][:length] for name in VALID if CONTAINERS[name] == container for length in (4, 12, 40)]
    for content in (tail, *(head + tail for head in heads[:6])):
        drained(READERS[container], content)


@given(st.data())
def test_memory_stays_small(data: st.DataObject) -> None:
    content = data.draw(damaged(VALID[data.draw(st.sampled_from(sorted(VALID)))]))
    tracemalloc.start()
    try:
        SCANNER.scan(Media.from_bytes(content, name="a"))
    except ScanFailed:
        pass
    finally:
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < MEBIBYTES << 20


@given(st.binary(max_size=400))
@pytest.mark.parametrize("fields", [exif_fields, iim_fields, resource_fields, id3_fields])
def test_any_payload_is_read_or_refused(fields: Callable[[Source], Iterator[Field]], content: bytes) -> None:
    for head in (
        b"",
        b"II*\x00\x08\x00\x00\x00",
        b"MM\x00+\x00\x08\x00\x00",
        b"8BIM\x04\x04",
        b"\x1c\x02",
        b"ID3\x04\x00\x00",
    ):
        drained(fields, head + content)


@given(st.one_of(st.binary(max_size=300), st.text(alphabet="<>/=&;:!?[]\"' \n\x00abrdf", max_size=300).map(str.encode)))
def test_any_packet_is_read_or_refused(packet: bytes) -> None:
    drained(lambda source: xmp_fields(packet), b"")


@given(st.binary(max_size=5000))
def test_any_bytes_have_a_container(content: bytes) -> None:
    assert sniff(io.BytesIO(content), len(content)).name
    pixel_count(Media.from_bytes(content, name="a"))


KEYS = [*sorted(PLACES), ("exif", "UserComment"), ("exif", "Artist"), ("xmp", SOURCE_TYPE), ("png-text", "parameters")]
KEYS += [
    ("png-text", "prompt"),
    ("png-text", "workflow"),
    ("png-text", "Description"),
    ("id3", "COMM:"),
    ("iim", "2:110"),
]
FIELDS = st.builds(lambda place, value: Field(place[0], place[1], value), st.sampled_from(KEYS), st.text(max_size=80))


@given(st.lists(FIELDS, max_size=8))
def test_prose_in_a_marks_own_field_is_no_mark(fields: list[Field]) -> None:
    for find in (find_labels, find_source_types, find_generators):
        for evidence in find(fields):
            assert not evidence.claim.is_ai or evidence.details.get("source_type") or evidence.details.get("generator")


@given(st.binary(max_size=200))
def test_any_declaration_is_understood_or_refused(content: bytes) -> None:
    try:
        assert parse_declaration(content).where
    except MalformedDeclaration as malformed:
        assert str(malformed)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=12)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=12), inner, max_size=4)),
    max_leaves=12,
)
LABELS = st.sampled_from(["a", "b", "c"])
INGREDIENT = st.fixed_dictionaries(
    {"active_manifest": LABELS, "relationship": st.sampled_from(["parentOf", "componentOf", "inputTo", "x"])},
    optional={"validation_results": JSON, "validation_status": JSON},
)
MANIFEST = st.fixed_dictionaries({}, optional={"ingredients": st.lists(INGREDIENT, max_size=3), "assertions": JSON})
STORE = st.fixed_dictionaries(
    {"active_manifest": LABELS, "manifests": st.dictionaries(LABELS, MANIFEST)},
    optional={"validation_results": JSON, "validation_state": st.sampled_from(["Trusted", "Valid", "Invalid", "x"])},
)


@given(st.one_of(STORE, st.dictionaries(st.text(max_size=20), JSON)))
def test_any_manifest_store_has_a_finite_lineage(store: dict[str, object]) -> None:
    lineage = lineage_of(store, NOTHING, None, datetime(2026, 12, 15, tzinfo=UTC))
    assert lineage[0].scope == "asset"
    assert len({ancestor.label for ancestor in lineage}) == len(lineage)
    order = [Integrity.OK, Integrity.EXPIRED, Integrity.UNSIGNED, Integrity.BROKEN]
    assert all(order.index(ancestor.integrity) >= order.index(lineage[0].own) for ancestor in lineage)


@given(st.dictionaries(st.sampled_from(["assertions", "claim_generator", "claim_generator_info"]), JSON))
def test_any_manifest_says_something_or_nothing(manifest: dict[str, object]) -> None:
    assert claim_of_manifest(manifest)
    assert isinstance(generator_of(manifest), str)
