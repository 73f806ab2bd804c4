"""A release channel with two signed versions of the starter pack, pushed in turn. It decides nothing."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

from assay.engine.kernel.errors import Fault
from assay.interfaces.packs.channel.pushing import Signing, open_place, push, withdraw
from assay.interfaces.packs.signed.keys import read_signing_key
from benchmarks.crashing.service import ROOT


class Releases:
    """Two bundles that take turns."""

    def __init__(self, folder: Path) -> None:
        self.channel, self.keys = folder / "channel", folder / "keys"
        self.keys.mkdir()
        _assay("bundle", "keygen", "ada", "-o", str(folder / "ada.key"))
        shutil.copy(folder / "ada.pub", self.keys / "ada.pub")
        self._bundles = [_signed(folder, version) for version in ("1.0.0", "1.0.1")]
        key = read_signing_key(folder / "ada.key")
        if isinstance(key, Fault):
            raise TypeError(key.words)
        self._key = key
        self.pushed = 0

    def swap(self) -> None:
        """Release the other bundle; now and then the first beside it, for a share of items or only to look."""
        turn = self.pushed % 4
        content, beside = self._bundles[self.pushed % 2], self._bundles[(self.pushed + 1) % 2]
        self._push(content, "current", 1.0)
        if turn == 1:
            self._push(beside, "staged", 0.3)
        elif turn == 2:
            self._push(beside, "shadow", 0.2)
        elif turn == 3 and self.pushed > 3:
            place = open_place(str(self.channel))
            if not isinstance(place, Fault):
                withdraw(place, "shadow", self._signing())
        self.pushed += 1

    def _push(self, content: bytes, role: str, share: float) -> None:
        place = open_place(str(self.channel))
        if isinstance(place, Fault):
            raise TypeError(place.words)
        assert role in ("current", "staged", "shadow")
        found = push(place, content, role, self._signing(), share=share, channel="soak")  # type: ignore[arg-type]
        if isinstance(found, Fault | list):
            raise TypeError(str(found))

    def _signing(self) -> Signing:
        return Signing(self._key, self._key.alone, "ada", "a soak", int(time.time()) * 1_000_000, None)


def _signed(folder: Path, version: str) -> bytes:
    pack = folder / f"pack-{version}"
    shutil.copytree(ROOT / "packs" / "starter", pack)
    text = (pack / "pack.yaml").read_text(encoding="utf-8").replace("version: 1.0.0", f"version: {version}")
    (pack / "pack.yaml").write_text(text, encoding="utf-8")
    bundle = folder / f"{version}.bundle"
    _assay("bundle", "build", str(pack), "-o", str(bundle))
    _assay("bundle", "sign", str(bundle), "--key", str(folder / "ada.key"))
    return bundle.read_bytes()


def _assay(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "assay.interfaces.cli.app", *words], check=True, capture_output=True)
