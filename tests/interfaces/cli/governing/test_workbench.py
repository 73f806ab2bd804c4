"""`assay workbench`: from nothing to a first administrator, and every way in which a database may not fit."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from assay.interfaces.cli.governing.opening import address_of, workbench_settings

PRODUCTION = """[workbench]
public_address = "https://assay.example.org"
proxies = ["127.0.0.1"]
[workbench.mail]
server = "mail.example.org"
"""
# One process, since loading the site takes longer than all that is asked of it here.
SCRIPT = """
import json, sys
from typer.testing import CliRunner
from assay.interfaces.cli.app import app
for line in sys.stdin:
    found = CliRunner().invoke(app, ["workbench", *json.loads(line)])
    print(json.dumps([found.exit_code, found.stdout, found.stderr]), flush=True)
"""


@dataclass
class Shell:
    process: subprocess.Popen[str]
    folder: Path

    def __call__(self, *words: str) -> tuple[int, str]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(json.dumps(words), file=self.process.stdin, flush=True)
        code, said, blamed = json.loads(self.process.stdout.readline())
        return code, said + blamed


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    folder = tmp_path_factory.mktemp("workbench")
    (folder / "assay.toml").write_text(PRODUCTION, encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ASSAY_", "DATABASE_"))}
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", SCRIPT],
        cwd=folder,
        env={**environment, "ASSAY_CONFIG": "assay.toml", "PYTHONUTF8": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    return Shell(process, folder)


def test_a_workbench_from_nothing_to_its_first_administrator_and_back(shell: Shell) -> None:
    try:
        made_for_people(shell)
        changed_and_brought_back(shell)
    finally:
        shell.process.communicate(timeout=30)


def made_for_people(shell: Shell) -> None:
    code, said = shell("check")
    assert code == 1, said
    assert "error: no-database: there is no `workbench.sqlite3` yet" in said
    assert not (shell.folder / "workbench.sqlite3").exists()
    code, said = shell("administrator", "ada@example.org")
    assert code == 0, said
    assert re.search(r"^  https://assay\.example\.org/account/begin/\?link=[\w-]{43}$", said, re.MULTILINE)
    # In the production profile, nothing that Django knows of, and nothing that we know of, is missing.
    assert shell("check") == (0, "0 errors, 0 warnings\n")
    # Whoever lost the link, or every factor, is let in again by whoever runs the machine; nobody else is.
    code, again = shell("administrator", "ada@example.org")
    assert code == 0, again
    assert re.findall(r"link=\S+", again) not in ([], re.findall(r"link=\S+", said))
    code, said = shell("administrator", "bo@example.org")
    assert (code, "has-administrator" in said) == (2, True), said
    for name in ("workbench.key", "workbench.sqlite3", "ledger.key"):
        path = shell.folder / name
        assert not path.exists() or stat.S_IMODE(path.stat().st_mode) == 0o600, name
    code, said = shell("work", "--once")
    assert code == 0, said
    assert re.search(r"^sign +1$", said, re.MULTILINE)
    (shell.folder / "workbench.key").chmod(0o644)
    code, said = shell("check")
    assert (code, "error: open-file: `workbench.key` can be read by others" in said) == (1, True)


def changed_and_brought_back(shell: Shell) -> None:
    assert shell("migrate") == (0, "0 migrations applied; the tables are those of this program\n")
    with sqlite3.connect(shell.folder / "workbench.sqlite3") as store:
        store.execute("DROP TRIGGER ledger_entry_update")
    assert "triggers that guard the ledger were not there" in shell("migrate")[1]
    assert shell("migrate") == (0, "0 migrations applied; the tables are those of this program\n")
    assert shell("migrate", "--to", "notices zero")[0] == 0
    code, said = shell("work", "--once")
    assert (code, "old-database: the database is older than this program; run `assay workbench migrate`" in said) == (
        2,
        True,
    )
    code, said = shell("migrate")
    assert (code, bool(re.match(r"[1-9]\d* migrations? applied", said))) == (0, True), said
    assert shell("migrate", "--to", "nonsense")[0] == 2
    with sqlite3.connect(shell.folder / "workbench.sqlite3") as store:
        store.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('people', '9999_later', '2030-01-01')"
        )
    code, said = shell("administrator", "ada@example.org")
    assert (code, "newer-database" in said) == (2, True), said


def test_links_name_the_port_that_serving_was_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert address_of(workbench_settings(None)) == "http://localhost:8600"
    assert address_of(workbench_settings(None, port=8765)) == "http://localhost:8765"
