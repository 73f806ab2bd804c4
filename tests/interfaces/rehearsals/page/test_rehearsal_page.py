"""The page of a rehearsal stands alone in a file, shows every figure with its interval, and runs nothing of others."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import fields, replace
from html import unescape
from pathlib import Path

import pytest

from assay.engine.backtest.figures import Estimate
from assay.engine.backtest.rehearsal import Comparison, Forecast, Rehearsal
from assay.interfaces.look import page as look
from assay.interfaces.rehearsals.page import rehearsal_page
from assay.interfaces.rehearsals.page.rehearsal_page import render_rehearsal
from tests.interfaces.pages import assert_every_link_arrives, assert_self_contained, contrast, tokens_of
from tests.interfaces.rehearsals.made import made

HOSTILE = "</script><script>alert(1)</script><!--"
COMMAND = "assay backtest --history october.parquet --base old --candidate new --html rehearsal.html"
BASE = Path(look.__file__).parent / "templates" / "base.css"
OWN = Path(rehearsal_page.__file__).parent / "templates" / "style.css"
SCRIPT = re.compile(r"<script([^>]*)>(.*?)</script>", flags=re.DOTALL)


def still(text: str) -> str:
    """The page without its scripts."""
    return SCRIPT.sub("", text)


def visible(text: str) -> str:
    """What a reader sees of a page, on one line; drawings are left out."""
    body = re.sub(r"<svg.*?</svg>", " ", still(text).partition("<body>")[2], flags=re.DOTALL)
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", body).split()))


@pytest.fixture(scope="module")
def page() -> str:
    return render_rehearsal(made(), command=COMMAND, written="2026-11-22")


def test_the_page_stands_alone_and_every_link_arrives(page: str) -> None:
    assert_self_contained(still(page))
    assert_every_link_arrives(still(page))


def test_it_runs_just_the_scripts_that_its_rule_names(page: str) -> None:
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    run = [text for kind, text in SCRIPT.findall(page) if "json" not in kind]
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in run]
    assert unescape(policy).startswith("default-src 'none'; script-src 'sha256-")
    assert re.findall(r"'sha256-([^']+)'", unescape(policy)) == hashes
    assert "unsafe-eval" not in policy


def test_a_leader_finds_the_verdict_and_the_key_figures_with_their_intervals(page: str) -> None:
    text = visible(page)
    assert "1.83 % of decisions change (1.74 to 1.92 %)" in text
    assert "1.64 % 1.55 to 1.73 % become stricter" in text
    assert "16,900 16,400 to 17,400 items change in some market" in text
    assert "+800 +600 to +900 hours of reviewing in 30 days" in text


def test_an_analyst_finds_what_it_was_made_from(page: str) -> None:
    text = visible(page)
    found = made()
    for digest in (found.history.digest, found.old.digest, found.new.digest):
        assert digest in text
    assert COMMAND in text
    assert "1 in 36.4" in text
    assert "person.consent 42.0 %" in text
    assert "`ai_extent` allows no value" not in text
    assert "ai_extent allows no value mostly ai_extent 12 october.parquet:311" in text
    assert "as telling as 31,904 rows drawn at random" in text


def test_every_chart_has_its_drawing_its_message_and_the_figures_behind_it(page: str) -> None:
    specs = json.loads(next(text for kind, text in SCRIPT.findall(page) if "json" in kind))
    places = re.findall(r'data-chart="([^"]+)"', page)
    assert sorted(specs) == sorted(places)
    assert len(places) == 6
    for name in places:
        (figure,) = re.findall(rf'<figure class="chart" id="{name}">.*?</figure>', page, flags=re.DOTALL)
        assert "<svg viewBox=" in figure
        following = page[page.index(figure) :]
        assert following.index("<details>") < following.index("</table>")


def test_intervals_are_drawn_before_points(page: str) -> None:
    specs = json.loads(next(text for kind, text in SCRIPT.findall(page) if "json" in kind))
    kinds = [layer["mark"]["type"] for layer in specs["by-market"]["layer"]]
    assert kinds == ["rect", "rule", "rule", "point", "text"]
    kinds = [layer["mark"]["type"] for layer in specs["clock-1"]["layer"]]
    assert kinds == ["area", "area", "line", "line", "text", "text"]


def test_zero_is_on_every_scale_and_compared_charts_share_one(page: str) -> None:
    specs = json.loads(next(text for kind, text in SCRIPT.findall(page) if "json" in kind))
    domains = {
        name: specs[name]["layer"][0]["encoding"]["x"]["scale"]["domain"]
        for name in ("by-market", "by-language", "by-cohort", "by-surface")
    }
    assert all(low <= 0 < high for low, high in domains.values())
    assert domains["by-language"] == domains["by-cohort"] == domains["by-surface"]


def test_items_to_read_have_facts_reasons_and_what_is_unknown(page: str) -> None:
    text = visible(page)
    assert "upload-00002" in text
    assert "Unknown Consent of the person shown" in text
    assert "a real person is shown nude, and nobody has agreed" in text
    assert "stands for 36.4 items" in text
    assert "No rule reaches it." in text


def test_what_could_mislead_comes_with_what_was_found(page: str) -> None:
    text = visible(page)
    assert "Applies Signals are missing person.consent is missing in 42 % of rows." in text
    assert "Cannot tell New kinds of upload" in text
    assert "Not here Only reviewed items are seen" in text


def strange(value: object) -> object:
    """The same value with hostile text wherever text stands."""
    if isinstance(value, Estimate):
        return value
    if isinstance(value, tuple):
        return tuple(strange(one) for one in value)
    if isinstance(value, dict):
        return {f"{name}{HOSTILE}": strange(one) for name, one in value.items()}
    if hasattr(value, "__dataclass_fields__"):
        changes = {
            one.name: strange(getattr(value, one.name))
            for one in fields(value)  # type: ignore[arg-type]
            if one.name not in {"id", "old", "new", "measure", "market", "dimension", "value", "slug", "side"}
            or not isinstance(getattr(value, one.name), str)
        }
        return replace(value, **changes)  # type: ignore[type-var]
    return f"{value}{HOSTILE}" if isinstance(value, str) else value


def test_no_given_text_becomes_markup_or_a_script() -> None:
    found = strange(made())
    assert isinstance(found, Rehearsal)
    languages = tuple(
        replace(one, scope=replace(one.scope, value=HOSTILE)) if one.scope.dimension else one
        for one in made().comparison.matrices
    )
    found = replace(found, comparison=replace(found.comparison, matrices=languages))
    text = render_rehearsal(found, command=HOSTILE, written="2026-11-22")
    assert "alert(1)</script>" not in text
    assert "<script>alert" not in text
    assert len(SCRIPT.findall(text)) == 3
    assert text.count("</style>") == 2
    assert_self_contained(still(text))


def test_a_history_without_rows_has_a_clear_page() -> None:
    found = made()
    nothing = replace(
        found,
        history=replace(found.history, rows=0, strata={}),
        comparison=replace(found.comparison, matrices=(), measures=()),
    )
    text = render_rehearsal(nothing, command=COMMAND)
    assert "There was nothing to decide" in visible(text)
    assert "17 rows were left out" in visible(text)
    assert "<script" not in text
    assert_self_contained(text)
    assert_every_link_arrives(text)


def bare(found: Rehearsal) -> Rehearsal:
    """A history of one market, without views, creators, labels or hours, of which nothing is forecast."""
    none = Estimate(None, None, None, 0, "census")
    whole = replace(found.comparison.matrices[0], views=None, changed_views=None)
    cells = tuple(replace(cell, views=None, creators=None) for cell in whole.cells)
    only = replace(whole, cells=cells, scope=replace(whole.scope, market="*"))
    return replace(
        found,
        history=replace(found.history, markets=("*",), has_views=False, missing={}),
        comparison=Comparison(found.comparison.lanes, (replace(whole, cells=cells), only), (), none, none),
        forecast=Forecast(0, ()),
        quality=(),
        agreement=(),
        cases=(),
        pitfalls=(),
        refusals=(),
    )


def test_a_bare_history_has_a_page_without_empty_frames() -> None:
    text = render_rehearsal(bare(made()))
    assert_self_contained(still(text))
    assert_every_link_arrives(still(text))
    assert "By market" not in visible(text)
    assert "People and clocks" not in visible(text)
    assert "unknown no figure items change" in visible(text)


def test_what_is_kept_back_is_said_to_be() -> None:
    found = made()
    whole, *rest = found.comparison.matrices
    few = Estimate(None, None, None, 2, "stratified", suppressed=True)
    cells = tuple(replace(cell, decisions=few) if cell.new == "removed" else cell for cell in whole.cells)
    matrices = (replace(whole, cells=cells), *rest)
    text = visible(render_rehearsal(replace(found, comparison=replace(found.comparison, matrices=matrices))))
    assert "3 moves have too few rows to be shown" in text
    assert "kept back" in text


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_every_ink_and_shade_can_be_read(scheme: int) -> None:
    base, own = tokens_of(BASE), tokens_of(OWN)
    style = OWN.read_text(encoding="utf-8")
    for side in ("stricter", "milder"):
        assert contrast(own[side][scheme], base["paper"][scheme]) >= 4.5
        for part in map(int, re.findall(r"var\(--shade\) (\d+)%", style)):
            assert contrast(mixed(own[side][scheme], base["raised"][scheme], part), base["ink"][scheme]) >= 4.5


def mixed(one: str, other: str, percent: int) -> str:
    """One colour over another, as the style sheet mixes them."""
    pairs = [(int(one[place : place + 2], 16), int(other[place : place + 2], 16)) for place in (1, 3, 5)]
    return "#" + "".join(f"{round((first * percent + second * (100 - percent)) / 100):02x}" for first, second in pairs)
