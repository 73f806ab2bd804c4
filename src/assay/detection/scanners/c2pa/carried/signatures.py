"""The certificates that each manifest's signature carries, from the store's bytes. It checks no signature."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assay.detection.scanners.c2pa.carried.cbor import Unreadable, Value, read_cbor

MAXIMUM_MANIFESTS = 256
MAXIMUM_CHAIN = 16
_MAXIMUM_BOXES = 4_096
_CHAIN_LABELS = (33, "x5chain")
_FILLING = 32
# A time stamp, or word of a certificate's standing, that was added after the signature.
_LATER = ("c2pa.time-stamp", "c2pa.certificate-status")


@dataclass(frozen=True, slots=True)
class _Box:
    kind: bytes
    label: str
    body: memoryview


@dataclass(frozen=True, slots=True)
class Signatures:
    """What the signatures of a store carry.

    chains    for each manifest's label the certificates beside its signature, as DER, the signer's own first
    material  the signatures and time stamps themselves, in which every certificate that matters must be found
    complete  whether no manifest was packed or hidden, so that what is not in `material` is nowhere
    """

    chains: Mapping[str, tuple[bytes, ...]]
    material: bytes
    complete: bool


NOTHING = Signatures({}, b"", complete=False)


def signatures_of(store: bytes | None) -> Signatures:
    """Reads a store's boxes; whatever is not as it should be only makes the answer incomplete."""
    if store is None:
        return NOTHING
    chains: dict[str, tuple[bytes, ...]] = {}
    material: list[bytes] = []
    manifests = 0
    try:
        for top in _boxes(memoryview(store)):
            for manifest in _boxes(top.body):
                manifests += 1
                chain = _read_manifest(manifest.body, material)
                if chain and manifests <= MAXIMUM_MANIFESTS:
                    chains[manifest.label] = chain
    except (Unreadable, struct.error):
        return Signatures(chains, b"", complete=False)
    # Signatures are filled up with zeros to a size that was set aside for them.
    whole = b"".join(material).replace(b"\x00" * _FILLING, b"")
    return Signatures(chains, whole, complete=0 < manifests == len(chains))


def _read_manifest(manifest: memoryview, material: list[bytes]) -> tuple[bytes, ...]:
    chain: tuple[bytes, ...] = ()
    for box in _boxes(manifest):
        if box.label == "c2pa.signature":
            material.append(bytes(box.body))
            for content in _boxes(box.body):
                chain = chain or (certificates_of(bytes(content.body)) if content.kind == b"cbor" else ())
        elif box.label == "c2pa.assertions":
            material += [bytes(each.body) for each in _boxes(box.body) if each.label.startswith(_LATER)]
    return chain


def certificates_of(signature: bytes) -> tuple[bytes, ...]:
    """The certificates in the header of a COSE signature, which stand in its protected or in its open half."""
    try:
        parts = read_cbor(signature)
    except Unreadable:
        return ()
    if not isinstance(parts, list) or len(parts) != 4:
        return ()
    protected, open_half = parts[:2]
    headers: list[Value] = [open_half]
    if isinstance(protected, bytes) and protected:
        try:
            headers.insert(0, read_cbor(protected))
        except Unreadable:
            return ()
    for header in headers:
        for label in _CHAIN_LABELS:
            chain = header.get(label) if isinstance(header, dict) else None
            listed = [chain] if isinstance(chain, bytes) else chain if isinstance(chain, list) else []
            certificates = tuple(each for each in listed[:MAXIMUM_CHAIN] if isinstance(each, bytes))
            if certificates:
                return certificates
    return ()


def _boxes(content: memoryview) -> Iterator[_Box]:
    at = 0
    for _ in range(_MAXIMUM_BOXES):
        if at + 8 > len(content):
            return
        length, kind = struct.unpack_from(">I4s", content, at)
        header = 8
        if length == 1:
            (length,), header = struct.unpack_from(">Q", content, at + 8), 16
        elif length == 0:
            length = len(content) - at
        if length < header or at + length > len(content):
            raise Unreadable
        body = content[at + header : at + length]
        if kind == b"jumb":
            label, body = _described(body)
            yield _Box(kind, label, body)
        else:
            yield _Box(kind, "", body)
        at += length


def _described(body: memoryview) -> tuple[str, memoryview]:
    """A superbox's label, and what follows its description."""
    length, kind = struct.unpack_from(">I4s", body)
    if kind != b"jumd" or not 25 <= length <= len(body):
        raise Unreadable
    label = bytes(body[25:length]).partition(b"\x00")[0] if body[24] & 2 else b""
    return label.decode("utf-8", "replace"), body[length:]
