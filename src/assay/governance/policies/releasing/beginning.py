"""The bundle of an edition with which the house began: as others signed it, or proved here. None is released."""

from __future__ import annotations

from datetime import datetime

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.instants import DAY, instant_of
from assay.governance.policies.life.models import Edition
from assay.governance.policies.ports import PORTS, Proved, Task
from assay.governance.policies.releasing.building import channel_or_fault


def bundle_of(edition: Edition, at: datetime) -> bytes | Fault:
    """The signed bundle; where the house began with a plain folder, it is proved and signed when it is first told."""
    if edition.bundle is not None:
        return bytes(edition.bundle)
    signed = _signed_by_others(edition)
    if signed is not None:
        return signed
    channel = channel_or_fault()
    if isinstance(channel, Fault):
        return channel
    files = dict(edition.texts)
    proved = _proved(files, instant_of(at))
    bundle = proved if isinstance(proved, Fault) else channel.sign(files, proved, at)
    if isinstance(bundle, bytes):
        Edition.objects.filter(pk=edition.pk, bundle=None).update(bundle=bundle)
    return bundle


def _signed_by_others(edition: Edition) -> bytes | None:
    """The file of what decides now, where it is this very edition and somebody signed it."""
    found = None if PORTS.in_force is None else PORTS.in_force()
    if found is None or found.digest != edition.digest or found.bundle is None:
        return None
    Edition.objects.filter(pk=edition.pk, bundle=None).update(bundle=found.bundle)
    return found.bundle


def _proved(files: dict[str, str], now: int) -> Proved | Fault:
    """What the prover finds of texts that no run of a change has proved."""
    as_of = now - now % DAY
    if PORTS.workshop is None:
        return Fault("no-workshop", "these texts were never proved, and there is nobody here who could prove them")
    outcome = PORTS.workshop.run(Task("proof", {}, files, as_of), lambda done, total, words: None)
    if isinstance(outcome, Fault):
        return outcome
    if not outcome.passed:
        return Fault("not-proved", f"what the house began with is not proved: {outcome.words}")
    counted = {name: outcome.document.get(name) for name in ("claims", "errors", "undecided")}
    found = [value for value in counted.values() if isinstance(value, int)]
    if len(found) != len(counted):
        return Fault("not-proved", "the proof says neither how much it proved nor what is left")
    return Proved(as_of, *found)
