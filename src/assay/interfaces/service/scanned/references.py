"""Files named by reference: a path below the folder of media, and never outside it. It follows no link."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from pathlib import Path

from assay.engine.kernel.errors import Fault

LONGEST_REFERENCE = 1_024
DEEPEST_REFERENCE = 32
BLOCK = 1024 * 1024
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
# One answer for all: whoever asks learns nothing of what lies there beside plain files.
NO_FILE = Fault("no-such-file", "there is no plain file at this reference", "reference")


def parts_of(reference: str) -> tuple[str, ...] | Fault:
    """The names that a reference goes through, or what is wrong with it."""
    if not reference or len(reference) > LONGEST_REFERENCE:
        return Fault("bad-reference", f"`reference` has 1 to {LONGEST_REFERENCE:,} characters", "reference")
    if not reference.isprintable() or "\\" in reference:
        words = "`reference` has no control characters and no backslash"
        return Fault("bad-reference", words, "reference")
    parts = tuple(reference.split("/"))
    if any(part in ("", ".", "..") for part in parts) or len(parts) > DEEPEST_REFERENCE:
        words = "`reference` is a path below the folder of media: no `/` before it, no `.`, no `..`, no address"
        return Fault("bad-reference", words, "reference")
    return parts


def copy_checked(root: Path, parts: tuple[str, ...], digest: str, target: Path, most: int) -> int | Fault:
    """Copy a file to where it is scanned, and check its digest on the way, so that what was checked is what is scanned.

    most     bytes
    returns  how many bytes it has
    raises   OSError where it cannot be copied for a reason of ours
    """
    descriptor = _open_below(root, parts)
    if descriptor is None:
        return NO_FILE
    with os.fdopen(descriptor, "rb") as source:
        if os.fstat(source.fileno()).st_size > most:
            return Fault("file-too-large", f"the file is longer than {most:,} bytes", "reference")
        seen, size = hashlib.sha256(), 0
        with target.open("xb") as copy:
            while block := source.read(BLOCK):
                size += len(block)
                # It may grow while it is read.
                if size > most:
                    return Fault("file-too-large", f"the file is longer than {most:,} bytes", "reference")
                seen.update(block)
                copy.write(block)
    if f"sha256:{seen.hexdigest()}" != digest:
        return Fault("digest-mismatch", "the file at this reference has another digest", "digest")
    return size


def _open_below(root: Path, parts: tuple[str, ...]) -> int | None:
    """A plain file, opened name by name so that no link on the way can lead out; None where there is none."""
    try:
        folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        for part in parts[:-1]:
            below = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
            os.close(folder)
            folder = below
        # Without blocking: to open a pipe would wait for somebody to write into it.
        found = os.open(parts[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    except (OSError, ValueError):
        return None
    finally:
        os.close(folder)
    if not stat.S_ISREG(os.fstat(found).st_mode):
        os.close(found)
        return None
    return found
