"""The part of a configuration that says how a model in the ONNX format is run. It never runs one."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import cast

from assay.detection.detectors.configured import (
    Activation,
    Colour,
    Filter,
    Head,
    Input,
    Layout,
    ModelFile,
    OnnxModel,
    Optimise,
    Output,
    Resize,
)
from assay.detection.detectors.configuring.tables import Table

MOST_PIXELS_A_SIDE = 4_096
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_PACKAGE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*\Z")


def onnx_model(whole: Table) -> OnnxModel:
    """The tables `model`, `input` and `output`, and `head` where there is one."""
    model = whole.table("model")
    source = _file(model)
    optimise = cast("Optimise", model.text("optimise", "basic", choices=("basic", "all")))
    model.done()
    return OnnxModel(source, _input(whole.table("input")), _output(whole), optimise)


def _file(table: Table) -> ModelFile:
    package = table.text("package", "")
    if package and not _PACKAGE.match(package):
        table.fault("package", "wrong-type", f"`{package[:60]}` is no name of a Python package")
    file, sha256 = table.text("file"), table.text("sha256").lower()
    path = PurePosixPath(file)
    if path.is_absolute() or ".." in path.parts or "\\" in file:
        table.fault("file", "outside-folder", f"`{file[:60]}` leaves the folder; put the file into the folder")
    if sha256 and not _SHA256.match(sha256):
        table.fault("sha256", "wrong-type", "`sha256` has to be 64 hexadecimal digits; `sha256sum FILE` prints them")
    return ModelFile(file, sha256, package)


def _input(table: Table) -> Input:
    width = table.whole("width", None, 1, MOST_PIXELS_A_SIDE)
    height = table.whole("height", None, 1, MOST_PIXELS_A_SIDE)
    resize = cast("Resize", table.text("resize", "shorter", choices=("shorter", "longer", "stretch", "none")))
    natural = max(width, height) if resize != "longer" else min(width, height)
    colour = cast("Colour", table.text("colour", "rgb", choices=("rgb", "bgr", "grey")))
    channels = 1 if colour == "grey" else 3
    deviation = table.numbers("deviation", (1.0,) * channels, (channels,))
    if not all(deviation):
        table.fault("deviation", "out-of-range", "`deviation` holds 0, by which nothing can be divided")
    found = Input(
        name=table.text("name", ""),
        width=width,
        height=height,
        resize=resize,
        resize_to=table.whole("resize_to", natural, 1, MOST_PIXELS_A_SIDE),
        filter=cast("Filter", table.text("filter", "bicubic", choices=("nearest", "bilinear", "bicubic", "lanczos"))),
        colour=colour,
        layout=cast("Layout", table.text("layout", "nchw", choices=("nchw", "nhwc"))),
        divide_by=table.number("divide_by", 255.0, 1e-6, 1e6),
        mean=table.numbers("mean", (0.0,) * channels, (channels,)),
        deviation=deviation,
    )
    table.done()
    return found


def _output(whole: Table) -> Output:
    table = whole.table("output", required=False)
    head = _head(whole.table("head")) if whole.has("head") else None
    default = "sigmoid" if head is not None else "none"
    activation = cast("Activation", table.text("activation", default, choices=("none", "sigmoid", "softmax")))
    if head is not None and activation == "softmax":
        table.fault("activation", "unknown-value", "a head gives one number, of which there is no softmax")
    if head is not None and table.has("index"):
        table.fault("index", "unknown-key", "with a head, every number of the output counts; take `index` out")
    found = Output(table.text("name", ""), table.whole("index", 0, 0, 100_000), activation, head)
    table.done()
    return found


def _head(table: Table) -> Head:
    found = Head(
        source=_file(table),
        weights=table.text("weights", "weights"),
        bias=table.text("bias", "bias"),
        unit_length=table.flag("unit_length", default=False),
    )
    table.done()
    return found
