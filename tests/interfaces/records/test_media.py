"""A folder of media becomes records, each file for itself, with what the platform knows of it."""

from __future__ import annotations

import json
import os
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from assay.detection.evidence import Claim, Evidence, Integrity, Kind, Tier
from assay.detection.result import ScanResult
from assay.detection.weighing.settings import Weighing
from assay.interfaces.packs import load_pack
from assay.interfaces.records.media import fitting_assertions, media_files, media_records, scanned_records
from assay.interfaces.records.reading import Entry, Reading, Reject, read_entries
from tests.interfaces.running import STARTER

PACK = load_pack(STARTER)


def picture(path: Path, **texts: str) -> None:
    """A tiny PNG, with texts in its chunks."""
    chunks = PngImagePlugin.PngInfo()
    for name, text in texts.items():
        chunks.add_text(name, text)
    Image.new("RGB", (8, 8), "teal").save(path, pnginfo=chunks)


def bomb(path: Path, side: int = 30_000) -> None:
    """A PNG of some bytes whose header says that it has 900 million pixels."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    content = b"\x89PNG\r\n\x1a\n"
    for kind, body in chunks:
        content += struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    path.write_bytes(content)


def context(folder: Path, *lines: Mapping[str, object] | str) -> None:
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    (folder / "context.jsonl").write_text("\n".join(texts) + "\n", encoding="utf-8")


def read(folder: Path) -> list[Reading]:
    return list(read_entries(media_records(media_files(folder), folder, PACK.vocabulary, None), PACK))


def by_id(readings: list[Reading]) -> dict[str, Entry]:
    return {reading.item.id: reading for reading in readings if isinstance(reading, Entry)}


def rejected(readings: list[Reading]) -> list[tuple[str | None, str, bool]]:
    return [(reading.id, reading.slug, reading.decided) for reading in readings if isinstance(reading, Reject)]


SAID = {"signal": "person.kind", "value": "identifiable", "by": "reviewer", "source": "reviewer:1"}


def test_what_is_found_and_what_is_known_stand_together(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    picture(tmp_path / "a.png", parameters="a city\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 8x8")
    picture(tmp_path / "inner" / "b.png")
    context(tmp_path, {"id": "inner/b.png", "signals": {"made_with_own_tool": True}, "assertions": [SAID]})
    found = by_id(read(tmp_path))
    assert set(found) == {"a.png", "inner/b.png"}
    made = {assertion.signal: assertion.value for assertion in found["a.png"].item.assertions}
    assert made["ai_extent"] == "generated"
    known = {assertion.signal: assertion.value for assertion in found["inner/b.png"].item.assertions}
    assert (known["person.kind"], known["modality"]) == ("identifiable", "image")
    assert found["inner/b.png"].item.values[PACK.vocabulary.index["made_with_own_tool"]] is True


def test_a_line_of_context_that_is_wrong_costs_itself(tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    picture(tmp_path / "b.png")
    wrong = {"id": "b.png", "signals": {"is_paid": 7}}
    context(tmp_path, "{", {"signals": {}}, wrong, {"id": "b.png"}, {"id": "c.png"})
    readings = read(tmp_path)
    assert set(by_id(readings)) == {"a.png"}
    assert sorted(rejected(readings), key=str) == [
        ("b.png", "duplicate-id", False),
        ("b.png", "wrong-type", False),
        ("c.png", "unknown-file", False),
        (None, "bad-id", False),
        (None, "broken-json", False),
    ]


def test_a_file_of_no_bytes_is_rejected_and_a_bomb_is_decided_by_what_is_left(tmp_path: Path) -> None:
    (tmp_path / "empty.jpg").touch()
    bomb(tmp_path / "bomb.png")
    picture(tmp_path / "fine.png")
    readings = read(tmp_path)
    assert set(by_id(readings)) == {"bomb.png", "fine.png"}
    assert ("empty.jpg", "empty-file", False) in rejected(readings)
    assert ("bomb.png", "too-many-pixels", True) in rejected(readings)


@pytest.mark.skipif(os.name == "nt" or os.uname().sysname == "Darwin", reason="its file names are always text")
def test_a_name_that_is_no_text_is_rejected_and_can_be_written(tmp_path: Path) -> None:
    name = os.fsdecode(b"bad\xff.png")
    picture(tmp_path / name)
    readings = read(tmp_path)
    assert rejected(readings) == [("bad\\udcff.png", "bad-id", False)]
    (reject,) = readings
    assert isinstance(reject, Reject)
    json.dumps(reject.as_mapping(), ensure_ascii=False).encode()


def banked(**asserts: str) -> ScanResult:
    details = {"bank": "known", "exact": "yes"} | {f"asserts:{name}": value for name, value in asserts.items()}
    copy = Evidence(Kind.COPY, Claim.UNCLEAR, Integrity.UNSIGNED, Tier.OPERATOR, "copies:known", details)
    return ScanResult(Path("a.png"), evidence=(copy,))


def test_what_a_bank_says_in_words_is_read_as_the_vocabulary_types_it() -> None:
    result = banked(false_document="yes", portrayal="harassing, degrading", impersonation="nonsense", unheard="of")
    said = {each.signal: each.value for each in fitting_assertions(result, PACK.vocabulary)}
    assert said == {"false_document": True, "portrayal": frozenset({"harassing", "degrading"})}


def test_the_surface_of_a_files_context_says_how_common_ai_is_there(tmp_path: Path) -> None:
    context(
        tmp_path, {"id": "a.png", "signals": {"surface": "advert"}}, {"id": "b.png", "signals": {"surface": "feed"}}
    )
    details = {"score": "0.8", "log10_lr": "0.7", "cap": "1.5", "calibration": "sha256:aa", "verdict": "for"}
    score = Evidence(Kind.DETECTOR, Claim.AI_UNSPECIFIED, Integrity.UNSIGNED, Tier.UNVERIFIED, "detectors:one", details)
    scans = [(name, ScanResult(Path(name), evidence=(score,), scanners=("one",))) for name in ("a.png", "b.png")]
    records = scanned_records(scans, PACK.vocabulary, tmp_path / "context.jsonl", Weighing(surfaces={"advert": 0.4}))
    found = by_id(list(read_entries(records, PACK)))
    suspected = {
        name: any(each.signal == "synthetic_status" for each in entry.item.assertions) for name, entry in found.items()
    }
    assert suspected == {"a.png": True, "b.png": False}
