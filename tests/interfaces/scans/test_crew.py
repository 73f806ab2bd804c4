"""Rows made by real processes: the same with a cache, from an actor, and where a file costs a process its life."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from assay.detection.run import duty_of
from assay.detection.scanner import Settings
from assay.detection.weighing.settings import Weighing
from assay.detection.worker import Duty
from assay.interfaces.scans.crew import Crew, Order
from assay.interfaces.scans.given.entries import Entry
from assay.interfaces.scans.job import Row
from assay.interfaces.scans.kept import conditions
from assay.interfaces.scans.kept.cache import count_kept
from assay.interfaces.scans.kept.conditions import changed, digest_of
from assay.interfaces.scans.on_ray import Actors, _from_anywhere
from assay.interfaces.scans.scanning import EngineFailed
from tests.detection.test_run import WILD, written
from tests.interfaces.scans.making import entries_of, row_of

pytestmark = pytest.mark.slow


def order(cache: Path | None = None, **more: Any) -> Order:
    duty = duty_of(scanners=["declared", "metadata", WILD], megabytes=1024)
    return Order(duty, 1, 0.5, cache=cache, **more)


def rows(order: Order, entries: Iterable[Entry]) -> list[Row]:
    with Crew(order) as crew:
        return list(crew.rows(entries))


def slugs(row: Row) -> list[str]:
    return [fault["slug"] for fault in json.loads(row.line)["faults"]]


def test_a_cache_gives_the_same_rows_and_keeps_none_with_a_fault(tmp_path: Path) -> None:
    names = ("good.png", "twin.png", "exit.png", "declared.png", "fail.png")
    good, twin, crash, declared, fail = written(tmp_path, *names)
    for path in (crash, declared, fail):
        # Or it would be the same content, and one row for all.
        path.write_bytes(path.read_bytes() + path.name.encode())
    beside = tmp_path / "declared.png.declared.json"
    beside.write_text('{"ai_extent": "none"}')
    given = entries_of([good, twin, crash, declared, fail])
    given.append(Entry(str(good), "named", "x1", "00" * 32))
    first = rows(order(tmp_path / "cache"), given)
    assert [slugs(row) for row in first] == [[], [], ["scanner-crashed"], [], ["made-up-fault"], ["digest-differs"]]
    assert json.loads(first[5].line)["id"] == "x1"
    # Twins have one content, and so one row that is kept.
    assert count_kept(tmp_path / "cache") == 2
    # What is declared beside a file belongs to what its row depends on.
    beside.write_text('{"ai_extent": "generated", "where": "caption"}')
    again = rows(order(tmp_path / "cache"), given)
    assert [row.hit is not None for row in again] == [True, True, False, False, False, False]
    others = [number for number in range(6) if number != 3]
    assert [again[number].line for number in others] == [first[number].line for number in others]
    assert again[3].stamp != first[3].stamp
    assert b'"uploader"' in again[3].line


def test_conditions_name_what_rows_depend_on(tmp_path: Path) -> None:
    plain = order().conditions()
    assert plain["scanner metadata"].endswith(", ready")
    (tmp_path / "weights" / "perth").mkdir(parents=True)
    (tmp_path / "weights" / "perth" / "key").write_bytes(b"1")
    duty = replace(order().duty, settings=Settings(weights=tmp_path / "weights"))
    weighted = Order(duty, 1, 0.5).conditions()
    assert changed(plain, weighted) == ["weights"]
    (tmp_path / "weights" / "perth" / "key").write_bytes(b"2")
    assert changed(weighted, Order(duty, 1, 0.5).conditions()) == ["weights"]
    # A file without faults has the same row under any limits.
    longer = Order(duty, 1, 9.0).conditions()
    assert changed(Order(duty, 1, 0.5).conditions(), longer) == ["seconds"]
    assert digest_of(longer) == digest_of(Order(duty, 1, 0.5).conditions())


def test_another_decoder_makes_other_conditions(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = order().conditions()
    conditions._libraries.cache_clear()
    monkeypatch.setattr(conditions, "version", lambda name: "0" if name == "pillow" else version(name))
    try:
        assert changed(plain, order().conditions()) == ["libraries"]
    finally:
        conditions._libraries.cache_clear()


def test_whatever_an_operator_sets_makes_other_conditions(tmp_path: Path) -> None:
    def found(**settings: Any) -> dict[str, str]:
        return conditions.conditions_of(Duty(("metadata",), Settings(**settings), 1024, deep=False), 0.5)

    plain = found()
    for each in ("trust", "weights", "banks", "detectors"):
        folder = tmp_path / each
        folder.mkdir()
        (folder / "a").write_text("1")
        (name,) = changed(plain, found(**{each: folder}))
        assert name.startswith(each)
    assert changed(plain, found(allowed_hosts=("a.example",))) == ["allowed hosts"]
    deep = conditions.conditions_of(Duty(("metadata",), Settings(), 1024, deep=True), 0.5)
    assert changed(plain, deep) == ["deep"]
    both = [conditions.conditions_of(Duty(names, Settings(), 1024), 0.5) for names in (("a", "b"), ("b", "a"))]
    assert changed(*both) == ["scanners"]
    other = Weighing(prior=0.3)
    assert changed(order().conditions(), order(weighing=other).conditions()) == ["weighing"]


class Lost(Exception):
    """Stands in for what Ray raises where an actor died."""


class Future:
    def __init__(self, actor: StandIn, batch: list[Entry]) -> None:
        self.actor, self.batch = actor, batch


class StandIn:
    """An actor that dies over some batch, and takes all with it that it had not given back."""

    def __init__(self, ray: StandInRay) -> None:
        self._ray, self.lives = ray, True
        self.rows = self

    def remote(self, batch: list[Entry]) -> Future:
        self._ray.under_way += 1
        self._ray.most = max(self._ray.most, self._ray.under_way)
        return Future(self, batch)


class StandInRay:
    def __init__(self, deaths: int) -> None:
        self.deaths, self.done, self.under_way, self.most, self.actors = deaths, 0, 0, 0, 0

    def new(self) -> StandIn:
        self.actors += 1
        return StandIn(self)

    def get(self, future: Future) -> list[Row]:
        self.under_way -= 1
        if self.done >= 2 and self.deaths and future.actor.lives:
            self.deaths -= 1
            future.actor.lives = False
        if not future.actor.lives:
            raise Lost("the machine is gone")
        self.done += 1
        return [row_of(entry) for entry in future.batch]


def actors(monkeypatch: pytest.MonkeyPatch, ray: StandInRay) -> Actors:
    monkeypatch.setattr("assay.interfaces.scans.on_ray.BATCH", 4)
    found = Actors(ray, order(), 2, 1, Lost)
    monkeypatch.setattr(Actors, "_new", lambda self: ray.new())
    found.start()
    return found


def test_a_lost_actors_files_are_given_to_another_and_the_rows_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = entries_of(written(tmp_path, *(f"{number:02}.png" for number in range(30))))
    ray = StandInRay(deaths=2)
    found = list(actors(monkeypatch, ray).rows(entries))
    assert [row.line for row in found] == [row_of(entry).line for entry in entries]
    assert ray.actors == 4
    assert ray.most <= 6, "only so much is under way as fits into memory"


def test_files_that_cost_one_actor_after_the_other_end_the_scan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = entries_of(written(tmp_path, *(f"{number:02}.png" for number in range(30))))
    with pytest.raises(EngineFailed, match="lost 5 actors"):
        list(actors(monkeypatch, StandInRay(deaths=99)).rows(entries))


class NowAndThen(StandInRay):
    """Loses an actor again and again, and never over the same files."""

    def get(self, future: Future) -> list[Row]:
        if self.deaths < self.done // 2 - self.actors + 2:
            self.deaths = 1
        return super().get(future)


def test_actors_that_are_lost_now_and_then_end_no_long_scan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = entries_of(written(tmp_path, *(f"{number:02}.png" for number in range(60))))
    ray = NowAndThen(deaths=0)
    found = list(actors(monkeypatch, ray).rows(entries))
    assert [row.key for row in found] == [entry.key for entry in entries]
    assert ray.actors > 2 + 4


def test_an_actor_is_given_whole_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    near = Settings(trust=Path("t"), weights=Path("w"), banks=Path("b"), detectors=Path("d"))
    given = _from_anywhere(Order(Duty(("metadata",), near, 1024), cache=Path("c")))
    settings = given.duty.settings
    found = (settings.trust, settings.weights, settings.banks, settings.detectors, given.cache)
    assert found == tuple(tmp_path / name for name in "twbdc")
