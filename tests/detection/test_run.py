"""The pool: one file's crash, hang or bomb costs that file and nothing else."""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from assay.detection.registry import UnknownScanner
from assay.detection.result import ScanResult
from assay.detection.run import media_paths, scan_files
from assay.detection.scanner import UnusableTrust
from assay.detection.scanners.metadata.examples.build import chunk, png, png_text
from assay.detection.scanners.metadata.examples.cases import label

WILD = "tests.detection.fakes:wild"


def scanned(
    paths: Sequence[Path], scanners: Sequence[str] | None = None, *, seconds: float = 20.0, megabytes: int = 1024
) -> list[ScanResult]:
    return list(scan_files(paths, workers=2, seconds=seconds, megabytes=megabytes, scanners=scanners))


def written(folder: Path, *names: str) -> list[Path]:
    for name in names:
        (folder / name).write_bytes(png(png_text("AIGC", label())))
    return [folder / name for name in names]


def claims(result: ScanResult) -> list[str]:
    return [each.claim.value for each in result.evidence if each.found]


def slugs(result: ScanResult) -> list[tuple[str, str | None]]:
    return [(fault.slug, fault.scanner) for fault in result.faults]


def test_results_come_in_the_order_of_the_paths(tmp_path: Path) -> None:
    paths = written(tmp_path, *(f"{number:03}.png" for number in range(60)))
    results = scanned(paths)
    assert [result.path for result in results] == paths
    assert all(len(result.sha256 or "") == 64 and result.container == "png" for result in results)
    assert all(result.scanners == ("c2pa", "declared", "metadata") and not result.faults for result in results)


@pytest.mark.parametrize("wish", ["exit", "segfault"])
def test_a_crash_costs_that_scanner_on_that_file(tmp_path: Path, wish: str) -> None:
    before, bad, after = scanned(written(tmp_path, "a.png", f"{wish}.png", "z.png"), ["metadata", WILD])
    assert slugs(bad) == [("scanner-crashed", WILD)]
    assert claims(bad) == ["generated"]
    assert bad.container == "png"
    assert not before.faults
    assert not after.faults
    assert claims(after) == ["generated", "unclear"]


def test_a_hang_is_stopped_in_time(tmp_path: Path) -> None:
    began = time.monotonic()
    bad, after = scanned(written(tmp_path, "hang.png", "z.png"), ["metadata", WILD], seconds=1.0)
    assert time.monotonic() - began < 15
    assert slugs(bad) == [("scanner-timed-out", WILD)]
    assert claims(bad) == ["generated"]
    assert not after.faults


def test_memory_is_bounded(tmp_path: Path) -> None:
    bad, after = scanned(written(tmp_path, "swell.png", "z.png"), [WILD, "metadata"], megabytes=600)
    assert slugs(bad) == [("out-of-memory", WILD)]
    assert claims(bad) == ["generated"]
    assert not after.faults


def test_whatever_a_scanner_raises_is_told(tmp_path: Path) -> None:
    names = ("raise.png", "fail.png", "babble.png", "forge.png")
    raised, failed, babbled, forged = scanned(written(tmp_path, *names), [WILD])
    assert slugs(babbled) == slugs(raised) == [("scanner-failed", WILD)]
    assert slugs(failed) == [("made-up-fault", WILD)]
    assert len(failed.evidence) == 1
    # Nobody else speaks as a bank or a detector of the operator's.
    assert slugs(forged) == [("scanner-failed", WILD)]
    assert not forged.evidence


def test_a_scanner_that_cannot_be_loaded_stops_no_other(tmp_path: Path) -> None:
    (result,) = scanned(written(tmp_path, "a.png"), ["tests.detection.fakes:unloadable", "metadata"])
    assert slugs(result) == [("scanner-unavailable", "tests.detection.fakes:unloadable")]
    assert result.scanners == ("metadata",)


def test_no_bytes_no_file_and_no_plain_file_are_told(tmp_path: Path) -> None:
    (tmp_path / "empty.png").touch()
    os.mkfifo(tmp_path / "pipe.png")
    paths = [tmp_path / "empty.png", tmp_path / "absent.png", tmp_path / "pipe.png", tmp_path]
    empty, absent, pipe, folder = scanned(paths)
    assert slugs(empty) == [("empty-file", None)]
    assert empty.sha256 == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert slugs(absent) == slugs(pipe) == slugs(folder) == [("unreadable-file", None)]


def test_a_pixel_bomb_is_judged_by_its_header_and_never_decoded(tmp_path: Path) -> None:
    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 6, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + png_text("AIGC", label()) + chunk(b"IEND", b"")
    # The fake decodes pixels, as its card says, so it is not even asked; it would crash if it were.
    path = tmp_path / "exit.png"
    path.write_bytes(bomb)
    (result,) = scanned([path], [WILD, "metadata"])
    assert slugs(result) == [("too-many-pixels", None)]
    assert "900,000,000" in result.faults[0].words
    assert result.scanners == ("metadata",)
    assert [each.details.get("gb_label") for each in result.evidence if each.found] == ["is"]


def test_a_caller_who_stops_early_stops_the_pool(tmp_path: Path) -> None:
    results = scan_files(written(tmp_path, *(f"{number}.png" for number in range(50))), scanners=["metadata"])
    assert next(results).scanners == ("metadata",)
    began = time.monotonic()
    results.close()  # type: ignore[attr-defined]
    assert time.monotonic() - began < 5


def test_an_unknown_scanner_is_refused_before_any_file(tmp_path: Path) -> None:
    with pytest.raises(UnknownScanner, match="no scanner is named `c2p`"):
        scan_files([], scanners=["c2p"])


def test_a_folder_without_trust_lists_is_refused_before_any_file(tmp_path: Path) -> None:
    with pytest.raises(UnusableTrust, match="holds no trust list"):
        scan_files([], trust=tmp_path)


@pytest.mark.parametrize(("workers", "seconds", "megabytes"), [(0, 1.0, 512), (1, 0.0, 512), (1, 1.0, 1)])
def test_limits_that_make_no_sense_are_refused(workers: int, seconds: float, megabytes: int) -> None:
    with pytest.raises(ValueError, match="scanning needs"):
        scan_files([], workers=workers, seconds=seconds, megabytes=megabytes)


def test_a_folder_gives_its_files_without_declarations_and_hidden_ones(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    for name in ("b.png", "a.png", "a.png.declared.json", ".hidden", "inner/c.png"):
        (tmp_path / name).write_bytes(b"x")
    assert [path.relative_to(tmp_path).as_posix() for path in media_paths(tmp_path)] == [
        "a.png",
        "b.png",
        "inner/c.png",
    ]


def test_the_declaration_beside_a_file_is_read(tmp_path: Path) -> None:
    good, wrong = written(tmp_path, "good.png", "wrong.png")
    (tmp_path / "good.png.declared.json").write_text('{"ai_extent": "altered", "where": "caption"}')
    (tmp_path / "wrong.png.declared.json").write_text("{")
    heard, refused = scanned([good, wrong], ["declared"])
    assert [(each.claim.value, each.details["where"]) for each in heard.evidence] == [("altered", "caption")]
    assert slugs(refused) == [("malformed-declaration", "declared")]
