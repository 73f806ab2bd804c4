"""A label stands in the copy, everybody's reader finds it, and a decoder sees what it saw before."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from assay.detection.labels.wish import Wish
from assay.detection.labels.write import Written, write_label
from assay.detection.run import scan_files
from tests.detection.labels.media import FILES, WITHOUT_PROPERTIES, decoded

PLATFORM = "001191610133596325171T22588"
TRAINED = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
LABEL = Wish(label="1", propagator=PLATFORM, content_id="Q-77")
WHOLE = Wish(
    label="1",
    propagator=PLATFORM,
    content_id="Q-77",
    source_type="trainedAlgorithmicMedia",
    system="Lumen <3> & Söhne",
    version="2",
    prompt='a hill, "at dawn"',
    prompt_writer="Ada",
)


def wish_for(name: str) -> Wish:
    return LABEL if name in WITHOUT_PROPERTIES else WHOLE


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plain")
    for name, make in FILES.items():
        (folder / name).write_bytes(make())
    return folder


@pytest.fixture(scope="session")
def labelled(plain: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Written]:
    folder = tmp_path_factory.mktemp("labelled")
    return {name: write_label(plain / name, out=folder / name, wish=wish_for(name)) for name in FILES}


@pytest.mark.parametrize("name", FILES)
def test_a_decoder_sees_what_it_saw_before(name: str, plain: Path, labelled: dict[str, Written]) -> None:
    assert decoded(labelled[name].out) == decoded(plain / name)


@pytest.mark.parametrize("name", FILES)
def test_our_own_reader_finds_all_that_was_written(name: str, labelled: dict[str, Written]) -> None:
    (result,) = scan_files([labelled[name].out], scanners=["metadata"])
    assert not result.faults
    (label,) = [each for each in result.evidence if "gb_label" in each.details]
    assert (label.details["gb_label"], label.details["propagate_id"]) == ("is", "Q-77")
    declared = [each.details for each in result.evidence if "source_type" in each.details]
    assert [each["source_type"] for each in declared] == ([] if name in WITHOUT_PROPERTIES else [TRAINED])
    assert [each["generator"] for each in declared] == ([] if name in WITHOUT_PROPERTIES else ["Lumen <3> & Söhne"])


@pytest.mark.parametrize("name", FILES)
def test_a_second_label_takes_the_place_of_the_first(name: str, labelled: dict[str, Written], tmp_path: Path) -> None:
    wish = Wish(label="3", producer="001191110102MACQD9K64010000", content_id="Q-78")
    again = write_label(labelled[name].out, out=tmp_path / name, wish=wish)
    assert dict(again.label)["ContentPropagator"] == PLATFORM
    assert set(again.replaced) == {("Label", "1"), ("PropagateID", "Q-77")}
    values = [each.details["gb_label"] for each in again.evidence if "gb_label" in each.details]
    assert values == ["suspected"]
    assert decoded(again.out) == decoded(labelled[name].out)


@pytest.mark.parametrize("name", FILES)
def test_the_same_label_once_more_changes_no_byte(name: str, labelled: dict[str, Written], tmp_path: Path) -> None:
    again = write_label(labelled[name].out, out=tmp_path / name, wish=wish_for(name))
    assert again.sha256 == labelled[name].sha256


@pytest.mark.parametrize("name", ["described.avif", "described.webp"])
def test_what_the_uploader_wrote_stays(name: str, labelled: dict[str, Written]) -> None:
    content = labelled[name].out.read_bytes()
    assert b'd:source="a walk"' in content
    assert b"Kamera AG" in content


EXIFTOOL = shutil.which("exiftool")
# It does not know these two chunks.
UNKNOWN_TO_EXIFTOOL = {"plain.wav", "plain.avi"}


@pytest.fixture(scope="session")
def as_exiftool_reads(labelled: dict[str, Written]) -> dict[str, dict[str, object]]:
    if EXIFTOOL is None:
        pytest.skip("exiftool is not installed, so nobody else's reader can be asked")
    return exiftool([each.out for each in labelled.values()])


@pytest.fixture(scope="session")
def as_exiftool_read_before(plain: Path) -> dict[str, dict[str, object]]:
    return exiftool([plain / name for name in FILES])


def exiftool(paths: list[Path]) -> dict[str, dict[str, object]]:
    command = [str(EXIFTOOL), "-j", "-a", "-ee", "-G3:1", "-struct", *map(str, paths)]
    told = json.loads(subprocess.run(command, capture_output=True, check=False, timeout=120).stdout)
    return {Path(row["SourceFile"]).name: row for row in told}


def warnings(row: dict[str, object]) -> set[str]:
    return {f"{key}: {value}" for key, value in row.items() if key.endswith((":Warning", ":Error"))}


@pytest.mark.parametrize("name", FILES)
def test_exiftool_reads_the_label_and_warns_of_nothing_new(
    name: str,
    as_exiftool_reads: dict[str, dict[str, object]],
    as_exiftool_read_before: dict[str, dict[str, object]],
) -> None:
    row = as_exiftool_reads[name]
    assert warnings(row) <= warnings(as_exiftool_read_before[name])
    texts = [str(value) for value in row.values()]
    if name not in UNKNOWN_TO_EXIFTOOL:
        assert any("Q-77" in text for text in texts)
    if name not in WITHOUT_PROPERTIES:
        assert any(text in (TRAINED, "Created using Generative AI") for text in texts)


@pytest.mark.parametrize("name", FILES)
def test_the_reader_of_credentials_finds_none_and_does_not_choke(name: str, labelled: dict[str, Written]) -> None:
    (result,) = scan_files([labelled[name].out], scanners=["c2pa"])
    assert not result.faults
    assert not [each for each in result.evidence if each.found]


def test_the_first_of_several_pictures_keeps_its_own_length(as_exiftool_reads: dict[str, dict[str, object]]) -> None:
    row = as_exiftool_reads["pair.jpg"]
    assert row["MPImage1:MPImageLength"] == row["MPImage2:MPImageStart"]
