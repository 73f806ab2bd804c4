"""`assay inspect` shows one file's evidence, and ends as its help says."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.detection.scanners.c2pa.examples.authority import make_authority
from assay.detection.scanners.c2pa.examples.cases import broken, created, signed_png
from tests.interfaces.running import assay


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("trust").mkdir()
    Path("trust/ours.pem").write_bytes(make_authority().root)
    whole = signed_png(created("trainedAlgorithmicMedia"))
    Path("whole.png").write_bytes(whole)
    Path("torn.png").write_bytes(broken(whole))
    return tmp_path


@pytest.mark.slow
def test_a_signed_file_is_told_in_a_sentence_and_written_as_a_page(desk: Path) -> None:
    run = assay("inspect", "whole.png", "--trust", "trust", "--html", "out/page.html")
    assert run.code == 0
    first, *rest = run.out.splitlines()
    assert first == "whole.png · a trusted signer says so"
    # Where its lines end depends on how wide the terminal is.
    told = "Example Pictures, a signer on the operator's own trust list, says of this file that AI"
    assert " ".join(rest).startswith(told)
    assert run.out.splitlines()[-1] == "The page is in out/page.html"
    page = Path("out/page.html").read_text(encoding="utf-8")
    assert "<img" not in page
    assert "says of this file that AI generated it" in page


@pytest.mark.slow
def test_json_has_the_verdict_the_rooms_and_what_was_not_checked(desk: Path) -> None:
    (found,) = assay("inspect", "torn.png", "--trust", "trust", "--json").lines
    assert found["verdict"]["standpoint"] == "broken"
    assert found["verdict"]["integrity"] == "broken"
    assert found["rooms"][0]["title"] == "Signed provenance"
    assert found["rooms"][0]["sections"][0]["state"] == "broken"
    assert "revocation" in {each["what"] for each in found["not_checked"]}
    assert [each["keeper"] for each in found["trust_lists"]] == ["operator"]


@pytest.mark.slow
def test_without_lists_nobody_is_trusted_and_a_picture_only_comes_when_asked_for(desk: Path) -> None:
    run = assay("inspect", "whole.png", "--html", "page.html", "--with-picture")
    assert "a signer that no trust list vouches for" in " ".join(run.out.split())
    assert 'src="data:image/png;base64,' in Path("page.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("missing.png",), "there is no file `missing.png`"),
        (("trust",), "`assay scan` takes a folder"),
        (("whole.png", "--trust", "nowhere"), "there is no folder `nowhere`"),
        (("whole.png", "--weights", "nowhere"), "there is no folder `nowhere`"),
        (("whole.png", "--with-picture"), "`--with-picture` is for a page"),
    ],
)
def test_wrong_use_is_told_before_anything_is_read(desk: Path, words: tuple[str, ...], said: str) -> None:
    run = assay("inspect", *words)
    assert (run.code, run.out) == (2, "")
    assert said in run.err
