"""One file's inspection as plain JSON values. It leaves nothing out that the page shows, and adds nothing."""

from __future__ import annotations

from assay.detection.fusion.written import judgement_as_json
from assay.detection.inspection import Section
from assay.engine.decision.assertion import Assertion
from assay.interfaces.inspection.inspected import Inspected
from assay.interfaces.inspection.rooms import rooms_of, unchecked


def as_json(inspected: Inspected) -> dict[str, object]:
    """The whole inspection; keys are as stable as those of `assay scan --json`."""
    result, judged, verdict = inspected.result, inspected.judgement, inspected.verdict
    return {
        "file": inspected.name,
        "sha256": result.sha256,
        "size": inspected.size,
        "container": result.container,
        "modality": result.modality.value if result.modality is not None else None,
        "inspected_at": inspected.at.isoformat(),
        "verdict": {
            "standpoint": verdict.standpoint,
            "sentence": verdict.sentence,
            "beside": list(verdict.beside),
            "ai_extent": judged.ai_extent,
            "synthetic_status": judged.synthetic_status,
            "provenance": judged.provenance,
            "integrity": judged.integrity.value,
        },
        "judgement": judgement_as_json(judged),
        "rooms": [
            {"title": room.title, "sections": list(map(_section, room.sections))} for room in rooms_of(inspected)
        ],
        "not_checked": [{"what": what, "why": why} for what, why in unchecked(inspected)],
        "assertions": [_assertion(one) for one in inspected.assertions],
        "evidence": [{"id": one.identifier, **one.as_mapping()} for one in result.evidence],
        "trust_lists": [
            {"file": each.file, "keeper": each.keeper, "purpose": each.purpose, "certificates": each.certificates,
             "sha256": each.sha256}
            for each in inspected.lists
        ],
        "scanners": list(result.scanners),
        "faults": [{"slug": each.slug, "reason": each.words, "scanner": each.scanner} for each in result.faults],
    }  # fmt: skip


def value_of(assertion: Assertion) -> object:
    """A value as JSON has it: a set becomes a list in the order of its words."""
    return sorted(assertion.value) if isinstance(assertion.value, frozenset) else assertion.value


def _assertion(one: Assertion) -> dict[str, object]:
    return {
        "signal": one.signal,
        "value": value_of(one),
        "by": one.by,
        "source": one.source,
        "evidence": list(one.evidence),
    }


def _section(section: Section) -> dict[str, object]:
    return {
        "title": section.title,
        "state": section.state,
        "rows": [{"label": label, "text": text} for label, text in section.rows],
        "note": section.note,
        "sections": [_section(child) for child in section.children],
    }
