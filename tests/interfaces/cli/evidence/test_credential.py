"""`assay credential attach` keeps credentials and says the state of the file and of its original."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.detection.scanners.c2pa.examples.authority import make_authority
from assay.detection.scanners.c2pa.examples.cases import broken, created, signed_png
from tests.detection.scanners.c2pa.signing import plain
from tests.interfaces.running import Run, assay

PLATFORM = make_authority("Platform")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("key.pem").write_bytes(PLATFORM.key)
    Path("chain.pem").write_bytes(PLATFORM.chain)
    Path("trust").mkdir()
    Path("trust/ours.pem").write_bytes(PLATFORM.root + make_authority().root)
    Path("original.png").write_bytes(signed_png(created("trainedAlgorithmicMedia")))
    Path("small.webp").write_bytes(plain("webp"))
    return tmp_path


def attach(*words: str, parent: str = "original.png") -> Run:
    keys = ("--key", "key.pem", "--certificates", "chain.pem", "--trust", "trust")
    return assay("credential", "attach", "small.webp", "--parent", parent, *keys, "-o", "out.webp", *words)


def test_it_says_what_it_wrote_and_the_state_of_both(desk: Path) -> None:
    run = attach("--step", "transcoded", "--step", "resized.proportional", "--all-steps")
    assert run.code == 0
    first, whole, original = run.out.splitlines()
    assert first.startswith("out.webp: 2 manifests, ")
    assert whole == "  the file       ok, signed by Platform, known from your own list"
    assert original == "  the original   ok, signed by Example Pictures, known from your own list"
    (scanned,) = assay("scan", "out.webp", "--trust", "trust", "--json").lines
    assert {(each["signal"], each["value"]) for each in scanned["assertions"]} >= {("ai_extent", "generated")}


def test_a_broken_original_is_said_to_be_broken(desk: Path) -> None:
    Path("torn.png").write_bytes(broken(signed_png(created("trainedAlgorithmicMedia"))))
    (row,) = attach("--json", parent="torn.png").lines
    assert (row["whole"]["integrity"], row["parent"]["integrity"]) == ("ok", "broken")


def test_what_is_refused_is_told_with_the_next_step(desk: Path) -> None:
    Path("plain.png").write_bytes(plain("png"))
    run = attach(parent="plain.png")
    assert (run.code, run.out) == (1, "")
    assert run.err.splitlines()[0] == "small.webp: no-credentials: the original carries no credentials"
    assert not Path("out.webp").exists()
    assert attach("--json", parent="plain.png").lines[0]["slug"] == "no-credentials"


def test_a_folder_without_lists_is_wrong_use(desk: Path) -> None:
    Path("empty").mkdir()
    assert attach("--trust", "empty").code == 2
