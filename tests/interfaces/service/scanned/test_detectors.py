"""The service asks configured detectors, or says before it starts why it cannot."""

from __future__ import annotations

from pathlib import Path

from assay.interfaces.service.scanned.settings import ScanSettings
from assay.interfaces.service.scanning import Scanner, open_scanner
from tests.detection.detectors.models import set_up


def test_a_folder_of_detectors_that_cannot_be_used_keeps_the_service_from_starting(tmp_path: Path) -> None:
    place = set_up(tmp_path)
    (place / "model.onnx").write_bytes(b"changed")
    found = open_scanner(ScanSettings(detectors=tmp_path), 1_000)
    assert isinstance(found, list)
    assert [(fault.slug, fault.field) for fault in found] == [("unusable-detector", "detectors")]
    assert "wrong-digest" in found[0].words


def test_how_scores_are_weighed_is_read_with_them(tmp_path: Path) -> None:
    set_up(tmp_path)
    (tmp_path / "weighing.toml").write_text("nonsense = 1\n")
    found = open_scanner(ScanSettings(detectors=tmp_path), 1_000)
    assert isinstance(found, list)
    assert found[0].field == "detectors"
    (tmp_path / "weighing.toml").unlink()
    scanner = open_scanner(ScanSettings(detectors=tmp_path), 1_000)
    assert isinstance(scanner, Scanner)
    assert scanner.weighing is not None


def test_without_a_folder_no_weighing_is_loaded() -> None:
    scanner = open_scanner(ScanSettings(), 1_000)
    assert isinstance(scanner, Scanner)
    assert scanner.weighing is None
