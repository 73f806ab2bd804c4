"""The group of all commands `assay policies`. It does nothing itself."""

from __future__ import annotations

import typer

from assay.interfaces.cli.governing.policies import changes, documents, releases, texts

policies = typer.Typer(
    name="policies",
    help="Take policies through their life: changes, gates, releases, rolling back, git.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@policies.callback()
def _group() -> None:
    """Take policies through their life: changes, gates, releases, rolling back, git."""


policies.command("begin")(changes.begin)
policies.command("list")(changes.list_changes)
policies.command("show")(changes.show)
policies.command("open")(changes.open_change)
policies.command("advance")(changes.advance)
policies.command("back")(changes.back)
policies.command("withdraw")(changes.withdraw)
policies.command("rebase")(changes.rebase)
policies.command("build")(releases.build)
policies.command("pilot")(releases.pilot)
policies.command("launch")(releases.launch)
policies.command("stop")(releases.stop)
policies.command("roll-back")(releases.roll_back)
policies.command("releases")(releases.releases)
policies.command("as-of")(releases.as_of)
policies.command("export")(texts.export)
policies.command("import")(texts.import_texts)
policies.command("publish")(documents.publish)
policies.command("documents")(documents.documents)
policies.add_typer(documents.strings, name="strings")
