"""Live bundles over a channel for tests, without threads and trials in processes unless asked for. It holds no test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from assay.engine.kernel.errors import Fault
from assay.interfaces.deciding.events import EventLog
from assay.interfaces.deciding.live import bundles
from assay.interfaces.deciding.live.bundles import LiveBundles
from assay.interfaces.deciding.live.opening import open_live
from assay.interfaces.deciding.live.settings import BundleSettings
from assay.interfaces.deciding.live.trial import Limits
from assay.interfaces.deciding.live.trying import try_bundle
from assay.interfaces.packs.bundles import bundle_in
from assay.interfaces.packs.channel.release import Release
from assay.interfaces.packs.signed.keys import SigningKey
from tests.interfaces.packs.signing import a_bundle, a_key, found, released, signed


class Desk:
    """A channel, a key, settings, and what happened."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.key, self.events = folder, a_key(folder), EventLog(None)
        self.settings = BundleSettings(
            source=str(folder / "channel"), keys=folder / "keys", state=folder / "state", prove="signed"
        )
        self.trials: list[str] = []

    def bundle(
        self, version: str = "1.0.0", *changes: Mapping[str, tuple[str, str]], key: SigningKey | None = None
    ) -> bytes:
        return signed(a_bundle(self.folder, *changes, version=version), key or self.key)

    def release(self, content: bytes, role: str = "current", share: float = 1.0, **changes: object) -> Release:
        return released(self.folder, self.key, content, role, share, **changes)  # type: ignore[arg-type]

    def opened(self, **changes: object) -> LiveBundles:
        live = open_live(replace(self.settings, **changes), self.events)  # type: ignore[arg-type]
        assert isinstance(live, LiveBundles), live
        return live

    def refused(self, **changes: object) -> list[str]:
        """The slugs of what keeps it from being opened."""
        found = open_live(replace(self.settings, **changes), self.events)  # type: ignore[arg-type]
        assert isinstance(found, list)
        return [fault.slug for fault in found]

    def kinds(self) -> list[str]:
        return [event.kind for event in self.events.recent(100)]

    @property
    def release_file(self) -> Path:
        return self.folder / "channel" / "release.json"


def quick_trials(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trials in this process: the same checks, without a second's wait for a new one."""

    def here(files: Mapping[str, str], limits: Limits, *, prove_from: int | None = None) -> Fault | None:
        desk.trials.append(files["pack.yaml"].partition("version: ")[2].partition("\n")[0])
        return try_bundle(files, prove_from)

    monkeypatch.setattr(bundles, "run_trial", here)


def digest(content: bytes) -> str:
    return found(bundle_in(content, "it")).digest
