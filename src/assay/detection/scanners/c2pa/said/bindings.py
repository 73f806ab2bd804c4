"""Soft bindings: watermarks and fingerprints that a manifest declares, by their registered names. It looks for none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assay.detection.scanners.c2pa.codes import mapping_of, sequence_of

MAXIMUM_BINDINGS = 16
# The register of C2PA's soft-binding algorithms (CC BY 4.0) as of August 2026; all others in it are watermarks.
_FINGERPRINTS = frozenset({"io.iscc.v0", "com.adobe.icn.dense", "com.digicaps.fingerprint.1"})
_WATERMARKS = frozenset(
    """
    com.digimarc.validate.1 org.atsc.a336 com.adobe.trustmark.Q com.adobe.trustmark.C com.adobe.trustmark.P ai.steg.api
    ai.trufo.gen1.image ai.trufo.gen1.image-lite app.overlai.watermark.1 tv.kinetiq.watercast.48.1 castLabs.watermark.1
    com.imatag.lamark.v1 com.nagra.nexguard.watermark.1 com.mentaport.watermark.1 com.sonicorigin.watermark.1
    com.microsoft.invismark.1 com.microsoft.wavmark.1 ai.contentlens.image.basewmk ai.contentlens.image.ensemblewmk
    ai.contentlens.image.customwmk ai.contentlens.audio.mono ai.contentlens.audio.stereo es.lumatrace
    com.markany.watermark.1 com.verimatrix.watermark.1 com.writerslogic.zwc-watermark.1 com.aiwatermark.videoseal.1
    com.aiwatermark.pixelseal.1 com.aiwatermark.audioseal.1
    """.split()
)
REGISTERED = _FINGERPRINTS | _WATERMARKS


@dataclass(frozen=True, slots=True)
class Binding:
    """One declared binding; `kind` is `watermark`, `fingerprint`, or `unregistered` for a name in no register."""

    algorithm: str
    kind: str


def bindings_of(manifest: Mapping[str, object]) -> tuple[Binding, ...]:
    """Every soft binding that the manifest declares, each algorithm once, in the manifest's order."""
    found: dict[str, Binding] = {}
    for assertion in sequence_of(manifest.get("assertions")):
        entry = mapping_of(assertion)
        if str(entry.get("label", "")).startswith("c2pa.soft-binding"):
            algorithm = mapping_of(entry.get("data")).get("alg")
            if isinstance(algorithm, str) and algorithm and len(found) < MAXIMUM_BINDINGS:
                found.setdefault(algorithm, Binding(algorithm[:80], _kind(algorithm)))
    return tuple(found.values())


def _kind(algorithm: str) -> str:
    if algorithm in _FINGERPRINTS:
        return "fingerprint"
    return "watermark" if algorithm in _WATERMARKS else "unregistered"
