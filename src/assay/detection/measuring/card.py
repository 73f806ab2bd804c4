"""A detector's card: what was measured, on what, of which version; written and read as TOML. It measures nothing."""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.detection.measuring.area import Rate
from assay.detection.measuring.measurement import Measurement, Part, Precision
from assay.detection.measuring.operating import Operating
from assay.engine.kernel.errors import Fault

CARD = "card.toml"
MOST_CARD_BYTES = 2_000_000
DIGITS = 4


@dataclass(frozen=True, slots=True)
class DetectorCard:
    """What is written of one run.

    digest       of the detector that was measured; of any other version the card says nothing
    data         what the operator calls the files
    data_digest  of the files with their labels
    """

    detector: str
    version: str
    digest: str
    data: str
    data_digest: str
    measured_on: str
    measurement: Measurement

    def text(self) -> str:
        """The card as TOML; the same figures always give the same text."""
        found = self.measurement
        lines = [
            "# Written by `assay detector evaluate`; measure again instead of editing it.",
            *_pairs({name: getattr(self, name) for name in _HEADINGS}),
            *_pairs({"files": found.files, "one_sided": _rounded(found.one_sided), "overlap": list(found.overlap)}),
        ]
        if found.milliseconds_per_file is not None:
            lines += _pairs({"milliseconds_per_file": float(format(found.milliseconds_per_file, ".3g"))})
        lines += ["", "[without_score]", *_pairs(dict(found.faults))]
        for part in found.parts:
            lines += ["", "[[part]]", *_pairs(_part_row(part))]
            for point in part.points:
                lines += ["", "[[part.point]]", *_pairs(_point_row(point))]
        for each in found.precisions:
            row = {"share": each.share, "prevalence": each.prevalence, **_rate_row("right", each.right)}
            lines += ["", "[[precision]]", *_pairs(row)]
        return "\n".join(lines) + "\n"


_HEADINGS = ("detector", "version", "digest", "data", "data_digest", "measured_on")


def load_card(folder: Path, digest: str) -> DetectorCard | Fault | None:
    """The card in a detector's folder, or why it cannot be used; None where it was never measured.

    digest  of the detector as it is now; a card of another version is refused
    """
    try:
        with (folder / CARD).open("rb") as stream:
            content = stream.read(MOST_CARD_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError:
        return Fault("unreadable-card", "the card cannot be read", CARD)
    if len(content) > MOST_CARD_BYTES:
        return Fault("unreadable-card", f"it has more than {MOST_CARD_BYTES:,} bytes; measure again", CARD)
    try:
        card = _card(tomllib.loads(content.decode("utf-8")))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        words = f"it is no card that `assay detector evaluate` writes: {type(error).__name__}; measure again"
        return Fault("unreadable-card", words, CARD)
    if card.digest != digest:
        words = f"the card is of version `{card.version}` as it was on {card.measured_on}; measure again"
        return Fault("stale-card", words, CARD)
    return card


def _card(raw: Mapping[str, Any]) -> DetectorCard:
    parts = tuple(_part(row) for row in raw["part"])
    if not parts:
        raise ValueError("it has no part")
    precisions = (
        Precision(_share(row["share"]), _share(row["prevalence"]), _rate(row, "right")) for row in _precision(raw)
    )
    speed = raw.get("milliseconds_per_file")
    measurement = Measurement(
        parts=parts,
        precisions=tuple(precisions),
        faults=tuple((str(key), int(value)) for key, value in raw["without_score"].items()),
        overlap=tuple(str(each) for each in raw["overlap"]),
        one_sided=_share(raw["one_sided"]),
        files=int(raw["files"]),
        milliseconds_per_file=None if speed is None else float(speed),
    )
    return DetectorCard(
        detector=str(raw["detector"]),
        version=str(raw["version"]),
        digest=str(raw["digest"]),
        data=str(raw["data"]),
        data_digest=str(raw["data_digest"]),
        measured_on=str(raw["measured_on"]),
        measurement=measurement,
    )


def _precision(raw: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = raw.get("precision", [])
    return found


def _part_row(part: Part) -> dict[str, object]:
    names = ("of", "name", "ai_files", "real_files", "ai_items", "real_items")
    row = {name: getattr(part, name) for name in names}
    return row if part.area is None else {**row, **_rate_row("area", part.area)}


def _part(row: Mapping[str, Any]) -> Part:
    return Part(
        of=str(row["of"]),
        name=str(row["name"]),
        ai_files=int(row["ai_files"]),
        real_files=int(row["real_files"]),
        ai_items=int(row["ai_items"]),
        real_items=int(row["real_items"]),
        area=_rate(row, "area") if "area" in row else None,
        points=tuple(_point(point) for point in row.get("point", [])),
    )


def _point_row(point: Operating) -> dict[str, object]:
    row: dict[str, object] = {
        "share": point.share,
        "can_tell": point.can_tell,
        "threshold": float(format(point.threshold, ".6g")),
        "false_items": point.false_items,
        "real_items": point.real_items,
        "false_high": _rounded(point.false_high),
    }
    return row if point.found is None else {**row, **_rate_row("found", point.found)}


def _point(row: Mapping[str, Any]) -> Operating:
    return Operating(
        share=_share(row["share"]),
        can_tell=bool(row["can_tell"]),
        threshold=float(row["threshold"]),
        found=_rate(row, "found") if "found" in row else None,
        false_items=int(row["false_items"]),
        real_items=int(row["real_items"]),
        false_high=_share(row["false_high"]),
    )


def _rate_row(name: str, rate: Rate) -> dict[str, object]:
    return {name: _rounded(rate.value), f"{name}_low": _rounded(rate.low), f"{name}_high": _rounded(rate.high)}


def _rate(row: Mapping[str, Any], name: str) -> Rate:
    return Rate(_share(row[name]), _share(row[f"{name}_low"]), _share(row[f"{name}_high"]))


def _share(value: Any) -> float:
    number = float(value)
    if not 0 <= number <= 1:
        raise ValueError("it holds something that is no share")
    return number


def _rounded(value: float) -> float:
    # To so many digits of its own, for a precision of one in ten thousand is not 0.
    return float(format(value, f".{DIGITS}g")) if math.isfinite(value) else value


def _pairs(row: Mapping[str, object]) -> list[str]:
    return [f"{_key(key)} = {_value(value)}" for key, value in row.items()]


def _key(key: str) -> str:
    return key if key.replace("_", "").replace("-", "").isalnum() and key.isascii() else _value(key)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        # JSON writes 1e-05, which TOML reads as well.
        return repr(value)
    # In ASCII with its escapes, a text of JSON is one of TOML, but for the one control character that JSON lets stand.
    return json.dumps(value).replace("\x7f", "\\u007f")
