"""`assay bundle`: a pack in one file that is named by what it holds. It signs nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assay.interfaces.cli.terminal import counted, sound_pack, wrong_use

bundle = typer.Typer(
    name="bundle", help="Make bundles: a pack in one file.", no_args_is_help=True, rich_markup_mode=None
)


@bundle.callback()
def _group() -> None:
    """Make bundles: a pack in one file."""


@bundle.command("build")
def build(
    pack: Annotated[Path, typer.Argument(help="The pack's folder.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")],
) -> None:
    """Write a sound pack as one file, named by the digest of its texts."""
    from assay.interfaces.packs.bundles import bundle_of

    loaded = sound_pack(pack)
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_bytes(bundle_of(loaded))
    except OSError as error:
        wrong_use(f"`{output}` cannot be written: {(error.strerror or 'it cannot be opened').lower()}")
    print(f"{output}: {loaded.name} {loaded.version}, {counted(len(loaded.files), 'file')}, {loaded.digest}")
