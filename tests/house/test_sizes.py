"""A file, a function and a folder stay small enough to be held in the head."""

from __future__ import annotations

import ast
from collections import Counter

from tests.house.source import CODE_FOLDERS, ROOT, functions, functions_of, modules, shown

FILE_LINES = 400
FUNCTION_LINES = 40
FUNCTION_WALL = 60
FOLDER_MODULES = 12

# Functions that may take 41 to 60 lines, `path::name` with the reason. A full list is a sign to split, not to add.
LONG_FUNCTIONS: dict[str, str] = {}
LONG_FUNCTIONS_AT_MOST = 6


def test_no_file_is_longer_than_400_lines() -> None:
    lengths = {shown(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert not {name: lines for name, lines in lengths.items() if lines > FILE_LINES}


def test_no_function_is_longer_than_40_lines() -> None:
    long = [f for path in modules() for f in functions(path) if f.lines > FUNCTION_LINES]
    refused = [f for f in long if f.lines > FUNCTION_WALL or f"{f.path}::{f.name}" not in LONG_FUNCTIONS]
    assert not refused, "\n".join(f"{f.path}:{f.line}: {f.name} takes {f.lines} lines" for f in refused)


def test_the_list_of_long_functions_is_short_and_current() -> None:
    long = {f"{f.path}::{f.name}" for path in modules() for f in functions(path) if f.lines > FUNCTION_LINES}
    assert len(LONG_FUNCTIONS) <= LONG_FUNCTIONS_AT_MOST
    assert set(LONG_FUNCTIONS) <= long, "these have become short: take them off the list"
    assert all(reason.endswith(".") for reason in LONG_FUNCTIONS.values()), "the reason is a sentence"


def test_no_folder_holds_more_than_12_modules() -> None:
    counts = Counter(path.parent for path in modules() if path.name != "__init__.py")
    assert not {shown(folder): count for folder, count in counts.items() if count > FOLDER_MODULES}


def test_the_measure_counts_a_function_without_its_docstring() -> None:
    text = 'def long():\n    """Two\n    lines."""\n' + "    x = 1\n" * 41
    (function,) = functions_of(ast.parse(text), "example.py")
    assert function.lines == 42


def test_the_folders_that_are_measured_exist() -> None:
    assert [folder for folder in CODE_FOLDERS if not folder.is_dir() and folder != ROOT / "benchmarks"] == []
