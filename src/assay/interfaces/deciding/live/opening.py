"""Opens the bundles that settings name. It never begins without a bundle that may decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from assay.engine.kernel.errors import Fault
from assay.engine.language.pack.pack import Pack
from assay.interfaces.deciding.events import EventLog
from assay.interfaces.deciding.lineup import Hold
from assay.interfaces.deciding.live.brakes import Brakes
from assay.interfaces.deciding.live.bundles import LiveBundles
from assay.interfaces.deciding.live.keeping import Keeping
from assay.interfaces.deciding.live.settings import BundleSettings
from assay.interfaces.deciding.live.sources.local import FileSource, FolderSource
from assay.interfaces.deciding.live.sources.offers import Source
from assay.interfaces.deciding.live.sources.released import ChannelSource
from assay.interfaces.deciding.live.sources.vetting import Vetting
from assay.interfaces.packs.channel.pushing import open_place

# A pack that somebody is writing should decide soon after it is saved.
_LONGEST_WAIT_FOR_A_FOLDER = 1.0


def open_live(settings: BundleSettings, events: EventLog) -> LiveBundles | list[Fault]:
    """The bundles that decide, the first of them ready; or everything that keeps one from being found."""
    faults = settings.faults()
    if faults:
        return faults
    source = open_source(settings)
    if isinstance(source, Fault):
        return [source]
    if isinstance(source, FolderSource):
        settings = replace(settings, poll=min(settings.poll, _LONGEST_WAIT_FOR_A_FOLDER))
    keeping = Keeping(settings.state)
    fault = keeping.open()
    if fault is not None:
        return [fault]
    live = LiveBundles(source, settings, events, keeping, Brakes(_held, keeping))
    found = live.begin()
    if found:
        live.close()
        return found
    return live


def open_source(settings: BundleSettings) -> Source | Fault:
    """The source that settings name."""
    vetting = Vetting(settings)
    place = Path(settings.source)
    if place.is_dir() and (place / "pack.yaml").exists():
        if not settings.allow_unsigned:
            words = f"`{place}` is a pack's folder, which nobody signed; `allow_unsigned` lets it decide"
            return Fault("unsigned-bundle", words, "allow_unsigned")
        return FolderSource(place, vetting)
    if place.is_file():
        return FileSource(place, vetting)
    if settings.keys is None:
        return Fault("no-keys", "a channel's releases are signed: name the folder of trusted keys", "keys")
    if settings.state is None:
        words = "name a folder that remembers the newest release, or a restart could be led back to an older one"
        return Fault("no-state", words, "state")
    channel = open_place(settings.source, token=settings.token, seconds=settings.fetch_timeout)
    if isinstance(channel, Fault):
        return Fault(channel.slug, channel.words, "source")
    return ChannelSource(channel, vetting, settings.channel)


def _held(pack: Pack, holds: tuple[Hold, ...], instead: str) -> Mapping[str, str] | Fault:
    from assay.interfaces.deciding.rails.holding import held_texts

    return held_texts(pack, holds, instead)
