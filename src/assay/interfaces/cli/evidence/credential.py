"""`assay credential`: keeps an original's credentials on what was made from it. It overwrites nothing."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from assay.interfaces.cli.terminal import counted, printable, wrong_use

if TYPE_CHECKING:
    from assay.detection.credentials.attach import Attached
    from assay.detection.credentials.refused import CannotAttach
    from assay.detection.evidence import Evidence

credential = typer.Typer(
    name="credential",
    help="Keep content credentials (C2PA) on files that were made from others.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@credential.callback()
def _group() -> None:
    """Keep content credentials (C2PA) on files that were made from others."""


@credential.command("attach")
def attach(  # noqa: PLR0913 (every option is a parameter)
    new: Annotated[Path, typer.Argument(help="The file that was made, as the encoder wrote it.")],
    parent: Annotated[Path, typer.Option(help="The original it was made from, with its credentials.")],
    key: Annotated[Path, typer.Option(help="The platform's private key, in PEM.")],
    certificates: Annotated[Path, typer.Option(help="The key's certificate, then those that issued it, in PEM.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write; it must not exist.")],
    step: Annotated[list[str] | None, typer.Option(help="What was done, such as transcoded; may be repeated.")] = None,
    all_steps: Annotated[bool, typer.Option("--all-steps", help="Say that nothing else was done.")] = False,
    program: Annotated[str, typer.Option(help="The platform's program, as name/version.")] = "",
    time_stamps: Annotated[str | None, typer.Option(help="The address of a time-stamp authority.")] = None,
    trust: Annotated[Path | None, typer.Option(help="A folder of trust lists, for the states told.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Sign a file with its original as its parent. Ends with 1 where the original's credentials would be lost."""
    from assay.detection.credentials.attach import DEFAULT_STEPS
    from assay.detection.credentials.process import Order, attach_in_process
    from assay.detection.credentials.refused import CannotAttach

    if trust is not None and not any(trust.glob("*.pem")):
        wrong_use(f"`{trust}` is no folder that holds trust lists (*.pem)")
    order = Order(
        new=new,
        parent=parent,
        out=output,
        key=key,
        certificates=certificates,
        time_stamps=time_stamps,
        steps=tuple(step) if step else DEFAULT_STEPS,
        complete=all_steps,
        program=program,
        trust=trust,
    )
    try:
        attached = attach_in_process(order)
    except CannotAttach as refused:
        _refuse(new, refused, as_json=as_json)
    print(json.dumps(_as_json(attached), ensure_ascii=False)) if as_json else _print(attached)


def _refuse(new: Path, refused: CannotAttach, *, as_json: bool) -> NoReturn:
    if as_json:
        print(json.dumps({"slug": refused.slug, "reason": refused.words, "hint": refused.hint}, ensure_ascii=False))
    else:
        print(printable(f"{new}: {refused.slug}: {refused.words}"), file=sys.stderr)
        if refused.hint:
            print(printable(f"      | {refused.hint}"), file=sys.stderr)
    raise typer.Exit(1)


def _print(attached: Attached) -> None:
    print(
        f"{printable(str(attached.out))}: {counted(attached.manifests, 'manifest')}, {counted(attached.size, 'byte')}"
    )
    print(f"  the file       {_state(attached.whole)}")
    print(f"  the original   {_state(attached.parent)}")


def _state(evidence: Evidence) -> str:
    details = evidence.details
    known = {"official": "the official list", "operator": "your own list", "interim": "the interim list"}
    keeper = known.get(details.get("trust_list", ""), "no list that was given")
    own = details.get("own_integrity", evidence.integrity.value)
    return printable(f"{own}, signed by {details.get('signer') or 'nobody named'}, known from {keeper}")


def _as_json(attached: Attached) -> dict[str, object]:
    return {
        "file": printable(str(attached.out)),
        "sha256": attached.sha256,
        "size": attached.size,
        "manifests": attached.manifests,
        "whole": attached.whole.as_mapping(),
        "parent": attached.parent.as_mapping(),
    }
