"""A record's bytes are canonical, say what was decided, come out again, and depend on nothing but the decision."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from assay.engine.decision.decide import Decider
from assay.engine.decision.item import Item
from assay.engine.decision.record import RecordWriter, replay
from assay.engine.kernel.digest import canonical_json
from assay.engine.kernel.instants import DAY
from assay.engine.language.pack.pack import Pack
from tests.conftest import ROOT
from tests.laws.decisions.item_records import items
from tests.laws.decisions.plain_record import plain_record
from tests.laws.decisions.small_packs import MARKET, completions, decide, small_cases, small_packs
from tests.makers import SOME_DAY, packs

MARKETS = st.sampled_from((None, None, ("US",), ("EU", "BR"), ("FR", "US-CA", "GB")))


def decided(data: st.DataObject, pack: Pack, decider: Decider) -> tuple[Item, int, tuple[str, ...] | None]:
    as_of = data.draw(st.sampled_from((SOME_DAY, SOME_DAY, SOME_DAY + DAY // 2 + 1, SOME_DAY - 400 * DAY)))
    return data.draw(items(pack)), as_of, data.draw(MARKETS)


@given(st.data(), st.booleans())
def test_a_record_is_canonical_and_says_what_was_decided(data: st.DataObject, reasons: bool) -> None:
    pack = data.draw(st.one_of(packs(), small_packs()))
    decider = Decider(pack)
    decision = decider.decide(*decided(data, pack, decider))
    written = RecordWriter(decider, reasons=reasons).write(decision)
    assert canonical_json(json.loads(written)) == written
    assert json.loads(written) == json.loads(canonical_json(plain_record(decision, reasons=reasons)))


@given(st.data(), st.booleans())
def test_replaying_a_record_gives_the_same_bytes(data: st.DataObject, reasons: bool) -> None:
    pack = data.draw(packs())
    decider = Decider(pack)
    written = RecordWriter(decider, reasons=reasons).write(decider.decide(*decided(data, pack, decider)))
    assert replay(written, decider) == written
    assert replay(written, Decider(pack)) == written


@given(st.data())
def test_unknown_never_becomes_no(data: st.DataObject) -> None:
    pack = data.draw(small_packs())
    decider = Decider(pack)
    values = data.draw(small_cases(pack))
    (outcome,) = json.loads(RecordWriter(decider).write(decide(decider, values)))["outcomes"]
    assert set(outcome["measures"]) == set(pack.measures.by_id)
    everything = [decide(decider, full).measures(MARKET) for full in completions(pack, values)]
    for measure, word in outcome["measures"].items():
        assert word in {"yes", "no", "unknown"}
        assert word == "unknown" or {truths[measure].value for truths in everything} == {word}


@given(st.data())
def test_bytes_do_not_depend_on_what_was_decided_before(data: st.DataObject) -> None:
    pack = data.draw(packs())
    some = [data.draw(items(pack)) for _ in range(4)]
    forth = [data.draw(st.sampled_from((SOME_DAY, SOME_DAY + DAY))) for _ in some]
    orders = [list(range(len(some))), list(reversed(range(len(some)))), [0, 0, 1, 1, 2, 2, 3, 3]]
    written = []
    for order in orders:
        decider = Decider(pack)
        writer = RecordWriter(decider)
        written.append({place: writer.write(decider.decide(some[place], forth[place])) for place in order})
    assert written[0] == written[1] == written[2]


@given(st.data())
def test_a_record_with_another_truth_in_it_does_not_come_out_again(data: st.DataObject) -> None:
    pack = data.draw(packs())
    decider = Decider(pack)
    record = json.loads(RecordWriter(decider).write(decider.decide(data.draw(items(pack)), SOME_DAY)))
    outcome = data.draw(st.sampled_from(record["outcomes"]))
    measure = data.draw(st.sampled_from(sorted(outcome["measures"])))
    others = {"yes", "no", "unknown"} - {outcome["measures"][measure]}
    outcome["measures"][measure] = data.draw(st.sampled_from(sorted(others)))
    tampered = canonical_json(record)
    assert replay(tampered, decider) != tampered


IN_ANOTHER_PROCESS = """
import hashlib, sys
import assay
from assay import Decider, RecordWriter
from assay.engine.decision.item import read_item
pack = assay.load_pack(sys.argv[1])
decider = Decider(pack)
writer = RecordWriter(decider)
found = hashlib.sha256(decider.scalar.source.encode())
for number in range(60):
    signals = {}
    for place, signal in enumerate(pack.vocabulary.signals):
        turn = number * 7 + place * 5
        if signal.values and turn % 3:
            names = signal.value_names
            chosen = names[turn % len(names)]
            value = [chosen, names[0]] if signal.type == "set" else chosen
            signals[signal.name] = {"KR": value, "*": value} if signal.by_market else value
    asserted = [s for s in pack.vocabulary.signals if not s.by_market and s.values and s.name not in signals]
    said = [
        {"signal": s.name, "value": [v] if s.type == "set" else v, "by": s.asserted_by[0], "source": source}
        for s in asserted[:5]
        for source, v in (("bo", s.value_names[0]), ("ada", s.value_names[number % 2]))
    ]
    item = read_item({"id": f"item-{number}", "signals": signals, "assertions": said}, pack.vocabulary, pack.markets)
    assert not isinstance(item, list), item
    found.update(writer.write(decider.decide(item, 1_790_000_000_000_000)))
print(found.hexdigest())
"""


def test_bytes_do_not_depend_on_the_process() -> None:
    starter = ROOT / "packs" / "starter"
    command = [sys.executable, "-c", IN_ANOTHER_PROCESS, str(starter)]
    found = [
        subprocess.run(
            command, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("0", "1", "4711")
    ]
    assert len(found[0].strip()) == 64
    assert len(set(found)) == 1
