"""A scanner that is installed is a scanner that is documented."""

from __future__ import annotations

import re
import tomllib

from tests.house.source import ROOT

PAGE = ROOT / "docs" / "operate" / "scanners.md"


def declared() -> dict[str, str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return dict(settings["project"].get("entry-points", {}).get("assay.scanners", {}))


def test_every_scanner_has_its_section() -> None:
    titles = set(re.findall(r"^## `([\w-]+)`", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert titles == set(declared())


def test_every_scanner_lives_in_a_room_of_its_own_name_with_its_card() -> None:
    for name, target in declared().items():
        folder = ROOT / "src" / "/".join(target.partition(":")[0].split(".")[:4])
        assert folder.name == name, target
        assert (folder / "card.toml").is_file(), f"{name} has no card"
