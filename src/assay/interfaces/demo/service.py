"""The decision service, tried on the demonstration's uploads: started, asked, ended, looked at. It keeps no server."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.client import Client, Decision

SERVICE, RECORDS = "service", "records"
_PATIENCE_SECONDS = 60.0
_ADDRESS, _TOKEN = re.compile(r"http://\S+"), re.compile(r"\bassay_\w+_[\w-]+")


@dataclass(frozen=True, slots=True)
class Tried:
    """What the service did with records that were decided before, without it.

    decided   over HTTP
    alike     of them with the same bytes
    seconds   until it was ready, and for all the decisions
    verified  what `assay records verify` says of what it kept, and `assay records replay`
    sound     whether both found nothing
    """

    decided: int
    alike: int
    seconds: tuple[float, float]
    verified: str
    replayed: str
    sound: bool


class NoService(Exception):
    """The service did not start; the one argument is what it said."""


def try_service(folder: Path, pack: Path, records: Sequence[bytes]) -> Tried:
    """Decide what some records were decided from, by a service of its own in a folder.

    raises  NoService where it does not start
    """
    place = folder / SERVICE
    place.mkdir(parents=True, exist_ok=True)
    # The token is shown once, when it is made, so each demonstration makes its own.
    (place / "tokens.json").unlink(missing_ok=True)
    process = _start(place, pack)
    try:
        began = time.monotonic()
        address, token = _first_words(process)
        ready = time.monotonic()
        asked = [json.loads(record) for record in records]
        items = [{**one["input"], "as_of": one["as_of"]} for one in asked]
        with Client(address, token) as client:
            answers = list(client.decide_batch(items))
        ended = time.monotonic()
    finally:
        process.terminate()
        process.communicate(timeout=_PATIENCE_SECONDS)
    alike = sum(
        isinstance(answer, Decision) and answer.record == record
        for answer, record in zip(answers, records, strict=True)
    )
    verified = _assay("records", "verify", str(place / RECORDS))
    replayed = _assay("records", "replay", str(place / RECORDS), "--pack", str(pack))
    sound = verified[0] == replayed[0] == 0
    seconds = (ready - began, ended - ready)
    return Tried(len(answers), alike, seconds, verified[1], replayed[1], sound)


def _start(place: Path, pack: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "assay.interfaces.cli.app", "serve", "--no-workbench"]
    command += ["--pack", str(pack.resolve()), "--port", "0", "--records", RECORDS]
    # A stranger's settings in the environment are for a stranger's service.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ASSAY_")}
    # Our own program, with arguments of our own; no shell.
    return subprocess.Popen(  # noqa: S603
        command,
        cwd=place,
        env={**environment, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )


def _first_words(process: subprocess.Popen[str]) -> tuple[str, str]:
    """The address and the token that the service prints when it is ready."""
    said: list[str] = []
    address = token = ""
    while process.stdout is not None and not (address and token):
        line = process.stdout.readline()
        if not line:
            raise NoService("".join(said).strip() or "it said nothing")
        said.append(line)
        address = address or (_found(_ADDRESS, line) if "decides at" in line else "")
        token = token or _found(_TOKEN, line)
    return address, token


def _found(pattern: re.Pattern[str], line: str) -> str:
    match = pattern.search(line)
    return match[0] if match else ""


def _assay(*words: str) -> tuple[int, str]:
    """What a command ended with, and the last line that it said."""
    command = [sys.executable, "-m", "assay.interfaces.cli.app", *words]
    # As above.
    run = subprocess.run(command, capture_output=True, check=False, text=True, encoding="utf-8")  # noqa: S603
    said = (run.stdout + run.stderr).strip().splitlines()
    return run.returncode, said[-1] if said else ""
