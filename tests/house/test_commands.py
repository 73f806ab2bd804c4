"""What the program can do is what the guide says it can do."""

from __future__ import annotations

import re
from typing import Any

import pytest
import typer.main

from tests.house.markdown import sections
from tests.house.source import ROOT

PAGE = ROOT / "docs" / "guide" / "commands.md"


def commands_of(command: Any, name: str = "assay") -> dict[str, set[str]]:
    """Each command with its long options, groups followed down; what typer adds to every command is left out."""
    inner = getattr(command, "commands", None)
    if inner:
        found: dict[str, set[str]] = {}
        for key, value in inner.items():
            if not value.hidden:
                found |= commands_of(value, f"{name} {key}")
        return found
    options: set[str] = set()
    for parameter in command.params:
        if parameter.param_type_name == "option" and not getattr(parameter, "hidden", False):
            options |= {option for option in (*parameter.opts, *parameter.secondary_opts) if option.startswith("--")}
    return {name: options - {"--help", "--install-completion", "--show-completion"}}


@pytest.fixture(scope="module")
def commands() -> dict[str, set[str]]:
    from assay.interfaces.cli.app import app

    return commands_of(typer.main.get_command(app))


@pytest.fixture(scope="module")
def documented() -> dict[str, set[str]]:
    text = PAGE.read_text(encoding="utf-8")
    return {
        title.strip("`"): set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", body))
        for title, body in sections(text).items()
        if title.strip("`").startswith("assay ")
    }


def test_every_command_has_its_section(commands: dict[str, set[str]], documented: dict[str, set[str]]) -> None:
    assert set(commands) == set(documented)


def test_every_option_is_named_in_its_commands_section(
    commands: dict[str, set[str]], documented: dict[str, set[str]]
) -> None:
    assert {name: options - documented.get(name, set()) for name, options in commands.items()} == {
        name: set() for name in commands
    }


def test_no_section_names_an_option_that_is_not_there(
    commands: dict[str, set[str]], documented: dict[str, set[str]]
) -> None:
    assert {name: options - commands.get(name, set()) for name, options in documented.items()} == {
        name: set() for name in documented
    }


def test_options_of_a_command_inside_a_group_are_found() -> None:
    outer, inner = typer.Typer(), typer.Typer()

    @inner.command()
    def prove(quick: bool = False) -> None:
        """Nothing."""

    @inner.command()
    def other() -> None:
        """Nothing."""

    outer.add_typer(inner, name="law")
    found = commands_of(typer.main.get_command(outer))
    assert found == {"assay law prove": {"--quick", "--no-quick"}, "assay law other": set()}
