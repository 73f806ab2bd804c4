"""`assay policies build|pilot|launch|stop|roll-back|releases|as-of`: what decides. It publishes nothing itself."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from assay.interfaces.cli.governing.opening import ConfigFile, Database
from assay.interfaces.cli.governing.policies.acting import TokenFile, acting, change_named, edition_named
from assay.interfaces.cli.governing.policies.changes import AsJson, Number
from assay.interfaces.cli.running.refusals import read_or_end
from assay.interfaces.cli.terminal import print_table, printable, wrong_use

if TYPE_CHECKING:
    from assay.governance.policies.life.models import Release

Share = Annotated[str, typer.Argument(metavar="SHARE", help="A share of the items, such as `10%` or `0.1`.")]
Reason = Annotated[str, typer.Option(help="Why, for those who look at it later.")]
_SOON = "the clerk tells the channel within a second; `assay policies releases` shows when it has"


def build(number: Number, config: ConfigFile = None, database: Database = None, token_file: TokenFile = None) -> None:
    """Build and sign the bundle of a change, asking every gate again that stays. Ends with 1 where one is shut."""
    with acting(config, database, token_file) as who:
        from assay.governance.policies.releasing.commands import build_bundle

        made = read_or_end(build_bundle(change=change_named(number, who), by=who.by, at=who.at))
        print(f"edition {made.number} is built and signed: {len(made.files)} files, {made.digest}")


def pilot(
    number: Number,
    share: Annotated[str, typer.Option(help="Of the items it looks at.")] = "100%",
    end: Annotated[bool, typer.Option("--end", help="End that it looks on.")] = False,
    config: ConfigFile = None,
    database: Database = None,
    token_file: TokenFile = None,
) -> None:
    """Let a change look on beside what decides, or end that."""
    with acting(config, database, token_file) as who:
        from assay.governance.policies.releasing.commands import end_pilot, start_pilot

        change = change_named(number, who)
        if end:
            made = read_or_end(end_pilot(change=change, by=who.by, at=who.at))
        else:
            made = read_or_end(start_pilot(change=change, share=_share(share), by=who.by, at=who.at))
        _tell(made)


def launch(
    number: Number, share: Share, config: ConfigFile = None, database: Database = None, token_file: TokenFile = None
) -> None:
    """Let a change decide a share of the items, or all of them with `100%`."""
    with acting(config, database, token_file) as who:
        from assay.governance.policies.releasing.commands import launch as launch_it

        made = launch_it(change=change_named(number, who), share=_share(share), by=who.by, at=who.at)
        _tell(read_or_end(made))


def stop(
    number: Number, reason: Reason, config: ConfigFile = None, database: Database = None, token_file: TokenFile = None
) -> None:
    """Stop the launch of a change: it decides its share no more."""
    with acting(config, database, token_file) as who:
        from assay.governance.policies.releasing.commands import stop_launch

        made = stop_launch(change=change_named(number, who), reason=reason, by=who.by, at=who.at)
        _tell(read_or_end(made))


def roll_back(
    reason: Reason,
    to: Annotated[int | None, typer.Option(help="An edition that decided before; without it, the last one.")] = None,
    config: ConfigFile = None,
    database: Database = None,
    token_file: TokenFile = None,
) -> None:
    """Let a former edition decide again, at once and alone."""
    with acting(config, database, token_file) as who:
        from assay.governance.policies.releasing.commands import roll_back as roll_it_back

        edition = None if to is None else edition_named(to)
        _tell(read_or_end(roll_it_back(to=edition, reason=reason, by=who.by, at=who.at)))


def releases(
    as_json: AsJson = False,
    most: Annotated[int, typer.Option(help="How many at the most.", min=1, max=500)] = 20,
    config: ConfigFile = None,
    database: Database = None,
    token_file: TokenFile = None,
) -> None:
    """Show what decides now, what the channel does not know yet, and the newest releases."""
    with acting(config, database, token_file) as who:
        from assay.governance.policies.releasing import queries
        from assay.governance.policies.releasing.api.releases import release_out

        now = queries.see_releases(by=who.by, at=who.at)
        rows = queries.list_releases(filters=queries.Filters(), most=most, by=who.by, at=who.at).rows
        if as_json:
            print(json.dumps([release_out(row) for row in rows], ensure_ascii=False, indent=2, default=str))
            return
        for name, part in (("decides", now.told.current), ("a share", now.told.staged), ("looks on", now.told.shadow)):
            if part is not None:
                print(f"{name:<9} edition {part.edition.number}, {part.share_in_words}, {part.edition.digest}")
        for each in now.failing:
            print(printable(f"release {each.number} does not reach the channel: {each.fault}"))
        print_table(["release", "when (UTC)", "what", "edition", "change", "channel"], [_row(row) for row in rows])


def as_of(
    day: Annotated[str, typer.Argument(metavar="DAY", help="A day, such as `2026-12-15`.")],
    as_json: AsJson = False,
    config: ConfigFile = None,
    database: Database = None,
    token_file: TokenFile = None,
) -> None:
    """Show what decided at the end of a day, in UTC."""
    try:
        wanted = date.fromisoformat(day)
    except ValueError:
        wrong_use(f"`{day}` is no day; write `2026-12-15`")
    with acting(config, database, token_file) as who:
        from assay.governance.policies.releasing.api.releases import edition_out
        from assay.governance.policies.releasing.queries import see_as_of

        found = see_as_of(day=wanted, by=who.by, at=who.at)
        if found.release is None:
            print(f"nothing of this house decided on {day}")
            raise typer.Exit(1)
        edition = found.release.edition
        if as_json:
            print(json.dumps(edition_out(edition), ensure_ascii=False, indent=2, default=str))
            return
        print(f"edition {edition.number}, since {found.release.published_at:%Y-%m-%d %H:%M:%S} UTC, {edition.digest}")
        rows = [[row.path, row.version.label if row.version else "", row.digest[7:19]] for row in found.files]
        print_table(["file", "version", "digest"], rows)


def _share(text: str) -> float:
    from assay.governance.policies.releasing.rules import share_read

    found = share_read(text)
    if found is None:
        wrong_use(f"`{text}` is no share; write `10%` or `0.1`, and `1%` or `100%` for 1")
    return found


def _tell(release: Release) -> None:
    what = {"pilot": "looks on", "launch": "decides", "roll-back": "decides again", "withdraw": "ends"}[release.kind]
    share = "" if release.kind in ("roll-back", "withdraw") else f" {release.share_in_words} of the items"
    print(f"release {release.number}: edition {release.edition.number} {what}{share}; {_SOON}")


def _row(release: Release) -> list[str]:
    channel = "waits" if not release.published_at else "told" if release.sequence is None else f"{release.sequence}"
    change = "" if release.change is None else str(release.change.number)
    return [
        str(release.number),
        f"{release.made_at:%Y-%m-%d %H:%M}",
        _what(release),
        str(release.edition.number),
        change,
        channel,
    ]


def _what(release: Release) -> str:
    """What a release did, in the words of its page."""
    if release.kind in ("begin", "roll-back"):
        return {"begin": "the house began", "roll-back": "rolled back"}[release.kind]
    if release.kind == "withdraw":
        return "looks on no more" if release.part == "shadow" else "decides its share no more"
    if release.part == "shadow":
        return f"looks on at {release.share_in_words}"
    return "decides everything" if release.share == 1 else f"decides {release.share_in_words}"
