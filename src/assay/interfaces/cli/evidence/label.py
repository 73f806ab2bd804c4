"""`assay label`: writes labels into copies of files and reads them back. It never touches a picture or a sound."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from assay.interfaces.cli.terminal import counted, printable, wrong_use

if TYPE_CHECKING:
    from assay.detection.labels.refused import CannotLabel
    from assay.detection.labels.write import Written

label = typer.Typer(
    name="label",
    help="Write labels that machines read into files: GB 45438, IPTC, XMP.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@label.callback()
def _group() -> None:
    """Write labels that machines read into files: GB 45438, IPTC, XMP."""


@label.command("write")
def write(  # noqa: PLR0913 (every option is a parameter)
    file: Annotated[Path, typer.Argument(help="The file to label.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="The file to write; it must not exist.")] = None,
    in_place: Annotated[bool, typer.Option("--in-place", help="Replace the file itself, in one step.")] = False,
    value: Annotated[str, typer.Option("--label", help="1 is AI, 2 may be AI, 3 is suspected to be.")] = "",
    producer: Annotated[str, typer.Option(help="The code of the service that made the content.")] = "",
    producer_id: Annotated[str, typer.Option(help="The content's number there.")] = "",
    producer_seal: Annotated[str, typer.Option(help="The producer's integrity data (ReservedCode1).")] = "",
    propagator: Annotated[str, typer.Option(help="The code of the platform that distributes it.")] = "",
    content_id: Annotated[str, typer.Option(help="The content's number on the platform.")] = "",
    propagator_seal: Annotated[str, typer.Option(help="The platform's integrity data (ReservedCode2).")] = "",
    source_type: Annotated[str, typer.Option(help="IPTC's digital source type, by its name.")] = "",
    system: Annotated[str, typer.Option(help="The AI system used (IPTC).")] = "",
    system_version: Annotated[str, typer.Option(help="Its version (IPTC).")] = "",
    prompt: Annotated[str, typer.Option(help="What was asked of it (IPTC); anybody can read it then.")] = "",
    prompt_writer: Annotated[str, typer.Option(help="Who asked (IPTC).")] = "",
    break_credentials: Annotated[
        bool, typer.Option("--break-credentials", help="Label a signed file, whose signature then fails.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Write a label into a copy of a file, and read it back. Ends with 1 where nothing could be written."""
    from assay.detection.labels.process import Order, write_in_process
    from assay.detection.labels.refused import CannotLabel
    from assay.detection.labels.wish import Wish

    if (output is None) is not in_place:
        wrong_use("say where to write, with `-o FILE` or `--in-place`")
    named = (value, producer, producer_id, producer_seal, propagator, content_id, propagator_seal)
    wish = Wish(*named, source_type, system, system_version, prompt, prompt_writer)
    faults = [f"{fault.field}: {fault.words}" if fault.field else fault.words for fault in wish.faults()]
    if faults:
        wrong_use("\n".join(faults))
    try:
        written = write_in_process(Order(file, output or file, wish, break_credentials, replace=in_place))
    except CannotLabel as refused:
        _refuse(file, refused, as_json=as_json)
    print(json.dumps(_as_json(written), ensure_ascii=False)) if as_json else _print(written)


def _refuse(file: Path, refused: CannotLabel, *, as_json: bool) -> NoReturn:
    if as_json:
        print(json.dumps({"slug": refused.slug, "reason": refused.words, "hint": refused.hint}, ensure_ascii=False))
    else:
        print(printable(f"{file}: {refused.slug}: {refused.words}"), file=sys.stderr)
        if refused.hint:
            print(printable(f"      | {refused.hint}"), file=sys.stderr)
    raise typer.Exit(1)


def _print(written: Written) -> None:
    places = ", ".join(written.places) or "nothing that was not there already"
    print(printable(f"{written.out}: {written.container}, {counted(written.size, 'byte')}; written: {places}"))
    for key, value in written.label:
        if value:
            print(printable(f"  {key:<18} {value}"))
    for key, value in written.replaced:
        print(printable(f"  {key:<18} was {value}"))
    for words in written.departures:
        print(printable(f"  not in full form   {words}"))
    print("read back:")
    for each in written.evidence:
        details = ", ".join(f"{key} {value}" for key, value in each.details.items())
        print(printable(f"  {each.claim.value:<18} {each.source}: {details}"))


def _as_json(written: Written) -> dict[str, object]:
    return {
        "file": printable(str(written.out)),
        "container": written.container,
        "size": written.size,
        "sha256": written.sha256,
        "label": dict(written.label),
        "places": list(written.places),
        "replaced": [{"key": key, "value": value} for key, value in written.replaced],
        "departures": list(written.departures),
        "read_back": [each.as_mapping() for each in written.evidence],
    }
