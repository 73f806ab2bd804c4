"""`assay ledger`: check it whole, export it, prove, sign, show. It writes no entry but the one of a signature."""

from __future__ import annotations

import json
import os
import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.engine.kernel.errors import Fault
from assay.interfaces.cli.governing.opening import ConfigFile, Database, open_workbench
from assay.interfaces.cli.running.refusals import read_or_end, refuse
from assay.interfaces.cli.terminal import Waiting, counted, print_table, printable, write_file, wrong_use

if TYPE_CHECKING:
    from assay.governance.ledger.checking.chain import Chain
    from assay.governance.ledger.proofs.heads import SignedHead, TrustedKeys
    from assay.governance.ledger.queries import Shown
    from assay.governance.office.actor import Actor

ledger = typer.Typer(
    name="ledger",
    help="Check the ledger of the workbench, export it, prove what stands in it, sign it, show it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
_LARGEST_PROOF = 1024 * 1024
KeysFolder = Annotated[
    Path | None, typer.Option("--keys", help="A folder of public keys that are trusted, one NAME.pub each.")
]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="The file to write; without it, to the terminal.")]


@ledger.callback()
def _group() -> None:
    """Check the ledger of the workbench, export it, prove what stands in it, sign it, show it."""


@ledger.command("verify")
def verify(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="An export or a proof; without it, the database.")
    ] = None,
    keys: KeysFolder = None,
    config: ConfigFile = None,
    database: Database = None,
) -> None:
    """Check every entry, link and signed head, of the database or an export, or one proof. Ends with 1 on a fault."""
    trusted = None if keys is None else _trusted(keys)
    if file is None:
        _verify_store(trusted, config, database)
    elif not file.is_file():
        wrong_use(f"there is no file `{file}`; `assay ledger export` writes one")
    elif (given := _proof_in(file)) is not None:
        _verify_proof(file, given, trusted)
    else:
        _verify_export(file, trusted)


@ledger.command("export")
def export(
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")],
    config: ConfigFile = None,
    database: Database = None,
) -> None:
    """Write every entry and signed head as lines of JSON, which `verify` checks without the database."""
    open_workbench(config, database)
    from assay.governance.ledger.checking.stored import export_store
    from assay.governance.ledger.proofs.made import size_now

    # Aside first: an export that was cut short must not stand where a whole one did.
    aside = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        with aside.open("xb") as stream, Waiting("exporting", size_now()) as waiting:
            for done, line in enumerate(export_store()):
                stream.write(line)
                waiting.reached(done)
            stream.flush()
            os.fsync(stream.fileno())
        aside.replace(output)
    except OSError as error:
        wrong_use(f"`{output}` cannot be written: {(error.strerror or 'no reason given').lower()}")
    finally:
        aside.unlink(missing_ok=True)
    print(f"{output}: {counted(done - 1, 'line')}; check it anywhere with `assay ledger verify {output}`")


@ledger.command("prove")
def prove(
    number: Annotated[int | None, typer.Argument(help="The entry's number.")] = None,
    size: Annotated[int | None, typer.Option(help="Among so many entries; without it, those signed last.")] = None,
    since: Annotated[
        int | None, typer.Option(help="Prove instead that the first so many entries are unchanged.")
    ] = None,
    output: Output = None,
    config: ConfigFile = None,
    database: Database = None,
) -> None:
    """Write the proof that an entry is in the ledger, or with --since, that an older ledger is its beginning."""
    if (number is None) == (since is None):
        wrong_use("give the number of an entry, or `--since` and how many entries there were")
    open_workbench(config, database)
    from assay.governance.ledger.proofs.documents import not_signed
    from assay.governance.ledger.proofs.made import prove_consistency, prove_inclusion

    made = prove_inclusion(number, size) if number is not None else prove_consistency(since or 0, size)
    document = read_or_end(made)
    text = json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    if output is None:
        sys.stdout.write(text)
        return
    write_file(output, text)
    print(f"{output}: the proof; check it anywhere with `assay ledger verify {output} --keys FOLDER`")
    for unsigned in not_signed(document):
        print(f"the root of the first {unsigned:,} entries is not signed, as `--keys` wants it; see `ledger sign`")


@ledger.command("sign")
def sign(config: ConfigFile = None, database: Database = None) -> None:
    """Sign the ledger as it is now; the clerk does so every hour."""
    open_workbench(config, database)
    from assay.governance.ledger.commands import sign_head

    made = read_or_end(sign_head(by=_auditor(), at=datetime.now(UTC)))
    print(f"signed up to entry {made.size - 1:,}, root {bytes(made.root).hex()}, by the key {made.key_id}")


