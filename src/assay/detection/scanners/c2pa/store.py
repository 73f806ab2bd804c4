"""The C2PA library behind one door: contexts without network, and a file's manifests as plain JSON values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import c2pa
from cryptography import x509

from assay.detection.media import Media
from assay.detection.scanner import ScanFailed
from assay.detection.scanners.c2pa.carried.presence import presence_of
from assay.detection.scanners.c2pa.carried.signatures import Signatures, signatures_of
from assay.detection.scanners.c2pa.codes import mapping_of
from assay.detection.scanners.c2pa.remote import Hosts
from assay.detection.scanners.c2pa.trust import Trust, Vouching

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
_MAXIMUM_CONTEXTS = 64
_REMOTE = "must fetch remote manifests from url "
# The library recognises every other container by its bytes; any office or book format is a ZIP to it.
_TYPES = {"svg": "image/svg+xml", "ooxml": "zip", "zip": "zip"}

Manifests = Mapping[str, object]


class NotRead(Exception):
    """The library does not know the form of this file: nothing is known of its credentials, not even their absence."""


@dataclass(frozen=True, slots=True)
class Remote:
    """The file only names an address where its manifest is said to be; `problem` is why it was not fetched."""

    url: str
    problem: str


@dataclass(frozen=True, slots=True)
class Read:
    """A file's manifests with what their signatures carry; `fetched` is the address they came from, if any."""

    manifests: Manifests
    signatures: Signatures = field(repr=False)
    vouching: Vouching | None = None
    fetched: str = ""


@dataclass(frozen=True, slots=True)
class _How:
    thorough: bool
    identities: bool


class Store:
    """Reads a file's manifests at most once, against those of the operator's certificates that it can need."""

    def __init__(self, trust: Trust | None, hosts: Hosts) -> None:
        self._trust, self._hosts = trust, hosts
        # A context made before a fork is dead in the child, so each is made by the process that uses it.
        self._contexts: dict[object, c2pa.Context] = {}

    @property
    def trust(self) -> Trust | None:
        return self._trust

    def read(self, media: Media, *, thorough: bool = False, identities: bool = False) -> Read | Remote | None:
        """The manifest store, or None where the file has none.

        raises  ScanFailed where there is one that cannot be read, NotRead where the library knows no such file

        thorough    has every time stamp checked, also where nothing depends on it
        identities  has X.509 identities checked, for which no address is asked
        """
        presence = presence_of(media)
        if presence is None:
            return None
        how = _How(thorough=thorough, identities=identities)
        found = self._read(media, presence.store, None, how)
        if not isinstance(found, str):
            return found
        fetched = self._hosts.fetch(found)
        if isinstance(fetched, str):
            return Remote(found, fetched)
        remote = self._read(media, fetched, fetched, how)
        return replace(remote, fetched=found) if isinstance(remote, Read) else Remote(found, "it holds no manifest")

    def _read(self, media: Media, store: bytes | None, detached: bytes | None, how: _How) -> Read | str | None:
        """What the library reads; the address where the manifest is elsewhere, or None where there is none."""
        signatures = signatures_of(store)
        vouching = None
        if self._trust is not None:
            vouching = self._trust.vouching_for(signatures, datetime.now(UTC), thorough=how.thorough)
        context = self._context(vouching, identities=how.identities)
        with media.open() as stream:
            try:
                reader = c2pa.Reader.try_create(_TYPES.get(media.container.name), stream, detached, context)
                if reader is None:
                    return None
                with reader:
                    manifests: Manifests = json.loads(reader.json())
            except c2pa.C2paError.NotSupported as error:
                raise NotRead from error
            except c2pa.C2paError as error:
                words = str(error)
                if _REMOTE in words:
                    return words.partition(_REMOTE)[2].strip()
                raise ScanFailed("unreadable-manifest", words[:MAXIMUM_WORDS].lower()) from error
            except ValueError as error:
                raise ScanFailed("unreadable-manifest", "the manifest is not what the library says it is") from error
        return Read(manifests, as_read(signatures, manifests), vouching)

    def _context(self, vouching: Vouching | None, *, identities: bool) -> c2pa.Context:
        key = (None if vouching is None else vouching.chosen, identities)
        if key not in self._contexts:
            if len(self._contexts) >= _MAXIMUM_CONTEXTS:
                # The oldest goes: files of one generator come in runs.
                self._contexts.pop(next(iter(self._contexts))).close()
            self._contexts[key] = c2pa.Context(c2pa.Settings.from_dict(_settings(vouching, identities=identities)))
        return self._contexts[key]


def as_read(signatures: Signatures, manifests: Manifests) -> Signatures:
    """Only the certificates of signatures that the library read, told by their serial numbers.

    A file can hold a second store beside the one that the library takes, and its certificates must lend no name.
    """
    chains = {}
    for label, chain in signatures.chains.items():
        manifest = mapping_of(mapping_of(manifests.get("manifests")).get(label))
        said = mapping_of(manifest.get("signature_info")).get("cert_serial_number")
        try:
            serial = x509.load_der_x509_certificate(chain[0]).serial_number
        except ValueError:
            continue
        if str(serial) == said:
            chains[label] = chain
    return replace(signatures, chains=chains)


def _settings(vouching: Vouching | None, *, identities: bool) -> dict[str, object]:
    anchors = vouching.trust.as_settings(vouching.chosen) if vouching is not None else []
    return {
        "core": {"allowed_network_hosts": [], "decode_identity_assertions": identities},
        "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_trust": vouching is not None},
        "trust": {"trust_config": "\n".join(EXTENDED_KEY_USAGES), "anchors": anchors},
    }
