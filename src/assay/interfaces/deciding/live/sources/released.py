"""A release channel as a source: the newest release, each of its bundles verified. It takes nothing on trust."""

from __future__ import annotations

import time

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.instants import format_instant
from assay.interfaces.deciding.live.sources.offers import Offer, Offered, Refusal, Seen
from assay.interfaces.deciding.live.sources.vetting import Vetting
from assay.interfaces.packs.bundles import LARGEST_BUNDLE
from assay.interfaces.packs.channel.places import ABSENT, UNREACHABLE, Place, Reading, Unchanged
from assay.interfaces.packs.channel.release import (
    LARGEST_RELEASE,
    RELEASE,
    Part,
    Release,
    bundle_name,
    read_release,
    release_mark,
)

# What may be otherwise a moment later without anybody having changed the file.
_PASSING = frozenset((UNREACHABLE, ABSENT, "no-release"))


class ChannelSource:
    """A channel. What was refused is not read again before its file, or the folder of keys, has changed."""

    def __init__(self, place: Place, vetting: Vetting, channel: str) -> None:
        self._place, self._vetting, self._channel = place, vetting, channel
        self._keys = ""
        self._release: tuple[str, bytes] | None = None
        self._bundles: dict[str, tuple[str, Offered | Fault]] = {}
        # What of all that was last told: it is told once.
        self._told: tuple[object, ...] | None = None

    @property
    def title(self) -> str:
        return self._place.title

    def look(self) -> Seen:
        renewed = self._vetting.renewed()
        if renewed != self._keys:
            # Whoever was trusted then may not be now, and the other way round.
            self.forget()
            self._keys = renewed
        known = self._release
        found = self._place.read(RELEASE, most=LARGEST_RELEASE, known=known[0] if known is not None else None)
        if isinstance(found, Reading):
            self._release = known = (found.tag, found.content)
        elif isinstance(found, Fault):
            words = f"`{self.title}` holds no release yet" if found.slug == ABSENT else found.words
            return self._refused(Fault("no-release" if found.slug == ABSENT else found.slug, words))
        if known is None:
            return None
        release = self._read(known[1])
        return self._refused(release) if isinstance(release, Fault) else self._offered(release, known[1])

    def forget(self) -> None:
        self._release, self._told = None, None
        self._bundles.clear()

    def vet(self, content: bytes, title: str) -> Offered | Fault:
        return self._vetting.vet(content, title)

    def close(self) -> None:
        self._place.close()

    def _read(self, content: bytes) -> Release | Fault:
        keys = self._vetting.keys()
        found = keys if isinstance(keys, Fault) else read_release(content, f"{self.title}/{RELEASE}", keys)
        if isinstance(found, Fault):
            return found
        release = found[0]
        if self._channel and release.channel != self._channel:
            words = f"it is a release of the channel `{release.channel}`, and `{self._channel}` is asked for"
            return Fault("other-channel", words)
        # The one place where a clock is asked: it can only keep a release from being taken up, never take one down.
        if release.expires is not None and release.expires <= time.time_ns() // 1_000:
            words = f"the release {release.sequence} ran out at {format_instant(release.expires)}; push a new one"
            return Fault("expired-release", words)
        return release

    def _offered(self, release: Release, content: bytes) -> Seen:
        offered: dict[str, Offered] = {}
        for digest in release.bundles:
            found = self._bundle(digest)
            if isinstance(found, Fault):
                return self._refused(found)
            offered[digest] = found
        self._bundles = {digest: one for digest, one in self._bundles.items() if digest in offered}
        mark = release_mark(content)
        tags = tuple(self._bundles[digest][0] for digest in release.bundles)
        if self._told == (mark, tags):
            return None
        self._told = (mark, tags)

        def part(wanted: Part | None) -> tuple[Offered | None, float]:
            return (None, 0.0) if wanted is None else (offered[wanted.bundle], wanted.share)

        staged, shadow = part(release.staged), part(release.shadow)
        return Offer(offered[release.current], *staged, *shadow, sequence=release.sequence, mark=mark)

    def _bundle(self, digest: str) -> Offered | Fault:
        known = self._bundles.get(digest)
        # One that was found good is that one for ever, whatever happens to its file; a bad one may be mended.
        if known is not None and isinstance(known[1], Offered):
            return known[1]
        name = bundle_name(digest)
        found = self._place.read(name, most=LARGEST_BUNDLE, known=None if known is None else known[0])
        if isinstance(found, Unchanged):
            return known[1] if known is not None else Fault(UNREACHABLE, f"`{self.title}/{name}` did not come")
        if isinstance(found, Fault):
            return found
        vetted = self._vetting.vet(found.content, f"{self.title}/{name}")
        if isinstance(vetted, Offered) and vetted.digest != digest:
            vetted = Fault("other-bundle", f"`{self.title}/{name}` is the bundle `{vetted.digest}` and not that one")
        self._bundles[digest] = (found.tag, vetted)
        return vetted

    def _refused(self, fault: Fault) -> Seen:
        if fault.slug in _PASSING:
            return Refusal(fault, lasting=False)
        if self._told == (fault,):
            return None
        self._told = (fault,)
        return Refusal(fault, lasting=True)
