"""Bundles: a pack in one file that is named by what it holds. It refuses a file that holds anything else than it says.

The digest of a bundle shows damage, not who made it; signatures beside the texts do, and `packs.signed` reads them.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.engine.kernel.digest import canonical_json, digest_of_files
from assay.engine.kernel.errors import Fault
from assay.engine.kernel.unicode import is_unicode
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.read_pack import read_pack
from assay.interfaces.packs.strict import read_strictly
from assay.interfaces.packs.texts import LARGEST, Texts, is_part

FORMAT = "assay-bundle/1"
LARGEST_BUNDLE = 16 * LARGEST
_KEYS = {"format": str, "pack": str, "version": str, "digest": str, "files": dict}


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle as read: whole, and held to its digest.

    signatures  as they stand in the file; nothing is known of them yet
    """

    pack: str
    version: str
    digest: str
    texts: Texts
    signatures: object = None


def bundle_of(pack: Pack, signatures: Sequence[object] = ()) -> bytes:
    """The pack as one file: canonical JSON, so that the same pack is the same bytes."""
    return _written(pack.name, pack.version, pack.digest, pack.files, signatures)


def bundle_of_texts(files: Mapping[str, str]) -> bytes:
    """The bundle of texts that nobody has checked yet; what is wrong with them is found when it is opened or tried."""
    inside, _ = read_pack({name: text for name, text in files.items() if name == "pack.yaml"})
    return _written(inside.name, inside.version, digest_of_files(files), files)


def with_signatures(bundle: Bundle, signatures: Sequence[object]) -> bytes:
    """The file of a bundle with other signatures than it had."""
    return _written(bundle.pack, bundle.version, bundle.digest, bundle.texts.files, signatures)


def _written(
    pack: str, version: str, digest: str, files: Mapping[str, str], signatures: Sequence[object] = ()
) -> bytes:
    content: dict[str, object] = {
        "format": FORMAT,
        "pack": pack,
        "version": version,
        "digest": digest,
        "files": dict(files),
    }
    if signatures:
        content["signatures"] = list(signatures)
    return canonical_json(content) + b"\n"


def read_bundle(path: Path) -> Texts | Fault:
    """The texts in a bundle, or why the file is refused."""
    found = open_bundle(path)
    return found if isinstance(found, Fault) else found.texts


def open_bundle(path: Path) -> Bundle | Fault:
    """The bundle in a file, or why the file is refused."""
    content = file_content(path, LARGEST_BUNDLE)
    return content if isinstance(content, Fault) else bundle_in(content, str(path))


def file_content(path: Path, most: int) -> bytes | Fault:
    """The bytes of a plain file, `most` at the most."""
    try:
        # Without waiting, or a pipe of that name would hold us up for ever.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                return Fault("unreadable", f"`{path}` cannot be read: it is no file")
            content = stream.read(most + 1)
    except OSError as error:
        return Fault("unreadable", f"`{path}` cannot be read: {(error.strerror or 'it cannot be opened').lower()}")
    if len(content) > most:
        return Fault("too-large", f"`{path}` is larger than {most:,} bytes, and nothing of its kind is")
    return content


def bundle_in(content: bytes, title: str) -> Bundle | Fault:
    """The bundle that some bytes are, or why they are refused.

    title  how a person would cite where they come from
    """
    if len(content) > LARGEST_BUNDLE:
        return Fault("too-large", f"`{title}` is larger than {LARGEST_BUNDLE:,} bytes, and a bundle is not")
    given = read_strictly(content, "it")
    if isinstance(given, Fault):
        return Fault(given.slug, f"`{title}` is no bundle: {given.words}")
    found = _decoded(given, title)
    return Fault(found[0], f"`{title}` is no bundle: {found[1]}") if isinstance(found, tuple) else found


def _decoded(given: dict[str, object], title: str) -> Bundle | tuple[str, str]:
    """The bundle, or what is wrong with it: a slug and words."""
    if given.get("format") != FORMAT:
        return "bad-bundle", f"it does not begin as `{FORMAT}` does; `assay bundle build` makes one"
    wrong = [key for key, kind in _KEYS.items() if not isinstance(given.get(key), kind)]
    if wrong:
        return "bad-bundle", f"its `{wrong[0]}` is missing or of another form"
    files = given["files"]
    if not isinstance(files, dict):
        return "bad-bundle", "its `files` is missing or of another form"
    strange = [name for name, text in files.items() if not (is_part(name) and isinstance(text, str))]
    if strange:
        return "bad-bundle", f"`{strange[0][:80]}` is no text of a pack"
    if not all(is_unicode(text) for text in files.values()):
        return "bad-bundle", "it holds half a character"
    digest = digest_of_files(files)
    if digest != given["digest"]:
        return "damaged-bundle", "its texts do not have the digest that it names; it was damaged or changed"
    # The digest is of the texts alone, so what stands beside them is held to them.
    inside, _ = read_pack({name: text for name, text in files.items() if name == "pack.yaml"})
    if (inside.name, inside.version) != (given["pack"], given["version"]):
        return "bad-bundle", "its texts are of another pack or version than it names"
    texts = Texts(title, f"{Path(title).as_posix()}:", files)
    return Bundle(inside.name, inside.version, digest, texts, given.get("signatures"))
