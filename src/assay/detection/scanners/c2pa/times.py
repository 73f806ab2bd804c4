"""When a signature was certainly there, and whether its credential was valid then. It believes no signer's clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from cryptography import x509

from assay.detection.evidence import Integrity
from assay.detection.scanners.c2pa.codes import Findings, mapping_of

_STAMPED, _REFUTED = "timeStamp.trusted", frozenset({"timeStamp.untrusted", "timeStamp.mismatch"})


def proven_by(manifest: Mapping[str, object], findings: Findings, above: datetime) -> datetime:
    """The earliest time at which the signature was certainly there.

    above  when the manifest that holds this one was certainly there, or now: what it holds is no younger
    """
    said = findings.success | findings.recorded_success
    refuted = findings.failures | findings.informational
    if _STAMPED not in said or refuted & _REFUTED:
        return above
    try:
        stamped = datetime.fromisoformat(str(mapping_of(manifest.get("signature_info")).get("time")))
    except ValueError:
        return above
    return min(above, stamped if stamped.tzinfo else stamped.replace(tzinfo=UTC))


def integrity_at(integrity: Integrity, chain: Sequence[bytes], proven: datetime) -> Integrity:
    """The integrity of an ancestor, whose credential the library does not hold against the time: it may be over.

    A credential that was valid when its manifest was taken in expires like any other, and a signature that nobody
    stamped may have been made with its key at any time since.
    """
    if integrity is not Integrity.OK or not chain:
        return integrity
    try:
        until = x509.load_der_x509_certificate(chain[0]).not_valid_after_utc
    except ValueError:
        return integrity
    return Integrity.EXPIRED if until < proven else integrity
