"""`assay serve` says what is wrong before it touches anything, and one command is enough for a stranger."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assay.interfaces.cli.app import app
from tests.house.source import ROOT
from tests.interfaces import small

PATIENCE = 30.0


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    for name in list(os.environ):
        if name.startswith("ASSAY_"):
            monkeypatch.delenv(name)
    return small.write(tmp_path / "pack")


def run(*arguments: str) -> tuple[int, str, str]:
    found = CliRunner().invoke(app, ["serve", *arguments])
    return found.exit_code, found.stdout, found.stderr


def test_check_shows_each_setting_and_where_it_was_set_and_starts_nothing(
    pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "assay.toml"
    config.write_text(
        '[store]\nfolder = "kept"\n[store.postgres]\nurl = "postgresql://ada:sesame@db"\n', encoding="utf-8"
    )
    monkeypatch.setenv("ASSAY_SERVICE__PORT", "8601")
    # A long path would be folded, and so looked for in vain.
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    code, said, _ = run("--pack", str(pack), "--config", config.name, "--check")
    rows = {line.split()[0]: line for line in said.splitlines() if "." in line}
    assert code == 0
    assert re.search(r"8601\s+ASSAY_SERVICE__PORT", rows["service.port"])
    assert re.search(rf"kept\s+`?{re.escape(config.name)}", rows["store.folder"])
    assert rows["bundles.source"].rstrip().endswith("the command line")
    assert rows["service.host"].rstrip().endswith("default")
    assert "(secret)" in rows["store.postgres.url"]
    assert "sesame" not in said
    assert sorted(tmp_path.rglob("*")) == before


def test_every_wrong_setting_is_named_and_nothing_is_touched(pack: Path, tmp_path: Path) -> None:
    config = tmp_path / "assay.toml"
    config.write_text('[servce]\n[service]\nport = "no"\nhosts = "x"\n', encoding="utf-8")
    code, _, said = run("--pack", str(pack), "--config", str(config))
    assert code == 2
    assert [line.split(": ")[1] for line in said.splitlines()] == ["servce", "service.port", "service.hosts"]
    assert "did you mean `service`?" in said
    assert list(Path.cwd().iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--pack", "nowhere"], "there is no pack in `nowhere`"),
        (["--pack", "x", "--bundles", "y"], "not both"),
        (["--config", "gone.toml"], "there is no file `gone.toml`"),
        ([], "no-source"),
        (["--bundles", "channel"], "no-keys"),
    ],
)
def test_wrong_use_ends_with_two(pack: Path, arguments: list[str], words: str) -> None:
    code, _, said = run(*arguments)
    assert code == 2
    assert words in said
    assert list(Path.cwd().iterdir()) == []


def test_a_service_with_a_settings_file_is_given_its_tokens_and_makes_none(pack: Path, tmp_path: Path) -> None:
    config = tmp_path / "assay.toml"
    config.write_text('[service]\nunix_socket = "assay.sock"\n', encoding="utf-8")
    code, _, said = run("--pack", str(pack), "--config", str(config))
    assert (code, "`assay token create` makes one" in said) == (2, True)
    assert list(Path.cwd().iterdir()) == []


@pytest.mark.slow
@pytest.mark.enable_socket
def test_a_port_in_use_is_said_before_anything_is_made(pack: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        code, _, said = run("--pack", str(pack), "--port", port)
    assert code == 2
    assert f"port {port} of 127.0.0.1 is in use" in said
    assert list(Path.cwd().iterdir()) == []


@contextmanager
def serving(folder: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`assay serve` in a process, and what it printed until it was ready."""
    command = [sys.executable, "-m", "assay.interfaces.cli.app", "serve", "--no-workbench", "--port", "0", *arguments]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=log, text=True)
    assert process.stdout is not None
    said = ""
    try:
        while "Ctrl-C" not in said:
            line = process.stdout.readline()
            assert line, (folder / "log").read_text()
            said += line
        yield process, said
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def curl(said: str) -> subprocess.CompletedProcess[str]:
    """Run the line that a stranger is shown."""
    line = said.partition("try it:")[2].partition("Ctrl-C")[0].replace("\\\n", " ")
    return subprocess.run(shlex.split(line), capture_output=True, text=True, check=True)


@pytest.mark.slow
@pytest.mark.enable_socket
def test_the_line_that_is_printed_works_and_the_token_is_printed_once(pack: Path) -> None:
    folder = Path.cwd()
    with serving(folder, "--pack", str(pack)) as (process, said):
        record = json.loads(curl(said).stdout)
        assert (record["schema"], record["item"]) == ("assay.decision/1", "upload-1")
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    token = re.findall(r"assay_\w+_[\w-]+", said)[0]
    assert token not in (folder / "log").read_text()
    assert token not in (folder / "tokens.json").read_text()
    began = time.monotonic()
    with serving(folder, "--pack", str(pack)) as (_, again):
        took = time.monotonic() - began
        assert token not in again
        assert "$ASSAY_TOKEN" in again
        assert took < 10.0
        shown = again.replace("$ASSAY_TOKEN", token)
        assert json.loads(curl(shown).stdout)["item"] == "upload-1"
    assert {path.name for path in folder.iterdir()} == {
        "records",
        "state",
        "tokens.json",
        "tokens.json.lock",
        "log",
    } - (set() if (folder / "tokens.json.lock").exists() else {"tokens.json.lock"})


@pytest.mark.slow
@pytest.mark.enable_socket
def test_a_bundle_that_does_not_load_ends_with_two(tmp_path: Path, pack: Path) -> None:
    broken = small.write(tmp_path / "broken", small.UNSOUND)
    command = [sys.executable, "-m", "assay.interfaces.cli.app", "serve", "--no-workbench", "--port", "0"]
    command += ["--pack", str(broken)]
    ended = subprocess.run(command, cwd=Path.cwd(), capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert ended.returncode == 2
    assert "consnt" in ended.stderr


@pytest.mark.slow
def test_the_command_loads_neither_django_nor_a_decoder() -> None:
    code = (
        "import sys\n"
        "import assay.interfaces.cli.app, assay.interfaces.service.serving\n"
        "loaded = {name.partition('.')[0] for name in sys.modules}\n"
        "print(sorted(loaded & {'django', 'av', 'PIL', 'c2pa', 'torch', 'duckdb', 'ray'}))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert said.stdout.strip() == "[]"
