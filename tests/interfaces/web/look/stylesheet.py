"""The stylesheet as tests read it: its tokens in both schemes, and what a colour is to the eye. It holds no test."""

from __future__ import annotations

import re

from tests.conftest import ROOT

WEB = ROOT / "src" / "assay" / "interfaces" / "web"
SHEET = WEB / "static" / "web" / "assay.css"
_BOTH = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
_ONE = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")


def rules() -> str:
    """The stylesheet without its comments."""
    return re.sub(r"/\*.*?\*/", "", SHEET.read_text(encoding="utf-8"), flags=re.DOTALL)


def colours() -> dict[str, tuple[str, str]]:
    """Each token that is a full colour: as it is in light and in dark."""
    text = rules()
    return {name: (light, dark) for name, light, dark in _BOTH.findall(text)} | {
        name: (colour, colour) for name, colour in _ONE.findall(text)
    }


def contrast(first: str, second: str) -> float:
    """How far two colours are apart, 1 to 21, as WCAG 2.2 defines it."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
