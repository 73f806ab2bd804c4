"""The texts of a pack, wherever they come from, and their check as people see it. It opens no file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.span import Span
from assay.engine.language.checker import Checked, check_pack
from assay.engine.language.document.markdown import lines_of
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.read_pack import OPTIONAL, POLICIES, REQUIRED
from assay.engine.language.problems.writing import malformed_block

LARGEST = 4_000_000


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of a pack.

    title     how a person would cite where they come from: a folder, a revision, a bundle
    root      put before names in places, such as `packs/starter/`
    files     texts by name relative to the pack
    problems  faults of files that cannot be read as text
    """

    title: str
    root: str
    files: Mapping[str, str]
    problems: tuple[Diagnostic, ...] = ()

    @property
    def by_path(self) -> Mapping[str, str]:
        """The texts by the paths that places name."""
        return {f"{self.root}{name}": text for name, text in self.files.items()}


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


def check_texts(texts: Texts, *, examples: bool = True) -> Report:
    """Check the pack that some texts are."""
    checked = check_pack(texts.files, texts.root, examples=examples)
    problems = (*texts.problems, *checked.problems)
    rendered = tuple(problem.render(texts.by_path) for problem in problems)
    return Report(checked, problems, rendered, _summary(checked.pack, problems))


def is_part(name: str) -> bool:
    """Whether a pack has a file of this name; whatever else lies in its folder is none of it."""
    return name in (*REQUIRED, *OPTIONAL) or (
        name.startswith(POLICIES) and name.endswith(".md") and "/" not in name.removeprefix(POLICIES)
    )


def text_of(content: bytes, path: str) -> str | Diagnostic:
    """The text in a file, with line ends of one kind, so that a pack has one digest whatever editor saved it."""
    if len(content) > LARGEST:
        return too_large(path)
    try:
        return "\n".join(lines_of(content.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return malformed_block.report("this is not UTF-8", Span(path, line, 1), "save the file as UTF-8")


def too_large(path: str) -> Diagnostic:
    """What is said of a file that no pack needs so large."""
    return malformed_block.report(f"this is larger than {LARGEST} bytes", Span(path, 1, 1))


def _summary(pack: Pack, problems: tuple[Diagnostic, ...]) -> str:
    errors = sum(problem.severity == "error" for problem in problems)
    counts = f"{_count(len(pack.policies), 'policy', 'policies')}, {_count(len(pack.rules), 'rule', 'rules')}"
    found = f"{_count(errors, 'error', 'errors')}"
    warnings = len(problems) - errors
    return f"{counts}: {found}" + (f", {_count(warnings, 'warning', 'warnings')}" if warnings else "")


def _count(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"
