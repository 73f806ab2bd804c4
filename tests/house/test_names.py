"""Names say what a thing is for, and every module says what it is."""

from __future__ import annotations

import ast
import re

import pytest

from tests.house.source import ROOT, SOURCE, modules, shown, tree

EMPTY_WORDS = {"common", "helper", "helpers", "manager", "managers", "misc", "stuff", "util", "utils"}
DOCUMENTED = (SOURCE, ROOT / "benchmarks")


def words_of(name: str) -> set[str]:
    """The empty words in a name; `common` is one only where nothing follows that it could describe."""
    words = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).split("_")
    return (set(words) & EMPTY_WORDS) - ({"common"} if words[-1] != "common" else set())


def test_no_module_or_folder_has_an_empty_name() -> None:
    parts = {part: shown(path) for path in modules() for part in path.relative_to(ROOT).with_suffix("").parts}
    assert not {part: where for part, where in parts.items() if words_of(part)}


def test_no_class_or_function_has_an_empty_word_in_its_name() -> None:
    kinds = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    found = [
        f"{shown(path)}:{node.lineno}: {node.name}"
        for path in modules(SOURCE)
        for node in ast.walk(tree(path))
        if isinstance(node, kinds) and words_of(node.name)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("name", "empty"),
    [
        ("PolicyManager", {"manager"}),
        ("path_utils", {"utils"}),
        ("text_common", {"common"}),
        ("common_expression_language", set()),
    ],
)
def test_empty_words_are_seen_inside_a_name(name: str, empty: set[str]) -> None:
    assert words_of(name) == empty


def test_every_module_says_in_its_first_line_what_it_is() -> None:
    lines = {shown(path): (ast.get_docstring(tree(path)) or "").split("\n")[0] for path in modules(*DOCUMENTED)}
    assert not [name for name, line in lines.items() if len(line) < 20 or not line.endswith((".", "?", "!"))]


def test_nothing_is_left_to_be_done_in_the_code() -> None:
    marker = re.compile(r"\b(TO[D]O|FIXM[E]|X[X]X|raise NotImplementedError)\b")
    found = [
        f"{shown(path)}:{number}"
        for path in modules(SOURCE)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if marker.search(line)
    ]
    assert not found


def test_every_dataclass_is_frozen_and_slotted() -> None:
    classes = [
        (path, node) for path in modules(SOURCE) for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef)
    ]
    found = [f"{shown(path)}:{node.lineno}: {node.name}" for path, node in classes if not is_sealed(node)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("text", "sealed"),
    [
        ("@dataclass(frozen=True, slots=True)\nclass A:\n    x: int", True),
        ("@dataclass(frozen=True)\nclass A:\n    x: int", False),
        ("@dataclass\nclass A:\n    x: int", False),
        ("@dataclass(frozen=True)\nclass A:\n    @cached_property\n    def x(self) -> int: ...", True),
        ("class A:\n    x: int", True),
        ("@dataclass(slots=True)\nclass A:\n    x: int", False),
        ("@dataclass(slots=True)\nclass _Notes:\n    x: int", True),
    ],
)
def test_a_dataclass_without_slots_is_seen(text: str, sealed: bool) -> None:
    (node,) = ast.parse(text).body
    assert isinstance(node, ast.ClassDef)
    assert is_sealed(node) is sealed


def is_sealed(node: ast.ClassDef) -> bool:
    """Frozen and slotted; what keeps a computed property cannot have slots, and a module's own notes may change."""
    decorators = [ast.unparse(d) for d in node.decorator_list]
    made = [d for d in decorators if d.startswith(("dataclass", "dataclasses.dataclass"))]
    keeps = any(
        "cached_property" in ast.unparse(d)
        for f in node.body
        if isinstance(f, ast.FunctionDef)
        for d in f.decorator_list
    )
    private = node.name.startswith("_")
    return all(("frozen=True" in d or private) and ("slots=True" in d or keeps) for d in made)
