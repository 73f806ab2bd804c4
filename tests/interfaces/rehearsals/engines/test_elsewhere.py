"""DuckDB, Ray and Spark give the bytes that the local engine gives; on four hundred thousand rows in the slow tests.

Each runs in a process of its own: engines start others, and talk over sockets of the machine.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from assay.interfaces.histories.synth.make import Made, synthesise
from assay.interfaces.histories.synth.recipe import Recipe
from assay.interfaces.packs import load_pack
from assay.interfaces.rehearsals.engines.choosing import why_absent
from tests.interfaces.rehearsals.engines.comparing import apart
from tests.interfaces.rehearsals.engines.drawn import write_history
from tests.interfaces.running import STARTER

EDITIONS = STARTER.parent / "editions"
OLD, NEW = EDITIONS / "2024", EDITIONS / "2025"
ROWS = 400_000

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def many_rows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("history") / "h.parquet"
    recipe = Recipe(rows=2 * ROWS, seed=1, design="stratified", sample=ROWS, labels=0.01)
    made = synthesise([load_pack(OLD), load_pack(NEW)], recipe, path)
    assert isinstance(made, Made), made
    yield path
    path.unlink()


def needs(engine: str) -> None:
    absent = why_absent(engine)
    if absent is not None:
        pytest.skip(absent.words)


@pytest.mark.parametrize("engine", ["duckdb", "ray", "spark"])
def test_many_rows_give_the_same_bytes(engine: str, many_rows: Path) -> None:
    needs(engine)
    counts, whole, rows = apart(engine, many_rows, OLD, NEW)
    assert rows == ROWS
    assert counts
    # SQL gives counts, and says that it leaves out the rest.
    assert whole is (engine == "ray")


@pytest.mark.parametrize("nulls", [True, False], ids=["nulls", "never null"])
@pytest.mark.parametrize("engine", ["ray", "spark"])
def test_every_form_of_a_column_gives_the_same_bytes(tmp_path: Path, engine: str, nulls: bool) -> None:
    needs(engine)
    path = write_history(tmp_path / "h.parquet", load_pack(STARTER).vocabulary, 2000, nulls=nulls, group=700)
    changed = tmp_path / "candidate"
    shutil.copytree(STARTER, changed)
    for policy in (changed / "policies").glob("*.md"):
        text = policy.read_text(encoding="utf-8")
        policy.write_text(text.replace('realism.atLeast("ambiguous")', 'realism == "realistic"'), encoding="utf-8")
    counts, whole, rows = apart(engine, path, STARTER, changed)
    assert (counts, whole, rows) == (True, engine == "ray", 2000)
