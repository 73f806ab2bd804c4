"""`assay policies export|import`: texts to a folder or a git repository, and back into a draft. It releases nothing."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.engine.kernel.errors import Fault
from assay.interfaces.cli.governing.opening import ConfigFile, Database
from assay.interfaces.cli.governing.policies.acting import Acting, TokenFile, acting, change_named, edition_named
from assay.interfaces.cli.running.refusals import read_or_end, refuse
from assay.interfaces.cli.terminal import counted, printable, wrong_use
from assay.interfaces.cli.versions import named_version

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assay.governance.policies.life.models import Change, Release
    from assay.interfaces.packs.repository import Commit


def export(  # noqa: PLR0913 (each argument is an option of the command)
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="An empty folder, one with a pack, or a repository.")
    ],
    git: Annotated[bool, typer.Option("--git", help="Commit each release that is not in the repository yet.")] = False,
    branch: Annotated[str, typer.Option(help="The branch that is written to.")] = "main",
    path: Annotated[str, typer.Option(help="The pack's folder in the repository; without it, its top.")] = "",
    names: Annotated[bool, typer.Option("--names", help="Name who released as the author of each commit.")] = False,
    edition: Annotated[int | None, typer.Option(help="This edition; without it, the one in force.")] = None,
    change: Annotated[int | None, typer.Option(help="The draft of this change instead.")] = None,
    day: Annotated[str | None, typer.Option("--as-of", help="The edition that decided at the end of a day.")] = None,
    config: ConfigFile = None,
    database: Database = None,
    token_file: TokenFile = None,
) -> None:
    """Write the pack as a plain folder, byte for byte; or with --git, one commit for each release."""
    if git and any(each is not None for each in (edition, change, day)):
        wrong_use("`--git` writes every release; leave out `--edition`, `--change` and `--as-of`")
    if sum(each is not None for each in (edition, change, day)) > 1:
        wrong_use("name one of `--edition`, `--change` and `--as-of`")
    with acting(config, database, token_file) as who:
        if git:
            _into_git(folder, branch, path, who, names=names)
            return
        from assay.interfaces.packs.exporting import write_folder

        title, files = _wanted(edition, change, day, who)
        fault = write_folder(folder, files)
        if fault is not None:
            refuse(fault)
        print(f"{folder}: {title}, {counted(len(files), 'file')}")


def import_texts(  # noqa: PLR0913 (each argument is an option of the command)
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="A folder, a bundle, a revision, or REVISION:PATH.")],
    change: Annotated[int | None, typer.Option(help="The change whose draft it becomes.")] = None,
    title: Annotated[
        str, typer.Option(help="Or the title of a change: the open one of that title, else a new one.")
    ] = "",
    why: Annotated[str, typer.Option(help="What a new change is for.")] = "",
    policy: Annotated[
        str, typer.Option(help="The policy that a new change amends; found by itself if it is one.")
    ] = "",
    pack: Annotated[Path | None, typer.Option(help="For a revision: the pack's folder in the working tree.")] = None,
    config: ConfigFile = None,
    database: Database = None,
    token_file: TokenFile = None,
) -> None:
    """Put texts from elsewhere into the draft of a change. What differs becomes a revision; nothing else is changed."""
    if (change is None) == (not title):
        wrong_use("name the change by `--change`, or by the `--title` of an open or a new one")
    texts = named_version(source, pack)
    if texts.problems:
        for problem in texts.problems:
            print(printable(problem.render(texts.by_path)))
        raise typer.Exit(1)
    with acting(config, database, token_file) as who:
        from assay.governance.policies.releasing.commands import import_draft

        target = change_named(change, who) if change is not None else _change_of(title, why, policy, texts.files, who)
        made = import_draft(change=target, files=texts.files, by=who.by, at=who.at)
        if isinstance(made, list) and [fault.slug for fault in made] == ["nothing-differs"]:
            print(f"change {target.number} holds these texts already")
            return
        done = read_or_end(made)
        print(f"change {done.number} holds the texts of {printable(texts.title)}; its draft is {done.draft_digest}")


def _wanted(edition: int | None, change: int | None, day: str | None, who: Acting) -> tuple[str, Mapping[str, str]]:
    """What is exported, with a title."""
    from assay.governance.policies.releasing import queries

    if change is not None:
        found = change_named(change, who)
        return f"the draft of change {change}", queries.read_draft(change=found, by=who.by, at=who.at)
    if edition is None:
        try:
            wanted = who.at.date() if day is None else date.fromisoformat(day)
        except ValueError:
            wrong_use(f"`{day}` is no day; write `2026-12-15`")
        release = queries.see_as_of(day=wanted, by=who.by, at=who.at).release
        if release is None:
            refuse(Fault("no-edition", "nothing of this house decided then; `assay policies begin` makes a beginning"))
        edition = release.edition.number
    texts = queries.read_edition(edition=edition_named(edition), by=who.by, at=who.at)
    return f"edition {edition}", texts


def _into_git(folder: Path, branch: str, path: str, who: Acting, *, names: bool) -> None:
    from assay.interfaces.packs.repository import Repository

    commits = list(_commits(who, names=names))
    if not commits:
        refuse(Fault("no-release", "nothing of this house has decided yet, so there is nothing to commit"))
    written = read_or_end(Repository(folder, branch, path).write(commits))
    print(
        f"{folder}: {counted(len(written.releases), 'release')} committed to `{branch}`, which stands at {written.head}"
    )


def _commits(who: Acting, *, names: bool) -> Iterator[Commit]:
    """Releases that let an edition decide everything, the oldest first: others change no text that is in force."""
    from assay.governance.policies.releasing import queries
    from assay.interfaces.packs.repository import Commit

    rows = queries.export_releases(filters=queries.Filters(part="current"), by=who.by, at=who.at)
    for release in sorted((row for row in rows if row.published_at is not None), key=lambda row: row.number):
        texts = queries.read_edition(edition=release.edition, by=who.by, at=who.at)
        author = release.made_by.name if names and release.made_by is not None else ""
        subject, trailers = _said_of(release)
        yield Commit(release.number, texts, subject, _instant(release), trailers, author)


def _said_of(release: Release) -> tuple[str, dict[str, str]]:
    """What a commit says of its release: no name of a person, and no words of one."""
    edition = release.edition
    did = "decides again" if release.kind == "roll-back" else "decides"
    trailers = {"Assay-Edition": str(edition.number), "Assay-Kind": release.kind, "Assay-Bundle": edition.digest}
    if release.change is not None:
        trailers["Assay-Change"] = str(release.change.number)
    if release.sequence is not None:
        trailers["Assay-Sequence"] = str(release.sequence)
    return f"Release {release.number}: edition {edition.number} {did}", trailers


def _instant(release: Release) -> datetime:
    return release.published_at or release.made_at


def _change_of(title: str, why: str, policy: str, files: Mapping[str, str], who: Acting) -> Change:
    """The open change of that title, else a new one."""
    from assay.governance.policies.life.commands import open_change
    from assay.governance.policies.life.queries import Filters, list_changes

    rows = list_changes(filters=Filters(), most=500, by=who.by, at=who.at).rows
    held = next((row.change for row in rows if row.change.title == title), None)
    if held is not None:
        return change_named(held.number, who)
    name = policy or _policy_differing(files, who)
    kind = "amend"
    return read_or_end(
        open_change(
            kind=kind, title=title, why=why or "Written outside the workbench.", policy=name, by=who.by, at=who.at
        )
    )


def _policy_differing(files: Mapping[str, str], who: Acting) -> str:
    """The one policy that differs from what is in force; ends with 2 where that cannot be said, with 0 where none."""
    from assay.governance.policies.releasing import queries

    release = queries.see_as_of(day=who.at.date(), by=who.by, at=who.at).release
    held = {} if release is None else queries.read_edition(edition=release.edition, by=who.by, at=who.at)
    differing = sorted(path for path in {*held, *files} if held.get(path) != files.get(path))
    if not differing:
        print("these texts are those in force already; no change was opened")
        raise typer.Exit(0)
    policies = [path for path in differing if path.startswith("policies/")]
    if len(policies) != 1:
        wrong_use(f"{_several(policies)} in these texts; say by `--policy` which one the new change is of")
    if policies[0] not in held:
        name = policies[0].removeprefix("policies/").removesuffix(".md")
        wrong_use(
            f"`{policies[0]}` is new; open its change by `assay policies open --name {name}`, then use `--change`"
        )
    from assay.governance.policies.life.models import Document

    return Document.objects.values_list("name", flat=True).get(path=policies[0])


def _several(policies: Sequence[str]) -> str:
    if not policies:
        return "only shared files differ"
    return f"{len(policies)} policies differ ({', '.join(policies[:5])})"
