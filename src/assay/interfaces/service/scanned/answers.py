"""The answer to a scan: evidence, faults, and assertions as a decision takes them. It names no path of this machine."""

from __future__ import annotations

import msgspec

from assay.detection.fusion.written import judgement_as_json
from assay.detection.judgement import judge
from assay.detection.result import ScanResult
from assay.detection.weighing.settings import DEFAULT, Weighing
from assay.engine.decision.item import write_assertion
from assay.engine.language.pack.vocabulary import Vocabulary
from assay.interfaces.records.media import fitting_assertions


def scan_answer(
    result: ScanResult, size: int, vocabulary: Vocabulary, *, deep: bool, weighing: Weighing = DEFAULT
) -> bytes:
    """A scan as JSON.

    vocabulary  of the bundle in use: what it has no word for is left out of the assertions, and stays in the evidence
    weighing    how the operator has scores weighed
    """
    judgement = judge(result.evidence, weighing)
    asserted = fitting_assertions(result, vocabulary, weighing)
    return msgspec.json.encode(
        {
            "digest": None if result.sha256 is None else f"sha256:{result.sha256}",
            "bytes": size,
            "container": result.container,
            "modality": None if result.modality is None else result.modality.value,
            "integrity": judgement.integrity.value,
            "judgement": judgement_as_json(judgement),
            "evidence": [{"id": one.identifier, **one.as_mapping()} for one in result.evidence],
            "assertions": [write_assertion(one, vocabulary) for one in asserted],
            "faults": [_fault_as_json(fault.slug, fault.words, fault.scanner) for fault in result.faults],
            "scanners": [
                {"name": name, "version": version}
                for name, version in zip(result.scanners, result.versions, strict=True)
            ],
            "deep": deep,
        }
    )


def _fault_as_json(slug: str, words: str, scanner: str | None) -> dict[str, str]:
    # The words of a scanner of somebody else's making may hold anything that stood in the file.
    shown = "".join(each if each.isprintable() else " " for each in words)
    return {"slug": slug, "reason": shown, **({"scanner": scanner} if scanner is not None else {})}
