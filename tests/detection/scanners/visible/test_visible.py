"""Labels that people can see are read off pictures; a picture that shows a text about AI is not accused."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from assay.detection.evidence import Claim, Evidence, Integrity, Kind, Tier
from assay.detection.judgement import judge
from assay.detection.media import Media
from assay.detection.registry import load_scanner
from assay.detection.run import inspect_file, scan_files
from assay.detection.scanner import Scanner, Settings, State, readiness_of
from assay.detection.scanners.visible import scanner as visible
from assay.detection.scanners.visible.examples import drawn
from assay.detection.scanners.visible.layout import Box
from assay.detection.scanners.visible.reading import READS, Line, Reader, models
from assay.detection.weighing.standing import Standing, standing_of
from assay.detection.weighing.wording import sentence_of

WITH_CHINESE = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/arphic/uming.ttc",
    "/System/Library/Fonts/PingFang.ttc",
)


@pytest.fixture(scope="module")
def scanner() -> Scanner:
    found = load_scanner("visible", Settings())
    if readiness_of(found).state is not State.READY:
        pytest.skip("the extra `ocr` is not installed")
    return found


def labels(scanner: Scanner, content: bytes) -> list[str]:
    evidence = scanner.scan(Media.from_bytes(content, name="a.png"))
    return [each.details["phrase"] for each in evidence if each.found]


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("AI-generated", "AI-generated"),
        ("Made with AI", "Made with AI"),
        ("Generado por IA", "Generado por IA"),
        ("Fait avec l'IA", "Fait avec l'IA"),
        ("Gerado por IA", "Gerado por IA"),
        ("Mit KI erstellt", "Mit KI erstellt"),
        ("Dibuat dengan AI", "Dibuat dengan AI"),
    ],
)
def test_a_label_in_a_corner_is_read(scanner: Scanner, text: str, phrase: str) -> None:
    assert labels(scanner, drawn((text, (24, 436), 28))) == [phrase]


def test_a_chinese_label_is_read(scanner: Scanner) -> None:
    font = next((path for path in WITH_CHINESE if Path(path).is_file()), None)
    if font is None:
        pytest.skip("no font with Chinese characters is installed")
    picture = Image.open(io.BytesIO(drawn()))
    ImageDraw.Draw(picture).text((440, 430), "由AI生成", font=ImageFont.truetype(font, 32), fill="white")
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    assert labels(scanner, stream.getvalue()) == ["由AI生成"]


ARTICLE = (
    "AI-generated",
    "Pictures that no camera took are everywhere.",
    "Labels such as Made with AI help readers,",
    "say those who put them there. Others ask",
    "who checks them, and what becomes of them",
    "once a picture is shared, cut and saved.",
    "We looked at a hundred accounts: few of the",
    "pictures said that they were AI-generated.",
    "Nobody wants to be the first to say so.",
    "AI-generated",
)


@pytest.mark.parametrize("size", [18, 22])
def test_a_screenshot_of_an_article_about_ai_is_not_accused(scanner: Scanner, size: int) -> None:
    page = [(line, (30, 14 + 46 * number), size) for number, line in enumerate(ARTICLE)]
    assert labels(scanner, drawn(*page)) == []


@pytest.mark.parametrize(
    "lines",
    [
        [("AI-generated art: who owns it", (40, 430), 28)],
        [("Not AI-generated", (24, 436), 28)],
        [("AI-generated?", (24, 436), 28)],
        [("AI Generate", (500, 440), 22)],
        [("AI-GENERATED", (40, 10), 78)],
        [("AI-generated", (230, 220), 28)],
        [("The labels", (40, 350), 26), ("AI-generated", (40, 385), 26), ("are not enough", (40, 420), 26)],
    ],
    ids=["headline", "denial", "question", "button", "poster", "middle", "paragraph"],
)
def test_a_trap_is_not_sprung(scanner: Scanner, lines: Sequence[tuple[str, tuple[int, int], int]]) -> None:
    assert labels(scanner, drawn(*lines)) == []


def test_a_visible_label_alone_suspects_and_no_more(scanner: Scanner) -> None:
    (evidence,) = scanner.scan(Media.from_bytes(drawn(("AI-generated", (24, 436), 28)), name="a.png"))
    assert (evidence.kind, evidence.claim, evidence.integrity, evidence.tier) == (
        Kind.VISIBLE_MARK,
        Claim.AI_UNSPECIFIED,
        Integrity.UNSIGNED,
        Tier.UNVERIFIED,
    )
    assert evidence.details["place"] == "bottom left"
    assert standing_of(evidence) is Standing.SUSPICION
    judgement = judge([evidence])
    assert (judgement.ai_extent, judgement.synthetic_status, judgement.provenance) == (None, "suspected", None)
    assert sentence_of(evidence) == "A visible mark says: AI was used on it."


def test_a_declaration_in_the_file_goes_before_a_visible_label() -> None:
    label = Evidence(Kind.VISIBLE_MARK, Claim.MAY_BE, Integrity.UNSIGNED, Tier.UNVERIFIED, "visible")
    declared = Evidence(Kind.DECLARATION, Claim.GENERATED, Integrity.UNSIGNED, Tier.UNVERIFIED, "metadata:png")
    judgement = judge([label, declared])
    assert (judgement.ai_extent, judgement.synthetic_status) == ("generated", "declared")


def test_an_inspection_shows_what_was_read_and_why_it_does_not_count(scanner: Scanner, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(drawn(("AI-generated art", (24, 436), 28)))
    ((name, section),) = inspect_file(path, scanners=["visible"]).sections
    assert (name, section.state) == ("visible", "absent")
    assert [label for label, _text in section.rows] == ["lines of text", "bottom left"]
    assert "no label that is known" in section.rows[1][1]


def test_the_pool_reads_it_within_its_memory_and_without_a_network(scanner: Scanner, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(drawn(("Made with AI", (24, 436), 28)))
    (result,) = scan_files([path], workers=1, scanners=["visible"])
    assert result.faults == ()
    assert [each.details["phrase"] for each in result.evidence] == ["Made with AI"]


def test_a_further_reader_is_asked_where_the_first_reads_no_label(scanner: Scanner, tmp_path: Path) -> None:
    folder = models()
    assert folder is not None
    (tmp_path / "visible").mkdir()
    (tmp_path / "visible" / "again.onnx").write_bytes((folder / READS).read_bytes())
    twice = load_scanner("visible", Settings(weights=tmp_path))
    assert labels(twice, drawn(("Made with AI", (24, 436), 28))) == ["Made with AI"]


def test_what_no_reader_is_sure_of_says_nothing() -> None:
    class Unsure(Reader):
        def boxes(self, picture: object) -> list[Box]:
            return [Box(20, 440, 220, 470)]

        def read(self, picture: object, line: Box) -> list[Line]:
            return [Line("AI-generated", 0.79), Line("AI generated", sure)]

    found = visible.VisibleScanner(visible.build(Settings()).card, Unsure(Path()))
    sure = 0.5
    assert labels(found, drawn()) == []
    sure = 0.81
    assert labels(found, drawn()) == ["AI-generated"]


def test_without_its_package_it_says_so_and_finds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visible, "models", lambda: None)
    absent = visible.build(Settings())
    assert readiness_of(absent).state is State.NO_PACKAGE
    assert readiness_of(absent).next_step == "pip install 'assay[ocr]'"
    assert absent.scan(Media.from_bytes(drawn(), name="a.png")) == []


def test_without_its_models_it_says_what_is_missing(tmp_path: Path) -> None:
    bare = visible.VisibleScanner(visible.build(Settings()).card, Reader(tmp_path))
    assert readiness_of(bare).state is State.NO_WEIGHTS
    assert READS in readiness_of(bare).words


@pytest.mark.slow
def test_the_label_of_a_real_generator_is_read(scanner: Scanner, shared_test_data: Path) -> None:
    folder = shared_test_data / "provenance" / "real-generator"
    found = {}
    for name in ("doubao_0.png", "jimeng_0.png", "midjourney.png"):
        evidence = scanner.scan(Media.from_path(folder / name))
        found[name] = [(each.details["text"], each.details["place"]) for each in evidence if each.found]
    assert found == {
        "doubao_0.png": [("豆包AI生成", "bottom right")],
        "jimeng_0.png": [("即梦AI", "bottom right")],
        "midjourney.png": [],
    }


@pytest.mark.slow
def test_no_photograph_is_accused(scanner: Scanner, shared_test_data: Path) -> None:
    photographs = sorted((shared_test_data / "image_ai_vs_real" / "real").rglob("*.*"))
    accused = [path.name for path in photographs for each in scanner.scan(Media.from_path(path)) if each.found]
    assert (accused, len(photographs) > 20) == ([], True)