@ledger.command("show")
def show(
    number: Annotated[int | None, typer.Argument(help="An entry's number; without it, the newest entries.")] = None,
    most: Annotated[int, typer.Option(help="How many entries at the most.", min=1, max=500)] = 20,
    kind: Annotated[str, typer.Option(help="Only of this kind, such as `ledger.head-signed`.")] = "",
    day: Annotated[str, typer.Option(help="Only of this day in UTC, such as `2026-12-15`.")] = "",
    config: ConfigFile = None,
    database: Database = None,
) -> None:
    """Show the newest entries in words, or one as it is kept."""
    open_workbench(config, database)
    from assay.governance.ledger import queries

    by, at = _auditor(), datetime.now(UTC)
    if number is not None:
        found = queries.entry(by=by, at=at, number=number)
        if found is None:
            refuse(Fault("no-such-entry", f"the ledger has no entry `{number}`"))
        _print_rows([found.shown])
        print(f"{printable(found.written)}\nhash {found.hash}")
        return
    page = queries.entries(by=by, at=at, filters=queries.Filters(kind=kind, day=day), most=most)
    if isinstance(page, list):
        refuse(*page)
    _print_rows(page.rows)
    if page.next is not None:
        print(f"the newest {len(page.rows)}; `--most` shows more")


def _verify_store(trusted: TrustedKeys | None, config: Path | None, database: str | None) -> None:
    open_workbench(config, database)
    from assay.governance.ledger.checking.stored import check_store
    from assay.governance.ledger.proofs.made import size_now

    last = _last_head()
    with Waiting("checking", size_now()) as waiting:
        chain, summary = check_store(_own_keys() if trusted is None else trusted, waiting.reached, last)
    _end(chain, summary, "the ledger")


def _verify_export(file: Path, trusted: TrustedKeys | None) -> None:
    from assay.governance.ledger.checking.exports import check_export

    with ExitStack() as open_files:
        try:
            stream = open_files.enter_context(file.open("rb"))
        except OSError as error:
            wrong_use(f"`{file}` cannot be read: {(error.strerror or 'no reason given').lower()}")
        waiting = open_files.enter_context(Waiting("checking", file.stat().st_size))
        chain, summary = check_export(stream, trusted, waiting.reached)
    _end(chain, summary, str(file))


def _verify_proof(file: Path, given: object, trusted: TrustedKeys | None) -> None:
    from assay.governance.ledger.proofs.documents import check_document

    checked = check_document(given, trusted)
    if checked.faults:
        refuse(*checked.faults, place=str(file))
    print(f"{file}: {checked.words}; {'signed by a trusted key' if checked.signed else 'signature not checked'}")


def _end(chain: Chain, summary: str, place: str) -> None:
    for finding in chain.findings:
        print(printable(str(finding)))
    if chain.count > len(chain.findings):
        print(f"and {chain.count - len(chain.findings):,} more")
    print(f"{place}: {summary}")
    raise typer.Exit(1 if chain.count else 0)


def _proof_in(file: Path) -> object:
    """The JSON of a file that holds one value, as a proof does; None for an export, which is made of lines."""
    try:
        with file.open("rb") as stream:
            content = stream.read(_LARGEST_PROOF + 1)
        return json.loads(content) if len(content) <= _LARGEST_PROOF else None
    except OSError as error:
        wrong_use(f"`{file}` cannot be read: {(error.strerror or 'no reason given').lower()}")
    except (ValueError, RecursionError):
        return None


def _trusted(folder: Path) -> TrustedKeys:
    from assay.interfaces.packs.signed.keys import read_keys

    found = read_or_end(read_keys(folder))
    return {key.id: key.public for key in found.trusted.values() if key.id not in found.revoked}


def _own_keys() -> TrustedKeys | None:
    """The key of this workbench, where it is on this machine: heads are then checked by it."""
    from django.conf import settings

    from assay.governance.ledger.proofs.signing import read_key

    path = Path(settings.ASSAY_LEDGER_KEY)
    if not path.is_file():
        return None
    key = read_or_end(read_key(path))
    return {key.id: key.public}


def _last_head() -> SignedHead | None:
    """The head that was signed last on this machine, which no writer of the database can change."""
    from django.conf import settings

    from assay.governance.ledger.proofs.remembered import remembered

    return read_or_end(remembered(Path(settings.ASSAY_LEDGER_KEY)))


def _auditor() -> Actor:
    """Whoever runs commands here may read all that the database holds, so they stand as an auditor."""
    from assay.governance.office.actor import Actor, Held
    from assay.governance.office.references import Reference
    from assay.governance.office.roles import Role

    return Actor(Reference("system", "command-line"), (Held(Role.AUDITOR),), "command-line")


def _print_rows(rows: list[Shown]) -> None:
    print_table(
        ("number", "when (UTC)", "who", "what", "about"),
        [(str(row.number), f"{row.at:%Y-%m-%d %H:%M:%S}", row.who.words, row.words, row.subject.words) for row in rows],
    )
