"""Every session that README and the guides show is run as shown, and prints what they say it prints."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = ("README.md", "docs/guide/first-hour.md")
LEFT_OUT = "…"


def sessions(text: str) -> list[tuple[str, list[str]]]:
    """Each command in the `console` blocks of a page, with the lines shown below it."""
    found: list[tuple[str, list[str]]] = []
    for block in re.findall(r"^```console\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            elif line.startswith("> ") and not found[-1][1]:
                found[-1] = (f"{found[-1][0]}\n{line[2:]}", [])
            else:
                found[-1][1].append(line.rstrip())
    return found


def as_shown(shown: list[str], printed: list[str]) -> bool:
    """Whether the lines shown are those printed; a line that is only `…` stands for any number of them.

    At the end of a line it stands for the rest of that line.
    """
    pattern = "".join(map(_pattern, (line for line in shown if line)))
    return re.fullmatch(pattern, "".join(line.rstrip() + "\n" for line in printed if line.strip())) is not None


def _pattern(line: str) -> str:
    if line.strip() == LEFT_OUT:
        return "(?:.*\n)*?"
    return (re.escape(line.removesuffix(LEFT_OUT)) + ".*\n") if line.endswith(LEFT_OUT) else re.escape(line) + "\n"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that looks like the project's, in which a session may write."""
    folder = tmp_path_factory.mktemp("session")
    for name in ("packs", "docs"):
        (folder / name).symlink_to(ROOT / name)
    return folder


@pytest.mark.story
@pytest.mark.parametrize("page", PAGES)
def test_a_session_prints_what_the_page_shows(page: str, place: Path) -> None:
    found = sessions((ROOT / page).read_text(encoding="utf-8"))
    assert found, "the page shows no session"
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "COLUMNS": "100"}
    environment["XDG_CACHE_HOME"] = str(place / "cache")
    for command, shown in found:
        run = subprocess.run(
            ["bash", "-c", command], cwd=place, env=environment, capture_output=True, text=True, check=False, timeout=60
        )
        printed = (run.stdout + run.stderr).splitlines()
        assert as_shown(shown, printed), f"$ {command}\n" + "\n".join(printed)


def test_lines_left_out_may_be_any() -> None:
    assert as_shown(["a", "…", "d"], ["a", "b", "c", "d"])
    assert as_shown(["…", "b", "…"], ["a", "b", "c"])
    assert not as_shown(["a", "d"], ["a", "b", "d"])
    assert not as_shown(["…", "x", "…"], ["a", "b"])
