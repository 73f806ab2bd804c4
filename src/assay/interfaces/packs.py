"""Packs from folders, with their faults shown as the terminal shows them. It never loads an unsound pack."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assay.engine.kernel.errors import Diagnostic, Refused
from assay.engine.kernel.span import Span
from assay.engine.language.checker import Checked, check_pack
from assay.engine.language.document.markdown import lines_of
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.read_pack import OPTIONAL, POLICIES, REQUIRED
from assay.engine.language.problems.writing import malformed_block, missing_file

STARTER = Path("packs") / "starter"
LARGEST = 4_000_000


@dataclass(frozen=True, slots=True)
class Report:
    """A pack's check as people see it: every fault rendered, and one line that sums up."""

    checked: Checked
    problems: tuple[Diagnostic, ...]
    rendered: tuple[str, ...]
    summary: str

    @property
    def sound(self) -> bool:
        """Whether nothing keeps the pack from deciding."""
        return not any(problem.severity == "error" for problem in self.problems)


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


def check_folder(folder: Path, *, examples: bool = True) -> Report:
    """Read and check the pack in a folder."""
    files, unreadable = read_folder(folder)
    root = "" if str(folder) == "." else f"{folder.as_posix().rstrip('/')}/"
    checked = check_pack(files, root, examples=examples)
    # Of a folder that is not there nothing more can be said than that.
    problems = (*unreadable, *checked.problems) if folder.is_dir() else tuple(unreadable)
    texts = {f"{root}{name}": text for name, text in files.items()}
    rendered = tuple(problem.render(texts) for problem in problems)
    return Report(checked, problems, rendered, _summary(checked.pack, problems))


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
    package = Path(__file__).resolve().parent.parent
    places = (beside / STARTER, package / STARTER, package.parent.parent / STARTER)
    return next((place for place in places if (place / "pack.yaml").is_file()), None)


def _summary(pack: Pack, problems: tuple[Diagnostic, ...]) -> str:
    errors = sum(problem.severity == "error" for problem in problems)
    counts = f"{_count(len(pack.policies), 'policy', 'policies')}, {_count(len(pack.rules), 'rule', 'rules')}"
    found = f"{_count(errors, 'error', 'errors')}"
    warnings = len(problems) - errors
    return f"{counts}: {found}" + (f", {_count(warnings, 'warning', 'warnings')}" if warnings else "")


def _count(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"
