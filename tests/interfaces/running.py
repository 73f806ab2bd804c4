"""Runs the command line inside the test's process. It never hides an exception that a person would meet."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from assay.interfaces.cli.app import app
from tests.conftest import ROOT

STARTER = ROOT / "packs" / "starter"
SOME_DAY = "2026-12-15"


@dataclass(frozen=True, slots=True)
class Run:
    """How a command ended, and what it said where."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[Any]:
        """Standard output as JSON Lines."""
        return [json.loads(line) for line in self.out.splitlines()]


def assay(*words: str | Path, given: str | bytes | None = None) -> Run:
    """Run a command; what it reads from standard input is `given`."""
    result = CliRunner().invoke(app, [str(word) for word in words], input=given, catch_exceptions=False)
    return Run(result.exit_code, result.stdout, result.stderr)


def decide(path: str | Path, *words: str | Path, given: str | bytes | None = None) -> Run:
    """Decide with the starter pack on some day, in one market."""
    return assay("decide", path, "--pack", STARTER, "--as-of", SOME_DAY, "--markets", "FR", *words, given=given)


def json_lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
