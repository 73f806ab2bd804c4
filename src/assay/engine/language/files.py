"""A pack's folder as texts. It reads files and nothing else, and never follows a link out of the folder."""

from __future__ import annotations

from pathlib import Path

from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.span import Span
from assay.engine.language.document.markdown import lines_of
from assay.engine.language.pack.read_pack import OPTIONAL, POLICIES, REQUIRED
from assay.engine.language.problems.writing import malformed_block, missing_file

LARGEST = 4_000_000


def read_folder(folder: Path) -> tuple[dict[str, str], list[Diagnostic]]:
    """The texts of a pack by name, and faults of files that cannot be read as text."""
    problems: list[Diagnostic] = []
    if not folder.is_dir():
        return {}, [missing_file.report("pack.yaml", Span(str(folder), 1, 1))]
    wanted = [folder / name for name in (*REQUIRED, *OPTIONAL)]
    wanted += sorted((folder / POLICIES).glob("*.md"))
    files: dict[str, str] = {}
    root = folder.resolve()
    for path in wanted:
        if not path.is_file():
            continue
        place = Span(str(path), 1, 1)
        if not path.resolve().is_relative_to(root):
            problems.append(malformed_block.report("this link leads out of the pack", place, "put the file here"))
            continue
        if path.stat().st_size > LARGEST:
            problems.append(malformed_block.report(f"this is larger than {LARGEST} bytes", place))
            continue
        try:
            # Line ends are one thing, so that a pack has one digest whatever editor saved it.
            text = path.read_bytes().decode("utf-8-sig")
            files[path.relative_to(folder).as_posix()] = "\n".join(lines_of(text))
        except UnicodeDecodeError as error:
            line = path.read_bytes()[: error.start].count(b"\n") + 1
            words = "this is not UTF-8"
            problems.append(malformed_block.report(words, Span(str(path), line, 1), "save the file as UTF-8"))
    return files, problems
