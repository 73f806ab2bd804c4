"""What every reader that another package brings must come through: is it there, and is its answer one. It runs none."""

from __future__ import annotations

import math
import sys
from importlib.util import find_spec
from pathlib import Path

from assay.detection.scanner import READY, Readiness, ScanFailed, State


def is_installed(package: str) -> bool:
    """Whether a package can be imported; it is not imported to find out."""
    if package in sys.modules:
        return sys.modules[package] is not None
    return find_spec(package) is not None


def readiness(packages: tuple[str, ...], extra: str, folder: Path | None, name: str, wanted: str | None) -> Readiness:
    """Whether packages and weights are there; what is missing first is told first.

    folder  of the operator's weights for this scanner; None where no weights were given
    wanted  what must be put into it, in words, or None where nothing is missing
    """
    missing = [package for package in packages if not is_installed(package)]
    if missing:
        return Readiness(State.NO_PACKAGE, f"{missing[0]} is not installed", f"pip install 'assay[{extra}]'")
    if wanted is not None:
        where = f"`{folder}`" if folder is not None else f"`WEIGHTS/{name}`, and name that folder by --weights WEIGHTS"
        return Readiness(State.NO_WEIGHTS, "nobody has provided its weights", f"put {wanted} into {where}")
    return READY


def share(value: object, what: str) -> float:
    """A reader's answer as a number in [0, 1]; raises ScanFailed for anything else, for a broken reader is no miss."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise strange(f"{what} is no number") from None
    if not math.isfinite(number) or not 0.0 <= number <= 1.0:
        raise strange(f"{what} is not between 0 and 1")
    return number


def strange(words: str) -> ScanFailed:
    """An answer that the reader's own description does not allow."""
    return ScanFailed("strange-answer", f"the watermark reader's answer cannot be used: {words}")
