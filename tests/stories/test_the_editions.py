"""A policy analyst reads four editions of one policy: each is whole by itself, and they can be laid side by side."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from assay import Pack, load_pack
from tests.conftest import ROOT
from tests.interfaces.running import assay

pytestmark = pytest.mark.story

EDITIONS = ROOT / "packs" / "editions"
YEARS = ("2022", "2023", "2024", "2025")
STEPS = tuple(pairwise(YEARS))
NOVEMBER = date(2026, 11, 1)
PROGRAM = re.compile(r"^```yaml (?:rule|exception|example)\n.*?^```$", re.DOTALL | re.MULTILINE)


def pack_of(year: str) -> Pack:
    pack = load_pack(EDITIONS / year)
    assert isinstance(pack, Pack)
    return pack


def document(year: str, policy: str) -> str:
    return (EDITIONS / year / "policies" / f"{policy}.md").read_text(encoding="utf-8")


def newest_date(folder: Path) -> date:
    texts = [path.read_text(encoding="utf-8") for path in sorted((folder / "policies").glob("*.md"))]
    return max(
        date.fromisoformat(found) for text in texts for found in re.findall(r"^effective: (\S+)$", text, re.MULTILINE)
    )


@pytest.mark.parametrize("year", YEARS)
def test_an_edition_is_in_order_and_keeps_its_examples_promises(year: str) -> None:
    checked = assay("check", EDITIONS / year)
    assert (checked.code, checked.out.splitlines()[-1].endswith(" rules: 0 errors")) == (0, True), checked.out
    assert "warning" not in checked.out
    tested = assay("test", EDITIONS / year)
    assert (tested.code, tested.out.splitlines()[-1].endswith(" passed, 0 failed")) == (0, True), tested.out
    assert assay("fmt", EDITIONS / year, "--check").code == 0


def test_each_edition_is_younger_than_the_last_and_all_are_in_force() -> None:
    dates = [newest_date(EDITIONS / year) for year in YEARS]
    assert dates == sorted(set(dates))
    assert dates[-1] < NOVEMBER


@pytest.mark.parametrize(("old", "new"), STEPS)
def test_a_signal_keeps_its_type_and_its_values_from_one_edition_to_the_next(old: str, new: str) -> None:
    before, after = (pack_of(year).vocabulary.by_name for year in (old, new))
    for name in before.keys() & after.keys():
        assert before[name].type == after[name].type
        assert set(before[name].values) <= set(after[name].values)


@pytest.mark.parametrize(("old", "new", "policy"), [("2023", "2024", "safety"), ("2024", "2025", "context")])
def test_what_is_said_to_be_reworded_only_changes_no_rule_of_before(old: str, new: str, policy: str) -> None:
    before, after = document(old, policy), document(new, policy)
    assert PROGRAM.findall(before) == PROGRAM.findall(after)
    assert PROGRAM.sub("", before) != PROGRAM.sub("", after)


@pytest.mark.parametrize("year", YEARS)
def test_the_overview_counts_right(year: str) -> None:
    pack, text = pack_of(year), (EDITIONS / "README.md").read_text(encoding="utf-8")
    counts = f"{len(pack.policies)}, {len(pack.rules)}, {len(pack.vocabulary.signals)}"
    assert f"| [{year}]({year}) | {newest_date(EDITIONS / year)} | {counts} |" in text
