"""A manifest is never missed: whatever the library would find, the look at the structure sends to the library."""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.detection.container import sniff
from assay.detection.evidence import Claim
from assay.detection.media import Media
from assay.detection.scanner import Settings
from assay.detection.scanners.c2pa.carried.presence import presence_of
from assay.detection.scanners.c2pa.carried.signatures import signatures_of
from assay.detection.scanners.c2pa.scanner import CONTAINERS, build
from tests.detection.scanners.c2pa.signing import MANIFEST_AT, TYPES, library_sees, plain, sign


@lru_cache(maxsize=64)
def file(kind: str, how: str) -> bytes:
    return plain(kind) if how == "plain" else sign(kind, remote=MANIFEST_AT if how == "remote" else None)[0]


def media(content: bytes) -> Media:
    return Media.from_bytes(content, name="a")


@pytest.mark.parametrize("kind", TYPES)
def test_a_file_without_a_manifest_is_known_without_the_library(kind: str) -> None:
    assert not library_sees(plain(kind), kind)
    assert presence_of(media(plain(kind))) is None


@pytest.mark.parametrize("kind", TYPES)
def test_a_manifest_is_seen_and_its_store_taken_out_whole(kind: str) -> None:
    content, store = sign(kind)
    found = presence_of(media(content))
    assert found is not None
    assert found.store == store
    signatures = signatures_of(found.store)
    assert signatures.complete
    assert [len(chain) for chain in signatures.chains.values()] == [2]


@pytest.mark.parametrize("kind", TYPES)
def test_the_scanner_reads_every_container(kind: str) -> None:
    scanner = build(Settings())
    assert [each.claim for each in scanner.scan(media(sign(kind)[0]))] == [Claim.GENERATED]
    (nothing,) = scanner.scan(media(plain(kind)))
    assert nothing.claim is Claim.NONE


# Documents in a ZIP have no room for an address.
NAMING = [kind for kind in TYPES if kind not in ("docx", "epub")]


@pytest.mark.parametrize("kind", NAMING)
def test_a_file_that_names_an_address_is_sent_to_the_library(kind: str) -> None:
    content = file(kind, "remote")
    assert library_sees(content, kind)
    assert presence_of(media(content)) is not None


def test_another_box_of_the_same_form_is_not_taken_for_the_store() -> None:
    content, store = sign("jpeg")
    other = b"JP\x00\x07\x00\x00\x00\x01" + (40).to_bytes(4, "big") + b"jumb" + bytes(32)
    segment = b"\xff\xeb" + (len(other) + 2).to_bytes(2, "big") + other
    found = presence_of(media(content[:2] + segment + content[2:]))
    assert found is not None
    assert (found.store, presence_of(media(content)) != found) == (None, True)
    assert store not in segment


def cut(content: bytes, at: int, length: int) -> bytes:
    return content[:at] + content[at + length :]


CHANGES: dict[str, Callable[[bytes, int, int, int], bytes]] = {
    "cut": lambda content, at, length, byte: cut(content, at, length),
    "doubled": lambda content, at, length, byte: content[: at + length] + content[at:],
    "overwritten": lambda content, at, length, byte: content[:at] + bytes([byte]) * length + content[at + length :],
    "moved to the end": lambda content, at, length, byte: cut(content, at, length) + content[at : at + length],
    "ended": lambda content, at, length, byte: content[:at],
    "put in": lambda content, at, length, byte: content[:at] + bytes([byte]) * length + content[at:],
}


@given(
    st.sampled_from(sorted(TYPES)),
    st.sampled_from(["signed", "remote"]),
    st.sampled_from(sorted(CHANGES)),
    st.floats(0, 1),
    st.integers(1, 64),
    st.integers(0, 255),
)
def test_no_damage_makes_it_miss_what_the_library_finds(
    kind: str, how: str, change: str, place: float, length: int, byte: int
) -> None:
    whole = file(kind, how if kind in NAMING else "signed")
    # Half of the changes fall where the structure is, which stands in front.
    at = int(place * 2 * 600) if place < 0.5 else int((place - 0.5) * 2 * len(whole))
    content = CHANGES[change](whole, min(at, len(whole) - 1), length, byte)
    found = media(content)
    if found.container.name in CONTAINERS and library_sees(content, found.container.name):
        assert presence_of(found) is not None


def test_it_agrees_with_the_library_on_real_files(shared_test_data: Path) -> None:
    with (shared_test_data / "labels.csv").open(encoding="utf-8") as stream:
        names = [row["file"] for row in csv.DictReader(stream) if row["file"].startswith(("provenance/", "watermark/"))]
    missed, seen = [], 0
    for name in names:
        path = shared_test_data / name
        with path.open("rb") as stream:
            container = sniff(stream, path.stat().st_size).name
        if container in CONTAINERS:
            sees = library_sees(path.read_bytes(), container)
            seen += sees
            if sees and presence_of(Media.from_path(path)) is None:
                missed.append(name)
    assert not missed
    assert seen >= 25


def test_most_real_files_without_a_manifest_never_reach_the_library(shared_test_data: Path) -> None:
    folders = ("clean", "trap", "stripped", "synthetic-meta", "real-generator", "unsigned")
    paths = [path for folder in folders for path in (shared_test_data / "provenance" / folder).iterdir()]
    asked = sorted(path.name for path in paths if presence_of(Media.from_path(path)) is not None)
    assert asked == ["fx_algorithmicMedia.jpg", "m_iptc.gif", "m_iptc.pdf"]
