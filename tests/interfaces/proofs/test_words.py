"""Values, places and moments are said as the vocabulary and the policy say them."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace
from typing import Any

import pytest

from assay.engine.analysis.difference.change import Change, Direction, Region
from assay.engine.analysis.situations.witness import Witness
from assay.engine.kernel.instants import DAY, parse_instant
from assay.engine.kernel.markets import Markets
from assay.engine.kernel.truth import NO, YES
from assay.engine.language.pack.vocabulary import Signal, SignalType, SignalValue, Vocabulary
from assay.interfaces.look.markets import title_of
from assay.interfaces.proofs.words import (
    left_out,
    moment,
    reach,
    region_words,
    reproduced,
    told_facts,
    turn,
    written_facts,
)

NOW = parse_instant("2026-11-22") or 0
VALUES = (SignalValue("face_swap", "a face was swapped"), SignalValue("voice_clone", "a voice was cloned"))
BOTH = frozenset({"voice_clone", "face_swap"})
WORDS = Vocabulary(
    (
        Signal("technique", SignalType.SET, "Techniques", "", values=VALUES),
        Signal("nude", SignalType.FLAG, "Nudity", "", phrase="somebody is nude", phrase_no="nobody is nude"),
        Signal("copies", SignalType.NUMBER, "Copies", "", phrase="there are {is} copies", integer=True),
        Signal("caption", SignalType.TEXT, "Caption", "", phrase="the caption"),
        Signal("uploaded", SignalType.TIME, "Uploaded", "", phrase="the upload"),
        Signal("length", SignalType.DURATION, "Length", "", phrase="the clip"),
        Signal("phase", SignalType.CHOICE, "Phase", "", values=VALUES, scope="market"),
    )
)


def witness(**signals: Any) -> Witness:
    return Witness("one", "item", signals, "BR", NOW, frozenset(signals) & {"phase"})


@pytest.mark.parametrize(
    ("name", "value", "written", "told"),
    [
        ("technique", BOTH, "[face_swap, voice_clone]", "a face was swapped and a voice was cloned"),
        ("technique", frozenset(), "[]", "“Techniques” is empty"),
        ("nude", True, "yes", "somebody is nude"),
        ("nude", False, "no", "nobody is nude"),
        ("copies", 12_000, "12000", "there are exactly 12,000 copies"),
        ("caption", 'say "hi"', '"say \\"hi\\""', '“say "hi"”'),
        ("uploaded", NOW, "2026-11-22T00:00:00Z", "the upload is exactly 22 November 2026"),
        ("length", 90_000_000, "1m30s", "the clip is exactly 1 minute and 30 seconds"),
    ],
)
def test_a_value_is_written_and_told(name: str, value: object, written: str, told: str) -> None:
    found = witness(**{name: value})
    assert written_facts(found, WORDS) == [f"{name} = {written}"]
    assert told_facts(found, WORDS) == told


def test_of_an_item_of_which_nothing_is_known_that_is_said() -> None:
    assert written_facts(witness(), WORDS) == ["nothing is known of it"]
    assert told_facts(witness(), WORDS) == "nothing is known of it"


@pytest.mark.parametrize("text", ["it's", 'a "b" \\ c', "line\nend", "grün \u202e", "$(touch x) `y`"])
def test_the_command_carries_any_text_unharmed(text: str) -> None:
    line = reproduced(witness(caption=text, phase="face_swap"), WORDS, "my packs/a")
    assert line.isprintable()
    said, _, command = line.partition(" | assay ")
    *_, record = shlex.split(said)
    assert json.loads(record) == {"id": "one", "signals": {"caption": text, "phase": {"BR": "face_swap"}}}
    # Some shells' `echo` reads backslashes as its own.
    assert not (said.startswith("echo ") and "\\" in said)
    assert shlex.split(command) == "decide - --pack|my packs/a|--markets|BR|--as-of|2026-11-22".replace(
        "decide - --pack", "decide|-|--pack"
    ).split("|")


def test_a_moment_is_a_date_where_it_is_the_first_of_its_day() -> None:
    assert moment(NOW) == "2026-11-22"
    assert moment(NOW + DAY // 2) == "2026-11-22T12:00:00Z"


MARKETS = Markets({"EU": ("DE", "FR")}, ())
REST = MARKETS.codes - {"DE", "FR", "KR"}
REGION = Region("nobody agreed", "!agreed", complete=True, missing=(), witness=witness())


def change(markets: tuple[str, ...], codes: frozenset[str]) -> Change:
    return Change(
        "removed", "item", markets, tuple(codes), NOW, None, NO, YES, Direction.WIDENED, False, ("a/b",), (REGION,)
    )


@pytest.mark.parametrize(
    ("markets", "codes", "words"),
    [
        (("EU", "KR", "rest"), MARKETS.codes, "everywhere"),
        (("KR", "rest"), REST | {"KR"}, "everywhere but in EU"),
        (("EU", "rest"), REST | {"DE", "FR"}, "everywhere but in KR"),
        (("EU", "KR"), frozenset({"DE", "FR", "KR"}), "in EU and KR"),
        (("rest",), REST, "everywhere but in DE, FR, and KR"),
    ],
)
def test_where_a_change_reaches(markets: tuple[str, ...], codes: frozenset[str], words: str) -> None:
    assert reach(change(markets, codes), MARKETS) == words


def test_a_region_says_whom_it_leaves_out() -> None:
    found = replace(REGION, already=("a/b", "c/d"), otherwise=("e/f",), above=("g/h",))
    assert region_words(found) == "when nobody agreed"
    assert left_out(REGION, change((), frozenset())) == ""
    assert left_out(found, change((), frozenset())) == (
        "leaving out those on which a/b or c/d imposes it in both versions; "
        "and those on which e/f imposed it in the old version; and those of g/h, counted above"
    )
    narrowed = replace(change((), frozenset()), before=YES, after=NO)
    assert "e/f imposes it in the new version" in left_out(found, narrowed)
    assert turn(replace(narrowed, meanwhile=True)) == "yes → no while it is open"


def test_markets_have_titles_and_unknown_ones_their_codes() -> None:
    assert title_of("US-TN") == "Tennessee"
    assert title_of("BR+CN") == "Brazil, China"
    assert title_of("AT+12") == "AT and 12 more"
    assert title_of("XX") == "XX"
