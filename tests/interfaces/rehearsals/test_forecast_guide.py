from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from assay.engine.backtest.forecast.assumptions import Assumptions
from assay.engine.backtest.forecast.forecast import MOST_WALKS
from assay.engine.backtest.forecast.gathered.strikes import MOST_ACCOUNTS
from assay.engine.backtest.forecast.schemes import PRESETS
from assay.engine.language.pack.pack import Pack
from assay.interfaces.packs import load_pack
from assay.interfaces.rehearsals.assumptions import KEYS, assumptions_of

ROOT = Path(__file__).parents[3]
GUIDE = (ROOT / "docs/guide/forecast.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)


@cache
def starter() -> Pack:
    return load_pack(ROOT / "packs/starter")


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_example_of_the_guide_is_read_without_a_fault(text: str) -> None:
    assert isinstance(assumptions_of(text, "example.yaml", starter(), starter()), Assumptions)


def test_the_guide_names_every_key_and_its_example_gives_each() -> None:
    assert not [key for key in KEYS if f"`{key}`" not in GUIDE]
    found = assumptions_of(EXAMPLES[0], "example.yaml", starter(), starter())
    assert isinstance(found, Assumptions)
    assert found.given == set(KEYS)


@pytest.mark.parametrize("name", PRESETS)
def test_the_guide_says_what_every_preset_does_and_where_it_comes_from(name: str) -> None:
    (row,) = [line for line in GUIDE.splitlines() if line.startswith(f"| `{name}` |")]
    scheme = PRESETS[name]
    assert scheme.source.partition(":")[0] in row
    assert (str(scheme.window_days) in row) or ("in a year" in row and scheme.window_days == 365)


def test_the_numbers_in_the_guide_are_those_of_the_code() -> None:
    default = Assumptions()
    assert f"up to {MOST_WALKS} of them" in GUIDE
    assert f"More than {MOST_ACCOUNTS:,} accounts" in GUIDE
    assert f"| `overturned` | {default.overturned.percent()} |" in GUIDE
    assert f"| `appealed` | {default.appeals_of('removed').percent()} in every lane |" in GUIDE
    assert f"| `hours_a_week` | {default.hours_a_week.words()} |" in GUIDE
    assert f"| `most_questions` | {default.most_questions} |" in GUIDE
    assert f"| `strikes` | `{default.strikes.name}` |" in GUIDE
