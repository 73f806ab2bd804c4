"""The one form in which texts of a pack are kept: one digest, whatever editor saved them. It opens no file."""

from __future__ import annotations

from collections.abc import Mapping

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.unicode import is_unicode
from assay.engine.language.document.markdown import lines_of
from assay.engine.language.pack.read_pack import OPTIONAL, POLICIES, REQUIRED

LARGEST = 4_000_000
_MARK = "\ufeff"


def normal_text(text: str) -> str:
    """With line ends of one kind, and without a mark of the byte order before it, as packs are read everywhere."""
    return "\n".join(lines_of(text.lstrip(_MARK)))


def why_not_texts(files: Mapping[str, str]) -> list[Fault]:
    """What keeps texts from being the files of a pack."""
    faults = []
    for path, text in sorted(files.items()):
        if not is_part(path):
            faults.append(Fault("no-part", f"a pack has no file `{path[:120]}`", "files"))
        elif len(text) > LARGEST:
            faults.append(Fault("too-large", f"`{path}` is larger than {LARGEST:,} characters", "files"))
        elif not is_unicode(text) or "\0" in text:
            faults.append(Fault("no-text", f"`{path}` holds what is no text", "files"))
    return faults


def is_part(path: str) -> bool:
    """Whether a pack has a file of this name."""
    if path in (*REQUIRED, *OPTIONAL):
        return True
    name = path.removeprefix(POLICIES)
    fits = path.startswith(POLICIES) and path.endswith(".md") and len(path) <= 200
    return fits and "/" not in name and name.isprintable() and not name.startswith(".")
