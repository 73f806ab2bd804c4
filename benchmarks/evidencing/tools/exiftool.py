"""exiftool, kept running, and a rule over its tags such as a careful team would write. It verifies no signature."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from benchmarks.evidencing.answer import Answer, NotHere, Tool, ai_of

COMMAND = "exiftool"
_OPTIONS = ("-j", "-G1", "-a", "-u", "-ee", "-api", "largefilesupport=1")
_READY = b"{ready}"


def build(_trust: Path | None) -> Tool:
    """One process for all files; its CPU time is asked of the system."""
    program = shutil.which(COMMAND)
    if program is None:
        raise NotHere("apt-get install libimage-exiftool-perl")
    if not Path("/proc/self/stat").is_file():
        raise NotHere("a system that tells the CPU time of another process")
    version = subprocess.run([program, "-ver"], capture_output=True, text=True, check=True).stdout.strip()
    running = subprocess.Popen(
        [program, "-stay_open", "True", "-@", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    asked, told = running.stdin, running.stdout
    assert asked is not None
    assert told is not None

    def ask(path: str) -> object:
        asked.write("\n".join((*_OPTIONS, path, "-execute\n")).encode())
        asked.flush()
        lines = bytearray()
        while not (line := told.readline()).startswith(_READY):
            if not line:
                raise RuntimeError("exiftool ended")
            lines += line
        return json.loads(lines or b"[{}]")[0]

    def close() -> None:
        asked.write(b"-stay_open\nFalse\n")
        asked.close()
        running.wait(10)

    return Tool(
        f"{COMMAND} {version}", "kept running, a rule over tags", ask, _read, lambda: _cpu_of(running.pid), close
    )


def _cpu_of(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _read(given: Any) -> Answer:
    values: dict[str, list[str]] = {}
    for key, value in given.items():
        values.setdefault(key.rpartition(":")[2].lower(), []).append(str(value))
    said = [value for name, found in values.items() if name.endswith("digitalsourcetype") for value in found]
    ai = ai_of(_terms(said)) or ("yes" if _label(values) or _generator(values) else "")
    # Nothing in its tags says whether a signature holds, so that what it reads is all of one kind.
    return Answer(ai=ai, proved=bool(ai))


def _terms(values: list[str]) -> list[str]:
    # It writes known values out: "Trained Algorithmic Media".
    known = {"trained algorithmic media": "trainedAlgorithmicMedia"}
    known["composite with trained algorithmic media"] = "compositeWithTrainedAlgorithmicMedia"
    return [known.get(value.lower(), value) for value in values]


def _label(values: dict[str, list[str]]) -> bool:
    return any('"label"' in text.lower() for text in values.get("aigc", []))


def _generator(values: dict[str, list[str]]) -> bool:
    notes = [*values.get("parameters", []), *values.get("usercomment", [])]
    if any("Steps:" in text and "Sampler:" in text for text in notes):
        return True
    if "invokeai_metadata" in values or ("prompt" in values and "workflow" in values):
        return True
    return any(text in ("NovelAI", "InvokeAI") for text in values.get("software", []))
