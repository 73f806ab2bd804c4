"""The service's process holds no decoder and no web framework for people, however much it scans."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.slow
DECODERS = ("PIL", "av", "c2pa", "cv2", "imwatermark", "onnxruntime", "rapidocr", "torch", "trustmark", "audioseal")
FOR_PEOPLE = ("django",)

# Run as a program of its own, since a test's process has long imported all of them.
PROGRAM = """
import sys
import assay.interfaces.service.app
import assay.interfaces.service.guard.guard
import assay.interfaces.service.guard.protocol
import assay.interfaces.service.scanning
import assay.interfaces.service.serving
from pathlib import Path

def scan(folder):
    from assay.interfaces.service.scanned.answers import scan_answer
    from assay.interfaces.service.scanned.settings import ScanSettings
    from assay.interfaces.service.scanning import Scanner, open_scanner
    from assay.interfaces.packs import check_folder
    import asyncio

    found = open_scanner(ScanSettings(folder=folder), 1_000)
    assert isinstance(found, Scanner)
    path = folder / "a.png"
    path.write_bytes(b"\\x89PNG\\r\\n\\x1a\\n")
    result = asyncio.run(found.scan(path, deep=True))
    assert result.scanners, result
    found.close()
    scan_answer(result, 8, check_folder(Path("packs/starter"), examples=False).checked.pack.vocabulary, deep=True)

if __name__ == "__main__":
    scan(Path(sys.argv[1]))
    print(*sorted(name for name in sys.modules if "." not in name))
"""


def test_a_service_that_scans_imports_no_decoder(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("scan")
    program = folder / "program.py"
    program.write_text(PROGRAM)
    run = subprocess.run(
        [sys.executable, str(program), str(folder)], capture_output=True, text=True, timeout=120, check=False, cwd=ROOT
    )
    assert run.returncode == 0, run.stderr
    imported = set(run.stdout.split())
    assert "pebble" in imported
    assert not imported & {*DECODERS, *FOR_PEOPLE}
