"""What a draft needs of the product, read from its texts once a draft and remembered. It writes nothing anywhere."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass

from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.markets import Markets
from assay.engine.kernel.memory import forget_half
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.read_pack import read_pack
from assay.engine.language.remembered import Remembered
from assay.governance.policies.life.models import Change, Edition
from assay.governance.policies.readiness.rules.dependencies import Dependency, dependencies_of, needed

# A draft of a large pack keeps some ten thousand small objects.
_MOST_KEPT = 64
_kept: dict[tuple[str, ...], Needs] = {}
# Of two versions of a pack most files are the same: the second costs next to nothing.
_memory = Remembered()
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Needs:
    """What is needed, the markets of the pack, and what the change's own policy holds.

    faults  how many errors the texts have: what they need is then not known
    rules, examples  of the policy; None where it has no text
    silent  its sections that say nothing to anybody
    """

    dependencies: tuple[Dependency, ...]
    markets: Markets
    faults: int = 0
    rules: int | None = None
    examples: int = 0
    silent: int = 0


def needs_of(change: Change) -> Needs:
    """Of the draft as it stands, against the edition that it starts from."""
    paths = tuple(sorted(change.files.values_list("path", flat=True)))
    key = (change.draft_digest, "" if change.base is None else change.base.digest, *paths)
    held = _kept.get(key) if change.draft_digest else None
    if held is not None:
        return held
    draft, problems = _read(change.draft_files())
    base = None if change.base is None else _readable(change.base)
    faults = sum(problem.severity == "error" for problem in problems)
    # Of a text that cannot be read whole, what it seems to need may be half of it.
    needs = () if faults else needed(draft, paths, base)
    own = next((policy for policy in draft.policies if policy.path == change.path), None)
    if own is None:
        return _keep(key, Needs(needs, draft.markets, faults))
    silent = sum(not (section.guidance or section.public) for section in own.sections)
    return _keep(key, Needs(needs, draft.markets, faults, len(own.rules), len(own.examples), silent))


def needs_of_edition(edition: Edition) -> Needs:
    """Of everything that an edition holds."""
    pack, problems = _read(edition.texts)
    faults = sum(problem.severity == "error" for problem in problems)
    return Needs(tuple(dependencies_of(pack, pack.rules).values()), pack.markets, faults)


def _read(files: Mapping[str, str]) -> tuple[Pack, list[Diagnostic]]:
    with _lock:
        return read_pack(dict(files), memory=_memory)


def _readable(edition: Edition) -> Pack | None:
    pack, problems = _read(edition.texts)
    return None if any(problem.severity == "error" for problem in problems) else pack


def _keep(key: tuple[str, ...], found: Needs) -> Needs:
    with _lock:
        if len(_kept) >= _MOST_KEPT:
            forget_half(_kept)
        _kept[key] = found
    return found
