"""What every test may use: `--accept`, golden texts, shared test data, Hypothesis' profiles. It holds no test."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests"
GOLDEN = TESTS / "golden"
SHARED_TEST_DATA = ROOT.parent / "shared" / "testdata"

# Tests that start the program, a process, a server or a database, or that decode media: `make quick` leaves them out.
# Whole folders are named, so that a new test there needs no mark of its own.
WHOLE_PROGRAM = (
    "defects/",
    "detection/copies/hashing/",
    "detection/credentials/",
    "detection/detectors/",
    "detection/labels/",
    "detection/decoding/",
    "detection/pool/",
    "detection/scanners/copies/",
    "detection/scanners/invisible_watermark/",
    "detection/scanners/visible/",
    "detection/test_run.py",
    "detection/test_scanners.py",
    "engine/program/sql/",
    "governance/ledger/",
    "governance/people/",
    "governance/policies/",
    "interfaces/cli/",
    "interfaces/deciding/",
    "interfaces/demo/",
    "interfaces/histories/",
    "interfaces/inspection/",
    "interfaces/records/test_media.py",
    "interfaces/rehearsals/",
    "interfaces/scans/",
    "interfaces/service/",
    "interfaces/stores/",
    "interfaces/stream/",
    "interfaces/web/",
    "laws/backends/test_sql",
    "laws/proofs/",
    "stories/",
    "workbench/",
)
NOT_SLOW = "not slow"

# A time limit for each example would fail on a busy machine and say nothing about the code.
# Making a failing pack small can take minutes, so the quick profile shows it as found; `ci` makes it small.
_FOUND_ONLY = (Phase.explicit, Phase.reuse, Phase.generate)
settings.register_profile(
    "quick", max_examples=10, deadline=None, phases=_FOUND_ONLY, suppress_health_check=[HealthCheck.too_slow]
)
# The same examples on every run, so that a red build is red again on the next machine.
settings.register_profile(
    "ci", max_examples=90, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("deep", max_examples=3000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("quick")


pytest_plugins = ("tests.workbench.store", "tests.workbench.people")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--accept", action="store_true", help="write what the tests got as the new golden texts; read the diff"
    )
    parser.addoption(
        "--store", choices=("sqlite", "postgresql"), default="sqlite", help="where the workbench's tests write"
    )


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not even read what a run without slow tests leaves out: it is half of the files, and all of the heavy ones."""
    if NOT_SLOW not in config.option.markexpr or not collection_path.is_relative_to(TESTS):
        return None
    place = collection_path.relative_to(TESTS).as_posix() + ("/" if collection_path.is_dir() else "")
    return True if place.startswith(WHOLE_PROGRAM) else None


def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Mark as slow what stands where tests take the whole program."""
    for item in items:
        if item.path.is_relative_to(TESTS) and item.path.relative_to(TESTS).as_posix().startswith(WHOLE_PROGRAM):
            item.add_marker(pytest.mark.slow)


@dataclass(frozen=True, slots=True)
class Golden:
    """Compares what a test got with the file of that name under tests/golden."""

    accept: bool
    folder: Path = GOLDEN

    def __call__(self, name: str, actual: str | bytes) -> None:
        """Fail with a readable difference, or write the file when the run was told to accept.

        name    path below tests/golden, such as `problems/unknown_signal.txt`
        actual  text is compared as UTF-8 with `\\n` at the ends of lines; bytes as they are
        """
        __tracebackhide__ = True
        path = self.folder / name
        got = actual.encode() if isinstance(actual, str) else actual
        if path.is_file() and path.read_bytes() == got:
            return
        if self.accept:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(got)
            return
        if not path.is_file():
            pytest.fail(
                f"no golden text tests/golden/{name}: read what the test got, then run pytest --accept\n\n{_shown(got)}"
            )
        pytest.fail(f"tests/golden/{name} differs\n\n{_difference(path.read_bytes(), got, name)}")


def _shown(content: bytes) -> str:
    text = content.decode("utf-8", errors="backslashreplace")
    return text if len(text) < 4000 else text[:4000] + "\n…"


def _difference(expected: bytes, got: bytes, name: str) -> str:
    try:
        before, after = expected.decode(), got.decode()
    except UnicodeDecodeError:
        first = next(
            (i for i, (a, b) in enumerate(zip(expected, got, strict=False)) if a != b), min(len(expected), len(got))
        )
        return f"{len(expected)} bytes became {len(got)}; the first difference is at byte {first}"
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), f"golden/{name}", "this run", lineterm="")
    # Texts that differ only in how a line ends show no line in the difference.
    return "\n".join(lines) or f"the ends of lines differ: {before[-40:]!r} became {after[-40:]!r}"


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    return Golden(accept=bool(request.config.getoption("--accept")))


@pytest.fixture(scope="session")
def shared_test_data() -> Path:
    """The folder of real files beside the project; a test that needs it is skipped where it is absent."""
    if not SHARED_TEST_DATA.is_dir():
        pytest.skip("the shared test data is not beside the project (../shared/testdata)")
    return SHARED_TEST_DATA
