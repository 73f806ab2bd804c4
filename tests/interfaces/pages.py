"""What every page that stands alone is held to, and how well inks can be read. It holds no test."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path


def assert_self_contained(text: str, *, links: bool = False) -> None:
    """The page fetches nothing; with `links`, a reader may follow some that lead out of it."""
    within = re.sub(r'<a href="https?://[^"]+" rel="noreferrer">', "", text) if links else text
    addresses = re.findall(r"""(?:src|href)=["']?([^"'> ]+)|url\(([^)]+)\)""", within)
    assert all(first.startswith(("#", "data:")) for first, second in addresses if not second)
    assert not [second for _, second in addresses if second]
    assert "<script" not in text
    assert "@import" not in text


def assert_every_link_arrives(text: str) -> None:
    names = Counter(re.findall(r'\bid="([^"]+)"', text))
    assert not [name for name, count in names.items() if count > 1]
    assert set(re.findall(r'href="#([^"]+)"', text)) <= names.keys()
    assert set(re.findall(r'aria-labelledby="([^"]+)"', text)) <= names.keys()


def luminance(code: str) -> float:
    channels = [int(code[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def tokens_of(style: Path) -> dict[str, tuple[str, str]]:
    """The colours of a stylesheet by name, for the light scheme and the dark one."""
    text = style.read_text(encoding="utf-8")
    found = re.findall(r"--([a-z-]+): light-dark\((#\w{6}), (#\w{6})\)", text)
    return {name: (light, dark) for name, light, dark in found}
