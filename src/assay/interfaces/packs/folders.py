"""Packs from folders, with their faults shown as the terminal shows them. It never loads an unsound pack."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from assay.engine.kernel.errors import Diagnostic, Refused
from assay.engine.kernel.span import Span
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.read_pack import OPTIONAL, POLICIES, REQUIRED
from assay.engine.language.problems.writing import malformed_block, missing_file
from assay.interfaces.packs.texts import LARGEST, Report, Texts, check_texts, text_of, too_large

STARTER = Path("packs") / "starter"


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
        if not path.resolve().is_relative_to(root):
            place = Span(str(path), 1, 1)
            problems.append(malformed_block.report("this link leads out of the pack", place, "put the file here"))
            continue
        if path.stat().st_size > LARGEST:
            problems.append(too_large(str(path)))
            continue
        text = text_of(path.read_bytes(), str(path))
        if isinstance(text, str):
            files[path.relative_to(folder).as_posix()] = text
        else:
            problems.append(text)
    return files, problems


def texts_of_folder(folder: Path) -> Texts:
    """The texts of the pack in a folder, with the places that the terminal shows."""
    files, problems = read_folder(folder)
    root = "" if str(folder) == "." else f"{folder.as_posix().rstrip('/')}/"
    return Texts(str(folder), root, files, tuple(problems))


def check_folder(folder: Path, *, examples: bool = True) -> Report:
    """Read and check the pack in a folder."""
    texts = texts_of_folder(folder)
    report = check_texts(texts, examples=examples)
    if folder.is_dir():
        return report
    # Of a folder that is not there nothing more can be said than that.
    shown = tuple(problem.render({}) for problem in texts.problems)
    return replace(report, problems=texts.problems, rendered=shown, summary="0 policies, 0 rules: 1 error")


def load_pack(folder: str | Path) -> Pack:
    """The pack in a folder.

    raises  Refused, with every error, where it is not sound
    """
    report = check_folder(Path(folder), examples=False)
    if not report.sound:
        raise Refused([problem for problem in report.problems if problem.severity == "error"])
    return report.checked.pack


def starter_folder(beside: Path) -> Path | None:
    """The starter pack: beside a folder, else as it was installed, else in the source tree, else None."""
    package = Path(__file__).resolve().parents[2]
    places = (beside / STARTER, package / STARTER, package.parent.parent / STARTER)
    return next((place for place in places if (place / "pack.yaml").is_file()), None)
