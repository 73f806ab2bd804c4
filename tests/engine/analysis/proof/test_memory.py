"""A proof is remembered by all that it depends on, and a witness reads again as it was written."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.analysis.situations.memory import Digests, Forgetful, read_situation, write_situation
from assay.engine.analysis.situations.stage import Stage, stage_of
from assay.engine.analysis.situations.world import World
from assay.engine.kernel.instants import DAY
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Period, Rule
from assay.engine.language.pack.vocabulary import Signal, SignalType
from assay.engine.program.smt.formula import (
    AtLeast,
    Axis,
    Every,
    Formula,
    Holds,
    Known,
    Not,
    Plane,
    Situation,
    Some,
    Within,
)
from assay.engine.program.smt.reading import Readings
from tests.makers import SOME_DAY, a_pack, a_rule, a_signal, a_vocabulary, an_exception, signals_for, vocabularies
from tests.makers import a_policy as policy_of

SIGNALS = (
    a_signal("p"),
    a_signal("kind", "choice", ("a", "b", "c")),
    a_signal("extent", "scale", ("low", "high", "extreme")),
    a_signal("tags", "set", ("x", "y", "z")),
    a_signal("count", "number", integer=True, minimum=0),
    a_signal("other", "number", integer=True, minimum=0),
    a_signal("score", "score"),
    a_signal("caption", "text"),
)


def digest(
    rule: Rule, signals: Sequence[Signal] = SIGNALS, *, beside: Sequence[Rule] = (), as_of: int = SOME_DAY
) -> str:
    """The content address of the claim that a rule can be true."""
    pack = a_pack(rule, *beside, vocabulary=a_vocabulary(*signals))
    world = World(pack, stage_of([pack], pack.vocabulary, as_of))
    return Digests(world.stage, Readings()).of(world.true(0), frozenset())


def of(when: str, **others: object) -> str:
    return digest(a_rule("p/r", when, **others))  # type: ignore[arg-type]  # keywords of a builder


DIFFERENT = [
    ("p", "!p"),
    ('kind == "a"', 'kind == "b"'),
    ('kind in ["a", "b"]', 'kind in ["a", "c"]'),
    ('extent.atLeast("high")', 'extent.atMost("high")'),
    ('"x" in tags', '"y" in tags'),
    ('sets.contains(tags, ["x", "y"])', 'sets.intersects(tags, ["x", "y"])'),
    ("size(tags) > 1", "size(tags) > 2"),
    ("size(tags) > 1", "size(tags) >= 1"),
    ("count > 1", "count > 2"),
    ("count > 1", "count >= 1"),
    ("count == 1", "count != 1"),
    ("count > other", "other > count"),
    ("count > 1", "other > 1"),
    ("score > 0.5", "score > 0.25"),
    ('caption.contains("AI")', 'caption.startsWith("AI")'),
    ('caption.contains("AI")', 'caption.contains("ai")'),
    ('caption == "AI"', 'caption.contains("AI")'),
    ('p && kind == "a"', 'p || kind == "a"'),
    ("p && count > 1 && score > 0.5", "p && (count > 1 || score > 0.5)"),
]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_conditions_that_differ_are_remembered_apart(one: str, other: str) -> None:
    assert of(one) != of(other)
    assert of(one) == of(one)


def test_where_and_when_a_rule_holds_is_part_of_what_is_remembered() -> None:
    later = Period(SOME_DAY + DAY, None)
    told = [
        of("p"),
        of("p", markets=("FR",)),
        of("p", markets=("US",)),
        of("p", markets=("not:FR",)),
        of("p", period=later),
        of("p", period=Period(None, SOME_DAY + DAY)),
        of("p", period=Period(None, SOME_DAY + 2 * DAY)),
        of("p", rollout=0.5),
        of("p", rollout=0.25),
        of("p", subject="account"),
        of("p", unless='kind == "a"'),
    ]
    assert len(set(told)) == len(told)


def test_what_an_exception_says_is_part_of_what_is_remembered() -> None:
    def excused(when: str) -> str:
        rule = a_rule("p/r", "p")
        pack = a_pack(policy_of("p", [rule], [an_exception("p/e", when, ("p/*",))]), vocabulary=a_vocabulary(*SIGNALS))
        world = World(pack, stage_of([pack], pack.vocabulary, SOME_DAY))
        return Digests(world.stage, Readings()).of(world.true(0), frozenset())

    assert len({excused("count > 1"), excused("count > 2"), of("p")}) == 3


CHANGED: list[Callable[[Signal], Signal]] = [
    lambda signal: replace(signal, minimum=-5.0),
    lambda signal: replace(signal, maximum=7.0),
    lambda signal: replace(signal, integer=False),
    lambda signal: replace(signal, scope="market"),
    lambda signal: replace(signal, type=SignalType.DURATION),
]


@pytest.mark.parametrize("change", CHANGED)
def test_a_signal_that_is_declared_otherwise_is_proved_anew(change: Callable[[Signal], Signal]) -> None:
    rule = a_rule("p/r", "count > 1")
    others = tuple(change(one) if one.name == "count" else one for one in SIGNALS)
    assert digest(rule) != digest(rule, others)


def test_the_values_of_a_scale_and_their_order_are_part_of_what_is_remembered() -> None:
    rule = a_rule("p/r", 'extent.atLeast("high")')
    others = tuple(
        a_signal("extent", "scale", ("high", "low", "extreme")) if s.name == "extent" else s for s in SIGNALS
    )
    more = tuple(
        a_signal("extent", "scale", ("low", "high", "extreme", "x")) if s.name == "extent" else s for s in SIGNALS
    )
    longer = tuple(replace(one, longest=3) if one.name == "caption" else one for one in SIGNALS)
    assert len({digest(rule), digest(rule, others), digest(rule, more)}) == 3
    text = a_rule("p/r", 'caption.contains("AI")')
    assert digest(text) != digest(text, longer)


def test_what_says_the_same_is_remembered_once() -> None:
    rule = a_rule("p/r", "p")
    unread = tuple(replace(one, maximum=9.0) if one.name == "count" else one for one in SIGNALS)
    assert digest(rule, unread) == digest(rule)
    assert digest(rule, beside=[a_rule("p/other", "count > 3")]) == digest(rule)
    assert digest(replace(rule, id="renamed")) == digest(rule)
    assert digest(rule, as_of=SOME_DAY + 1) == digest(rule)


def test_claims_of_each_kind_are_remembered_apart() -> None:
    pack = a_pack(a_rule("p/r", "p"), a_rule("p/s", "count > 1"), vocabulary=a_vocabulary(*SIGNALS))
    world = World(pack, stage_of([pack], pack.vocabulary, SOME_DAY))
    one, other = (lowered.condition for lowered in world.rules)
    first, second = Holds(one, Plane.TRUE), Holds(other, Plane.TRUE)
    claims: list[Formula] = [
        first,
        Holds(one, Plane.POSSIBLE),
        Holds(one, Plane.TRUE, 1),
        Known("p"),
        Known("p", 1),
        Known("count"),
        Not(first),
        Every((first, second)),
        Some((first, second)),
        Every((first,)),
        AtLeast(1, (first, second)),
        AtLeast(2, (first, second)),
        Within(Axis.MARKET, frozenset((0,))),
        Within(Axis.SUBJECT, frozenset((0,))),
        Within(Axis.SUBJECT, frozenset((1,))),
        Within(Axis.EPOCH, frozenset((0,))),
    ]
    digests = Digests(world.stage, Readings())
    told = {digests.of(claim, frozenset()) for claim in claims}
    assert len(told) == len(claims)
    assert digests.of(first, frozenset(("p",))) not in told


_ASKED = (
    "from tests.engine.analysis.proof.test_memory import of; "
    'print(of(\'kind in ["a", "c"] && sets.intersects(tags, ["x", "y", "z"])\', markets=(\'EU\', \'US\')))'
)


def test_another_process_remembers_by_the_same_address() -> None:
    root = Path(__file__).resolve().parents[4]
    told = {
        subprocess.run(
            [sys.executable, "-c", _ASKED],
            check=True,
            capture_output=True,
            text=True,
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "77")
    }
    assert len(told) == 1 and told.pop().startswith("proof:")


# ------------------------------------------------------------------ situations


def a_stage(pack: Pack) -> Stage:
    return stage_of([pack], pack.vocabulary, SOME_DAY)


@given(st.data())
def test_a_situation_that_is_written_reads_as_the_same(data: st.DataObject) -> None:
    vocabulary = data.draw(vocabularies())
    pack = a_pack(
        a_rule("p/r", "true", markets=("FR",), period=Period(SOME_DAY + DAY, SOME_DAY + 3 * DAY)), vocabulary=vocabulary
    )
    stage = a_stage(pack)
    points = tuple(data.draw(signals_for(vocabulary)) for _ in range(data.draw(st.integers(1, 2))))
    places = {axis: data.draw(st.integers(0, size - 1)) for axis, size in stage.sizes.items()}
    situation = Situation(points, places, data.draw(st.sampled_from(("witness", "witness-7", "ü"))))
    assert read_situation(write_situation(situation, stage), stage) == situation


SOUND = '{"points": [{"p": true}], "market": "FR", "at": 0, "subject": "item", "item": "x"}'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "null",
        "7",
        SOUND.replace("true", "7"),
        SOUND.replace("true", "null"),
        SOUND.replace('"p"', '"nobody"'),
        SOUND.replace("FR", "XX"),
        SOUND.replace('"item": "x"', '"item": 7'),
        SOUND.replace('"subject": "item"', '"subject": "comet"'),
        SOUND.replace('[{"p": true}]', "7"),
        SOUND.replace('[{"p": true}]', "[7]"),
        SOUND.replace("0,", '"soon",'),
        SOUND[:-1],
        "[" * 100_000,
    ],
)
def test_what_is_no_situation_here_is_forgotten(text: str) -> None:
    stage = a_stage(a_pack(a_rule("p/r", "p"), vocabulary=a_vocabulary(*SIGNALS)))
    assert read_situation(SOUND, stage) == Situation(({"p": True},), dict.fromkeys(Axis, 0) | _first(stage), "x")
    assert read_situation(text, stage) is None


def _first(stage: Stage) -> dict[Axis, int]:
    market = next(place for place, one in enumerate(stage.markets) if "FR" in one.codes)
    return {Axis.MARKET: market}


def test_an_instant_of_an_earlier_proof_lies_in_the_first_epoch() -> None:
    pack = a_pack(a_rule("p/r", "p", period=Period(SOME_DAY + DAY)), vocabulary=a_vocabulary(*SIGNALS))
    stage = a_stage(pack)
    read = [read_situation(SOUND.replace('"at": 0', f'"at": {at}'), stage) for at in (0, SOME_DAY, SOME_DAY + 5 * DAY)]
    assert [one.places[Axis.EPOCH] for one in read if one is not None] == [0, 0, 1]


def test_a_memory_for_one_run_gives_back_what_was_put() -> None:
    memory = Forgetful()
    assert memory.get("a") is None
    memory.put("a", "b")
    assert memory.get("a") == "b"
