"""Versions of a pack as they are named at the terminal: folders, bundles, git revisions. It changes none of them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from assay.engine.kernel.errors import Fault
from assay.engine.language.pack.pack import Pack
from assay.interfaces.cli.terminal import printable, wrong_use

if TYPE_CHECKING:
    from assay.interfaces.packs.texts import Texts


def named_version(named: str, place: Path | None) -> Texts:
    """The texts of a version; ends with 2 where there is none of that name."""
    from assay.interfaces.packs.versions import read_version

    found = read_version(named, place)
    if isinstance(found, Fault):
        wrong_use(printable(found.words))
    return found


def sound_version(texts: Texts, done: str) -> Pack:
    """The pack of some texts; ends with 1 and its faults where it is not sound.

    done  what only sound packs can be: `compared`
    """
    from assay.interfaces.packs.texts import check_texts

    report = check_texts(texts, examples=False)
    if not report.sound:
        for text in report.rendered:
            print(text, file=sys.stderr)
        print(f"{texts.title}: {report.summary}; only sound packs can be {done}", file=sys.stderr)
        raise typer.Exit(1)
    return report.checked.pack
