"""What is published names no machine of ours and no registry's host, and what is installed is checked by digest."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.house.source import ROOT, project_files, shown, text_files

# Written so that the pattern does not find itself.
REGISTRY = re.compile(
    r"\b(?:[\w-]+\.)*(?:pypi|pythonhosted|npmjs|debian|crates)\.(?:org|com|io)\b|\bproxy\.golang\b", re.IGNORECASE
)
PLACE = re.compile(r"(?<![\w.~<>-])/(?:work|root|home|Users|opt|private)/[\w.]")
BIGGEST_BYTES = 1024 * 1024


def found(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{shown(path)}:{number}: {match.group()}"
        for path, text in text_files()
        for number, line in enumerate(text.splitlines(), 1)
        if (match := pattern.search(line))
    ]


def test_no_text_names_a_registrys_host() -> None:
    assert not found(REGISTRY)


def test_no_text_names_a_place_on_somebodys_machine() -> None:
    assert not found(PLACE)


@pytest.mark.parametrize(
    "line", ["see https://py" + "pi.org/project/x", "files.python" + "hosted.org", "registry.npm" + "js.org"]
)
def test_a_registrys_host_is_seen(line: str) -> None:
    assert REGISTRY.search(line)


@pytest.mark.parametrize(
    ("line", "seen"),
    [("/ho" + "me/ada/x", True), ("in /wo" + "rk/main", True), ("a/work/b", False), ("../work", False)],
)
def test_a_place_is_seen(line: str, seen: bool) -> None:
    assert bool(PLACE.search(line)) is seen


def test_no_file_is_too_big_to_review() -> None:
    assert not [shown(path) for path in project_files() if path.stat().st_size > BIGGEST_BYTES]


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_holds_digests_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[\w-])", text.split("\n", 1)[1])
    assert "://" not in text
    assert not [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry]


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_names_everything_that_the_project_asks_for(name: str) -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = list(settings["project"]["dependencies"])
    groups = settings["dependency-groups"]
    wanted += [item for group in (groups if "dev" in name else ["build"]) for item in groups[group]]
    locked = set(re.findall(r"^([\w.-]+)==", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE))
    names = {re.split(r"[<>=!~\[; ]", item)[0].lower().replace("_", "-") for item in wanted}
    assert not names - locked
