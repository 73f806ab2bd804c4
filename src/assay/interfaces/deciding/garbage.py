"""How a process that decides for months looks for garbage: seldom, and not among what is loaded. It frees nothing else.

Deciding makes no circles: an item and all that is made of it are freed as soon as nobody holds them. What the collector
finds in between is nothing, and looking for it among a million remembered objects costs as much as deciding them again.
"""

from __future__ import annotations

import gc

# So many more objects than before are made before the young are looked at; a batch of a thousand makes fewer.
_YOUNG, _MIDDLE, _OLD = 50_000, 20, 50


def settle() -> None:
    """Call when everything is loaded, and again when a bundle took another's place.

    Bundles hold circles, so one that is no longer used is freed here; what is left is not looked at again.
    """
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
    gc.unfreeze()
    gc.collect()
    gc.freeze()
