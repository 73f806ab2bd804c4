"""Where the house rules find what they look at: modules, functions, tracked text. It judges nothing."""

from __future__ import annotations

import ast
import gc
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCE = ROOT / "src" / "assay"
CODE_FOLDERS = (SOURCE, ROOT / "tests", ROOT / "benchmarks")
TEXT_SUFFIXES = {
    "",
    ".cfg",
    ".css",
    ".csv",
    ".html",
    ".json",
    ".jsonl",
    ".lock",
    ".md",
    ".py",
    ".sh",
    ".toml",
    ".txt",
    ".yaml",
    ".yml",
}


@dataclass(frozen=True, slots=True)
class Function:
    """A function with the lines it takes, decorators and docstring not counted."""

    path: str
    name: str
    line: int
    lines: int


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def modules(*folders: Path) -> tuple[Path, ...]:
    return tuple(sorted(path for folder in folders or CODE_FOLDERS for path in folder.rglob("*.py")))


@cache
def tree(path: Path) -> ast.Module:
    # Trees stay until the end. To look through them again and again for what could be freed takes longer than reading.
    gc.disable()
    try:
        return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    finally:
        gc.freeze()
        gc.enable()


def statements(module: ast.AST) -> Iterator[ast.stmt]:
    """Every statement, however deep; nothing is looked for inside expressions, of which there are far more."""
    waiting = [module]
    while waiting:
        node = waiting.pop()
        for field in ("body", "orelse", "finalbody", "handlers", "cases"):
            for inner in getattr(node, field, ()):
                waiting.append(inner)
                if isinstance(inner, ast.stmt):
                    yield inner


@cache
def functions(path: Path) -> tuple[Function, ...]:
    return tuple(functions_of(tree(path), shown(path)))


def functions_of(module: ast.Module, path: str) -> Iterator[Function]:
    for node in statements(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            docstring = 0
            if ast.get_docstring(node, clean=False) is not None:
                docstring = (first.end_lineno or first.lineno) - first.lineno + 1
            yield Function(path, node.name, node.lineno, (node.end_lineno or node.lineno) - node.lineno + 1 - docstring)


@cache
def project_files() -> tuple[Path, ...]:
    """Every file that is, or could be, committed: what git tracks and what it would add."""
    command = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, capture_output=True, check=True).stdout.decode().split("\0")
    return tuple(path for name in sorted(set(names)) if name and (path := ROOT / name).is_file())


def text_files() -> Iterator[tuple[Path, str]]:
    for path in project_files():
        if path.suffix in TEXT_SUFFIXES:
            content = path.read_bytes()
            if b"\0" not in content:
                yield path, content.decode("utf-8", errors="replace")
