"""An engine that is not there is named, with the command that installs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.interfaces.rehearsals.engines import choosing
from assay.interfaces.rehearsals.engines.choosing import ENGINES, why_absent
from tests.interfaces.rehearsals.engines.comparing import rehearsed
from tests.interfaces.rehearsals.engines.test_in_sql import NEW, OLD


@pytest.mark.parametrize(("engine", "extra"), [("duckdb", "duckdb"), ("ray", "scale"), ("spark", "spark")])
def test_an_absent_package_is_named_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, engine: str, extra: str
) -> None:
    monkeypatch.setattr(choosing, "find_spec", lambda name: None)
    fault = why_absent(engine)
    assert fault is not None
    assert fault.slug == "no-engine"
    assert fault.words.endswith(f"is not installed; run: python -m pip install 'assay[{extra}]'")


def test_spark_without_java_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "find_spec", lambda name: object())
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    fault = why_absent("spark")
    assert fault is not None
    assert "Spark needs Java 17 or later" in fault.words


def test_the_local_engine_needs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "find_spec", lambda name: None)
    assert why_absent("local") is None


@pytest.mark.parametrize(("named", "hint"), [("duckbd", "did you mean `duckdb`?"), ("x", "there are local, duckdb")])
def test_an_engine_that_nobody_knows_is_refused_before_the_history_is_read(named: str, hint: str) -> None:
    found = rehearsed(named, Path("nowhere.parquet"), OLD, NEW)
    assert isinstance(found, list)
    assert hint in found[0].words


def test_every_engine_is_one_of_the_command() -> None:
    from assay.interfaces.cli.rehearsing import backtest

    assert backtest.ENGINES == ENGINES
