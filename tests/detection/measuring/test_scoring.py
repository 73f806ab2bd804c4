from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from assay.detection.detectors.configured import Configured
from assay.detection.detectors.folder import detectors_in
from assay.detection.evidence import Claim, Evidence, Integrity, Kind, Tier
from assay.detection.measuring import scoring
from assay.detection.measuring.area import Rate
from assay.detection.measuring.card import DetectorCard, load_card
from assay.detection.measuring.labelled import Labelled
from assay.detection.measuring.measurement import Part, _precisions, measured
from assay.detection.measuring.operating import Operating
from assay.detection.measuring.scoring import Cache, Scores, scores_of
from assay.detection.measuring.table import write_scores
from assay.detection.measuring.worded import part_row, precision_sentences, warnings_of
from assay.detection.result import ScanFault, ScanResult
from assay.engine.kernel.errors import Fault
from tests.detection.detectors.models import set_up


@pytest.fixture
def detector(tmp_path: Path) -> Configured:
    return detectors_in(set_up(tmp_path / "detectors", more="\n[scale]\nhigh = 1.0\n")).detectors[0]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that the pool was asked about; a file holds its score as text, or what goes wrong."""
    names: list[str] = []

    def stand_in(paths: Iterable[Path], **given: Any) -> Iterator[ScanResult]:
        for path in paths:
            names.append(path.name)
            yield answered(path, path.read_text().split()[0])

    monkeypatch.setattr(scoring, "scan_files", stand_in)
    return names


def answered(path: Path, said: str) -> ScanResult:
    if said == "unfit":
        return ScanResult(path)
    if said == "kill":
        raise KeyboardInterrupt
    if said == "fault":
        return ScanResult(path, faults=(ScanFault("undecodable-picture", "it breaks off"),))
    details = {"score": said, "bucket": "png-small"}
    found = Evidence(Kind.DETECTOR, Claim.UNCLEAR, Integrity.UNSIGNED, Tier.UNVERIFIED, "detectors:bright", details)
    return ScanResult(path, evidence=(found,))


def files(folder: Path, *rows: tuple[str, str, bool]) -> list[Labelled]:
    folder.mkdir(exist_ok=True)
    for name, said, _truth in rows:
        (folder / name).write_text(said)
    return [Labelled(folder / name, truth, family="flux" if truth else "coco") for name, _said, truth in rows]


def test_every_file_is_scored_or_says_why_not(tmp_path: Path, detector: Configured, asked: list[str]) -> None:
    items = files(tmp_path / "x", ("a", "0.9 a", True), ("b", "unfit", False), ("c", "fault", False))
    items.append(Labelled(tmp_path / "gone", True))
    found = scores_of(detector, items, workers=1)
    assert [(each.score, each.fault) for each in found.scored] == [
        (0.9, ""),
        (None, "unfit"),
        (None, "undecodable-picture"),
        (None, "unreadable-file"),
    ]
    assert asked == ["a", "b", "c"]


def test_a_stopped_run_goes_on_where_it_was(tmp_path: Path, detector: Configured, asked: list[str]) -> None:
    items = files(
        tmp_path / "x", ("a", "0.9 a", True), ("b", "unfit", False), ("c", "kill", False), ("d", "0.1 d", False)
    )
    with pytest.raises(KeyboardInterrupt), Cache(tmp_path / "kept", detector) as cache:
        scores_of(detector, items, workers=1, cache=cache)
    (kept,) = (tmp_path / "kept").iterdir()
    # A kill may leave half a line.
    kept.write_bytes(kept.read_bytes() + b'{"sha256": "ab')
    (tmp_path / "x" / "c").write_text("0.2 c")
    asked.clear()
    with Cache(tmp_path / "kept", detector) as cache:
        found = scores_of(detector, items, workers=1, cache=cache)
    assert asked == ["c", "d"]
    assert [each.score for each in found.scored] == [0.9, None, 0.2, 0.1]
    asked.clear()
    with Cache(tmp_path / "kept", detector) as cache:
        assert scores_of(detector, items, workers=1, cache=cache).scored == found.scored
    assert asked == []


def test_what_was_unfit_is_asked_anew_where_more_files_are_fit(
    tmp_path: Path, detector: Configured, asked: list[str]
) -> None:
    (item,) = files(tmp_path / "x", ("a", "unfit", True))
    with Cache(tmp_path / "kept", detector) as cache:
        assert scores_of(detector, [item], workers=1, cache=cache).scored[0].fault == "unfit"
    wider = replace(detector, fitness=replace(detector.fitness, least_side=1))
    assert wider.digest == detector.digest
    with Cache(tmp_path / "kept", wider) as cache:
        scores_of(wider, [item], workers=1, cache=cache)
    assert asked == ["a", "a"]


def test_the_order_of_the_labels_leaves_the_digest_of_the_data(
    tmp_path: Path, detector: Configured, asked: list[str]
) -> None:
    items = files(tmp_path / "x", ("a", "0.9 a", True), ("b", "0.2 b", False))
    one, other = (scores_of(detector, given, workers=1).data_digest for given in (items, items[::-1]))
    relabelled = [replace(each, is_ai=not each.is_ai) for each in items]
    assert one == other != scores_of(detector, relabelled, workers=1).data_digest


def test_another_version_is_asked_anew(tmp_path: Path, detector: Configured, asked: list[str]) -> None:
    items = files(tmp_path / "x", ("a", "0.9 a", True))
    with Cache(tmp_path / "kept", detector) as cache:
        scores_of(detector, items, workers=1, cache=cache)
    place = detector.folder / "detector.toml"
    place.write_text(place.read_text().replace('version = "1"', 'version = "2"'))
    (newer,) = detectors_in(detector.folder).detectors
    with Cache(tmp_path / "kept", newer) as cache:
        scores_of(newer, items, workers=1, cache=cache)
    assert asked == ["a", "a"]


def test_one_content_counts_once_and_never_with_two_truths(
    tmp_path: Path, detector: Configured, asked: list[str]
) -> None:
    items = files(tmp_path / "x", ("a", "0.9", True), ("b", "0.9", True), ("c", "0.5", True), ("d", "0.5", False))
    found = scores_of(detector, items, workers=1)
    assert [each.fault for each in found.scored] == ["", "labelled-twice", "contradictory-label", "contradictory-label"]
    assert asked == ["a"]


def run(tmp_path: Path, detector: Configured, count: int = 30) -> Scores:
    rows = [(f"a{place}", f"{0.5 + place / 100} a", True) for place in range(count)]
    rows += [(f"r{place}", f"{0.3 + place / 100} r", False) for place in range(count)]
    return scores_of(detector, [*files(tmp_path / "x", *rows)], workers=1)


def test_a_card_comes_back_as_it_was_written(tmp_path: Path, detector: Configured, asked: list[str]) -> None:
    scores = run(tmp_path, detector)
    card = DetectorCard(
        detector.name,
        detector.version,
        detector.digest,
        'a "name"\x7f',
        scores.data_digest,
        "2026-11-23",
        measured(scores),
    )
    (detector.folder / "card.toml").write_text(card.text(), encoding="utf-8")
    back = load_card(detector.folder, detector.digest)
    assert isinstance(back, DetectorCard)
    assert back.text() == card.text()
    assert back.data == card.data
    assert [part.name for part in back.measurement.parts] == [part.name for part in card.measurement.parts]
    stale = load_card(detector.folder, "sha256:" + "0" * 64)
    assert isinstance(stale, Fault)
    assert stale.slug == "stale-card"


@pytest.mark.parametrize("text", ["", "a = [", "digest = 1", "part = []\n[without_score]\n", "x" * 2_000_001])
def test_a_card_that_nobody_wrote_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "card.toml").write_text(text)
    found = load_card(tmp_path, "sha256:" + "0" * 64)
    assert isinstance(found, Fault)
    assert found.slug == "unreadable-card"


def test_parts_compare_a_generator_with_all_real_files(tmp_path: Path, detector: Configured, asked: list[str]) -> None:
    scores = run(tmp_path, detector)
    found = measured(scores)
    (family,) = found.of("family")
    assert (family.name, family.ai_files, family.real_files) == ("flux", 30, 30)
    assert family.area == found.whole.area
    assert part_row(family)[0] == "generator flux"
    assert "cannot be told from 30" in part_row(family)[5]


def test_what_keeps_figures_from_meaning_what_they_seem_is_said(
    tmp_path: Path, detector: Configured, asked: list[str]
) -> None:
    trained = replace(detector, trained_on=("Flux",))
    items = files(tmp_path / "x", *[(f"a{n}", f"0.{n} a", True) for n in range(1, 9)])
    items += files(tmp_path / "x", *[(f"r{n}", f"0.{n}5 r", False) for n in range(2, 9)], ("z", "fault", False))
    said = " ".join(warnings_of(measured(scores_of(trained, items, workers=1))))
    assert "cannot be told from guessing" in said
    assert "trained on files of flux" in said
    assert "1 of 16 files have no score (1 undecodable-picture)" in said


def test_a_rare_kind_makes_most_accusations_wrong(tmp_path: Path, detector: Configured, asked: list[str]) -> None:
    sentences = list(precision_sentences(measured(run(tmp_path, detector))))
    assert any(each.startswith("Where AI made 1 upload in 1,000, of 1,000 files") for each in sentences)


def test_the_least_precision_takes_both_errors_at_their_worse_ends() -> None:
    point = Operating(0.05, True, 0.9, Rate(0.6, 0.5, 0.7), 10, 200, 0.08)
    part = Part("whole", "", 100, 200, 100, 200, None, (point,))
    rare = next(each for each in _precisions(part) if each.prevalence == 0.01)
    # Of 10,000 uploads 100 are AI's: 60 of them are called AI, beside 495 others; at the worst 50 beside 792.
    assert rare.right.value == pytest.approx(60 / (60 + 495))
    assert rare.right.low == pytest.approx(50 / (50 + 792))
    assert rare.right.high == pytest.approx(70 / (70 + 495))


def test_files_whose_form_tells_the_truth_are_named(tmp_path: Path, detector: Configured, asked: list[str]) -> None:
    scores = run(tmp_path, detector)
    told = tuple(replace(each, bucket="png" if each.item.is_ai else "jpeg") for each in scores.scored)
    found = measured(replace(scores, scored=told))
    assert found.one_sided == 1
    assert any("buckets of form and size" in words for words in warnings_of(found))


def test_the_table_of_scores_says_whose_they_are(tmp_path: Path, detector: Configured, asked: list[str]) -> None:
    scores = run(tmp_path, detector, 2)
    write_scores(scores, tmp_path / "scores.parquet")
    table = pyarrow.parquet.read_table(tmp_path / "scores.parquet")
    assert table.schema.metadata[b"assay.detector_digest"].decode() == detector.digest
    assert table.column("label").to_pylist() == [1, 1, 0, 0]
    assert table.column("score").to_pylist() == [0.5, 0.51, 0.3, 0.31]
    first = (tmp_path / "scores.parquet").read_bytes()
    write_scores(scores, tmp_path / "scores.parquet")
    assert (tmp_path / "scores.parquet").read_bytes() == first


@pytest.mark.parametrize("said", ["NaN", "1" + "0" * 400, "17", "-1e999", '"x"'])
def test_a_kept_score_that_no_detector_may_give_is_asked_for_again(
    tmp_path: Path, detector: Configured, asked: list[str], said: str
) -> None:
    items = files(tmp_path / "x", ("a", "0.9 a", True))
    with Cache(tmp_path / "kept", detector) as cache:
        scores_of(detector, items, workers=1, cache=cache)
    (kept,) = (tmp_path / "kept").iterdir()
    kept.write_text(kept.read_text().replace("0.9", said))
    with Cache(tmp_path / "kept", detector) as cache:
        assert [each.score for each in scores_of(detector, items, workers=1, cache=cache).scored] == [0.9]
    assert asked == ["a", "a"]
