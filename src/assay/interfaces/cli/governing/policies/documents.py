"""`assay policies publish|documents|strings …`: what comes out of the policies in force. It changes none of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assay.engine.kernel.errors import Fault
from assay.interfaces.cli.governing.opening import ConfigFile, Database
from assay.interfaces.cli.governing.policies.acting import Acting, TokenFile, acting, change_named
from assay.interfaces.cli.running.refusals import read_or_end, refuse
from assay.interfaces.cli.terminal import counted, print_table, printable, wrong_use

_READ = "policies.read-document"
_LARGEST = 16_000_000
Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="A new or empty folder, or one that this wrote before.")]
Catalogue = Annotated[
    str, typer.Argument(metavar="CATALOGUE", help="A policy's name, `shared-vocabulary` or `shared-page`.")
]
Language = Annotated[str, typer.Argument(metavar="LANGUAGE", help="A language's tag, such as `de`.")]
OfChange = Annotated[int | None, typer.Option("--change", help="Of the draft of this change instead.")]
strings = typer.Typer(
    name="strings",
    help="Take what is to be translated out as PO files, and translations in.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@strings.callback()
def _group() -> None:
    """Take what is to be translated out as PO files, and translations in."""


def publish(folder: Folder, config: ConfigFile = None, database: Database = None, token_file: TokenFile = None) -> None:
    """Write the public pages of all policies in force as a site of plain files, in every language that is fresh."""
    with acting(config, database, token_file) as who:
        from assay.governance.policies.writing.publishing import publish_site

        _may_read(who)
        made = read_or_end(publish_site(folder, at=who.at))
        print(f"{folder}: {counted(len(made.files), 'file')} written, {len(made.removed)} removed")
        rows = [[policy, ", ".join(languages)] for policy, languages in sorted(made.left_out.items()) if languages]
        if rows:
            print_table(["policy", "left out, since its translation is not fresh"], rows)


def documents(
    folder: Folder,
    policy: Annotated[str | None, typer.Option(help="Of this policy; without it, of all in force.")] = None,
    market: Annotated[str | None, typer.Option(help="Guidance for this market, such as `DE`.")] = None,
    language: Annotated[str, typer.Option(help="In this language.")] = "en",
    config: ConfigFile = None,
    database: Database = None,
    token_file: TokenFile = None,
) -> None:
    """Write the moderators' guidance as PDF and the policy as JSON."""
    with acting(config, database, token_file) as who:
        from assay.governance.policies.writing.publishing import write_documents

        _may_read(who)
        made = write_documents(folder, policy=policy, market=market, language=language, at=who.at)
        if isinstance(made, Fault):
            refuse(made)
        for path in made:
            print(printable(str(path)))


@strings.command("export")
def export_strings(
    catalogue: Catalogue,
    language: Language,
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")],
    change: OfChange = None,
    config: ConfigFile = None,
    database: Database = None,
    token_file: TokenFile = None,
) -> None:
    """Write a PO file with every string of a catalogue, and what of it is translated already."""
    with acting(config, database, token_file) as who:
        from assay.governance.policies.writing.queries import strings_file
        from assay.interfaces.packs.aside import write_aside

        target = None if change is None else change_named(change, who)
        content = strings_file(catalogue=catalogue, language=language, change=target, by=who.by, at=who.at)
        if content is None:
            refuse(Fault("no-such-catalogue", f"there is nothing to translate under the name `{catalogue[:60]}`"))
        try:
            write_aside(output, content)
        except OSError as error:
            wrong_use(f"`{output}` cannot be written: {(error.strerror or 'it cannot be opened').lower()}")
        print(f"{output}: {catalogue} in {language}")


@strings.command("import")
def import_strings(
    catalogue: Catalogue,
    language: Language,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The PO file.")],
    change: OfChange = None,
    leave_out: Annotated[
        bool, typer.Option("--leave-out", help="Take the rest where single strings are wrong.")
    ] = False,
    config: ConfigFile = None,
    database: Database = None,
    token_file: TokenFile = None,
) -> None:
    """Take translations from a PO file. Ends with 1 and everything that is wrong with it."""
    from assay.interfaces.packs.bundles import file_content

    content = read_or_end(file_content(file, _LARGEST))
    with acting(config, database, token_file) as who:
        from assay.governance.policies.writing.commands import import_strings as import_them

        target = None if change is None else change_named(change, who)
        count = import_them(
            catalogue=catalogue,
            language=language,
            content=content,
            change=target,
            leave_out=leave_out,
            by=who.by,
            at=who.at,
        )
        print(f"{counted(read_or_end(count), 'translation')} of {catalogue} in {language}")


def _may_read(who: Acting) -> None:
    from assay.governance.office.operations import OPERATIONS, NotAllowed

    if not OPERATIONS[_READ].may(who.by):
        raise NotAllowed(OPERATIONS[_READ])
