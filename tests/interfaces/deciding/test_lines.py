"""A line that is read straight says what the plain readers say, and whatever is unusual is left to them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.decision.decide import Decider
from assay.engine.decision.item import Item, read_item
from assay.engine.decision.record import RecordWriter
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.vocabulary import SignalType
from assay.interfaces.deciding.desk import Asked, Decided, Desk, Refused
from assay.interfaces.deciding.lines import LineReader
from assay.interfaces.deciding.lineup import Lineup, Loaded
from assay.interfaces.records.json_lines import decode_record
from assay.interfaces.records.reading import Place
from tests.interfaces.records.vocabulary import VOCABULARY
from tests.laws.decisions.item_records import records
from tests.makers import SOME_DAY, a_pack, a_rule, a_signal, a_vocabulary, packs

PACK = a_pack(vocabulary=a_vocabulary(*VOCABULARY.signals, a_signal("ratio", SignalType.NUMBER)))
READER = LineReader(PACK)
# Ways in which clients write the same record.
WRITINGS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "ensure_ascii": st.booleans(),
        "separators": st.sampled_from(((",", ":"), (", ", ": "), (" ,", " :"))),
        "indent": st.sampled_from((None, None, None, 1)),
    }
)
ASKED = Asked(SOME_DAY)


def plainly(line: bytes, pack: Pack = PACK) -> Item | None:
    """The item as the plain readers give it; None where there is a fault."""
    record = decode_record(line, Place("line"))
    item = [] if record.faults else read_item(record.content, pack.vocabulary, pack.markets)
    return item if isinstance(item, Item) else None


def written(record: object, how: dict[str, Any]) -> bytes:
    return json.dumps(record, **how).encode()


def lineup_of(pack: Pack) -> Lineup:
    decider = Decider(pack)
    return Lineup(Loaded(pack, decider, RecordWriter(decider)))


def a_line(signals: str = "{}", rest: str = "") -> bytes:
    return f'{{"id": "a:b", "signals": {signals}{rest}}}'.encode()


@st.composite
def lines(draw: st.DrawFn, pack: Pack) -> bytes:
    """Lines that hold a sound record, or one with something changed in its text."""
    line = written(draw(records(pack)), draw(WRITINGS))
    if draw(st.booleans()):
        return line
    place = draw(st.integers(0, len(line)))
    other = draw(
        st.sampled_from((b"", b"-", b"0", b":", b'"', b"\\u003a", b"null", b'"id":"x",', b'"signals":{},', b","))
    )
    return line[:place] + other + line[place + draw(st.integers(0, 3)) :]


@given(st.data())
def test_a_line_read_straight_says_what_the_plain_readers_say(data: st.DataObject) -> None:
    pack = data.draw(packs())
    line = data.draw(lines(pack))
    read = LineReader(pack).read(line)
    if read is None:
        return
    assert read.item == plainly(line, pack)
    decider = Decider(pack)
    decision = decider.decide(read.item, SOME_DAY)
    assert RecordWriter(decider).parts(decision, read.signals) == RecordWriter(decider).parts(decision)
    assert [type(value) for value in read.item.values] == [
        type(value) for value in getattr(plainly(line, pack), "values", ())
    ]


@given(st.data())
def test_the_desk_says_the_same_of_a_line_and_of_what_it_holds(data: st.DataObject) -> None:
    pack = data.draw(packs())
    line = data.draw(lines(pack))
    lineup = lineup_of(pack)
    straight, record = Desk().decide_line(line, lineup, ASKED), decode_record(line, Place("line"))
    plain: Any = list(record.faults) or Desk().decide(record.content, lineup, ASKED)
    if isinstance(straight, Refused):
        assert list(straight.faults) == plain
    else:
        assert isinstance(plain, Decided)
        assert straight.entry == plain.entry
        assert straight.decision == plain.decision


@given(st.data())
def test_numbers_and_texts_are_written_as_records_write_them(data: st.DataObject) -> None:
    signals = {
        "detector": data.draw(st.floats(0, 1) | st.sampled_from((0, 1, -0.0, 5e-324, 1e-5, 0.001, 0.1 + 0.2))),
        "ratio": data.draw(st.floats(-1e15, 1e15) | st.integers(-(2**53), 2**53)),
        "caption": data.draw(st.text(st.characters(exclude_categories=["Cs"]), max_size=20)),
    }
    line = written({"id": "x", "signals": signals}, data.draw(WRITINGS))
    read = READER.read(line)
    if read is not None:
        decider = Decider(PACK)
        decision = decider.decide(read.item, SOME_DAY)
        assert RecordWriter(decider).parts(decision, read.signals) == RecordWriter(decider).parts(decision)


@pytest.mark.parametrize(
    "signals",
    [
        "{}",
        '{"disclosed": true, "age": "adult", "extent": "none"}',
        '{"technique": ["voice_clone", "face_swap"]}',
        '{"technique": []}',
        '{"followers": 3}',
        '{"followers": 3.0}',
        '{"detector": 0}',
        '{"detector": 0.00001}',
        '{"detector": -0.0}',
        '{"ratio": -1234567890123}',
        '{"caption": "a: b: null, 日本"}',
        '{"caption": null, "age": null, "disclosed": false}',
        '{"uploaded": "2026-12-15", "runs_for": "90m"}',
        '{"uploaded": "2026-12-15T10:00:00+01:00"}',
        '{"runs_for": "17h"}',
        '{"runs_for": "017h"}',
        '{"runs_for": "0h"}',
        '{"runs_for": "-5h"}',
        '{"runs_for": "4799999h"}',
        '{"ordered": {"US": "none", "*": "removal"}}',
        '{"ordered": {}}',
    ],
)
def test_usual_lines_are_read_straight(signals: str) -> None:
    read = READER.read(a_line(signals))
    assert read is not None
    assert read.item == plainly(a_line(signals), PACK)
    decider = Decider(PACK)
    decision = decider.decide(read.item, SOME_DAY)
    assert RecordWriter(decider).parts(decision, read.signals) == RecordWriter(decider).parts(decision)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]",
        b"not json",
        b'{"id": "x"}',
        b'{"signals": {}}',
        b'{"id": "", "signals": {}}',
        b'{"id": 7, "signals": {}}',
        b'{"id": "x", "signals": {}, "id": "x"}',
        b'{"id": "\\ud800", "signals": {}}',
        b'{"id": "\\udc00x", "signals": {}}',
        a_line('{"age": "adult", "age": "minor"}'),
        a_line('{"age": "adult", "age": "adult", "caption": "\\u003a"}'),
        a_line('{"age": null, "age": "adult"}'),
        a_line('{"age": "adult", "age": null}'),
        a_line('{"caption": ":", "caption": ":"}'),
        a_line('{"caption": "null", "caption": "a"}'),
        a_line('{"ordered": {"US": "none", "US": "removal"}}'),
        a_line('{"ordered": {"XX": "none"}}'),
        a_line('{"age": "old"}'),
        a_line('{"nobody": true}'),
        a_line('{"disclosed": 1}'),
        a_line('{"followers": -1}'),
        a_line('{"followers": 3.5}'),
        a_line('{"followers": 9007199254740993}'),
        a_line('{"ratio": 9007199254740993}'),
        a_line('{"ratio": 1e999}'),
        a_line('{"detector": 1.01}'),
        a_line('{"detector": NaN}'),
        a_line('{"technique": ["face_swap", "face_swap", "face_swap"]}'),
        a_line('{"technique": "face_swap"}'),
        a_line('{"uploaded": "yesterday"}'),
        a_line('{"runs_for": "an hour"}'),
        a_line('{"runs_for": "h"}'),
        a_line('{"runs_for": "4800001h"}'),
        a_line('{"runs_for": "٣h"}'),
        a_line(rest=', "as_of": "yesterday"'),
        a_line(rest=', "markets": []'),
        a_line(rest=', "markets": [1]'),
        a_line(rest=', "subject": "planet"'),
        a_line(rest=', "assertions": [{"signal": "age", "value": "adult", "by": "reviewer"}]'),
        a_line(rest=', "more": 1'),
    ],
)
def test_what_is_unusual_or_wrong_is_left_to_the_plain_readers(line: bytes) -> None:
    assert READER.read(line) is None


def test_a_line_may_say_its_markets_its_instant_and_its_subject() -> None:
    line = a_line('{"age": "adult"}', ', "markets": ["US"], "as_of": "2026-12-16T10:00:00Z", "subject": "account"')
    read = READER.read(line)
    assert read is not None
    assert (read.markets, read.as_of, read.item.subject) == (("US",), SOME_DAY + 34 * 3_600_000_000, "account")
    lineup = lineup_of(PACK)
    straight = Desk().decide_line(line, lineup, ASKED)
    plain = Desk().decide(json.loads(line), lineup, ASKED)
    assert isinstance(straight, Decided)
    assert isinstance(plain, Decided)
    assert straight.entry == plain.entry
    assert b'"as_of":"2026-12-16T10:00:00Z"' in straight.entry.record


def test_a_line_refused_names_its_id_and_all_that_is_wrong() -> None:
    answer = Desk().decide_line(a_line('{"age": "old", "nobody": 1}'), lineup_of(PACK), ASKED)
    assert isinstance(answer, Refused)
    assert answer.id == "a:b"
    assert {fault.slug for fault in answer.faults} == {"unknown-value", "unknown-signal"}
    answer = Desk().decide_line(a_line(rest=', "markets": ["Atlantis"]'), lineup_of(PACK), ASKED)
    assert isinstance(answer, Refused)
    assert (answer.id, [fault.slug for fault in answer.faults]) == ("a:b", ["unknown-market"])


def test_markets_are_looked_up_again_under_another_bundle() -> None:
    desk, asked = Desk(), Asked(SOME_DAY, ("US",))
    other = a_pack(a_rule("p/r", "disclosed", markets=("US",)), vocabulary=PACK.vocabulary)
    for pack in (PACK, other, PACK):
        answer = desk.decide_line(a_line(), lineup_of(pack), asked)
        assert isinstance(answer, Decided)
        (outcome,) = answer.decision.outcomes
        assert outcome.markets == (("US+US-CA+US-TX",) if pack is other else ("rest",))


def test_a_staged_bundle_reads_the_lines_of_its_share_with_its_own_vocabulary() -> None:
    newer = a_pack(vocabulary=a_vocabulary(*PACK.vocabulary.signals, a_signal("newer")))
    lineup = Lineup(lineup_of(PACK).current, lineup_of(newer).current, 1.0)
    answer = Desk().decide_line(a_line('{"newer": true}'), lineup, ASKED)
    assert isinstance(answer, Decided)
    assert answer.bundle is lineup.staged
    answer = Desk().decide_line(a_line('{"age": "adult"}'), lineup, ASKED)
    assert isinstance(answer, Decided)
    assert answer.bundle is lineup.staged
