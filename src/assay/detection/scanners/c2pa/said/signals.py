"""The asset signals of C2PA's conformance rubric, by their official names. It never asks whether a manifest holds.

The rubric (version 1.0 of August 2026, by the C2PA Conformance Task Force, CC BY 4.0) asks each manifest on its own,
and of its actions only the second version of the list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from assay.detection.scanners.c2pa.claims import INCEPTION, NON_EDITORIAL
from assay.detection.scanners.c2pa.codes import mapping_of, sequence_of

MAXIMUM_ACTIONS = 1_000
_IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_C2PA = "http://c2pa.org/digitalsourcetype/"
_ACTIONS, _INGREDIENT = "c2pa.actions.v2", "c2pa.ingredient.v3"
_GENERATIVE = frozenset(
    {_IPTC + "trainedAlgorithmicMedia", _IPTC + "compositeWithTrainedAlgorithmicMedia", _IPTC + "compositeSynthetic"}
    | {_C2PA + "trainedAlgorithmicData"}
)
_POSSIBLY_GENERATIVE = frozenset({_IPTC + "digitalArt", _IPTC + "composite"})

# By the source type with which the content began.
_INCEPTIONS = {
    "blankCanvas": (_C2PA + "empty",),
    "capturedMedia": (_IPTC + "digitalCapture", _IPTC + "computationalCapture"),
    "capturedMediaStitched": (_IPTC + "compositeCapture",),
    "compositionMayContainGenAI": (_IPTC + "composite",),
    "fullyGenAIMedia": (_IPTC + "trainedAlgorithmicMedia",),
    "nonGenAIDigitalCreation": (_IPTC + "digitalCreation",),
    "partlyGenAICreation": (_IPTC + "compositeWithTrainedAlgorithmicMedia",),
    "screenCaptureMayContainGenAI": (_IPTC + "screenCapture",),
}

Steps = list[tuple[object, object]]


def signals_of(manifest: Mapping[str, object]) -> tuple[str, ...]:
    """The names of the signals that hold, those of the beginning first, each group in alphabetical order."""
    listed = mapping_of(_first(manifest, _ACTIONS))
    steps = [
        (mapping_of(action).get("action"), mapping_of(action).get("digitalSourceType"))
        for action in list(sequence_of(listed.get("actions")))[:MAXIMUM_ACTIONS]
    ]
    began = {source for name, source in steps if name in ("c2pa.created", "c2pa.opened") and isinstance(source, str)}
    beginnings = {name for name, sources in _INCEPTIONS.items() if began.intersection(sources)}
    if _of_unknown_provenance(manifest):
        beginnings.add("mediaUnknownProvenance")
    changes = {name for name, holds in _TRANSFORMATIONS.items() if holds(steps)}
    if _is_ambiguous(manifest, listed, steps):
        changes.add("ambiguousActions")
    return (*sorted(beginnings), *sorted(changes))


def _first(manifest: Mapping[str, object], label: str) -> object:
    for assertion in sequence_of(manifest.get("assertions")):
        if mapping_of(assertion).get("label") == label:
            return mapping_of(assertion).get("data")
    return None


def _of_unknown_provenance(manifest: Mapping[str, object]) -> bool:
    for ingredient in sequence_of(manifest.get("ingredients")):
        if mapping_of(ingredient).get("label") == _INGREDIENT:
            return mapping_of(ingredient).get("active_manifest") is None
    return False


def _is_ambiguous(manifest: Mapping[str, object], listed: Mapping[str, object], steps: Steps) -> bool:
    names = [name for name, _source in steps if isinstance(name, str)]
    foreign = any(not name.startswith("c2pa.") or name == "c2pa.unknown" for name in names)
    return not steps or listed.get("allActionsIncluded") is not True or foreign or _gathered(manifest)


def _gathered(manifest: Mapping[str, object]) -> bool:
    """Whether a list of actions was taken over from somewhere else rather than made by the signer."""
    if manifest.get("claim_version") != 2:
        return False
    return any(
        str(mapping_of(assertion).get("label", "")).startswith("c2pa.actions")
        and mapping_of(assertion).get("created") is not True
        for assertion in sequence_of(manifest.get("assertions"))
    )


def _editorial(steps: Steps) -> Steps:
    """The steps that can be seen or heard, with the source type of each."""
    return [
        (name, source)
        for name, source in steps
        if name is not None and name not in INCEPTION and name not in NON_EDITORIAL
    ]


def _any_source(steps: Steps, sources: frozenset[str]) -> bool:
    return any(isinstance(source, str) and source in sources for _name, source in _editorial(steps))


_TRANSFORMATIONS: dict[str, Callable[[Steps], bool]] = {
    "nonEditorial": lambda steps: any(isinstance(name, str) and name in NON_EDITORIAL for name, _source in steps),
    "perceptibleGenAI": lambda steps: _any_source(steps, _GENERATIVE),
    "perceptibleNonGenAI": lambda steps: any(
        source is not None and source not in _GENERATIVE for _name, source in _editorial(steps)
    ),
    "perceptiblePossiblyGenAI": lambda steps: _any_source(steps, _POSSIBLY_GENERATIVE),
}
NAMES = tuple(sorted({*_INCEPTIONS, "mediaUnknownProvenance", *_TRANSFORMATIONS, "ambiguousActions"}))
