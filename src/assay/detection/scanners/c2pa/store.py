"""The C2PA library behind one door: contexts without network, and a file's manifests as plain JSON values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import c2pa

from assay.detection.media import Media
from assay.detection.scanner import ScanFailed
from assay.detection.scanners.c2pa.trust import Anchors

# What a signer's certificate may be meant for. The library's own list lacks the first, C2PA's claim signing, and
# several that phone makers use; without them real files of large generators come out as invalid.
EXTENDED_KEY_USAGES = (
    "1.3.6.1.4.1.62558.2.1",
    "1.3.6.1.5.5.7.3.4",
    "1.3.6.1.5.5.7.3.36",
    "1.3.6.1.5.5.7.3.8",
    "1.3.6.1.5.5.7.3.9",
    "1.3.6.1.4.1.311.76.59.1.9",
)
MAXIMUM_WORDS = 200
_REMOTE = "must fetch remote manifests from url "
# The library recognises every other container by its bytes.
_TYPES = {"svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Remote:
    """The file only names an address where its manifest is said to be; nobody fetches it."""

    url: str


Manifests = Mapping[str, object]


class Store:
    """Reads manifests twice at most: first without trust, then, only where there is one, against the anchors."""

    def __init__(self, anchors: Anchors | None) -> None:
        # A context made before a fork is dead in the child, so each is made by the process that uses it.
        self._plain = c2pa.Context(c2pa.Settings.from_dict(_settings(None)))
        self._trusting = c2pa.Context(c2pa.Settings.from_dict(_settings(anchors))) if anchors else None

    def read(self, media: Media) -> Manifests | Remote | None:
        """The manifest store, or None where the file has none; raises ScanFailed where it cannot be read."""
        found = self._read(media, self._plain)
        if isinstance(found, Mapping) and self._trusting is not None:
            return self._read(media, self._trusting)
        return found

    @staticmethod
    def _read(media: Media, context: c2pa.Context) -> Manifests | Remote | None:
        with media.open() as stream:
            try:
                reader = c2pa.Reader.try_create(_TYPES.get(media.container.name), stream, None, context)
                if reader is None:
                    return None
                with reader:
                    store: Manifests = json.loads(reader.json())
            except c2pa.C2paError.NotSupported:
                return None
            except c2pa.C2paError as error:
                words = str(error)
                if _REMOTE in words:
                    return Remote(words.partition(_REMOTE)[2].strip())
                raise ScanFailed("unreadable-manifest", words[:MAXIMUM_WORDS].lower()) from error
            except ValueError as error:
                raise ScanFailed("unreadable-manifest", "the manifest is not what the library says it is") from error
        return store


def _settings(anchors: Anchors | None) -> dict[str, object]:
    trust = {"trust_config": "\n".join(EXTENDED_KEY_USAGES)}
    if anchors is not None:
        trust |= {"trust_anchors": anchors.official, "user_anchors": anchors.interim}
    return {
        "core": {"allowed_network_hosts": [], "decode_identity_assertions": False},
        "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_trust": anchors is not None},
        "trust": {key: text for key, text in trust.items() if text},
    }
