"""The demonstration's edited copies are recognised by its banks, each in its own edit, and mean what the bank says."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.interfaces.cli.items.demo_clusters import CLUSTERS, show_clusters
from assay.interfaces.demo.make import MadeFile
from assay.interfaces.demo.shelves.copies import COPIES
from tests.interfaces.demo.conftest import Decided

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("name", "bank", "place"),
    [
        ("city-saved-again.jpg", "own-generator", "as it is"),
        ("hills-mirrored.jpg", "own-generator", "mirrored"),
        ("city-in-bars.png", "own-generator", "without the bars around it"),
        ("ripples-recut.mp4", "own-films", "as it is"),
        ("miracle-again.jpg", "removed", "as it is"),
        ("harbour-with-smoke.jpg", "newsroom", "as it is"),
        ("hills-stripped.jpg", "own-generator", "as it is"),
        ("ripples-stripped.mp4", "own-films", "as it is"),
    ],
)
def test_a_copy_names_its_bank_and_the_edit_in_which_it_was_recognised(
    decided: Decided, name: str, bank: str, place: str
) -> None:
    (result,) = [result for file, result, _ in decided if file.path.name == name]
    copies = {each.source: each.details["place"] for each in result.evidence if each.source.startswith("copies:")}
    assert copies == {f"copies:{bank}": place}


def test_only_a_bank_of_generated_items_suspects(decided: Decided) -> None:
    status = {file.path.name: record["signals"].get("synthetic_status") for file, _, record in decided}
    told = {recipe.name: status[recipe.name] for recipe in COPIES}
    assert told == {recipe.name: recipe.expect.get("synthetic_status") for recipe in COPIES}
    assert told["miracle-again.jpg"] is told["harbour-with-smoke.jpg"] is None
    assert status["harbour-photograph.jpg"] == "authentic"


def test_the_page_of_near_duplicates_counts_who_uploaded_them(made: dict[str, MadeFile], folder: Path) -> None:
    told = show_clusters(folder)
    assert "groups of near-duplicates" in told
    page = (folder / CLUSTERS).read_text(encoding="utf-8")
    assert all(name in page for name in ("city-saved-again.jpg", "hills-stripped.jpg", "amber-fox"))
    assert len(made) > page.count('class="cluster"') > 3
