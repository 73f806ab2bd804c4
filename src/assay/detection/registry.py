"""Which scanners are installed, found by entry points. It never imports a scanner that nobody asked for."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points

from assay.detection.scanner import Scanner, Settings

GROUP = "assay.scanners"


class UnknownScanner(LookupError):
    """No installed package offers a scanner of this name."""


def scanner_names() -> tuple[str, ...]:
    """Every installed scanner's name, in alphabetical order."""
    return tuple(sorted({point.name for point in entry_points(group=GROUP)}))


def load_scanner(reference: str, settings: Settings) -> Scanner:
    """A scanner by its entry point's name, or by `module:factory` for one that is not installed.

    The factory takes the operator's `Settings` and returns the scanner.
    """
    if ":" in reference:
        point = EntryPoint(name=reference, value=reference, group=GROUP)
    else:
        found = [each for each in entry_points(group=GROUP) if each.name == reference]
        if not found:
            raise UnknownScanner(f"no scanner is named `{reference}`; installed: {', '.join(scanner_names())}")
        point = found[0]
    scanner: Scanner = point.load()(settings)
    return scanner


def load_scanners(references: Iterable[str], settings: Settings) -> tuple[Scanner, ...]:
    """The scanners in the order asked for."""
    return tuple(load_scanner(reference, settings) for reference in references)
