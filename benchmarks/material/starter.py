"""Items over the starter pack's vocabulary, as its priors have them. It knows nothing of what the pack's rules say."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from pathlib import Path

from assay.engine.decision.item import EVERYWHERE, Item
from assay.engine.kernel.instants import DAY
from assay.engine.kernel.values import MaybeValue, Value
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.vocabulary import Signal, SignalType
from assay.interfaces.packs import load_pack

FOLDER = Path(__file__).resolve().parent.parent.parent / "packs" / "starter"
LEAST_MISSING, MOST_MISSING = 0.01, 0.15
# What scanners and the uploader's own declaration come to; a platform knows it as soon as a file is there.
SCANNED = frozenset(("ai_extent", "synthetic_status", "provenance", "gb_label", "detector.score", "modality"))
HOUR = DAY // 24
GENERATORS = ("Midjourney", "ComfyUI", "Firefly", "Grok", "an unnamed tool")


def starter_pack() -> Pack:
    """The pack that Assay ships."""
    return load_pack(FOLDER)


def items_known(pack: Pack, count: int, seed: int) -> list[Item]:
    """Items of which every signal is known, as after a review."""
    return _items(pack, count, {signal.name: 0.0 for signal in pack.vocabulary.signals}, f"{seed}/known")


def items_with_gaps(pack: Pack, count: int, seed: int) -> list[Item]:
    """Items of which each signal is missing at a rate of its own, between 1 and 15 %."""
    chance = random.Random(seed)
    rates = {signal.name: chance.uniform(LEAST_MISSING, MOST_MISSING) for signal in pack.vocabulary.signals}
    return _items(pack, count, rates, f"{seed}/gaps")


def items_as_uploaded(pack: Pack, count: int, seed: int) -> list[Item]:
    """Items as they come in: what the platform and scanners can know is there, what takes a person is not."""
    rates = {
        signal.name: 0.05 if "platform" in signal.asserted_by or signal.name in SCANNED else 1.0
        for signal in pack.vocabulary.signals
    }
    return _items(pack, count, rates, f"{seed}/uploaded")


def _items(pack: Pack, count: int, missing: Mapping[str, float], seed: str) -> list[Item]:
    chance = random.Random(seed)
    markets = sorted(pack.markets.reach("EU") | {"BR", "GB", "IN", "KR", "US"})
    draws = [(signal, missing[signal.name], _drawing(signal, chance)) for signal in pack.vocabulary.signals]
    made = []
    for place in range(count):
        values: list[MaybeValue] = []
        by_market: dict[str, Mapping[str, Value]] = {}
        for signal, rate, draw in draws:
            value = None if chance.random() < rate else draw()
            values.append(None if signal.by_market else value)
            # The calendar answers for elections; what else turns on markets is special in one of them at most.
            if signal.by_market and signal.calendar is None and value is not None:
                usual: dict[str, Value] = {EVERYWHERE: signal.value_names[0]}
                by_market[signal.name] = (
                    {**usual, chance.choice(markets): value} if value not in usual.values() else usual
                )
        made.append(Item(f"upload-{seed}-{place}", tuple(values), by_market))
    return made


def _drawing(signal: Signal, chance: random.Random) -> Callable[[], MaybeValue]:
    """What gives one value after the other for a signal, by its prior; alike often where it has none."""
    if signal.type in (SignalType.CHOICE, SignalType.SCALE):
        weights = [signal.prior.get(name, 1.0) for name in signal.value_names]
        return lambda: chance.choices(signal.value_names, weights)[0]
    if signal.type is SignalType.FLAG:
        yes = signal.prior.get("yes", 1.0)
        return lambda: chance.random() * (yes + signal.prior.get("no", 1.0)) < yes
    if signal.type is SignalType.SET:
        rates = [(name, signal.prior.get(name, 0.1)) for name in signal.value_names]
        return lambda: frozenset(name for name, rate in rates if chance.random() < rate)
    if signal.type is SignalType.TEXT:
        return lambda: chance.choice(GENERATORS)
    if signal.type is SignalType.DURATION:
        return lambda: HOUR * chance.randrange(24_000)
    if signal.type is SignalType.SCORE:
        return lambda: round(chance.random(), 3)
    low, high = int(signal.minimum or 0), int(50 if signal.maximum is None else signal.maximum)
    return lambda: low + int((high - low) * chance.random() ** 3)
