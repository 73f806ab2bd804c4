"""Packs written into a git repository, one commit for each release. It runs no hook and speaks to no other machine.

What people have checked out is left alone unless it is the very branch, and clean. A commit is made beside the working
tree and put in place by one move of the branch: a kill leaves the old branch or the new one.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath

from assay.engine.kernel.errors import Fault
from assay.interfaces.packs.texts import is_part

RELEASE = "Assay-Release"
_PATIENCE_SECONDS = 60
_BRANCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,100}\Z")
_NONE = "0" * 40
# Whatever a repository or a person has set to be run is not run.
_SETTINGS = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "log.showSignature=false",
)
_AUTHOR = ("Assay", "assay@localhost")


@dataclass(frozen=True, slots=True)
class Commit:
    """One release as git is to keep it.

    number    of the release; it is written once
    trailers  lines at the end of the message, by name
    author    a name, where the house wants names of people in its repository; empty is the program's own
    """

    number: int
    files: Mapping[str, str]
    subject: str
    at: datetime
    trailers: Mapping[str, str] = field(default_factory=dict)
    author: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: numbers of releases, and the commit at which the branch stands now."""

    releases: tuple[int, ...]
    head: str


class Repository:
    """A repository on this machine, and the branch and folder in it where the pack stands."""

    def __init__(self, folder: Path, branch: str = "main", below: str = "") -> None:
        self._folder, self._branch = folder, branch
        self._below = PurePosixPath(below).as_posix() if below.strip("/.") else ""

    def write(self, commits: Sequence[Commit]) -> Written | Fault:
        """Commit what is not there yet, in order, each with its tag."""
        fault = self._why_not()
        if fault is not None:
            return fault
        try:
            return self._write(commits)
        except _GitFailed as failed:
            return failed.fault

    def _write(self, commits: Sequence[Commit]) -> Written:
        self._begin()
        old = self._head()
        known, head = self._known(old), old
        wanted = [commit for commit in commits if commit.number not in known]
        checked_out = self._checked_out()
        if wanted and checked_out and self._git("status", "--porcelain", "--untracked-files=no"):
            words = (
                f"`{self._branch}` is checked out in `{self._folder}` with changes; commit them, or name another branch"
            )
            raise _GitFailed(Fault("not-clean", words))
        tags = []
        for commit in wanted:
            head = self._commit(commit, head)
            tags.append((commit.number, head))
        if head != old:
            self._git("update-ref", "-m", "assay policies export", f"refs/heads/{self._branch}", head, old or _NONE)
        for number, made in tags:
            self._git("update-ref", f"refs/tags/assay/release-{number}", made)
        if head != old and checked_out:
            self._git("read-tree", "-m", "-u", *([old] if old else []), head)
        return Written(tuple(number for number, _ in tags), head)

    def _why_not(self) -> Fault | None:
        if shutil.which("git") is None:
            return Fault("no-git", "git is not installed; install it, or export into a plain folder")
        bad = ".." in self._branch or self._branch.endswith((".lock", "/", ".")) or "//" in self._branch
        if bad or not _BRANCH.match(self._branch):
            return Fault("bad-name", f"`{self._branch[:60]}` cannot name a branch")
        if any(part in ("..", ".git") for part in PurePosixPath(self._below).parts) or self._below.startswith("/"):
            return Fault("bad-name", f"`{self._below[:60]}` is no folder inside the repository")
        return None

    def _begin(self) -> None:
        """A new repository, where there is nothing yet."""
        if self._folder.is_dir() and any(self._folder.iterdir()):
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        self._git("init", "--quiet", f"--initial-branch={self._branch}", "--template=")

    def _head(self) -> str:
        """The commit at which the branch stands; empty where there is none."""
        try:
            return self._git("rev-parse", "--verify", "--quiet", f"refs/heads/{self._branch}^{{commit}}")
        except _GitFailed as failed:
            if failed.silent:
                return ""
            raise

    def _known(self, head: str) -> frozenset[int]:
        """Numbers of the releases that the branch has."""
        if not head:
            return frozenset()
        said = self._git("log", f"--format=%(trailers:key={RELEASE},valueonly)", head)
        return frozenset(int(line) for line in said.split() if line.isascii() and line.isdigit())

    def _checked_out(self) -> bool:
        if self._git("rev-parse", "--is-bare-repository") == "true":
            return False
        try:
            return self._git("symbolic-ref", "--quiet", "HEAD") == f"refs/heads/{self._branch}"
        except _GitFailed:
            return False

    def _commit(self, commit: Commit, parent: str) -> str:
        with tempfile.TemporaryDirectory(prefix="assay-git-") as folder:
            index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            self._git("read-tree", *([parent] if parent else ["--empty"]), more=index)
            listed = self._git("ls-files", "-z", more=index) if parent else ""
            lines = [f"0 {_NONE}\t{name}" for name in listed.split("\0") if self._is_ours(name)]
            for name, text in sorted(commit.files.items()):
                made = self._git("hash-object", "-w", "--stdin", "--no-filters", given=text.encode("utf-8"))
                lines.append(f"100644 {made}\t{self._below}/{name}" if self._below else f"100644 {made}\t{name}")
            self._git("update-index", "-z", "--index-info", given="\0".join([*lines, ""]).encode(), more=index)
            tree = self._git("write-tree", more=index)
        message = _message(commit).encode("utf-8")
        parents = ["-p", parent] if parent else []
        return self._git("commit-tree", tree, *parents, given=message, more=_signature(commit))

    def _is_ours(self, name: str) -> bool:
        """Whether a file of the repository is one of the pack."""
        if not self._below:
            return is_part(name)
        return name.startswith(f"{self._below}/") and is_part(name.removeprefix(f"{self._below}/"))

    def _git(self, *words: str, given: bytes = b"", more: Mapping[str, str] | None = None) -> str:
        """What git prints; it asks nobody and waits for no lock."""
        settings = [part for each in _SETTINGS for part in ("-c", each)]
        quiet = {"GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C", **(more or {})}
        # Where it writes is said by the folder alone, not by what a hook or a shell left in the environment.
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        command = ["git", *settings, "-C", str(self._folder), *words]
        try:
            run = subprocess.run(  # noqa: S603 (no shell, and every word is ours, a number or checked by its form)
                command, input=given, capture_output=True, check=False, timeout=_PATIENCE_SECONDS, env={**kept, **quiet}
            )
        except (OSError, ValueError) as error:
            raise _GitFailed(Fault("git-failed", f"git could not be run: {error}")) from None
        except subprocess.TimeoutExpired:
            raise _GitFailed(Fault("git-failed", f"git gave no answer within {_PATIENCE_SECONDS} seconds")) from None
        if run.returncode == 0:
            return run.stdout.decode("utf-8", errors="surrogateescape").strip("\n")
        said = run.stderr.decode("utf-8", errors="replace").strip()
        if "not a git repository" in said:
            raise _GitFailed(Fault("no-repository", f"`{self._folder}` is no git repository, and it is not empty"))
        raise _GitFailed(Fault("git-failed", f"git says: {said}" if said else "git failed"), silent=not said)


class _GitFailed(Exception):
    """Git did not do it; carries why, and whether it said nothing at all."""

    def __init__(self, fault: Fault, *, silent: bool = False) -> None:
        self.fault, self.silent = fault, silent
        super().__init__(fault.slug)


def _message(commit: Commit) -> str:
    trailers = {RELEASE: str(commit.number), **commit.trailers}
    lines = [f"{name}: {_one_line(value)}" for name, value in trailers.items()]
    return "\n".join([_one_line(commit.subject), "", *lines, ""])


def _signature(commit: Commit) -> Mapping[str, str]:
    when = commit.at.strftime("%Y-%m-%dT%H:%M:%S%z")
    name, address = _AUTHOR
    # What git puts around a name may not stand in one.
    author = "".join(sign for sign in _one_line(commit.author) if sign not in "<>") or name
    return {
        "GIT_AUTHOR_NAME": author,
        "GIT_AUTHOR_EMAIL": address,
        "GIT_AUTHOR_DATE": when,
        "GIT_COMMITTER_NAME": name,
        "GIT_COMMITTER_EMAIL": address,
        "GIT_COMMITTER_DATE": when,
    }


def _one_line(words: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in words).split())[:200]
