"""Wrong files harm no reader and no writer: a few of each here, ten thousand of each in benchmarks/fuzz.py."""

from __future__ import annotations

import os
from dataclasses import dataclass

import pytest

from assay.detection.evidence import Evidence
from assay.detection.labels.formats.writers import WRITERS
from assay.detection.media import Media
from assay.detection.scanner import Settings
from benchmarks.fuzzing.mutations import mutated
from benchmarks.fuzzing.run import fuzz_reader
from benchmarks.fuzzing.seeds import seeds_by_container
from tests.detection.fakes import Fake
from tests.detection.labels.media import FILES

FEW, MANY = 40, 1_500


@pytest.fixture(scope="module")
def seeds() -> dict[str, list[bytes]]:
    found = seeds_by_container()
    assert set(WRITERS) <= set(found), "every writer has something to be fed with"
    return found


def test_the_same_number_is_the_same_file_for_ever(seeds: dict[str, list[bytes]]) -> None:
    wrong = [mutated(seeds["png"], number, "png") for number in range(50)]
    assert wrong == [mutated(seeds["png"], number, "png") for number in range(50)]
    assert len(set(wrong)) > 45


@dataclass(frozen=True, slots=True)
class Touchy(Fake):
    """Fails at files with a high byte somewhere, and dies of those that were cut short."""

    def scan(self, media: Media) -> list[Evidence]:
        content = media.content or b""
        if len(content) < 8:
            os._exit(9)
        if max(content) > 0x7F:
            raise KeyError("a fault of our own")
        return []


def touchy(settings: Settings) -> Touchy:
    return Touchy("touchy")


def test_a_reader_that_fails_or_dies_is_seen_and_the_rest_is_read_all_the_same() -> None:
    seed = bytes(64)
    ran = fuzz_reader(f"{__name__}:touchy", [seed], FEW)
    wrong = [mutated([seed], number, f"{__name__}:touchy") for number in range(FEW)]
    dead = [number for number, content in enumerate(wrong) if len(content) < 8]
    raised = [number for number, content in enumerate(wrong) if len(content) >= 8 and max(content) > 0x7F]
    assert dead
    assert ran.files == FEW
    assert {failure.number for failure in ran.failures if "code 9" in failure.words} == set(dead)
    assert {failure.number for failure in ran.failures if "KeyError" in failure.words} == set(raised)
    assert not ran.is_sound


def test_a_few_wrong_pictures_harm_nobody(seeds: dict[str, list[bytes]]) -> None:
    assert fuzz_reader("metadata:jpeg", seeds["jpeg"], FEW).is_sound


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["metadata", "write"])
def test_wrong_files_harm_no_reader_and_no_writer(kind: str, seeds: dict[str, list[bytes]]) -> None:
    for container in seeds if kind == "metadata" else WRITERS:
        ran = fuzz_reader(f"{kind}:{container}", seeds[container], MANY)
        assert ran.is_sound, ran


@pytest.mark.slow
def test_wrong_files_of_other_peoples_encoders_harm_no_writer() -> None:
    made = {name: make() for name, make in FILES.items()}
    for container, ending in (
        ("mp4", ".mp4"),
        ("heif", ".avif"),
        ("matroska", ".mkv"),
        ("ogg", ".ogg"),
        ("pdf", ".pdf"),
    ):
        contents = [content for name, content in made.items() if name.endswith(ending)]
        ran = fuzz_reader(f"write:{container}", contents, MANY)
        assert ran.is_sound, ran
