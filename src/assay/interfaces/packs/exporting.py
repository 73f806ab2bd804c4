"""Packs as plain folders: written whole, byte for byte as they are. It touches no file that is none of a pack."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from assay.engine.kernel.errors import Fault
from assay.engine.language.pack.read_pack import OPTIONAL, POLICIES, REQUIRED
from assay.interfaces.packs.aside import write_aside
from assay.interfaces.packs.texts import is_part


def write_folder(folder: Path, files: Mapping[str, str]) -> Fault | None:
    """Make a folder hold exactly these texts of a pack; other files that lie there stay."""
    strange = next((name for name in files if not is_part(name)), None)
    if strange is not None:
        return Fault("bad-pack", f"a pack has no file `{strange[:120]}`")
    try:
        if folder.is_dir() and any(folder.iterdir()) and not (folder / "pack.yaml").is_file():
            words = f"`{folder}` holds other things and no pack; name an empty folder, or one with a pack"
            return Fault("not-a-pack", words)
        if (folder / POLICIES).is_symlink():
            # What lies at its end is not this folder's to write, nor to tidy up.
            words = f"`{folder / POLICIES}` is a link to elsewhere; put a folder in its place, or name another one"
            return Fault("not-a-pack", words)
        for name, text in files.items():
            _write(folder / name, text.encode("utf-8"))
        for name in _held(folder):
            if name not in files:
                (folder / name).unlink()
    except OSError as error:
        return Fault("unwritable", f"`{folder}` cannot be written: {(error.strerror or 'no reason is given').lower()}")
    return None


def _write(path: Path, content: bytes) -> None:
    # A link could lead out of the folder; what is written takes its place and not that of what it leads to.
    if not path.is_symlink() and path.is_file() and path.read_bytes() == content:
        return
    write_aside(path, content)


def _held(folder: Path) -> list[str]:
    """The files of a pack that lie in a folder."""
    named = [name for name in (*REQUIRED, *OPTIONAL) if (folder / name).is_file()]
    return named + [f"{POLICIES}{path.name}" for path in sorted((folder / POLICIES).glob("*.md"))]
