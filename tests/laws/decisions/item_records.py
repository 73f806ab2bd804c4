"""Item records as a platform may send them: assertions that clash, values by market, any script. It tests nothing."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from assay.engine.decision.item import Item, read_item
from assay.engine.kernel.instants import DAY, format_instant
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.vocabulary import Signal
from tests.makers import INTERESTING_MARKETS, SOME_DAY, values_of

IDS = ("item-1", "item-2", "ü", "日本 𝔸", 'a"b\\c', " ", "\u2028", "é" * 512)
SOURCES = ("", "ada", "bo", "reviewer:17", "c2pa", 'ü"')
CONFIDENCES = (None, 0, 0.25, 0.8, 1, 1.0, 0.1 + 0.2)


@st.composite
def records(draw: DrawFn, pack: Pack, *, missing: float = 0.4) -> dict[str, object]:
    """An item record that is sound: some signals known, some asserted, some unknown."""
    record: dict[str, object] = {"id": draw(st.sampled_from(IDS))}
    signals: dict[str, object] = {}
    assertions: list[dict[str, object]] = []
    share = st.integers(0, 9).map(lambda number: number >= 10 * missing)
    for signal in draw(st.permutations(pack.vocabulary.signals)):
        if signal.by_market:
            if signal.calendar is None or draw(st.booleans()):
                signals[signal.name] = draw(_by_market(signal)) if draw(share) else None
        elif draw(st.sampled_from((True, True, False))):
            signals[signal.name] = signal.write(draw(values_of(signal))) if draw(share) else None
        else:
            assertions += draw(st.lists(_assertions(signal), max_size=4))
    if draw(st.sampled_from((True, True, False))):
        record["signals"] = signals
    record["assertions"] = draw(st.permutations(assertions))
    record["subject"] = draw(st.sampled_from((None, "item", "item", "item", "account", "campaign")))
    return {key: value for key, value in record.items() if value is not None or draw(st.booleans())}


@st.composite
def _by_market(draw: DrawFn, signal: Signal) -> dict[str, object]:
    codes = draw(st.lists(st.sampled_from((*INTERESTING_MARKETS, "*")), max_size=4, unique=True))
    return {code: draw(st.one_of(st.none(), values_of(signal).map(signal.write))) for code in codes}


@st.composite
def _assertions(draw: DrawFn, signal: Signal) -> dict[str, object]:
    found: dict[str, object] = {
        "signal": signal.name,
        "value": draw(st.one_of(st.none(), *[values_of(signal).map(signal.write)] * 9)),
        "by": draw(st.sampled_from(signal.asserted_by[:3])),
        "source": draw(st.sampled_from(SOURCES)),
        "confidence": draw(st.sampled_from(CONFIDENCES)),
        "at": draw(st.sampled_from((None, *(format_instant(SOME_DAY + shift) for shift in (-DAY, -1, 0, 1))))),
        "evidence": draw(st.sampled_from((None, [], ["sha256:0"], ["sha256:1", "ü"]))),
    }
    return {key: value for key, value in found.items() if value is not None or draw(st.booleans())}


@st.composite
def items(draw: DrawFn, pack: Pack, *, missing: float = 0.4) -> Item:
    """The items that such records stand for."""
    item = read_item(draw(records(pack, missing=missing)), pack.vocabulary, pack.markets)
    assert isinstance(item, Item), item
    return item
