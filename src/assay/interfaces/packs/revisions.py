"""Packs as they stood at a git revision, read by the `git` command. It changes nothing in any repository."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from assay.engine.kernel.errors import Diagnostic, Fault
from assay.engine.kernel.span import Span
from assay.engine.language.problems.writing import malformed_block
from assay.interfaces.packs.texts import LARGEST, Texts, is_part, text_of, too_large

_PATIENCE_SECONDS = 60
_LINK = "120000"
_SILENT = "git failed and does not say why"
_NO_GIT = Fault("no-git", "git is not installed, and revisions can only be read by it; name a folder or a bundle")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file of a tree: how git keeps it, its object, its name below the pack, its size in bytes."""

    mode: str
    identity: str
    name: str
    size: int


def read_revision(revision: str, path: Path) -> Texts | Fault:
    """The texts of the pack that stood at a path of the working tree at a revision.

    revision  what git takes for one: `main`, `HEAD~2`, `v1.4.0`, a commit
    path      where the pack stands now, or stood, on this machine
    """
    place = _nearest_folder(path)
    top = _git(place, "rev-parse", "--show-toplevel")
    if isinstance(top, Fault):
        return top
    root = Path(os.fsdecode(top.rstrip(b"\n"))).resolve()
    absolute = path.resolve()
    if not absolute.is_relative_to(root):
        return Fault("no-repository", f"`{path}` does not stand in the git repository at `{root}`")
    below = absolute.relative_to(root).as_posix()
    return _texts(place, revision, "" if below == "." else below)


def read_object(named: str, place: Path) -> Texts | Fault:
    """The texts of the pack at `REVISION:PATH`, the path from the top of the repository that a folder stands in."""
    revision, _, below = named.partition(":")
    return _texts(_nearest_folder(place), revision, below.strip("/"))


def _texts(place: Path, revision: str, below: str) -> Texts | Fault:
    commit = _git(place, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if isinstance(commit, Fault):
        # Git says nothing at all of a revision that it does not know; whatever it does say is more telling.
        if commit.words != _SILENT:
            return commit
        return Fault("no-revision", f"git knows no revision `{revision}`; is it spelt right, and fetched?")
    title = f"{revision}:{below}" if below else revision
    tree = _git(place, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{_word(commit)}:{below}")
    listed = _git(place, "ls-tree", "-r", "-l", "-z", "--full-tree", _word(tree)) if isinstance(tree, bytes) else tree
    if isinstance(listed, Fault):
        return Fault("no-pack", f"there is no folder `{below or '.'}` at revision `{revision}`")
    found = [entry for entry in map(_entry, listed.split(b"\0")) if entry is not None and is_part(entry.name)]
    if not any(entry.name == "pack.yaml" for entry in found):
        return Fault("no-pack", f"there is no pack in `{below or '.'}` at revision `{revision}`: it has no `pack.yaml`")
    return _read(place, title, found)


def _read(place: Path, title: str, entries: list[_Entry]) -> Texts | Fault:
    root = f"{title}/" if ":" in title else f"{title}:"
    files: dict[str, str] = {}
    problems: list[Diagnostic] = []
    for entry in entries:
        path = f"{root}{entry.name}"
        if entry.mode == _LINK:
            words = "this is a link, which is not followed in a revision"
            problems.append(malformed_block.report(words, Span(path, 1, 1), "put the file here"))
            continue
        if entry.size > LARGEST:
            problems.append(too_large(path))
            continue
        content = _git(place, "cat-file", "blob", entry.identity)
        if isinstance(content, Fault):
            return content
        text = text_of(content, path)
        if isinstance(text, str):
            files[entry.name] = text
        else:
            problems.append(text)
    return Texts(title, root, files, tuple(problems))


def _entry(line: bytes) -> _Entry | None:
    """One line of `git ls-tree -l -z`: mode, type, object and size, then a tab and the name."""
    head, tab, name = line.partition(b"\t")
    words = head.split()
    if not tab or len(words) != 4 or words[1] != b"blob":
        return None
    return _Entry(_word(words[0]), _word(words[2]), os.fsdecode(name), int(words[3]))


def _word(output: bytes) -> str:
    return output.decode("ascii", errors="replace").strip()


def _nearest_folder(path: Path) -> Path:
    """The folder at a path, or the nearest above it that is there: a pack may have been removed since."""
    absolute = path.resolve()
    return next(folder for folder in (absolute, *absolute.parents) if folder.is_dir())


def _git(place: Path, *words: str) -> bytes | Fault:
    """What git prints, or why it prints nothing; it asks nobody, waits for no lock and fetches nothing."""
    program = shutil.which("git")
    if program is None:
        return _NO_GIT
    quiet = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
    command = [program, "-C", str(place), *words]
    try:
        # No shell, and what a person typed stands behind `--end-of-options` or is an object that git named.
        run = subprocess.run(  # noqa: S603
            command, capture_output=True, check=False, timeout=_PATIENCE_SECONDS, env={**os.environ, **quiet}
        )
    except (OSError, ValueError) as error:
        return Fault("git-failed", f"git could not be run: {error}")
    except subprocess.TimeoutExpired:
        return Fault("git-failed", f"git gave no answer within {_PATIENCE_SECONDS} seconds")
    if run.returncode == 0:
        return run.stdout
    said = run.stderr.decode("utf-8", errors="replace").strip()
    if "not a git repository" in said:
        return Fault("no-repository", f"`{place}` stands in no git repository, so it has no revisions")
    return Fault("git-failed", f"git says: {said}" if said else _SILENT)
