"""The demonstration's media, made, scanned and decided once for all its tests. It holds no test."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from assay.detection.judgement import assertions
from assay.detection.result import ScanResult
from assay.detection.run import scan_files
from assay.detection.scanner import Settings
from assay.engine.decision.decide import Decider
from assay.engine.decision.item import Item, read_item, write_assertion
from assay.engine.decision.record import RecordWriter
from assay.engine.kernel.instants import parse_instant
from assay.engine.language.pack.pack import Pack
from assay.interfaces.demo.make import MadeFile, make_media
from assay.interfaces.packs import load_pack
from tests.conftest import ROOT

Decided: TypeAlias = list[tuple[MadeFile, ScanResult, dict[str, Any]]]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="session")
def made(folder: Path) -> dict[str, MadeFile]:
    return {each.path.name: each for each in make_media(folder)}


@pytest.fixture(scope="session")
def pack() -> Pack:
    return load_pack(ROOT / "packs" / "starter")


@pytest.fixture(scope="session")
def decided(made: dict[str, MadeFile], folder: Path, pack: Pack) -> Decided:
    """Each file with its scan and its decision record, for the starter pack on a fixed day."""
    decider = Decider(pack)
    writer = RecordWriter(decider)
    as_of = parse_instant("2026-11-22T00:00:00Z")
    assert isinstance(as_of, int)
    context = {line["id"]: line for line in map(json.loads, (folder / "context.jsonl").read_text().splitlines())}
    paths, found = [file.path for file in made.values()], []
    for file, result in zip(
        made.values(), scan_files(paths, settings=Settings(trust=folder / "trust", banks=folder / "banks")), strict=True
    ):
        assert not result.faults
        given = context[file.path.name]
        scanned = [write_assertion(each, pack.vocabulary) for each in assertions(result)]
        item = read_item({**given, "assertions": [*scanned, *given["assertions"]]}, pack.vocabulary, pack.markets)
        assert isinstance(item, Item), item
        found.append((file, result, json.loads(writer.write(decider.decide(item, as_of)))))
    return found
