"""The bundles in use, rollback, brakes: what an operator sees and does by HTTP. It never acts without a name."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.instants import format_instant
from assay.interfaces.deciding.lineup import Hold, Loaded
from assay.interfaces.service.exchange import Answer
from assay.interfaces.service.kinds import refused
from assay.interfaces.service.parts import Parts
from assay.interfaces.service.problems import Problem
from assay.interfaces.service.routes.plain import Asking, TextField, in_json, read_texts
from assay.interfaces.service.routes.shapes import (
    AlarmShape,
    Brake,
    BrakesAnswer,
    BundleAnswer,
    BundleShape,
    DifferenceShape,
    PinShape,
    Reason,
    ShadowShape,
)

# They come the most frequent first; metrics have all of them.
_MOST_DIFFERENCES = 100
_WHO_AND_WHY = (TextField("by"), TextField("reason"))
_WHICH_AND_WHO = (TextField("rule"), TextField("by"))


async def show_bundles(parts: Parts, asking: Asking) -> Answer | Problem:
    """The bundles in use."""
    return in_json(bundles_of(parts))


async def roll_back(parts: Parts, asking: Asking) -> Answer | Problem:
    """Go back to the former bundle."""
    return await _operate(parts, asking, "rollback-asked", parts.live.rollback)


async def unpin(parts: Parts, asking: Asking) -> Answer | Problem:
    """Follow the channel again."""
    return await _operate(parts, asking, "unpin-asked", parts.live.unpin)


async def show_brakes(parts: Parts, asking: Asking) -> Answer | Problem:
    """The brakes that are on."""
    return in_json(_brakes(parts))


async def release_brake(parts: Parts, asking: Asking) -> Answer | Problem:
    """Take a brake off."""
    given = read_texts(asking.body, _WHICH_AND_WHO)
    if isinstance(given, Problem):
        return given
    if parts.rails is None:
        return refused("not-configured", "this service runs without safety rails")
    _note(parts, "release-asked", f"the brake on {given['rule']} is to be released", given["by"], asking)
    # It writes state and makes a bundle anew, for which requests are not to wait.
    fault = await asyncio.to_thread(parts.rails.release, given["rule"], given["by"])
    return in_json(_brakes(parts)) if fault is None else _impossible(fault)


async def _operate(parts: Parts, asking: Asking, kind: str, act: Callable[[str], Fault | None]) -> Answer | Problem:
    given = read_texts(asking.body, _WHO_AND_WHY)
    if isinstance(given, Problem):
        return given
    _note(parts, kind, given["reason"], given["by"], asking)
    fault = await asyncio.to_thread(act, given["by"])
    return in_json(bundles_of(parts)) if fault is None else _impossible(fault)


def _impossible(fault: Fault) -> Problem:
    return refused("not-possible", "the call cannot be done as things are; `faults` says why", (fault,))


def _note(parts: Parts, kind: str, words: str, by: str, asking: Asking) -> None:
    """Who asked for it and why; what comes of it is written by whoever does it."""
    if parts.events is not None:
        parts.events.write(kind, words, by=by, client=asking.client or "")


def bundles_of(parts: Parts) -> BundleAnswer:
    """The bundles in use, as answers show them."""
    lineup, status = parts.live.lineup, parts.live.status()
    pinned = status.pinned
    return BundleAnswer(
        bundle_shape(lineup.current, 1.0 - (lineup.staged_share if lineup.staged is not None else 0.0)),
        None if lineup.staged is None else bundle_shape(lineup.staged, lineup.staged_share),
        None if lineup.shadow is None else bundle_shape(lineup.shadow, lineup.shadow_share),
        None if parts.shadow is None else _shadow(parts.shadow.counts()),
        status.swaps,
        status.refused,
        None if status.last_fault is None else reason_of(status.last_fault),
        None if status.last_polled is None else format_instant(status.last_polled),
        None if pinned is None else PinShape(pinned.digest, pinned.over, pinned.by, format_instant(pinned.since)),
        status.from_state,
    )


def bundle_shape(bundle: Loaded, share: float) -> BundleShape:
    """A bundle in use."""
    pack = bundle.pack
    brakes = [_brake(hold) for hold in bundle.holds]
    return BundleShape(
        bundle.digest, pack.name, pack.version, bundle.signer, bundle.sequence, share, bundle.base, brakes
    )


def reason_of(fault: Fault) -> Reason:
    """A fault as answers show it."""
    return Reason(fault.slug, fault.words, fault.field)


def _shadow(counts: Any) -> ShadowShape:
    differences = [
        DifferenceShape(one.kind, one.name, one.market, str(one.before), str(one.after), one.items)
        for one in counts.differences[:_MOST_DIFFERENCES]
    ]
    return ShadowShape(counts.bundle, counts.items, counts.differing, dict(counts.failures), differences)


def _brake(hold: Hold) -> Brake:
    return Brake(hold.rule, list(hold.measures), hold.why, format_instant(hold.since))


def _brakes(parts: Parts) -> BrakesAnswer:
    if parts.rails is None:
        return BrakesAnswer([], [])
    return BrakesAnswer([_brake(hold) for hold in parts.rails.holds()], [_alarm(one) for one in parts.rails.alarms()])


def _alarm(alarm: Any) -> AlarmShape:
    since = format_instant(alarm.since)
    return AlarmShape(alarm.measure, alarm.market, alarm.kind, alarm.words, since, list(alarm.rules))
