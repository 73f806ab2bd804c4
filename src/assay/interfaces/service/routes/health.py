"""`/healthz`, `/readyz`, `/metrics`: whether the process lives, whether it may be sent requests, what it counted."""

from __future__ import annotations

import asyncio

from assay.engine.kernel.errors import Fault
from assay.interfaces.service.exchange import Answer
from assay.interfaces.service.parts import Parts
from assay.interfaces.service.problems import Problem
from assay.interfaces.service.routes.bundles import bundle_shape, reason_of
from assay.interfaces.service.routes.plain import Asking, in_json
from assay.interfaces.service.routes.shapes import Alive, Ready, StoreShape

_UNWRITABLE = Fault("records-not-kept", "the record store cannot make records durable")


async def show_alive(parts: Parts, asking: Asking) -> Answer | Problem:
    """The process answers, which is all that this says."""
    return in_json(Alive(alive=True))


async def show_ready(parts: Parts, asking: Asking) -> Answer | Problem:
    """Whether requests are answered. Who has no token is told slugs and no words."""
    state, status = parts.keeper.state(), parts.live.status()
    known = asking.client is not None
    reasons = [] if state.healthy else [reason_of(state.last_fault or _UNWRITABLE)]
    notes = [] if status.last_fault is None else [reason_of(status.last_fault)]
    if status.pinned is not None:
        notes.append(reason_of(Fault("pinned", "a person went back to a former bundle; newer ones wait")))
    if status.from_state:
        notes.append(
            reason_of(Fault("from-state", "it decides by what it had kept: nothing usable came since the start"))
        )
    if parts.live.lineup.current.holds:
        notes.append(reason_of(Fault("brake-on", "brakes are on; some measures fall back to review")))
    ready = not reasons
    if not known:
        reasons, notes = ([type(one)(one.slug, "") for one in these] for these in (reasons, notes))
        shown = Ready(ready, reasons, notes)
    else:
        store = StoreShape(state.kind, state.healthy, state.kept, state.waiting_entries, state.waiting_bytes)
        shown = Ready(ready, reasons, notes, bundle_shape(parts.live.lineup.current, 1.0), store)
    return in_json(shown, status=200 if ready else 503)


async def show_metrics(parts: Parts, asking: Asking) -> Answer | Problem:
    """Everything that is counted."""
    if parts.meter is None:
        return Answer(200, b"# EOF\n", (), b"text/plain; version=0.0.4; charset=utf-8")
    # It takes milliseconds, for which requests are not to wait.
    content = await asyncio.to_thread(parts.meter.render)
    return Answer(200, content, (), parts.meter.content_type.encode("ascii"))
