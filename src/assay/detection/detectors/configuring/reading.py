"""Reads a `detector.toml` as text: the detector that it configures, or every fault in it. It opens no file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, cast

from assay.detection.container import Modality
from assay.detection.detectors.configured import Configured, Fitness, Scale
from assay.detection.detectors.configuring.endpoint import MOST_REQUEST_BYTES, endpoint
from assay.detection.detectors.configuring.onnx import onnx_model
from assay.detection.detectors.configuring.tables import Table
from assay.engine.kernel.errors import Fault

CONFIGURATION = "detector.toml"
MODALITIES = tuple(each.value for each in Modality if each is not Modality.MIXED)
# Of what is decoded here, the model sees pictures only; a service may be given any file.
_SEEN_BY_A_MODEL = frozenset({Modality.IMAGE})
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}\Z")


def configured_of(text: str, folder: Path) -> Configured | Sequence[Fault]:
    """The detector, or what is wrong with its configuration; each fault names the key it is about."""
    file = f"{folder.name}/{CONFIGURATION}"
    try:
        raw = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # What is no fault of TOML's form is a number of more digits than anybody reads.
        why = (
            str(error)[:120].lower()
            if isinstance(error, tomllib.TOMLDecodeError)
            else "it is nested too deeply, or holds a number of thousands of digits"
        )
        return [Fault("unreadable-configuration", f"it is no TOML: {why}", file)]
    faults: list[Fault] = []
    found = _detector(Table(raw, file, "", faults), folder)
    return faults or found


def _detector(table: Table, folder: Path) -> Configured:
    name = table.text("name")
    if name and not _NAME.match(name):
        table.fault("name", "wrong-type", f"`{name[:60]}` has to be small letters, digits, `-` and `_`")
    elif name and name != folder.name:
        table.fault("name", "name-differs", f"it is named `{name}` and lies in `{folder.name}`; give both one name")
    kind = table.text("kind", choices=("onnx", "http"))
    version = table.text("version")
    fitness = _fitness(table.table("fit", required=False), table.texts("modalities", choices=MODALITIES, required=True))
    if kind == "onnx" and set(fitness.modalities) - _SEEN_BY_A_MODEL:
        table.fault("modalities", "unknown-value", "a model is shown pictures only; for others, set up a service")
    how = endpoint(table) if kind == "http" else onnx_model(table)
    found = Configured(
        folder=folder,
        name=name,
        version=version,
        # Whether two detectors are independent nobody has shown; until then those of one medium count once.
        group=table.text("group", str(next(iter(fitness.modalities), "none"))),
        licence=table.text("licence", "unknown"),
        says=table.text("says", ""),
        trained_on=table.texts("trained_on"),
        fitness=fitness,
        scale=_scale(table.table("scale", required=False)),
        how=how,
    )
    table.done()
    return found


def _fitness(table: Table, modalities: Sequence[str]) -> Fitness:
    found = Fitness(
        modalities=tuple(Modality(each) for each in modalities),
        least_side=table.whole("least_side", 0, 0, 100_000),
        most_bytes=table.whole("most_bytes", MOST_REQUEST_BYTES, 1, MOST_REQUEST_BYTES),
        excluded=table.texts("excluded"),
    )
    table.done()
    return found


def _scale(table: Table) -> Scale:
    low, high = table.number("low", 0.0, -1e9, 1e9), table.number("high", 1.0, -1e9, 1e9)
    if low >= high:
        table.fault("high", "out-of-range", f"`high` is {high:g}, and has to be above `low`, which is {low:g}")
    higher_means = cast("Literal['ai', 'real']", table.text("higher_means", "ai", choices=("ai", "real")))
    found = Scale(low, high, higher_means)
    table.done()
    return found
