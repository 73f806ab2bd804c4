"""What an operator may set is what the page says, word for word; and what is deployed is set in the same words."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Literal, get_args, get_origin

import pytest

from assay.interfaces.cli.running.rooms import all_rooms, service_rooms
from assay.interfaces.settings.listing import Room, Setting, settings_of
from assay.interfaces.settings.reading import Settings, read_settings
from assay.interfaces.settings.values import shown
from tests.house.source import ROOT

PAGE = ROOT / "docs" / "operate" / "settings.md"
BEGINS = "<!-- The rest is written by"
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
MOST_EXPOSED = 2.0
PROGRAM = "/usr/local/lib/assay/bin/assay"


def table_of(room: Room) -> str:
    """The page's section about a room."""
    lines = [f"## [{room.table}]", "", (room.kind.__doc__ or "").strip(), ""]
    lines += ["| setting | without it | what it does |", "|---|---|---|"]
    lines += [
        f"| `{each.place}` | {default_of(each)} | {each.sentence}{choices_of(each)} |" for each in settings_of([room])
    ]
    return "\n".join(lines) + "\n"


def default_of(setting: Setting) -> str:
    """What holds where nothing is set."""
    if setting.required:
        return "must be set"
    text = shown(setting.default)
    if not text or text == "[]":
        return "nothing, and secret" if setting.secret else "nothing"
    return f"`{text}`" + (f" {setting.unit}" if setting.unit else "")


def choices_of(setting: Setting) -> str:
    """The values that it takes, where its words do not name them."""
    if get_origin(setting.annotation) is not Literal:
        return ""
    choices = [str(choice) for choice in get_args(setting.annotation)]
    return (
        ""
        if all(f"`{choice}`" in setting.words for choice in choices)
        else f" One of {', '.join(f'`{each}`' for each in choices)}."
    )


def test_the_page_has_every_setting_with_its_words_and_its_default_and_no_other(request: pytest.FixtureRequest) -> None:
    written = PAGE.read_text(encoding="utf-8")
    head, _, _ = written.partition(BEGINS)
    comment = written[len(head) :].partition("\n")[0]
    wanted = f"{head}{comment}\n\n" + "\n".join(table_of(room) for room in all_rooms())
    if request.config.getoption("--accept"):
        PAGE.write_text(wanted, encoding="utf-8")
    else:
        assert written == wanted, "the settings changed: read what is new, then run pytest with --accept"


def test_every_setting_says_what_it_does_and_has_a_name_of_its_own() -> None:
    settings = list(settings_of(all_rooms()))
    assert not [each.place for each in settings if len(each.words) < 10]
    assert len({each.variable for each in settings}) == len(settings) > 60
    assert not [each.place for each in settings if each.secret and each.default not in ("", None)]


def test_no_setting_that_sounds_like_a_secret_is_shown() -> None:
    telling = re.compile(r"password|secret|passphrase|(^|\.)token$|dsn")
    assert not [each.place for each in settings_of(all_rooms()) if telling.search(each.place) and not each.secret]


def test_the_settings_that_are_deployed_are_settings() -> None:
    found = read_settings(service_rooms(), DEPLOY / "assay.toml", {}, beside=all_rooms()[len(service_rooms()) :])
    assert isinstance(found, Settings), found


def variables(text: str) -> set[str]:
    return set(re.findall(r"\bASSAY_[A-Z0-9_]+__[A-Z0-9_]+(?==)", text))


@pytest.mark.parametrize("path", [*UNITS, DEPLOY / "container" / "Containerfile"], ids=lambda path: path.name)
def test_a_variable_that_is_deployed_is_one_of_a_setting(path: Path) -> None:
    known = {each.variable for each in settings_of(all_rooms())}
    assert variables(path.read_text(encoding="utf-8")) <= known


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_is_sound_and_shut_in(path: Path, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    unit = tmp_path / path.name.replace("@", "@8601")
    # The program is not at its place while tests run, so another that is there stands for it.
    text = path.read_text(encoding="utf-8").replace(PROGRAM, "/bin/true")
    unit.write_text(text, encoding="utf-8")
    checked = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    assert checked.stderr.strip() == "", checked.stderr
    looked = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", str(unit)], capture_output=True, text=True, check=False
    )
    exposed = re.search(r"exposure level for \S+: ([\d.]+)", looked.stdout)
    assert exposed is not None, looked.stderr
    assert float(exposed[1]) <= MOST_EXPOSED


def test_all_units_are_shut_in_alike() -> None:
    walls = {path.read_text(encoding="utf-8").partition("\nMemoryHigh=")[2] for path in UNITS}
    assert len(walls) == 1
    assert len(walls.pop().splitlines()) > 30


def test_the_container_runs_as_nobody_special_and_is_looked_after() -> None:
    text = (DEPLOY / "container" / "Containerfile").read_text(encoding="utf-8")
    instructions = re.findall(r"^([A-Z]+) (.*)", text, flags=re.MULTILINE)
    named = {name for name, _ in instructions}
    assert named >= {"USER", "HEALTHCHECK", "VOLUME", "STOPSIGNAL"}
    assert "ADD" not in named, "what is fetched while building is held to the lock"
    assert [words for name, words in instructions if name == "USER"][-1].startswith("10001")
    assert "--require-hashes" in text
    copied = [words.split()[:-1] for name, words in instructions if name == "COPY" and "--from" not in words]
    assert not [name for names in copied for name in names if not (ROOT / name).exists()]
