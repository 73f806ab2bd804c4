"""What one manifest says of the content it was signed for. It never weighs who signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assay.detection.evidence import Claim
from assay.detection.scanners.c2pa.codes import mapping_of, sequence_of
from assay.detection.scanners.source_types import claim_of

MAXIMUM_ACTIONS = 1_000
MAXIMUM_DESCRIPTION = 160
INCEPTION = frozenset({"c2pa.created", "c2pa.opened"})
NON_EDITORIAL = frozenset(
    f"c2pa.{name}"
    for name in (
        "converted", "published", "repackaged", "transcoded", "resized.proportional", "enhanced", "edited.metadata",
        "watermarked", "watermarked.bound", "watermarked.unbound", "redacted",
    )
)  # fmt: skip
_METADATA = ("stds.iptc", "c2pa.metadata", "cawg.metadata")
_SOURCE_TYPE = "Iptc4xmpExt:DigitalSourceType"

# Where a manifest says several things, the one that goes furthest is what it says.
_ORDER = (
    Claim.GENERATED, Claim.ALTERED, Claim.AI_UNSPECIFIED, Claim.ALGORITHMIC, Claim.EDITED, Claim.CAPTURED,
    Claim.HUMAN_MADE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Action:
    """One step that a manifest lists: its name, its source type if any, and the program that took it."""

    name: str
    source_type: str
    agent: str
    description: str = ""


def actions_of(manifest: Mapping[str, object]) -> Iterator[Action]:
    """Every action of every version of the assertion, in order."""
    for assertion in sequence_of(manifest.get("assertions")):
        entry = mapping_of(assertion)
        if str(entry.get("label", "")).startswith("c2pa.actions"):
            listed = list(sequence_of(mapping_of(entry.get("data")).get("actions")))
            for raw in listed[:MAXIMUM_ACTIONS]:
                action = mapping_of(raw)
                source_type, told = action.get("digitalSourceType"), action.get("description")
                yield Action(
                    str(action.get("action", "")),
                    source_type if isinstance(source_type, str) else "",
                    agent_name(action.get("softwareAgent")),
                    told[:MAXIMUM_DESCRIPTION] if isinstance(told, str) else "",
                )


def agent_name(agent: object) -> str:
    """A program's name with its version, from either form the standard allows."""
    if isinstance(agent, str):
        return agent
    entry = mapping_of(agent)
    return " ".join(str(entry[key]) for key in ("name", "version") if isinstance(entry.get(key), str))


def claim_of_manifest(manifest: Mapping[str, object]) -> Claim:
    """The furthest of what the manifest's actions and its signed IPTC metadata say."""
    actions = list(actions_of(manifest))
    claims = {_claim_of_action(action) for action in actions} | set(_claims_of_metadata(manifest))
    claim = next((each for each in _ORDER if each in claims), Claim.UNCLEAR)
    edited = any(action.name not in INCEPTION | NON_EDITORIAL for action in actions)
    # A camera's picture that somebody worked on is no longer just captured.
    return Claim.EDITED if edited and claim in (Claim.CAPTURED, Claim.HUMAN_MADE, Claim.UNCLEAR) else claim


def generator_of(manifest: Mapping[str, object]) -> str:
    """The program behind the step that speaks of AI, else the one that wrote the manifest."""
    for action in actions_of(manifest):
        if action.agent and _claim_of_action(action).is_ai:
            return action.agent
    for program in sequence_of(manifest.get("claim_generator_info")):
        if name := agent_name(program):
            return name
    return str(manifest.get("claim_generator", ""))


def source_type_of(manifest: Mapping[str, object]) -> str:
    """The bare name of the source type with which the content started, or an empty text."""
    for action in actions_of(manifest):
        if action.name in INCEPTION and action.source_type:
            return action.source_type.rpartition("/")[2]
    return ""


def _claim_of_action(action: Action) -> Claim:
    claim = claim_of(action.source_type) if action.source_type else None
    if claim is None:
        return Claim.UNCLEAR
    if action.name in INCEPTION or not claim.is_ai:
        return claim
    # An edit made with a generator, such as a filled-in corner, leaves the rest of the picture as it was. Gemini
    # lists one beside its own creation, and there the creation goes further.
    return Claim.AI_UNSPECIFIED if action.name in NON_EDITORIAL else Claim.ALTERED


def _claims_of_metadata(manifest: Mapping[str, object]) -> Iterator[Claim]:
    for assertion in sequence_of(manifest.get("assertions")):
        entry = mapping_of(assertion)
        if str(entry.get("label", "")).startswith(_METADATA):
            declared = mapping_of(entry.get("data")).get(_SOURCE_TYPE)
            claim = claim_of(declared) if isinstance(declared, str) else None
            if claim is not None:
                yield claim
