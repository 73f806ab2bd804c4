"""Imports point down the floors, and every room is named in the contracts."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import grimp
import pytest

from tests.house.source import ROOT, SOURCE, modules, shown, statements, tree

LINTER = Path(sys.executable).with_name("lint-imports")
# What an extra brings under another name than its own, for where it is not installed.
NAMED_OTHERWISE = {"perth": ["resemble-perth"]}
Contracts = dict[str, dict[str, list[str]]]


@pytest.fixture(scope="module")
def contracts() -> Contracts:
    return {contract["id"]: contract for contract in settings()["tool"]["importlinter"]["contracts"]}


def settings() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def rooms_in(contract: dict[str, list[str]]) -> set[str]:
    names = " | ".join(contract["layers"]).replace("(", "").replace(")", "")
    return {name.strip().rpartition(".")[2] for part in names.split("|") for name in part.split(":")}


def test_every_import_keeps_the_contracts() -> None:
    run = subprocess.run([LINTER, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = grimp.build_graph("assay", cache_dir=None)
    imports = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    assert circle_in(imports) == []


def circle_in(imports: Mapping[str, AbstractSet[str]]) -> list[str]:
    """The modules left when those that import nothing that is left are taken away, again and again."""
    left = {name: set(found) & set(imports) for name, found in imports.items()}
    while ready := {name for name, found in left.items() if not found & set(left)}:
        left = {name: found for name, found in left.items() if name not in ready}
    return sorted(left)


def test_a_circle_of_three_is_seen() -> None:
    assert circle_in({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": set()}) == ["a", "b", "c"]
    assert circle_in({"a": {"b"}, "b": {"c"}, "c": set()}) == []


@pytest.mark.parametrize(
    ("floor", "contract"),
    [
        ("", "floors"),
        ("engine", "engine-rooms"),
        ("governance", "governance-rooms"),
        ("interfaces", "interface-rooms"),
    ],
)
def test_every_room_has_its_place_in_a_contract(floor: str, contract: str, contracts: Contracts) -> None:
    here = SOURCE / floor
    rooms = {path.parent.name for path in here.glob("*/__init__.py")} if here.is_dir() else set()
    assert rooms <= rooms_in(contracts[contract])


def distributions_of(asked: list[str]) -> set[str]:
    return {as_written(re.split(r"[<>=!~\[; ]", item)[0]) for item in asked}


def as_written(distribution: str) -> str:
    """A distribution's name as the project asks for it; importlib may know it with another sign between its words."""
    return distribution.lower().replace("_", "-")


def test_what_the_program_imports_is_what_it_asks_for() -> None:
    project = settings()["project"]
    asked = distributions_of(project["dependencies"])
    extra = distributions_of([item for items in project["optional-dependencies"].values() for item in items])
    known = NAMED_OTHERWISE | dict(packages_distributions())
    found = set()
    for path in modules(SOURCE):
        module = tree(path)
        # What an extra brings may be missing, so it is imported where it is used and not where the program starts.
        later = imported(module) - imported(ast.Module(statements_at_once(module), []))
        for name in imported(module) - sys.stdlib_module_names - {"assay"}:
            # A package that is not installed here has no entry; its modules are then taken to have its name.
            packages = {as_written(one) for one in known.get(name, [name])}
            if packages & asked or (packages & extra and (name in later or loads_later(path))):
                continue
            found.add(f"{shown(path)}: {name}")
    assert not found


def loads_later(path: Path) -> bool:
    """Whether a module lives on an extra as a whole: nobody outside its folder loads it at once, so that only those
    who asked for the extra do.
    """
    name = dotted(path)
    return not [
        other for other in modules(SOURCE) if other.parent != path.parent and name in loaded_at_once(tree(other))
    ]


def dotted(path: Path) -> str:
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def loaded_at_once(module: ast.Module) -> frozenset[str]:
    """Our own modules that a module loads when it is loaded itself, or names to a type checker."""
    found: set[str] = set()
    for node in statements(ast.Module(statements_at_once(module), [])):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(name for name in found if name.startswith("assay"))


def test_a_module_that_is_loaded_at_once_is_told_from_one_that_loads_later() -> None:
    text = "from assay.a import b\ndef f():\n    import assay.c.d\n"
    assert loaded_at_once(ast.parse(text)) == {"assay.a", "assay.a.b"}
    assert not loads_later(SOURCE / "engine" / "kernel" / "errors.py")
    assert loads_later(SOURCE / "interfaces" / "stream" / "kafka" / "broker.py")


def statements_at_once(module: ast.Module) -> list[ast.stmt]:
    """What runs, or is read by a type checker, when a module is loaded; functions are left out."""
    later = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return [statement for statement in module.body if not isinstance(statement, later)]


def imported(module: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in statements(module):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


def test_every_folder_of_code_is_a_package() -> None:
    folders = {path.parent for path in modules(SOURCE) if "examples" not in path.parts}
    assert not [shown(folder) for folder in folders if not (folder / "__init__.py").is_file()]


def test_a_room_that_was_not_planned_is_noticed(contracts: Contracts) -> None:
    assert "cellar" not in rooms_in(contracts["floors"])
    assert rooms_in(contracts["engine-rooms"]) >= {"kernel", "language", "program", "analysis", "decision", "backtest"}
