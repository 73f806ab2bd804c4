"""The commands of `assay bank`, gathered from their modules. It does nothing by itself."""

from __future__ import annotations

import typer

from assay.interfaces.cli.evidence.bank import adding, clustering, creating, exchanging, keeping, searching

bank = typer.Typer(
    name="bank", help="Keep, exchange and search known items.", no_args_is_help=True, rich_markup_mode=None
)


@bank.callback()
def _group() -> None:
    """Keep, exchange and search known items."""


bank.command("create")(creating.create)
bank.command("add")(adding.add)
bank.command("import")(exchanging.import_file)
bank.command("export")(exchanging.export)
bank.command("search")(searching.search)
bank.command("list")(keeping.list_banks)
bank.command("delete")(keeping.delete)
bank.command("verify")(keeping.verify)
bank.command("compact")(keeping.compact)
bank.command("clusters")(clustering.clusters)
