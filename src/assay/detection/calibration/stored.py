"""Calibrations as JSON and back: canonical, sealed by a digest, read as a stranger's file. It runs nothing in it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, replace

from assay.detection.calibration.calibration import Calibration
from assay.detection.calibration.shaped import Misshapen, shaped
from assay.engine.kernel.digest import canonical_json, sha256_of
from assay.engine.kernel.errors import Fault

SCHEMA = "assay.calibration/1"
MOST_BYTES = 8_000_000


def sealed(calibration: Calibration) -> Calibration:
    """The same with its digest."""
    return replace(calibration, digest=sha256_of(canonical_json(_body(calibration))))


def to_json(calibration: Calibration) -> str:
    """Canonical JSON with a line's end; the same calibration always gives the same bytes."""
    return canonical_json({**_body(calibration), "digest": calibration.digest}).decode() + "\n"


def _body(calibration: Calibration) -> dict[str, object]:
    body = asdict(calibration)
    del body["digest"]
    return {"schema": SCHEMA, **body}


def from_json(text: str) -> Calibration | list[Fault]:
    """The calibration that a text holds; a text that was changed since it was sealed is refused."""
    body = read_body(text, SCHEMA)
    if isinstance(body, list):
        return body
    digest = body.pop("digest", None)
    try:
        found: Calibration = shaped(Calibration, body)
        expected = sealed(found).digest
    except UnicodeEncodeError:
        return [Fault("bad-calibration", "a text in it is no Unicode; calibrate the detector again", "calibration")]
    except (Misshapen, ValueError) as error:
        return [Fault("bad-calibration", f"{error}; calibrate the detector again", "calibration")]
    if not isinstance(digest, str) or digest != expected:
        words = "it does not match its own digest, so that it was changed after it was made; restore or calibrate again"
        return [Fault("changed-calibration", words, "digest")]
    return replace(found, digest=digest)


def read_body(text: str, schema: str) -> dict[str, object] | list[Fault]:
    """The object that a text holds, without its schema, which must be the one that is meant."""
    if len(text) > MOST_BYTES:
        return [Fault("too-large", f"{len(text):,} characters are more than {MOST_BYTES:,}", None)]
    try:
        # A number beyond a float's range would come out as infinity.
        body = json.loads(text, parse_constant=_no_constant, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        return [Fault("bad-json", f"it is no JSON: {str(error)[:120].lower()}", None)]
    if not isinstance(body, Mapping) or body.get("schema") != schema:
        return [Fault("bad-schema", f"it does not say `{schema}`; it was made by another program or version", "schema")]
    return {name: value for name, value in body.items() if name != "schema"}


def _no_constant(name: str) -> float:
    raise ValueError(f"`{name}` is no number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"`{text[:20]}` is too large")
    return number
