"""A score as evidence and as a section for a reviewer, with what it is worth. It asks no detector."""

from __future__ import annotations

import math

from assay.detection.calibration.calibration import Calibration
from assay.detection.calibration.keeping import load_calibration
from assay.detection.detectors.configured import Configured
from assay.detection.evidence import Claim, Evidence, Integrity, Kind, Tier
from assay.detection.inspection import Section

UNCALIBRATED = "uncalibrated"
_FOR = "for"
_SHOWN = {
    "for": "speaks for AI, as far as a score can",
    "against": "speaks against AI, as far as a score can",
    "abstains": "abstains: such scores do not tell one from the other well enough",
    UNCALIBRATED: "counts for nothing: nobody has calibrated this very model",
}


def calibration_of(detector: Configured) -> Calibration | str:
    """The calibration of this very detector, or why its scores have none."""
    found = load_calibration(detector.folder)
    if found is None:
        return "no calibration"
    if not isinstance(found, Calibration):
        return f"unusable calibration: {found[0].words}"
    if found.detector_digest != detector.digest:
        # What another version's scores were worth says nothing of this one's.
        return "the calibration is of another version"
    return found


def evidence_of(detector: Configured, score: float, bucket: str, calibration: Calibration | str) -> Evidence:
    """One detector's finding; it speaks of AI only where its calibration says `for`."""
    details = {"score": format(score, ".6g"), "group": detector.group, "version": detector.version, "bucket": bucket}
    if isinstance(calibration, str):
        verdict = UNCALIBRATED
        details["why"] = calibration
    else:
        weighed = calibration.weigh(score, bucket)
        verdict = weighed.verdict.value
        details |= {
            "log10_lr": format(weighed.log10_lr, ".6g"),
            "cap": format(weighed.cap, ".6g"),
            "calibration": calibration.digest,
        }
    claim = Claim.AI_UNSPECIFIED if verdict == _FOR else Claim.UNCLEAR
    details["verdict"] = verdict
    return Evidence(Kind.DETECTOR, claim, Integrity.UNSIGNED, Tier.UNVERIFIED, f"detectors:{detector.name}", details)


def section_of(evidence: Evidence, detector: Configured) -> Section:
    """What a reviewer sees of one detector's finding."""
    details = evidence.details
    rows = [("score", f"{details['score']}, of {detector.scale.low:g} to {detector.scale.high:g}; higher means AI")]
    rows.append(("what it comes to", _SHOWN[details["verdict"]]))
    if "log10_lr" in details:
        rows.append(("weight", weight_in_words(float(details["log10_lr"]))))
        rows.append(("at most", weight_in_words(math.copysign(float(details["cap"]), float(details["log10_lr"])))))
        rows.append(("calibration", details["calibration"]))
    else:
        rows.append(("why", details["why"]))
    rows.append(("among its like", details["bucket"]))
    rows.append(("version", f"{detector.version}, {detector.licence}"))
    note = f"{detector.says} A score is no proof: it can make something suspected, and never more.".strip()
    is_found = details["verdict"] == _FOR
    return Section(f"Detector {detector.name}", "found" if is_found else "not checked", tuple(rows), note=note)


def weight_in_words(log10_lr: float) -> str:
    """`4.1 times as likely if AI made it`; a likelihood ratio near 1 says nothing."""
    ratio = 10**log10_lr
    if 0.99 < ratio < 1.01:
        return "such a score is as likely either way"
    if ratio > 1:
        return f"such a score is {ratio:.3g} times as likely if AI made it"
    return f"such a score is {1 / ratio:.3g} times as likely if AI did not make it"
