"""`assay scanners`: which are installed, whether each can work, how well each was measured. It scans no upload."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.interfaces.cli.evidence.bank.folders import check_banks
from assay.interfaces.cli.evidence.detector.folders import check_detectors
from assay.interfaces.cli.terminal import Waiting, counted, print_table, printable, wrong_use

if TYPE_CHECKING:
    from assay.detection.scanner import Card, Measured, Readiness, Scanner, Settings

BROKEN = "cannot be loaded"


@dataclass(frozen=True, slots=True)
class _Found:
    """One installed scanner; without a card where it cannot even be loaded.

    faults     what its own examples say against it, or None where they were not tried
    requested  whether the settings ask for it, so that it runs in ordinary scans, too
    """

    name: str
    state: str
    words: str
    next_step: str
    card: Card | None
    faults: tuple[str, ...] | None = None
    requested: bool = False


def scanners(
    weights: Annotated[Path | None, typer.Option(help="A folder of weights and keys for scanners.")] = None,
    banks: Annotated[Path | None, typer.Option(help="A folder of banks of known items.")] = None,
    detectors: Annotated[Path | None, typer.Option(help="A folder of configured detectors.")] = None,
    verify: Annotated[bool, typer.Option("--verify", help="Run each scanner over its own examples.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a scanner, and no summary.")] = False,
) -> None:
    """Say which scanners are installed, ready, and measured. Ends with 1 where one does not keep its word."""
    from assay.detection.registry import scanner_names
    from assay.detection.scanner import Settings

    if weights is not None and not weights.is_dir():
        wrong_use(f"there is no folder `{weights}`")
    check_banks(banks)
    check_detectors(detectors)
    names, settings = scanner_names(), Settings(weights=weights, banks=banks, detectors=detectors)
    found: list[_Found] = []
    with Waiting("trying", len(names)) as waiting:
        for number, name in enumerate(names, 1):
            found.append(_found(name, settings, verify=verify))
            waiting.reached(number)
    if as_json:
        for each in found:
            print(json.dumps(_as_json(each), ensure_ascii=False))
    else:
        _print(found)
    raise typer.Exit(1 if any(each.faults or each.state == BROKEN for each in found) else 0)


def _found(name: str, settings: Settings, *, verify: bool) -> _Found:
    from assay.detection.registry import load_scanner
    from assay.detection.scanner import Requested, State, readiness_of
    from assay.detection.scanner import verify as verified

    try:
        scanner: Scanner = load_scanner(name, settings)
        told: Readiness = readiness_of(scanner)
        faults = tuple(verified(scanner)) if verify and told.state is State.READY else None
    except Exception as error:  # noqa: BLE001
        # The outer edge: a stranger's scanner may raise anything, and the others are still to be told of.
        return _Found(name, BROKEN, f"{type(error).__name__}: {error}"[:200], "see its own documentation", None)
    requested = isinstance(scanner, Requested) and scanner.is_requested()
    return _Found(name, told.state.value, told.words, told.next_step, scanner.card, faults, requested)


def _print(found: Sequence[_Found]) -> None:
    rows = [_row(each) for each in found]
    print_table(("scanner", "state", "runs", "finds", "reads", "ms a file", "licence"), rows)
    measured = [(each.name, *_measured(one)) for each in found if each.card for one in each.card.measured]
    if measured:
        print()
        print_table(("scanner", "measured", "result", "95 % interval", "on", "data"), measured)
    if any(each.state != "ready" for each in found):
        print()
    for each in found:
        if each.state != "ready":
            print(printable(f"{each.name}: {each.state}: {each.words}"))
            print(printable(f"      | {each.next_step}"))
    print()
    for fault in (fault for each in found for fault in each.faults or ()):
        print(printable(fault), file=sys.stderr)
    print(_summary(found))


def _row(each: _Found) -> tuple[str, ...]:
    if each.card is None:
        return (each.name, each.state, "-", "-", "-", "-", "-")
    card = each.card
    runs = "deep scans" if card.decodes_pixels and not each.requested else "always"
    kinds = ", ".join(kind.value.replace("_", " ") for kind in card.kinds)
    cost = f"{card.milliseconds_per_file:,.4g}"
    return (each.name, each.state, runs, kinds, ", ".join(card.containers), cost, card.licence)


def _measured(one: Measured) -> tuple[str, ...]:
    return (one.what, f"{one.hits:,} of {one.trials:,}", f"{one.low:.1%} to {one.high:.1%}", one.on, one.data)


def _summary(found: Sequence[_Found]) -> str:
    states = Counter(each.state for each in found)
    words = f"{counted(len(found), 'scanner')}: {states['ready']} ready"
    words += "".join(f", {states[state]} {state}" for state in sorted(states) if state != "ready")
    tried = [each for each in found if each.faults is not None]
    if tried:
        sound = sum(not each.faults for each in tried)
        words += f"; {sound} of {len(tried)} keep their word on their own examples"
    return words


def _as_json(each: _Found) -> dict[str, object]:
    told: dict[str, object] = {
        "name": each.name,
        "state": each.state,
        "reason": each.words or None,
        "next_step": each.next_step or None,
        "faults": None if each.faults is None else list(each.faults),
    }
    card = each.card
    if card is not None:
        names = ("version", "licence", "claims", "limits", "milliseconds_per_file")
        told |= {name: getattr(card, name) for name in names}
        told |= {"deep": card.decodes_pixels, "kinds": [kind.value for kind in card.kinds]}
        told |= {"containers": list(card.containers)}
        fields = ("what", "hits", "trials", "low", "high", "data", "on")
        told["measured"] = [{field: getattr(one, field) for field in fields} for one in card.measured]
    return told
