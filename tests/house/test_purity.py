"""The engine gives the same answer tomorrow: no clock, no dice, no files, no process' hash seed."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.house.source import SOURCE, modules, shown, tree

ENGINE = SOURCE / "engine"
CLOCKS = {
    "now",
    "today",
    "utcnow",
    "time_ns",
    "monotonic",
    "perf_counter",
    "localtime",
    "gmtime",
    "urandom",
    "uuid4",
    "uuid1",
}
# Besides chance and time, files: texts come in from the interfaces, or two folders could give two answers.
WORLD = {"io", "os", "pathlib", "random", "secrets", "shutil", "tempfile", "time", "uuid"}
BUILT_IN = {"eval", "hash", "id", "input", "print", "open"}
# The one place that turns a checked program into Python; what it may write there is held by its own tests.
MAY_EXECUTE = ENGINE / "program" / "scalar"
UNSAFE_READERS = {"pickle", "marshal", "shelve", "dill"}


def impurities(module: ast.Module) -> list[tuple[int, str]]:
    # A class may define its own hash by the built-in one: that decides no order and leaves the process in nothing.
    own = {
        inner
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef) and node.name == "__hash__"
        for inner in ast.walk(node)
    }
    found = []
    for node in ast.walk(module):
        if node in own:
            continue
        match node:
            case ast.Attribute(attr=name) if name in CLOCKS:
                found.append((node.lineno, name))
            case ast.Import(names=names):
                found += [(node.lineno, a.name) for a in names if a.name.split(".")[0] in WORLD]
            case ast.ImportFrom(module=str(origin), level=0) if origin.split(".")[0] in WORLD:
                found.append((node.lineno, origin))
            case ast.Call(func=ast.Name(id=name)) if name in BUILT_IN:
                found.append((node.lineno, f"{name}()"))
    return found


def executes(module: ast.Module) -> list[int]:
    calls = [node for node in ast.walk(module) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    return [
        call.lineno for call in calls if isinstance(call.func, ast.Name) and call.func.id in {"exec", "eval", "compile"}
    ]


def test_the_engine_reads_no_clock_and_uses_no_chance() -> None:
    found = [f"{shown(path)}:{line}: {what}" for path in modules(ENGINE) for line, what in impurities(tree(path))]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "text",
    [
        "from datetime import datetime\nx = datetime.now()",
        "import datetime\nx = datetime.date.today()",
        "import time\nx = 1",
        "from random import choice",
        "x = hash('a')",
        "import os\nx = os.urandom(3)",
    ],
)
def test_each_way_to_read_the_world_is_seen(text: str) -> None:
    assert impurities(ast.parse(text))


def test_only_the_scalar_back_end_turns_text_into_code() -> None:
    found = [
        f"{shown(path)}:{line}" for path in modules(SOURCE) if not may_execute(path) for line in executes(tree(path))
    ]
    assert not found, "\n".join(found)


def may_execute(path: Path) -> bool:
    return path.is_relative_to(MAY_EXECUTE) or path == MAY_EXECUTE.with_suffix(".py")


def test_nothing_is_read_by_a_format_that_can_run_code() -> None:
    found = [
        f"{shown(path)}:{node.lineno}"
        for path in modules(SOURCE)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Import | ast.ImportFrom) and UNSAFE_READERS & names_of(node)
    ]
    assert not found, "\n".join(found)


def names_of(node: ast.Import | ast.ImportFrom) -> set[str]:
    if isinstance(node, ast.ImportFrom):
        return {(node.module or "").split(".")[0]}
    return {alias.name.split(".")[0] for alias in node.names}


def test_everything_is_caught_only_at_the_outer_edge() -> None:
    found = [
        f"{shown(path)}:{node.lineno}"
        for path in modules(SOURCE)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler) and catches_everything(node) and not at_the_edge(path)
    ]
    assert not found, "\n".join(found)


def catches_everything(handler: ast.ExceptHandler) -> bool:
    named = "" if handler.type is None else ast.unparse(handler.type)
    return handler.type is None or named in {"Exception", "BaseException"}


# Outer edges of jobs that must go on whatever happens, each with the reason; they record what they catch.
JOBS = {
    "governance/ledger/subscribers.py": "One subscriber of many.",
    "interfaces/deciding/live/polling.py": "The thread that watches a release channel.",
    "interfaces/deciding/live/shadow.py": "What a shadow bundle says, which no request may feel.",
    "interfaces/deciding/rails/rails.py": "The thread that looks at rates.",
    "interfaces/service/app.py": "One request of many.",
    "interfaces/stores/keeper.py": "The thread that keeps records, and whose waiters are told.",
    "interfaces/stream/turning.py": "One message of many.",
    "interfaces/web/clerk/working.py": "One chore of many.",
    "interfaces/web/mounted/gate.py": "One page of many, beside the decisions.",
    "interfaces/web/mounted/workbench.py": "The thread that loads the workbench beside the decisions.",
}


def at_the_edge(path: Path) -> bool:
    edges = (SOURCE / "detection", SOURCE / "interfaces" / "cli", *(SOURCE / job for job in JOBS))
    return any(path.is_relative_to(edge) for edge in edges)


def test_every_job_that_may_catch_everything_is_there_and_does() -> None:
    for job in JOBS:
        nodes = ast.walk(tree(SOURCE / job))
        assert any(isinstance(node, ast.ExceptHandler) and catches_everything(node) for node in nodes), job
