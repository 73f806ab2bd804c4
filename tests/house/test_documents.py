"""The documents about the project keep their form, and what they point at exists."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.markdown import anchor, broken_links, headings, sections
from tests.house.source import ROOT, project_files, shown

ADR_SECTIONS = ["Question", "Decision", "Why", "Price", "What we turned down", "Undo when"]
ADR_LINES = 60
CHANGE_NAME = re.compile(r"\d+\.(verdict|added|changed|fixed|removed|security)\.md")
ARCHITECTURE_LINES = 150
TARGETS = ("demo", "test", "quick", "check", "fmt", "bench", "docs", "lock")


def decisions() -> list[Path]:
    return sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(path.name[:4]) for path in decisions()] == list(range(1, len(decisions()) + 1))


@pytest.mark.parametrize("path", decisions(), ids=lambda path: path.stem)
def test_a_decision_has_its_sections_and_fits_a_page(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    titles = headings(text)
    assert titles[0][0] == 1
    assert titles[0][1].startswith(path.name[:4] + " ")
    assert [words for level, words in titles if level == 2] == ADR_SECTIONS
    assert all(body.strip() for body in sections(text).values())
    assert len(text.splitlines()) <= ADR_LINES


def test_change_notes_are_named_by_issue_and_kind_and_are_sentences() -> None:
    notes = [path for path in (ROOT / "changes").iterdir() if path.name != "README.md"]
    assert not [path.name for path in notes if not CHANGE_NAME.fullmatch(path.name)]
    assert not [path.name for path in notes if not path.read_text(encoding="utf-8").rstrip().endswith(".")]


def test_the_map_is_short_and_every_path_on_it_exists() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= ARCHITECTURE_LINES
    paths = paths_named(text)
    assert len(paths) >= 20
    assert not [path for path in paths if not (ROOT / path).exists()]


def paths_named(text: str) -> list[str]:
    """What stands in backticks and looks like a path of the project: it has a slash, or ends as a file does."""
    words = re.findall(r"`([^`\s]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    return [
        word
        for word in words
        if re.fullmatch(r"[\w.-]+(/[\w.-]+)*/?", word) and re.search(r"/|\.(py|md|toml|lock)$", word)
    ]


def test_a_path_is_told_from_other_words_in_backticks() -> None:
    assert paths_named("`src/assay/` and `STYLE.md`, not `assay.decide`, `a/b c` or `likeness/*`") == [
        "src/assay/",
        "STYLE.md",
    ]


def pages() -> list[Path]:
    return [path for path in project_files() if path.suffix == ".md" and not path.is_relative_to(ROOT / "packs")]


def test_every_link_of_every_page_leads_somewhere() -> None:
    broken = {shown(page): found for page in pages() if (found := broken_links(page))}
    assert not broken


def test_a_broken_link_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# One thing\n\n[a](page.md#one-thing) [b](gone.md) [c](#two) [d](https://example.org)\n", encoding="utf-8"
    )
    assert broken_links(page) == ["gone.md", "#two"]
    assert anchor("`assay check`: what it says") == "assay-check-what-it-says"


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    shutil.copy(ROOT / "zensical.toml", tmp_path)
    command = [str(Path(sys.executable).with_name("zensical")), "build", "--clean", "--strict"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, re.sub(r"\x1b\[[0-9;]*m", "", run.stdout + run.stderr)
    page = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert not re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="https?:', page), "a page fetches something"


def test_the_readme_opens_with_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert text.index("make demo") < text.index("make test") < 700


def test_the_policy_in_the_readme_is_the_starter_packs() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"^````markdown\n(.*?)^````", readme, flags=re.MULTILINE | re.DOTALL)
    policy = (ROOT / "packs" / "starter" / "policies" / "likeness.md").read_text(encoding="utf-8")
    assert not [part for part in re.split(r"\n\n+", shown) if unwrapped(part) not in unwrapped(policy)]


def unwrapped(text: str) -> str:
    return " ".join(re.sub(r"^> ?", "", text, flags=re.MULTILINE).split())


def test_the_makefile_has_every_target_and_says_what_each_does() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert not [target for target in TARGETS if not re.search(rf"^{target}:.* ## \w", text, flags=re.MULTILINE)]


# What is asked of every page of the workbench, or of the site as a whole, mirrors no folder of code.
OF_THE_WHOLE_SITE = {f"interfaces/web/{what}" for what in ("browser", "migrations", "security")}


def test_tests_stand_where_the_code_stands() -> None:
    folders = {path.parent for path in project_files() if path.name.startswith("test_") and path.suffix == ".py"}
    floors = ("engine", "detection", "governance", "interfaces")
    mirrored = [folder.relative_to(ROOT / "tests") for folder in folders]
    source = ROOT / "src" / "assay"
    lost = [f for f in mirrored if f.parts[:1] and f.parts[0] in floors and not exists_in(source, f)]
    assert not {folder.as_posix() for folder in lost} - OF_THE_WHOLE_SITE


def exists_in(source: Path, folder: Path) -> bool:
    return (source / folder).is_dir() or (source / folder).with_suffix(".py").is_file()
