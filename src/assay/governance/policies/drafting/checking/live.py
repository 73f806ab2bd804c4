"""A draft checked again after every pause in typing, as the whole pack is checked; only what changed is read anew.

What was read is kept by what was read, so what one person types never shows in what another is told.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping

from assay.engine.decision.decide import Decider
from assay.engine.kernel.digest import digest_of_files
from assay.engine.kernel.memory import forget_half
from assay.engine.language.checker import Checked, check_pack
from assay.engine.language.remembered import Remembered

_MOST_CHECKED, _MOST_DECIDERS = 24, 6
_memory = Remembered()
# One at a time: what is remembered is no two threads' business, and each check is over in a moment.
_one_at_a_time = threading.Lock()
_checked: dict[str, Checked] = {}
_deciders: dict[str, Decider] = {}


def check(files: Mapping[str, str]) -> Checked:
    """Everything that can be said against a pack, examples run."""
    digest = digest_of_files(files)
    with _one_at_a_time:
        found = _checked.get(digest)
        if found is None:
            found = _checked[digest] = check_pack(files, memory=_memory)
            if len(_checked) > _MOST_CHECKED:
                forget_half(_checked)
    return found


def decider_of(checked: Checked) -> Decider | None:
    """The pack made ready to decide items; None where it has errors that are not of its examples."""
    if any(problem.severity == "error" and problem.slug != "failing-example" for problem in checked.problems):
        return None
    digest = checked.pack.digest
    with _one_at_a_time:
        found = _deciders.get(digest)
        if found is None:
            found = _deciders[digest] = Decider(checked.pack)
            if len(_deciders) > _MOST_DECIDERS:
                forget_half(_deciders)
    return found
