"""A small pack's decisions, recorded where the pages look for them, and the bundle behind them. It holds no test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.engine.decision.decide import Decider
from assay.engine.decision.item import Item, read_item
from assay.engine.decision.record import RecordWriter
from assay.engine.kernel.instants import parse_instant
from assay.engine.language.pack.pack import Pack
from assay.interfaces.deciding.live.keeping import Good, Keeping
from assay.interfaces.deciding.live.settings import BundleSettings
from assay.interfaces.packs import load_pack
from assay.interfaces.packs.bundles import bundle_of
from assay.interfaces.stores.entry import Entry
from assay.interfaces.stores.segments.writer import Limits, SegmentWriter
from assay.interfaces.stores.settings import StoreSettings
from tests.interfaces.small import FILES

# A formula, markup and letters that turn the others round: an id is a stranger's text.
STRANGE = "=1+1 <script>alert(1)</script> \u202egnp.exe"


@dataclass(frozen=True, slots=True)
class Recorded:
    """Where everything is."""

    folder: Path
    pack: Pack
    records: Sequence[bytes]

    @property
    def store(self) -> StoreSettings:
        """The settings of the records."""
        return StoreSettings(folder=self.folder / "records")

    @property
    def bundles(self) -> BundleSettings:
        """The settings of the bundles."""
        return BundleSettings(source="https://channel.example", state=self.folder / "state")


def a_pack(place: Path, version: str = "1.0.0", files: Mapping[str, str] = FILES) -> Pack:
    """The small pack, or another one, in a version."""
    for name, text in files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("version: 1.0.0", f"version: {version}", 1), encoding="utf-8")
    return load_pack(place)


def keep_bundles(state: Path, *packs: Pack) -> Keeping:
    """Keep bundles as a service does; the first one decides."""
    keeping = Keeping(state)
    for pack in packs:
        assert keeping.keep_bundle(pack.digest, bundle_of(pack)) is None
    assert keeping.change(good=Good(packs[0].digest), former=tuple(pack.digest for pack in packs[1:])) is None
    return keeping


def record(folder: Path, items: Sequence[Mapping[str, object]], files: Mapping[str, str] = FILES) -> Recorded:
    """Decide items, an hour after each other, and record them."""
    pack = a_pack(folder / "pack", files=files)
    keep_bundles(folder / "state", pack)
    decider = Decider(pack)
    writer, records, entries = RecordWriter(decider), [], []
    noon = parse_instant("2026-12-15T12:00:00Z")
    assert noon is not None
    for number, given in enumerate(items):
        item = read_item(given, decider.vocabulary, pack.markets)
        assert isinstance(item, Item), item
        records.append(writer.write(decider.decide(item, noon + number * 3_600_000_000)))
        entries.append(Entry([records[-1]], item.id))
    (folder / "records").mkdir()
    clock = iter(range(noon, noon + 10**12, 3_600_000_000))
    kept = SegmentWriter(folder / "records", Limits("written"), 1, now=lambda: next(clock))
    for entry in entries:
        kept.write([entry])
    kept.close()
    return Recorded(folder, pack, records)
