"""IPTC's digital source types and what each says of the content. It never judges who wrote one."""

from __future__ import annotations

import re

from assay.detection.evidence import Claim

_FORM = re.compile(
    r"(?:https?://cv\.iptc\.org/newscodes/digitalsourcetype/|digsrctype:|https?://c2pa\.org/digitalsourcetype/)?"
    r"([A-Za-z]{4,60})\Z"
)
# Only the first four are AI; `algorithmicMedia` is mathematics without training, such as a fractal.
_CLAIMS = {
    "trainedAlgorithmicMedia": Claim.GENERATED,
    "trainedAlgorithmicData": Claim.GENERATED,
    "compositeWithTrainedAlgorithmicMedia": Claim.ALTERED,
    "compositeSynthetic": Claim.ALTERED,
    "algorithmicMedia": Claim.ALGORITHMIC,
    "dataDrivenMedia": Claim.ALGORITHMIC,
    "algorithmicallyEnhanced": Claim.EDITED,
    "minorHumanEdits": Claim.EDITED,
    "humanEdits": Claim.EDITED,
    "digitalCapture": Claim.CAPTURED,
    "computationalCapture": Claim.CAPTURED,
    "compositeCapture": Claim.CAPTURED,
    "negativeFilm": Claim.CAPTURED,
    "positiveFilm": Claim.CAPTURED,
    "print": Claim.CAPTURED,
    "digitalArt": Claim.HUMAN_MADE,
    "digitalCreation": Claim.HUMAN_MADE,
}


def claim_of(value: str) -> Claim | None:
    """What a source type says, `UNCLEAR` for one that leaves it open, None where the text is no source type."""
    form = _FORM.match(value.strip())
    return _CLAIMS.get(form[1], Claim.UNCLEAR) if form else None
