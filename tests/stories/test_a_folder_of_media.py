"""A folder of uploads is scanned, joined with what the platform knows, decided, and decided again to the same bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.interfaces.records.test_media import bomb, context, picture
from tests.interfaces.running import SOME_DAY, STARTER, assay, json_lines

pytestmark = pytest.mark.story

TRACE = "a city by night\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 8x8"


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    folder = tmp_path / "uploads"
    folder.mkdir()
    picture(folder / "generated.png", parameters=TRACE)
    picture(folder / "innocent.png", Comment="a talk about Stable Diffusion and Midjourney")
    picture(folder / "declared.png")
    declaration = '{"ai_extent": "altered", "where": "caption"}'
    (folder / "declared.png.declared.json").write_text(declaration, encoding="utf-8")
    bomb(folder / "bomb.png")
    (folder / "empty.jpg").touch()
    context(folder, {"id": "generated.png", "signals": {"realism": "realistic"}}, {"id": "gone.png"})
    return folder


def test_from_uploads_to_records_and_back(uploads: Path, tmp_path: Path) -> None:
    # What was found can be read before anything is decided.
    scanned = {Path(each["file"]).name: each for each in assay("scan", "--json", uploads).lines}
    assert {one["signal"] for one in scanned["generated.png"]["assertions"]} >= {"ai_extent", "generator"}
    assert not [one for one in scanned["innocent.png"]["assertions"] if one["signal"] == "ai_extent"]

    out, rejects = tmp_path / "decisions.jsonl", tmp_path / "rejects.jsonl"
    words = ("--pack", STARTER, "--as-of", SOME_DAY, "--out", out, "--rejects", rejects)
    assert assay("decide", uploads, *words).code == 1
    records = {record["item"]: record for record in json_lines(out)}
    assert set(records) == {"generated.png", "innocent.png", "declared.png", "bomb.png"}
    assert [(each["id"], each["slug"], each["decided"]) for each in json_lines(rejects)] == [
        ("bomb.png", "too-many-pixels", True),
        ("empty.jpg", "empty-file", False),
        ("gone.png", "unknown-file", False),
    ]

    # The trace decides for the one, the uploader's word for the other, and words about AI for nobody.
    assert records["generated.png"]["resolved"]["ai_extent"]["by"] == "mark"
    assert records["generated.png"]["signals"]["realism"] == "realistic"
    assert records["declared.png"]["resolved"]["ai_extent"]["by"] == "uploader"
    assert "ai_extent" not in records["innocent.png"]["signals"]

    # Every record decides itself again, byte for byte; a changed one does not.
    assert assay("replay", out, "--pack", STARTER).out == "4 records: 4 the same, 0 not\n"
    changed = out.read_bytes().splitlines()[0].replace(b'"settled":false', b'"settled":true', 1)
    again = assay("replay", "-", "--pack", STARTER, given=changed)
    assert again.code == 1
    assert "outcomes[0].settled: the record has true, and now it is false" in again.out
