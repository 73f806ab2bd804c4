"""`assay bank create`: a new bank with its purpose, its terms and what a match means. It puts nothing into it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.interfaces.cli.evidence.bank.folders import refuse
from assay.interfaces.cli.terminal import printable, wrong_use

if TYPE_CHECKING:
    from assay.detection.copies.bank.settings import BankSettings

_ASKED = {
    "purpose": "What is the bank for",
    "kind": "Which kind of hash (pdq for pictures, vpdq for films, chromaprint, tlsh, minhash, sha256)",
    "claim": "What a match says of how it was made (generated, altered, captured, unclear, ...)",
    "words": "What a match means, in a sentence for people",
}


def create(  # noqa: PLR0913 (each argument is an option of the command)
    folder: Annotated[Path, typer.Argument(help="The new bank's folder, best within a folder of banks.")],
    purpose: Annotated[str | None, typer.Option(help="What the bank is for.")] = None,
    kind: Annotated[str | None, typer.Option(help="pdq, vpdq, chromaprint, tlsh, minhash or sha256.")] = None,
    words: Annotated[str | None, typer.Option(help="What a match means, in a sentence for people.")] = None,
    claim: Annotated[
        str | None, typer.Option(help="What a match says of how it was made; unclear if left out.")
    ] = None,
    tier: Annotated[str, typer.Option(help="operator: you vouch for the entries; or unverified.")] = "unverified",
    source: Annotated[str, typer.Option(help="Where the entries come from.")] = "",
    name: Annotated[str | None, typer.Option(help="The bank's name; the folder's if left out.")] = None,
    within: Annotated[float | None, typer.Option(help="What counts as a copy: a distance, or a share alike.")] = None,
    quality: Annotated[int | None, typer.Option(help="Hashes of less quality are left out.")] = None,
    below: Annotated[str, typer.Option(help="What is searched for below it: skip, or found as unclear.")] = "skip",
    dihedral: Annotated[bool, typer.Option("--dihedral", help="Look for turned and mirrored pictures, too.")] = False,
    crops: Annotated[bool, typer.Option("--crops", help="Look for parts of pictures, too.")] = False,
    asserts: Annotated[
        list[str] | None, typer.Option(help="SIGNAL=VALUE that a match stands for; may be repeated.")
    ] = None,
) -> None:
    """Make a bank. At a terminal, what is needed and was left out is asked for."""
    from assay.detection.copies.bank.bank import Bank
    from assay.detection.copies.bank.unusable import UnusableBank

    given = _asked({"purpose": purpose, "kind": kind, "claim": claim, "words": words})
    given |= {"name": name if name is not None else folder.resolve().name, "tier": tier, "source": source}
    given |= {"quality_at_least": quality, "on_quality_below": below, "dihedral": dihedral, "crops": crops}
    settings = _settings(folder, {**given, **_threshold(given.get("kind"), within)}, asserts or [])
    try:
        Bank.create(folder, settings).close()
    except UnusableBank as unusable:
        refuse(folder, unusable)
    print(printable(f"{folder}: {settings.name}: a bank of {settings.kind} hashes, {terms_of(settings)}"))
    print(printable(f"      | a match means: {settings.words} ({settings.claim.value}, {settings.tier.value})"))
    print(printable(f"fill it: assay bank add {folder} FILES, or assay bank import {folder} FILE"))


def terms_of(settings: BankSettings) -> str:
    """`a copy is at most 31 bits apart, turned and mirrored, too`."""
    from assay.detection.copies.clusters.closeness import Closeness

    words = f"a copy is {Closeness(settings.kind, settings.threshold).words}"
    edits = ["turned and mirrored, too"] if settings.dihedral else []
    edits += ["parts of pictures, too"] if settings.crops else []
    return ", ".join((words, *edits))


def _threshold(kind: object, within: float | None) -> dict[str, object]:
    """What `--within` sets for a kind of hash; a kind that there is not is told with the rest."""
    from assay.detection.copies.bank.settings import LIMITS
    from assay.detection.copies.kinds import HashKind

    if within is None or kind not in set(HashKind):
        return {}
    share = LIMITS[HashKind(str(kind))].share
    return {share: within} if share else {"distance": int(within) if within == int(within) else within}


def _asked(given: dict[str, str | None]) -> dict[str, object]:
    """What was given, and at a terminal what was answered."""
    if sys.stdin.isatty():
        default = {"claim": "unclear"}
        given = {
            name: value if value is not None else typer.prompt(_ASKED[name], default=default.get(name))
            for name, value in given.items()
        }
    return {name: value for name, value in given.items() if value is not None}


def _settings(folder: Path, given: dict[str, object], asserts: list[str]) -> BankSettings:
    from assay.detection.copies.bank.terms import parse_settings
    from assay.detection.copies.bank.unusable import UnusableBank

    lines = [f"{name} = {json.dumps(value)}" for name, value in given.items() if value is not None and value != ""]
    lines.append("[asserts]")
    for each in asserts:
        signal, equals, value = each.partition("=")
        if not equals:
            wrong_use(f"`{each}` asserts nothing; write SIGNAL=VALUE, such as person.consent=absent")
        lines.append(f"{json.dumps(signal.strip())} = {json.dumps(value.strip())}")
    # One reader for what is typed and for what stands in a file, so that both are told the same faults.
    settings = parse_settings("\n".join(lines).encode())
    if isinstance(settings, list):
        refuse(folder, UnusableBank(settings))
    return settings
