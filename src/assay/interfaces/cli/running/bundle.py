"""`assay bundle`: bundles made, signed and looked at, and the group of all its commands. It shows no private key."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.instants import format_instant
from assay.interfaces.cli.proving.prove import proof_summary, prove_pack
from assay.interfaces.cli.running import channel
from assay.interfaces.cli.running.refusals import read_or_end, refuse
from assay.interfaces.cli.terminal import counted, day_option, printable, sound_pack, wrong_use

if TYPE_CHECKING:
    from assay.interfaces.packs.bundles import Bundle
    from assay.interfaces.packs.signed.statements import Proved, Statement

bundle = typer.Typer(
    name="bundle",
    help="Make, sign and release bundles: a pack in one file.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@bundle.callback()
def _group() -> None:
    """Make, sign and release bundles: a pack in one file."""


@bundle.command("keygen")
def keygen(
    name: Annotated[str, typer.Argument(help="Whose key it is, such as `ada`; services show it.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The file for the private key, which stays yours.")],
) -> None:
    """Make a key to sign with: a private file for you, and NAME.pub beside it for the folder of trusted keys."""
    from assay.interfaces.packs.signed.keys import make_key

    made = read_or_end(make_key(name, output, passphrase=passphrase()))
    print(f"{output}: the private key {made[0]}; keep it to yourself")
    print(f"{made[1]}: its public half; put it into the folder of keys that your services trust")


@bundle.command("build")
def build(
    pack: Annotated[Path, typer.Argument(help="The pack's folder.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")],
) -> None:
    """Write a sound pack as one file, named by the digest of its texts."""
    from assay.interfaces.packs.bundles import bundle_of

    loaded = sound_pack(pack)
    write_bytes(output, bundle_of(loaded))
    print(f"{output}: {loaded.name} {loaded.version}, {counted(len(loaded.files), 'file')}, {loaded.digest}")


@bundle.command("sign")
def sign(
    file: Annotated[Path, typer.Argument(metavar="BUNDLE", help="The bundle's file.")],
    key: Annotated[Path, typer.Option(help="Your private key.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Another file to write than BUNDLE.")] = None,
    unproved: Annotated[str | None, typer.Option(help="Sign although the proof does not hold: why.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Prove from this date or time on; without it, from today.")] = None,
    timeout: Annotated[float, typer.Option(help="Seconds the solver may think about one claim.")] = 10.0,
) -> None:
    """Prove a bundle and sign what was found. Ends with 1 where the proof does not hold and no reason is given."""
    from assay.interfaces.packs.bundles import open_bundle
    from assay.interfaces.packs.signed.keys import read_signing_key
    from assay.interfaces.packs.signed.statements import sign_bundle

    if unproved is not None and not unproved.strip():
        wrong_use("`--unproved` is the reason, in words")
    if not timeout > 0:
        wrong_use("`--timeout` is a number of seconds above 0")
    found = read_or_end(open_bundle(file))
    signing = read_or_end(read_signing_key(key, passphrase=passphrase()))
    proof, summary = _proved(found, day_option(as_of), timeout)
    print(summary)
    if not proof.holds and unproved is None:
        refuse(Fault("unproved-bundle", f"`{file}` is not signed; mend it, or say why with `--unproved REASON`"))
    reason = None if proof.holds else unproved
    content = sign_bundle(found, signing, proof, signed=now(), unproved=reason)
    write_bytes(output or file, content)
    print(f"{output or file}: {found.pack} {found.version}, {found.digest}, signed by the key {signing.id}")


@bundle.command("verify")
def verify(
    file: Annotated[Path, typer.Argument(metavar="BUNDLE", help="The bundle's file.")],
    keys: Annotated[Path, typer.Option(help="The folder of public keys that are trusted.")],
    signatures: Annotated[int, typer.Option(help="How many different keys must have signed.")] = 1,
) -> None:
    """Say who signed a bundle and what they saw proved. Ends with 1 where a signature does not hold."""
    from assay.interfaces.packs.bundles import open_bundle
    from assay.interfaces.packs.signed.keys import read_keys
    from assay.interfaces.packs.signed.statements import verify_bundle

    trusted = read_or_end(read_keys(keys))
    found = read_or_end(open_bundle(file))
    signed = verify_bundle(found, trusted, needed=max(1, signatures))
    if isinstance(signed, list):
        refuse(*signed, place=str(file))
    for one in signed:
        print(f"{one.key.name}: {_told(one.statement)}")
    print(f"{file}: {found.pack} {found.version}, {found.digest}, {counted(len(signed), 'signature')}")


bundle.command("push")(channel.push)
bundle.command("withdraw")(channel.withdraw)
bundle.command("rollback")(channel.rollback)
bundle.command("status")(channel.status)


def passphrase() -> str:
    """What a private key is encrypted with, from the environment, where nobody looks over a shoulder."""
    return os.environ.get("ASSAY_KEY_PASSPHRASE", "")


def now() -> int:
    """This second, in microseconds since the epoch."""
    return int(time.time()) * 1_000_000


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; ends with 2 where that cannot be done."""
    from assay.interfaces.packs.aside import write_aside

    try:
        write_aside(path, content)
    except OSError as error:
        wrong_use(f"`{path}` cannot be written: {(error.strerror or 'it cannot be opened').lower()}")


def _proved(found: Bundle, as_of: int, timeout: float) -> tuple[Proved, str]:
    """What the prover finds of a bundle; ends with 1 and its faults where it is not sound."""
    from importlib.metadata import version

    from assay.engine.analysis.proof.finding import Kind, Weight
    from assay.interfaces.packs.signed.statements import Proved
    from assay.interfaces.packs.texts import check_texts

    report = check_texts(found.texts)
    if not report.sound:
        for text in report.rendered:
            print(text)
        print(report.summary)
        raise typer.Exit(1)
    pack = report.checked.pack
    proof = prove_pack(pack, as_of, seconds=timeout, memory=None)
    undecided = sum(one.kind is Kind.UNDECIDED for one in proof.findings)
    claims = sum(one.outcome == "proved" for one in proof.checked)
    errors = proof.count(Weight.ERROR)
    return Proved(as_of, claims, errors, undecided, f"assay {version('assay')}"), proof_summary(proof, pack)


def _told(statement: Statement) -> str:
    proof = statement.proof
    counts = f"{counted(proof.claims, 'claim')} proved, {counted(proof.errors, 'error')}, {proof.undecided} undecided"
    when = f"signed {format_instant(statement.signed)}, proved from {format_instant(proof.as_of)[:10]} on"
    reason = "" if statement.unproved is None else f"; signed although the proof does not hold: {statement.unproved}"
    return printable(f"{counts}, {when} by {proof.prover}{reason}")
