"""A configured detector: what it is, what it may be asked about, how it is asked. It never asks one."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from assay.detection.container import Modality
from assay.engine.kernel.digest import canonical_json, sha256_of

Resize = Literal["shorter", "longer", "stretch", "none"]
Filter = Literal["nearest", "bilinear", "bicubic", "lanczos"]
Colour = Literal["rgb", "bgr", "grey"]
Layout = Literal["nchw", "nhwc"]
Activation = Literal["none", "sigmoid", "softmax"]
Optimise = Literal["basic", "all"]

RUNTIME = "onnxruntime"
# Raised whenever a picture is made ready for a model in another way: every score may then be another one.
PREPARATION = 1


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file of a model, within the detector's folder or within an installed package, pinned by its digest.

    package  the package that brings it, or an empty text: then it lies in the detector's own folder
    file     its path within that folder or package
    sha256   of its bytes, in hexadecimal
    """

    file: str
    sha256: str
    package: str = ""


@dataclass(frozen=True, slots=True)
class Input:
    """How a picture becomes what the model takes.

    name       of the model's input, or an empty text: its first
    width, height   in pixels, as the model takes them
    resize     `shorter` or `longer`: that side becomes `resize_to`, the other follows; `stretch`: both become what the
               model takes; what is then too large is cut to its centre, what is too small is put on black
    divide_by, mean, deviation   each value is divided, then less the channel's mean, then divided by its deviation
    """

    name: str
    width: int
    height: int
    resize: Resize
    resize_to: int
    filter: Filter
    colour: Colour
    layout: Layout
    divide_by: float
    mean: tuple[float, ...]
    deviation: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """A linear head behind the model, kept as JSON: score = weights · features + bias.

    weights, bias   keys in that file; without `bias` it is 0
    unit_length     features are first brought to length 1
    """

    source: ModelFile
    weights: str
    bias: str
    unit_length: bool


@dataclass(frozen=True, slots=True)
class Output:
    """Which number of the model's answer is the score.

    name   of the model's output, or an empty text: its first
    index  of the number in it, after a softmax over all of them where `activation` says so; not used with a head
    """

    name: str
    index: int
    activation: Activation
    head: Head | None


@dataclass(frozen=True, slots=True)
class OnnxModel:
    """A model in the ONNX format, run here on one core.

    optimise  `basic`: the runtime rewrites the model only in ways that leave its numbers alone; `all`: in every way it
              knows, which is faster, and gives a model of small whole numbers other scores with every version
    """

    source: ModelFile
    input: Input
    output: Output
    optimise: Optimise = "basic"

    @property
    def files(self) -> tuple[ModelFile, ...]:
        """Every file that the score depends on."""
        return (self.source,) if self.output.head is None else (self.source, self.output.head.source)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The operator's own service, which is given the file's bytes and answers with JSON.

    send      `multipart`: one part named `field`; `json`: an object with the bytes as base64 under `field`
    also      further fields, sent as they stand
    score, version   where in the answer they stand, as keys and numbers between dots; an empty `version` asks for none
    token_variable   the environment's variable that holds the token, or an empty text
    token_header, token_scheme   the header it is sent in, and the word before it
    authority  a PEM file in the detector's folder with the authority behind the service's certificate, or an empty text
    seconds    for one attempt
    retries    after a first attempt that met a busy or unreachable service
    """

    url: str = dataclasses.field(repr=False)
    send: Literal["multipart", "json"]
    field: str
    also: Mapping[str, str | int | float | bool] = dataclasses.field(repr=False)
    score: str
    version: str
    token_variable: str
    token_header: str
    token_scheme: str
    authority: str
    seconds: float
    retries: int
    most_request_bytes: int
    most_answer_bytes: int


@dataclass(frozen=True, slots=True)
class Fitness:
    """What a detector may be asked about; about anything else it says nothing.

    least_side   of a picture, in pixels
    most_bytes   of a file
    excluded     containers it is never asked about, such as `gif`
    """

    modalities: tuple[Modality, ...]
    least_side: int
    most_bytes: int
    excluded: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """What the detector's number means: its range, and at which end AI lies."""

    low: float
    high: float
    higher_means: Literal["ai", "real"]


@dataclass(frozen=True, slots=True)
class Configured:
    """One detector as its `detector.toml` has it.

    folder      where that file lies, with `card.toml` and `calibration.json` beside it
    group       detectors of one group look at the same thing, so that their agreement proves little
    trained_on  names of generators and collections that its training data came from, as far as known
    """

    folder: Path
    name: str
    version: str
    group: str
    licence: str
    says: str
    trained_on: tuple[str, ...]
    fitness: Fitness
    scale: Scale
    how: OnnxModel | Endpoint

    @property
    def kind(self) -> Literal["onnx", "http"]:
        return "onnx" if isinstance(self.how, OnnxModel) else "http"

    @property
    def digest(self) -> str:
        """Of everything that a score depends on: a card or calibration of another digest is of another detector."""
        content = {
            "version": self.version,
            "kind": self.kind,
            "scale": asdict(self.scale),
            "how": _what_scores(self.how),
        }
        return sha256_of(canonical_json(content))


def _what_scores(how: OnnxModel | Endpoint) -> dict[str, object]:
    if isinstance(how, OnnxModel):
        head = how.output.head
        kept = None if head is None else {**asdict(head), "source": head.source.sha256}
        output = {"name": how.output.name, "index": how.output.index, "activation": how.output.activation, "head": kept}
        return {
            "model": how.source.sha256,
            "runtime": _runtime() if how.optimise == "all" else "any",
            "prepared": PREPARATION,
            "input": asdict(how.input),
            "output": output,
        }
    # How long one waits and by which token one is known changes no score.
    names = ("url", "send", "field", "score", "version")
    return {**{name: getattr(how, name) for name in names}, "also": dict(how.also)}


def _runtime() -> str:
    """The runtime whose own rewriting of the model the scores then depend on."""
    try:
        return f"{RUNTIME} {version(RUNTIME)}"
    except PackageNotFoundError:
        return "none"
