"""Runs a tool over the files, in a process of its own. What a tool does once for all files is not timed.

python -m benchmarks.evidencing.runs TOOL < the files, the trust lists and the number of rounds, as JSON
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import process_time

from benchmarks.evidencing.answer import Answer, NotHere, Tool
from benchmarks.evidencing.sample import Labelled

ROOT = Path(__file__).resolve().parent.parent.parent
# A file that takes longer than this ends the process, and the tool begins again with the next file.
SECONDS = 20
MOST_CRASHES = 25
# How each tool is named here, its module, and the package it needs.
TOOLS: dict[str, tuple[str, str]] = {
    "assay": ("ours", "assay"),
    "assay-credentials": ("ours", "assay"),
    "c2pa-python": ("c2pa_python", "c2pa"),
    "c2pa-python-lists": ("c2pa_python", "c2pa"),
    "encypher-c2pa": ("encypher_c2pa", "encypher_c2pa"),
    "bonafide": ("bonafide", "bonafide"),
    "remove-ai-watermarks": ("remove_ai_watermarks", "remove_ai_watermarks"),
    "exiftool": ("exiftool", ""),
    "authentica": ("authentica", "authentica"),
}


@dataclass(frozen=True, slots=True)
class Run:
    """What one tool came to.

    answers  by path
    cpu_s    for each of the classes `signed`, `bare` and `all`: files, and the CPU seconds of the median round
    """

    name: str
    how: str
    answers: dict[str, Answer]
    cpu_s: dict[str, tuple[int, float]]

    def per_second(self, which: str) -> float:
        """Files of a class in a second of CPU time."""
        files, seconds = self.cpu_s[which]
        return files / seconds if seconds else 0.0


def run_apart(tool: str, files: Sequence[Labelled], trust: Path | None, rounds: int) -> Run | str:
    """Ask a tool about all files; what is missing, in words, where it cannot be run here."""
    _, package = TOOLS[tool]
    if package and find_spec(package) is None:
        return "not installed"
    answers: dict[str, Answer] = {}
    crashed: set[str] = set()
    for _ in range(MOST_CRASHES):
        left = [file for file in files if file.path not in crashed]
        given = {"files": [asdict(file) for file in left], "trust": str(trust) if trust else None, "rounds": rounds}
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.evidencing.runs", tool],
            cwd=ROOT, input=json.dumps(given), capture_output=True, text=True, check=False,
        )  # fmt: skip
        said = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        missing = next((each["missing"] for each in said if "missing" in each), None)
        if missing is not None:
            return str(missing)
        answers |= {each["path"]: Answer(**each["answer"]) for each in said if "answer" in each}
        last = next((each for each in said if "cpu_s" in each), None)
        if last is not None:
            cpu = {which: (count, seconds) for which, (count, seconds) in last["cpu_s"].items()}
            return Run(last["name"], last["how"], answers, cpu)
        begun = [each["begun"] for each in said if "begun" in each]
        if not begun:
            return f"it failed: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else done.returncode}"
        crashed.add(begun[-1])
        answers[begun[-1]] = Answer(error=f"the process ended with {done.returncode}")
    return f"it crashed on {MOST_CRASHES} files"


# ---------------------------------------------------------- in the process of a tool


def _built(tool: str, trust: Path | None) -> Tool:
    module, _ = TOOLS[tool]
    adapter = import_module(f"benchmarks.evidencing.tools.{module}")
    build = adapter.build_credentials if tool == "assay-credentials" else adapter.build
    # As it comes, the library knows no lists; the second line gives it the same as everybody's.
    built: Tool = build(None if tool == "c2pa-python" else trust)
    return built


def _asked(tool: Tool, path: str) -> Answer:
    try:
        return tool.read(tool.ask(path))
    except Exception as error:  # noqa: BLE001
        # The outer edge: another program may raise anything, and that is what is counted.
        return Answer(error=f"{type(error).__name__}: {error}"[:200])


def _tell(**said: object) -> None:
    print(json.dumps(said), flush=True)


def _measured(tool: Tool, paths: Sequence[str], rounds: int) -> float:
    taken = []
    for _ in range(rounds):
        start = process_time() + tool.children_cpu()
        for path in paths:
            signal.alarm(SECONDS)
            try:
                tool.ask(path)
            except Exception:  # noqa: BLE001
                # Counted as an error when the answers were taken.
                continue
        taken.append(process_time() + tool.children_cpu() - start)
    signal.alarm(0)
    return median(taken)


def main(name: str) -> None:
    """Answers first, which also warms everything up; then the clock, class by class."""
    given = json.load(sys.stdin)
    files = [Labelled(**each) for each in given["files"]]
    try:
        tool = _built(name, Path(given["trust"]) if given["trust"] else None)
    except NotHere as missing:
        _tell(missing=str(missing))
        return
    for file in files:
        _tell(begun=file.path)
        signal.alarm(SECONDS)
        answer = _asked(tool, file.path)
        signal.alarm(0)
        _tell(path=file.path, answer=asdict(answer))
    classes = {
        "signed": [file.path for file in files if file.signed],
        "bare": [file.path for file in files if file.bare],
        "all": [file.path for file in files],
    }
    cpu = {which: (len(paths), _measured(tool, paths, given["rounds"])) for which, paths in classes.items()}
    _tell(name=tool.name, how=tool.how, cpu_s=cpu)
    tool.close()


if __name__ == "__main__":
    main(sys.argv[1])
