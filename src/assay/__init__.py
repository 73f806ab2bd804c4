"""Assay: a policy on AI-generated content, written once. What Python code may use; it loads what it needs, when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assay.detection.result import ScanResult
    from assay.engine.decision.decide import Decider, Decision
    from assay.engine.decision.item import Item
    from assay.engine.decision.record import RecordWriter
    from assay.engine.kernel.errors import Fault, Refused
    from assay.engine.language.pack.pack import Pack
    from assay.interfaces.packs import load_pack

__all__ = [
    "Decider",
    "Decision",
    "InvalidItem",
    "Item",
    "Pack",
    "RecordWriter",
    "Refused",
    "ScanResult",
    "__version__",
    "decide",
    "load_pack",
    "scan",
]

# Loaded when somebody first asks for them: `import assay` alone, and with it every command, takes no time.
_PLACES = {
    "Decider": "assay.engine.decision.decide",
    "Decision": "assay.engine.decision.decide",
    "Item": "assay.engine.decision.item",
    "Pack": "assay.engine.language.pack.pack",
    "RecordWriter": "assay.engine.decision.record",
    "Refused": "assay.engine.kernel.errors",
    "ScanResult": "assay.detection.result",
    "load_pack": "assay.interfaces.packs",
}


class InvalidItem(ValueError):
    """An item record cannot be read; carries every fault found in it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.slug}: {fault.words}" for fault in self.faults))


def decide(
    item: Item | Mapping[str, object],
    pack: Pack | Decider,
    *,
    as_of: str | datetime,
    markets: Iterable[str] | None = None,
) -> Decision:
    """Decide one item, or the item that a record stands for.

    pack     for many items make a `Decider` of it once
    as_of    an aware datetime, or text such as `2026-12-15` or `2026-12-15T10:00:00Z`
    markets  codes or groups; every market where None
    raises   InvalidItem with everything that is wrong with the record; ValueError for no instant or no market
    """
    from assay.engine.decision.decide import Decider
    from assay.engine.decision.item import Item, read_item

    decider = pack if isinstance(pack, Decider) else Decider(pack)
    found = item if isinstance(item, Item) else read_item(item, decider.vocabulary, decider.pack.markets)
    if isinstance(found, list):
        raise InvalidItem(found)
    return decider.decide(found, _instant(as_of), _classes(markets, decider))


def scan(paths: Iterable[str | Path], *, trust: str | Path | None = None) -> Iterator[ScanResult]:
    """The evidence in media files, one result for each in their order; files are read in processes of their own.

    trust  a folder of PEM files with trust anchors for signed provenance
    """
    from assay.detection.run import scan_files

    return scan_files((Path(path) for path in paths), trust=Path(trust) if trust is not None else None)


def _instant(given: str | datetime) -> int:
    from assay.engine.kernel.instants import instant_of, parse_instant

    if isinstance(given, datetime):
        if given.tzinfo is None:
            raise ValueError("a datetime without a time zone is no instant")
        return instant_of(given)
    found = parse_instant(given)
    if found is None:
        raise ValueError(f"`{given}` is no date; write `2026-12-15` or `2026-12-15T10:00:00Z`")
    return found


def _classes(markets: Iterable[str] | None, decider: Decider) -> tuple[str, ...] | None:
    if markets is None:
        return None
    names = tuple(markets)
    classes = {found.name for found in decider.program.classes}
    unknown = [name for name in names if name not in classes and not decider.pack.markets.knows(name)]
    if unknown or not names:
        raise ValueError(f"no market is named `{unknown[0]}`" if unknown else "no market is named")
    return tuple(found.name for found in decider.classes_of(names))


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("assay")
    if name in _PLACES:
        return getattr(import_module(_PLACES[name]), name)
    raise AttributeError(f"module `assay` has no attribute `{name}`")
