"""A pack as people name one for a comparison: a folder, a bundle or a revision. It only reads."""

from __future__ import annotations

from pathlib import Path

from assay.engine.kernel.errors import Fault
from assay.interfaces.packs.bundles import read_bundle
from assay.interfaces.packs.folders import texts_of_folder
from assay.interfaces.packs.revisions import read_object, read_revision
from assay.interfaces.packs.texts import Texts


def read_version(named: str, pack: Path | None) -> Texts | Fault:
    """The texts of a version.

    named  a folder, a bundle, `REVISION`, or `REVISION:PATH` with the path from the repository's top
    pack   where the pack stands in the working tree; a revision alone needs it
    """
    if Path(named).is_dir():
        return texts_of_folder(Path(named))
    if Path(named).is_file():
        return read_bundle(Path(named))
    if ":" in named:
        return read_object(named, pack if pack is not None else Path())
    if pack is None:
        words = f"`{named}` is no folder and no file; if it is a git revision, say which pack with `--pack PATH`"
        return Fault("no-version", words)
    found = read_revision(named, pack)
    if isinstance(found, Fault) and found.slug == "no-repository":
        return Fault(found.slug, f"`{named}` is no folder and no file, and {found.words}")
    return found
