"""What stands on what can be read by everybody, in light and in dark; and no colour escapes the count."""

from __future__ import annotations

import re

import pytest

from assay.interfaces.web.look.charts import COLOURS
from tests.interfaces.web.look.stylesheet import colours, contrast, rules

TEXT, PROSE, CONTROL = 4.5, 7.0, 3.0
# Every text on every ground that it stands on, with what it needs.
PAIRS = [
    *(("ink", ground, PROSE) for ground in ("paper", "raised", "sunken", "hover", "chosen")),
    *(("ink", ground, PROSE) for ground in ("good-ground", "amber-ground", "red-ground")),
    *(("muted", ground, TEXT) for ground in ("paper", "raised", "sunken", "hover", "chosen")),
    ("muted", "good-ground", TEXT),
    ("muted", "red-ground", TEXT),
    *(("accent", ground, TEXT) for ground in ("paper", "raised", "sunken", "hover", "chosen")),
    *(("accent-deep", ground, TEXT) for ground in ("paper", "raised", "sunken", "hover", "chosen")),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-deep", TEXT),
    ("paper", "ink", PROSE),
    *((name, ground, TEXT) for name in ("good", "amber", "red") for ground in ("paper", "raised", "hover", "chosen")),
    *((name, f"{name}-ground", TEXT) for name in ("good", "amber", "red")),
    *((name, ground, TEXT) for name in ("held", "label") for ground in ("paper", "raised", "hover", "chosen")),
    # Borders of what can be used, the ring of the focus, and signs that carry a meaning.
    *(("edge", ground, CONTROL) for ground in ("paper", "raised", "sunken")),
    *(("ink", ground, CONTROL) for ground in ("paper", "raised", "sunken")),
    *((f"step-{step}", ground, CONTROL) for step in range(5) for ground in ("paper", "raised")),
]
# What guides the eye and says nothing: a line between rows, the steps that are not reached, paper of a code to scan.
SILENT = {"line", "off", "white"}


@pytest.mark.parametrize(("scheme", "place"), [("light", 0), ("dark", 1)])
def test_every_text_stands_out_from_its_ground(scheme: str, place: int) -> None:
    found = colours()
    faint = {
        (text, ground): round(contrast(found[text][place], found[ground][place]), 2)
        for text, ground, least in PAIRS
        if contrast(found[text][place], found[ground][place]) < least
    }
    assert not faint, scheme


def test_every_colour_is_measured_or_says_nothing() -> None:
    measured = {name for text, ground, _ in PAIRS for name in (text, ground)}
    assert set(colours()) == measured | SILENT


def test_no_rule_has_a_colour_of_its_own() -> None:
    after_tokens = rules().split("@layer base {", 1)[1]
    assert re.findall(r"#[0-9a-f]{3,8}\b|rgba?\([^)]*\)|hsla?\([^)]*\)", after_tokens) == []


def test_a_colour_that_is_too_faint_is_seen() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") < TEXT < contrast("#767676", "#ffffff")


@pytest.mark.parametrize(("scheme", "place"), [("light", 0), ("dark", 1)])
def test_drawings_use_the_colours_of_the_page(scheme: str, place: int) -> None:
    drawing = COLOURS["dark" if scheme == "dark" else "light"]
    tokens = {name: both[place] for name, both in colours().items()}
    for name in ("ink", "muted", "line", "edge", "accent", "paper"):
        assert getattr(drawing, name) == tokens[name], name
