"""What findings amount to is what the starter pack makes of their assertions, in China as well."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from hypothesis import given

from assay.detection.evidence import Evidence
from assay.detection.judgement import judge
from assay.detection.result import ScanResult
from assay.detection.weighing.settings import Weighing
from assay.engine.decision.decide import Decider
from assay.engine.decision.item import Item
from assay.engine.decision.resolve import resolve
from assay.engine.kernel.instants import DAY
from assay.engine.kernel.truth import Truth
from assay.interfaces.packs import load_pack
from assay.interfaces.records.media import fitting_assertions
from tests.conftest import ROOT
from tests.laws.fusion.evidence import any_evidence, weighings

AS_OF = 20_800 * DAY
NOTICES = {"label:ai": "is", "label:possibly_ai": "may_be", "label:suspected_ai": "suspected"}


@cache
def decider() -> Decider:
    return Decider(load_pack(ROOT / "packs" / "starter"))


def item(evidence: list[Evidence], weighing: Weighing) -> Item:
    vocabulary = decider().vocabulary
    bare = Item.from_signals({"made_with_own_tool": False}, vocabulary, id="a")
    assert isinstance(bare, Item)
    scan = ScanResult(Path("a"), evidence=tuple(evidence))
    return Item(bare.id, bare.values, bare.by_market, tuple(fitting_assertions(scan, vocabulary, weighing)))


@given(any_evidence(), weighings())
def test_the_judgement_is_what_the_starter_pack_resolves(evidence: list[Evidence], weighing: Weighing) -> None:
    judged, vocabulary = judge(evidence, weighing), decider().vocabulary
    found = resolve(item(evidence, weighing), vocabulary, AS_OF)
    for name, value in (("ai_extent", judged.ai_extent), ("synthetic_status", judged.synthetic_status)):
        assert found.values[vocabulary.index[name]] == value, name
    for name in found.conflicts:
        if name in ("ai_extent", "synthetic_status"):
            assert any(name in each.signals for each in judged.conflicts)


@given(any_evidence(), weighings())
def test_whatever_notice_is_certain_in_china_is_that_of_the_tier(evidence: list[Evidence], weighing: Weighing) -> None:
    judged = judge(evidence, weighing)
    measures = decider().decide(item(evidence, weighing), AS_OF, ("CN",)).measures("CN")
    certain = {tier for measure, tier in NOTICES.items() if measures[measure] is Truth.YES}
    assert certain <= {judged.china}
    if judged.china is not None and not judged.conflicts:
        impossible = {tier for measure, tier in NOTICES.items() if measures[measure] is Truth.NO}
        assert judged.china.value not in impossible
