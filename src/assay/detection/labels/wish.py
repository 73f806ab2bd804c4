"""What somebody wants written: the label's fields and IPTC's properties, judged before any file is opened."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from assay.detection.labels.implicit import MEANINGS, is_allowed
from assay.detection.labels.marking import IPTC
from assay.detection.labels.packet import Name
from assay.engine.kernel.errors import Fault

CODES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
MAXIMUM_TEXT = 2_000
# IPTC's list as of 2025; the first three and `compositeSynthetic` say AI.
SOURCE_TYPES = (
    "trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "compositeSynthetic", "algorithmicMedia",
    "algorithmicallyEnhanced", "composite", "compositeCapture", "computationalCapture", "dataDrivenMedia",
    "digitalCapture", "digitalCreation", "humanEdits", "multiFrameComputationalCapture", "negativeFilm",
    "positiveFilm", "print", "screenCapture", "virtualRecording",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wish:
    """The fields to write; an empty one stays as it stands in the file.

    label        1 is, 2 may be, 3 suspected
    producer     the provider's code of the service that made the content, and `produced_as` its number there
    propagator   the provider's code of the platform that distributes it, and `content_id` its number there
    source_type  a name from IPTC's list, such as `trainedAlgorithmicMedia`
    system       the AI system, `version` its version, `prompt` what was asked of it, `prompt_writer` by whom
    """

    label: str = ""
    producer: str = ""
    produced_as: str = ""
    producer_seal: str = ""
    propagator: str = ""
    content_id: str = ""
    propagator_seal: str = ""
    source_type: str = ""
    system: str = ""
    version: str = ""
    prompt: str = ""
    prompt_writer: str = ""

    @property
    def keys(self) -> dict[str, str]:
        """What was given of the label, by the standard's names."""
        named = {
            "Label": self.label,
            "ContentProducer": self.producer,
            "ProduceID": self.produced_as,
            "ReservedCode1": self.producer_seal,
            "ContentPropagator": self.propagator,
            "PropagateID": self.content_id,
            "ReservedCode2": self.propagator_seal,
        }
        return {key: value for key, value in named.items() if value}

    @property
    def properties(self) -> dict[Name, str]:
        """What was given of IPTC's properties, by their names in XMP."""
        named = {
            "DigitalSourceType": f"{CODES}{self.source_type}" if self.source_type else "",
            "AISystemUsed": self.system,
            "AISystemVersionUsed": self.version,
            "AIPromptInformation": self.prompt,
            "AIPromptWriterName": self.prompt_writer,
        }
        return {(IPTC, name): value for name, value in named.items() if value}

    def faults(self) -> list[Fault]:
        """All that is wrong with the wish, each with the option that holds it."""
        return [*_label_faults(self), *_property_faults(self)]


def _label_faults(wish: Wish) -> list[Fault]:
    faults: list[Fault] = []
    if not wish.keys and not wish.properties:
        faults.append(Fault("nothing-to-write", "say at least `--label`, `--propagator` or `--source-type`"))
    if wish.label and wish.label not in MEANINGS:
        words = f"`{wish.label}` is no label: 1 is AI, 2 may be AI, 3 is suspected to be"
        faults.append(Fault("unknown-label", words, "--label"))
    for option, value in (
        ("--producer", wish.producer),
        ("--producer-id", wish.produced_as),
        ("--producer-seal", wish.producer_seal),
        ("--propagator", wish.propagator),
        ("--content-id", wish.content_id),
        ("--propagator-seal", wish.propagator_seal),
    ):
        if not is_allowed(value) or len(value) > MAXIMUM_TEXT:
            words = f"`{value[:80]}` holds a blank, a quotation mark or another sign that the standard excludes"
            faults.append(Fault("excluded-character", words, option))
    return faults


def _property_faults(wish: Wish) -> list[Fault]:
    faults: list[Fault] = []
    if wish.source_type and wish.source_type not in SOURCE_TYPES:
        near = get_close_matches(wish.source_type, SOURCE_TYPES, 1)
        words = f"`{wish.source_type}` is not in IPTC's list of digital source types"
        faults.append(Fault("unknown-source-type", words + (f", `{near[0]}` is" if near else ""), "--source-type"))
    for option, value in (
        ("--system", wish.system),
        ("--system-version", wish.version),
        ("--prompt", wish.prompt),
        ("--prompt-writer", wish.prompt_writer),
    ):
        if len(value) > MAXIMUM_TEXT or not all(letter.isprintable() for letter in value):
            words = f"the text has control characters, or more than {MAXIMUM_TEXT} characters"
            faults.append(Fault("unprintable-text", words, option))
    return faults
