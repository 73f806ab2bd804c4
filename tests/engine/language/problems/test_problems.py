"""Every problem has a damaged pack that shows it, and the faults shown there are the ones written down and read."""

from __future__ import annotations

import importlib
import itertools
import pkgutil
import re
from pathlib import Path

import pytest

from assay.engine.language import problems
from assay.engine.language.checker import check_pack
from assay.interfaces.packs import read_folder
from tests.conftest import GOLDEN, ROOT, Golden

HERE = Path(__file__).parent
# What a damaged pack may also be told, because a rule lost its words or an example its rule.
BYSTANDERS = {"missing-example", "unused-signal", "unused-exception", "unknown-rule", "missing-key", "unknown-market"}


def modules() -> dict[str, str]:
    """The modules of all problems by their slugs."""
    found = {}
    for info in pkgutil.walk_packages(problems.__path__, f"{problems.__name__}."):
        if not info.ispkg:
            found[importlib.import_module(info.name).SLUG] = info.name
    return found


SLUGS = sorted(modules())


def sound() -> dict[str, str]:
    files, faults = read_folder(HERE / "sound")
    assert not faults
    return files


def damaged(slug: str) -> dict[str, str]:
    """The sound pack with the changes of a fixture: lines after `-` give way to the lines after `+` below them."""
    files = sound()
    text = (HERE / f"{slug.replace('-', '_')}.diff").read_text(encoding="utf-8")
    for part in text.split("@@ ")[1:]:
        head, _, body = part.partition("\n")
        name, _, removed = head.partition(" ")
        if removed:
            del files[name]
            continue
        for old, new in re.findall(r"((?:^-.*\n)*)((?:^\+.*\n)*)", body, flags=re.MULTILINE):
            files[name] = changed(files[name], without_signs(old), without_signs(new))
    return files


def without_signs(lines: str) -> str:
    return "".join(f"{line[1:]}\n" for line in lines.splitlines())


def changed(text: str, old: str, new: str) -> str:
    if not old:
        return text + (f"\n{new}" if new else "")
    assert old in text, f"the sound pack does not hold:\n{old}"
    return text.replace(old, new, 1)


def test_the_sound_pack_is_sound() -> None:
    assert check_pack(sound()).problems == ()


@pytest.mark.parametrize("slug", SLUGS)
def test_a_problem_is_shown_as_it_was_read(slug: str, golden: Golden) -> None:
    files = damaged(slug)
    checked = check_pack(files)
    shown = [problem.render(files) for problem in checked.problems if problem.slug == slug]
    assert shown
    assert {problem.slug for problem in checked.problems} - {slug} <= BYSTANDERS
    golden(f"problems/{slug.replace('-', '_')}.txt", "\n".join(shown) + "\n")


@pytest.mark.parametrize("slug", SLUGS)
def test_a_problem_has_a_page_that_shows_it_and_its_cure(slug: str) -> None:
    text = (ROOT / "docs" / "language" / "problems" / f"{slug}.md").read_text(encoding="utf-8")
    assert text.startswith(f"# {slug}\n")
    assert len(text.splitlines()) <= 40
    assert text.count("```") >= 4


def test_the_index_of_pages_names_every_problem() -> None:
    text = (ROOT / "docs" / "language" / "problems" / "index.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"\[([a-z-]+)\]\(\1\.md\)", text)) == SLUGS


def goldens() -> list[Path]:
    return sorted((GOLDEN / "problems").glob("*.txt"))


def faults_in(path: Path) -> list[tuple[str, str]]:
    """The words and the hint of every fault in a golden text."""
    lines = path.read_text(encoding="utf-8").splitlines()
    found = []
    for place, line in enumerate(lines):
        head = re.match(r"\S+:\d+:\d+: [a-z-]+: (.*)", line)
        if head:
            # The hint follows the caret, or stands alone where there is no line to show.
            below = itertools.takewhile(lambda row: row.startswith("  "), lines[place + 1 :])
            hints = [match[1] for row in below if (match := re.match(r" {6}\| *\^* ?(.*)", row))]
            found.append((head[1], "".join(hints)))
    return found


PYTHON_WORDS = re.compile(
    r"\b(?:None|True|False|str|int|float|bool|dict|tuple|frozenset|NoneType|Literal|Scalar|Mapping|Node|Exception|Error)\b"
)


@pytest.mark.parametrize("path", goldens(), ids=lambda path: path.stem)
def test_words_and_hints_are_written_in_one_manner(path: Path) -> None:
    faults = faults_in(path)
    assert faults
    for sentence in (sentence for fault in faults for sentence in fault if sentence):
        outside = re.sub(r"`[^`]*`|“[^”]*”", "``", sentence)
        assert not sentence.endswith((".", "!", ":")), sentence
        assert outside[0] == "`" or outside[0].islower() or outside.startswith("ISO"), sentence
        assert not PYTHON_WORDS.search(outside), sentence
        assert outside.count("`") % 2 == 0, sentence


@pytest.mark.parametrize("path", goldens(), ids=lambda path: path.stem)
def test_most_faults_name_the_next_step(path: Path) -> None:
    hints = [hint for _, hint in faults_in(path)]
    assert any(hints)


def test_all_faults_of_a_pack_are_told_at_once() -> None:
    files = sound()
    for slug in (
        "unknown-signal",
        "bad-date",
        "unknown-obligation",
        "incompatible-measures",
        "unknown-asserter",
        "syntax",
    ):
        for name, text in damaged(slug).items():
            files[name] = text if files[name] == sound()[name] else files[name]
    files["policies/broken.md"] = "no front matter\n\n```yaml rule\nid: [\n```\n\n```yaml rul\n```\n"
    checked = check_pack(files)
    found = {problem.slug for problem in checked.problems}
    assert {"malformed-front-matter", "malformed-block", "unknown-signal", "unknown-asserter", "bad-date"} <= found
    assert len(checked.errors) >= 8
    assert list(checked.problems) == sorted(checked.problems, key=lambda problem: (problem.span, problem.slug))


def test_one_fault_is_told_once() -> None:
    for slug in SLUGS:
        faults = check_pack(damaged(slug)).problems
        assert len({(p.slug, p.span, p.words) for p in faults}) == len(faults)
