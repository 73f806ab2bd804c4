"""`assay fmt`: the policies of a pack in one form. It never changes what a policy says."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from assay.interfaces.cli.terminal import counted, wrong_use


def fmt(
    pack: Annotated[Path, typer.Argument(help="The pack's folder.")],
    check: Annotated[bool, typer.Option("--check", help="Change nothing; name the files that would change.")] = False,
) -> None:
    """Format the policies of a pack. With --check ends with 1 where one would change."""
    from assay.engine.language.format import format_policy
    from assay.interfaces.packs import LARGEST

    if not pack.is_dir():
        wrong_use(f"there is no folder `{pack}`")
    paths = sorted((pack / "policies").glob("*.md"))
    changed = unreadable = 0
    for path in paths:
        content = path.read_bytes() if path.stat().st_size <= LARGEST else b"\xff"
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            unreadable += 1
            print(
                f"{path}:1:1: malformed-block: this is not UTF-8, or larger than {LARGEST} bytes; it is left as it is"
            )
            continue
        formatted = format_policy(text).encode("utf-8")
        if formatted != content:
            changed += 1
            print(f"would change  {path}" if check else f"changed  {path}")
            if not check:
                write_whole(path, formatted)
    verb = "would change" if check else "changed"
    print(f"{counted(len(paths), 'policy', 'policies')}: {changed} {verb}")
    raise typer.Exit(1 if unreadable or (check and changed) else 0)


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file at once, so that whoever stops the program has either the old text or the new one."""
    # A link is followed, or formatting would turn it into a file of its own.
    target = path.resolve()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        shutil.copymode(target, name)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
