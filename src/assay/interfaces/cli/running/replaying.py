"""Decides kept records again, each with the bundle that it names. It never takes another bundle in its place."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assay.interfaces.cli.terminal import counted, printable, wrong_use

if TYPE_CHECKING:
    from assay.engine.decision.record import Replayer


class Deciders:
    """What decides records again, by the digest of their bundle.

    files  bundles that are named by their digest and loaded when a record names it
    """

    def __init__(self) -> None:
        self.made: dict[str, Replayer | None] = {}
        self.files: dict[str, Path] = {}

    def find(self, digest: str) -> Replayer | None:
        """What decides by a bundle; None where no pack given is it."""
        if digest not in self.made:
            path = self.files.get(digest)
            self.made[digest] = None if path is None else _of_file(path, digest)
        return self.made[digest]


class Replayed:
    """How many records came out the same.

    unknown  by digest: records whose bundle is none of the packs given
    """

    def __init__(self, deciders: Deciders) -> None:
        self.deciders = deciders
        self.same = self.differing = self.damaged = 0
        self.unknown: Counter[str] = Counter()

    def add(self, record: bytes) -> list[str]:
        """Decide a record again; what is different, nothing where it is the same or its bundle is unknown."""
        from assay.interfaces.cli.items.replay import differences
        from assay.interfaces.stores.counting import bundle_of

        name = bundle_of(record)
        replayer = self.deciders.find(name)
        if replayer is None:
            self.unknown[name] += 1
            return []
        found = differences(record, replayer)
        self.same, self.differing = self.same + (not found), self.differing + bool(found)
        return found

    @property
    def all_same(self) -> bool:
        """Whether every record could be decided again, to the same bytes."""
        return not (self.differing or self.damaged or self.unknown)

    @property
    def summary(self) -> str:
        """One line for people."""
        undecided = self.unknown.total()
        total = self.same + self.differing + undecided
        words = f"{counted(total, 'record')}: {self.same:,} the same, {self.differing:,} not"
        words += f", {undecided:,} of unknown bundles" if undecided else ""
        return words + (f", and {self.damaged:,} damaged" if self.damaged else "")


def deciders_for(given: Sequence[Path]) -> Deciders:
    """Deciders of packs, bundles and folders of bundles; ends with 1 or 2 where one cannot be had."""
    from assay.engine.decision.decide import Decider
    from assay.engine.decision.record import Replayer
    from assay.interfaces.cli.terminal import sound_pack
    from assay.interfaces.cli.versions import named_version, sound_version

    if not given:
        wrong_use("say which packs decided, with `--pack` or `--bundle`")
    found = Deciders()
    for path in given:
        if path.is_dir() and not (path / "pack.yaml").exists():
            named = _bundles_in(path)
            if not named:
                wrong_use(f"`{path}` holds neither a pack nor bundles that are named `sha256-….json`")
            found.files |= named
            continue
        pack = sound_pack(path) if path.is_dir() else sound_version(named_version(str(path), None), "replayed")
        found.made[pack.digest] = Replayer(Decider(pack))
    return found


def _bundles_in(folder: Path) -> dict[str, Path]:
    """The bundles of a folder by the digest in their names, as a service keeps them."""
    return {path.stem.replace("-", ":", 1): path for path in sorted(folder.glob("**/sha256-*.json"))}


def _of_file(path: Path, digest: str) -> Replayer | None:
    from assay.engine.decision.decide import Decider
    from assay.engine.decision.record import Replayer
    from assay.engine.kernel.errors import Fault
    from assay.interfaces.packs.texts import check_texts
    from assay.interfaces.packs.versions import read_version

    texts = read_version(str(path), None)
    if isinstance(texts, Fault):
        print(printable(f"{path}: {texts.slug}: {texts.words}"), file=sys.stderr)
        return None
    report = check_texts(texts, examples=False)
    if not report.sound or report.checked.pack.digest != digest:
        print(printable(f"{path}: it is not the sound pack that its name says"), file=sys.stderr)
        return None
    return Replayer(Decider(report.checked.pack))
