"""A rehearsal in the workbench's own words: the same figures as the report of one file, drawn for both schemes."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from assay.engine.kernel.instants import parse_instant
from assay.governance.policies.impact.rules.summing import figures_of, weekly
from assay.governance.policies.impact.rules.work import Work
from assay.governance.policies.ports import Outcome
from assay.interfaces.cli.app import app
from assay.interfaces.web.ports.workshop.asked import Asked
from assay.interfaces.web.ports.workshop.kinds import rehearsal as kind
from assay.interfaces.web.ports.workshop.telling import Telling
from tests.governance.policies.life.houses import FILES, FRAUD

MEASURES = """ladders:
  visibility:
    title: Who can see the item
    base: {id: visible, title: Visible, phrase: the item stays visible}
    steps:
      - {id: hidden, title: Hidden, phrase: it is hidden}
      - {id: stopped, title: Stopped, phrase: it is stopped}
single:
  marked: {title: Marked, phrase: it is marked}
"""
WITH_LANES = {**FILES, "measures.yaml": MEASURES}
# What sold a fake was stopped; now it is hidden.
MORE = {
    **WITH_LANES,
    FRAUD: FILES[FRAUD].replace("then: [stopped]", "then: [hidden]").replace("{stopped: yes}", "{hidden: yes}"),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    """The rehearsal of a small change; its report of one file has tests of its own, and is left out here."""
    place = tmp_path_factory.mktemp("history")
    _history(place)
    asked = Asked("rehearsal", WITH_LANES, MORE, parse_instant("2026-12-15") or 0, {}, place / "october.parquet")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kind, "render_rehearsal", lambda found, parts: f"a report with {len(parts)} parts")
        outcome = kind.rehearsal(asked, Telling(StringIO()))
    assert isinstance(outcome, Outcome), outcome
    yield outcome


def _history(place: Path) -> None:
    """Past items of the small house in two markets, without labels of people."""
    pack = place / "pack"
    for name, text in WITH_LANES.items():
        (pack / name).parent.mkdir(parents=True, exist_ok=True)
        (pack / name).write_text(text, encoding="utf-8")
    words = ["history", "synth", "--pack", str(pack), "--rows", "400", "--labels", "0", "--markets", "DE,IN"]
    assert CliRunner().invoke(app, [*words, "-o", str(place / "october.parquet")]).exit_code == 0


@pytest.mark.slow
def test_what_the_page_shows_is_what_the_report_says(found: Outcome) -> None:
    shown: Any = found.document["shown"]
    report: Any = found.document["report"]
    assert found.passed is None
    assert shown["verdict"] == report["verdict"]
    assert found.words == f"{shown['verdict']} n = 400 rows."
    assert {one["title"] for one in shown["tables"][""]} >= {"All decisions", "Germany", "India"}
    assert len(shown["pitfalls"]) == len(report["pitfalls"])
    assert found.page.startswith("a report with")


@pytest.mark.slow
def test_every_drawing_stands_alone_in_both_schemes_and_asks_nobody_for_anything(found: Outcome) -> None:
    charts: Any = found.document["shown"]["charts"]  # type: ignore[index]
    assert {"flow", "by-market", "by-measure"} <= {chart["name"] for chart in charts}
    # A title is the chart's message.
    flow = next(chart for chart in charts if chart["name"] == "flow")
    assert flow["title"].startswith("All that moves goes from “Stopped” to “Hidden”: ")
    for chart in charts:
        assert chart["light"] != chart["dark"]
        for scheme in ("light", "dark"):
            svg = chart[scheme]
            assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
            assert "var(" not in svg
            assert "<script" not in svg
            assert svg.count("http") == svg.count("http://www.w3.org/")


@pytest.mark.slow
def test_the_hours_of_a_week_are_those_of_the_report(found: Outcome) -> None:
    report: Any = found.document["report"]
    figures = figures_of(Work.REHEARSAL, found.document)
    line = next(one for one in report["forecast"]["lines"] if one["slug"] == "reviewer-hours")
    hours = weekly(figures, "hours")
    assert hours is not None
    assert hours.value == pytest.approx(line["change"]["value"] * 7 / report["forecast"]["days"])
    assert hours.low <= hours.value <= hours.high
    assert hours.rows == max(line[side]["rows"] for side in ("old", "new", "change"))
