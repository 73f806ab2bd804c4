"""Bundles: a pack in one file that is named by what it holds. It refuses a file that holds anything else than it says.

A bundle carries no signature yet: its digest shows damage, not who made it.
"""

from __future__ import annotations

import json
from pathlib import Path

from assay.engine.kernel.digest import canonical_json, digest_of_files
from assay.engine.kernel.errors import Fault
from assay.engine.kernel.unicode import is_unicode
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.read_pack import read_pack
from assay.interfaces.packs.texts import LARGEST, Texts, is_part

FORMAT = "assay-bundle/1"
LARGEST_BUNDLE = 16 * LARGEST
_KEYS = {"format": str, "pack": str, "version": str, "digest": str, "files": dict}


def bundle_of(pack: Pack) -> bytes:
    """The pack as one file: canonical JSON, so that the same pack is the same bytes."""
    content = {
        "format": FORMAT,
        "pack": pack.name,
        "version": pack.version,
        "digest": pack.digest,
        "files": dict(pack.files),
    }
    return canonical_json(content) + b"\n"


def read_bundle(path: Path) -> Texts | Fault:
    """The texts in a bundle, or why the file is refused."""
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST_BUNDLE + 1)
    except OSError as error:
        return Fault("unreadable", f"`{path}` cannot be read: {(error.strerror or 'it cannot be opened').lower()}")
    if len(content) > LARGEST_BUNDLE:
        return Fault("bad-bundle", f"`{path}` is larger than {LARGEST_BUNDLE} bytes, and a bundle is not")
    found = _decoded(content)
    if isinstance(found, str):
        return Fault("bad-bundle", f"`{path}` is no bundle: {found}")
    return Texts(str(path), f"{path.as_posix()}:", found)


def _decoded(content: bytes) -> dict[str, str] | str:
    """The files of a bundle, or what is wrong with it."""
    try:
        given = json.loads(content)
    except (ValueError, RecursionError):
        return "it is not JSON"
    if not isinstance(given, dict) or given.get("format") != FORMAT:
        return f"it does not begin as `{FORMAT}` does; `assay bundle build` makes one"
    wrong = [key for key, kind in _KEYS.items() if not isinstance(given.get(key), kind)]
    if wrong:
        return f"its `{wrong[0]}` is missing or of another form"
    files: dict[str, str] = given["files"]
    strange = [name for name, text in files.items() if not (is_part(name) and isinstance(text, str))]
    if strange:
        return f"`{strange[0][:80]}` is no text of a pack"
    if not all(is_unicode(text) for text in files.values()):
        return "it holds half a character"
    if digest_of_files(files) != given["digest"]:
        return "its texts do not have the digest that it names; it was damaged or changed"
    # The digest is of the texts alone, so what stands beside them is held to them.
    inside, _ = read_pack({name: text for name, text in files.items() if name == "pack.yaml"})
    if (inside.name, inside.version) != (given["pack"], given["version"]):
        return "its texts are of another pack or version than it names"
    return files
