"""Lineups with brakes on: bundles derived from those in use, some measures held. It decides on no brake itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias

from assay.engine.kernel.errors import Fault
from assay.engine.language.pack.pack import Pack
from assay.interfaces.deciding.lineup import Hold, Lineup, Loaded
from assay.interfaces.deciding.live.keeping import Keeping
from assay.interfaces.deciding.live.making import make_held
from assay.interfaces.packs.bundles import bundle_of

# The texts that are left of a pack when some measures fall back to another one.
Holding: TypeAlias = Callable[[Pack, tuple[Hold, ...], str], Mapping[str, str] | Fault]
_MOST_REMEMBERED = 8


class Brakes:
    """The brakes that are on, and the bundles they make; a derived bundle is made once and kept for replay."""

    def __init__(self, holding: Holding, keeping: Keeping) -> None:
        self._holding, self._keeping = holding, keeping
        self._made: dict[tuple[str, tuple[Hold, ...], str], Loaded] = {}
        self.holds: tuple[Hold, ...] = ()
        self.instead = ""

    def on(self, bare: Lineup) -> Lineup | Fault:
        """A lineup with the brakes on, in every bundle that has the rules they are for."""
        current = self._braked(bare.current)
        staged = None if bare.staged is None else self._braked(bare.staged)
        shadow = None if bare.shadow is None else self._braked(bare.shadow)
        if isinstance(current, Fault):
            return current
        if isinstance(staged, Fault):
            return staged
        if isinstance(shadow, Fault):
            return shadow
        return replace(bare, current=current, staged=staged, shadow=shadow)

    def _braked(self, bundle: Loaded) -> Loaded | Fault:
        holds = tuple(hold for hold in self.holds if hold.rule in bundle.pack.rule_by_ref)
        if not holds:
            return bundle
        key = (bundle.digest, holds, self.instead)
        found = self._made.get(key)
        if found is None:
            texts = self._holding(bundle.pack, holds, self.instead)
            made = texts if isinstance(texts, Fault) else make_held(bundle, texts, holds)
            if isinstance(made, Fault):
                return Fault("brake-failed", f"the brakes cannot be put on {bundle.pack.name}: {made.words}")
            # Kept before it decides: its records name it, and only its texts can replay them.
            fault = self._keeping.keep_bundle(made.digest, bundle_of(made.pack))
            if fault is not None:
                return fault
            if len(self._made) >= _MOST_REMEMBERED:
                self._made.clear()
            found = self._made[key] = made
        return replace(found, signer=bundle.signer, sequence=bundle.sequence)
