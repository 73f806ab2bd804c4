"""One problem, one module, one page, one golden text, one fixture, all of the same name; one finding, one page."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from assay.engine.analysis.proof.finding import WEIGHTS, Kind, Weight
from tests.house.markdown import links
from tests.house.source import ROOT, SOURCE, modules, shown, tree

PROBLEMS = SOURCE / "engine" / "language" / "problems"
PAGES = ROOT / "docs" / "language" / "problems"
GOLDEN = ROOT / "tests" / "golden" / "problems"
FINDINGS = ROOT / "docs" / "language" / "findings"
FINDINGS_INDEX = (FINDINGS / "index.md").read_text(encoding="utf-8")
FOUND = {kind.value for kind in Kind}


def slug_in(path: Path) -> str | None:
    for node in tree(path).body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "SLUG" for t in node.targets):
            return str(ast.literal_eval(node.value))
    return None


def problem_modules() -> list[Path]:
    return [path for path in modules(PROBLEMS) if path.name != "__init__.py"]


def slugs() -> set[str]:
    return {path.stem.replace("_", "-") for path in problem_modules()}


def test_there_are_problems() -> None:
    assert len(slugs()) >= 20


def test_every_problem_is_named_like_its_module() -> None:
    wrong = {shown(path): slug_in(path) for path in problem_modules() if slug_in(path) != path.stem.replace("_", "-")}
    assert not wrong


def test_no_two_problems_share_a_name() -> None:
    assert len(slugs()) == len(problem_modules())


def test_every_problem_has_its_page_and_every_page_its_problem() -> None:
    pages = {path.stem for path in PAGES.glob("*.md")} - {"index"}
    assert pages == slugs()


def test_the_index_links_every_page() -> None:
    linked = {link.removesuffix(".md") for link in links((PAGES / "index.md").read_text(encoding="utf-8"))}
    assert linked == slugs()


def test_every_page_opens_with_its_name_and_shows_a_mended_text() -> None:
    wrong = [
        shown(path)
        for path in PAGES.glob("*.md")
        if path.stem != "index" and not is_whole(path.read_text(encoding="utf-8"), path.stem)
    ]
    assert not wrong


def is_whole(text: str, slug: str) -> bool:
    return text.startswith(f"# {slug}\n") and text.count("```") >= 2


def test_every_problem_has_its_golden_text_and_every_text_its_problem() -> None:
    assert {path.stem.replace("_", "-") for path in GOLDEN.glob("*.txt")} == slugs()


def test_every_golden_text_shows_its_own_problem() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in GOLDEN.glob("*.txt")}
    assert not [shown(path) for path, text in texts.items() if f" {path.stem.replace('_', '-')}: " not in text]


def test_every_problem_has_a_fixture_of_its_name() -> None:
    files = [path for path in (ROOT / "tests" / "engine" / "language").rglob("*") if path.is_file()]
    named = {path.name.split(".")[0].removeprefix("test_").replace("_", "-") for path in files}
    quoted = {word for path in files if path.suffix == ".py" for word in words_quoted_in(path)}
    assert not slugs() - named - quoted


def words_quoted_in(path: Path) -> set[str]:
    nodes = (node for node in ast.walk(tree(path)) if isinstance(node, ast.Constant))
    return {node.value.replace("_", "-") for node in nodes if isinstance(node.value, str)}


# ------------------------------------------------------------ what a proof finds


def test_every_finding_has_its_page_and_every_page_its_finding() -> None:
    assert {path.stem for path in FINDINGS.glob("*.md")} - {"index"} == FOUND


def test_the_findings_index_links_every_page() -> None:
    assert {link.removesuffix(".md") for link in links(FINDINGS_INDEX) if "/" not in link} == FOUND


def test_the_findings_index_says_how_much_each_matters() -> None:
    rows = dict(re.findall(r"^\| \[([a-z-]+)\]\([a-z-]+\.md\) \| ([^|]+) \|", FINDINGS_INDEX, flags=re.MULTILINE))
    weights = {kind.value: WEIGHTS.get(kind, Weight.ERROR).value for kind in Kind}
    assert {slug: words.split()[0] for slug, words in rows.items()} == weights


def test_every_finding_says_what_it_means_what_shows_it_and_how_to_mend_it() -> None:
    for slug in FOUND:
        text = (FINDINGS / f"{slug}.md").read_text(encoding="utf-8")
        assert text.startswith(f"# {slug}\n"), slug
        shows, mends = text.index("\n## What shows it\n"), text.index("\n## How to mend it\n")
        assert "```yaml" in text[shows:mends], slug
        assert "```yaml" in text[mends:], slug
