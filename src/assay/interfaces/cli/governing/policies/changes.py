"""`assay policies begin|list|show|open|advance|back|withdraw|rebase`: changes through their gates. It signs nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from assay.engine.kernel.errors import Fault
from assay.interfaces.cli.governing.opening import ConfigFile, Database
from assay.interfaces.cli.governing.policies.acting import TokenFile, acting, change_named
from assay.interfaces.cli.running.refusals import read_or_end, refuse
from assay.interfaces.cli.terminal import print_table, print_title, printable, wrapped, wrong_use

if TYPE_CHECKING:
    from assay.governance.policies.life.gates import Stands
    from assay.governance.policies.life.models import Change

Number = Annotated[int, typer.Argument(metavar="CHANGE", help="The change's number.")]
Words = Annotated[str, typer.Option("--words", help="Why, for those who look at it later.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def begin(config: ConfigFile = None, database: Database = None, token_file: TokenFile = None) -> None:
    """Take over what decides now as the house's first edition."""
    with acting(config, database, token_file) as who:
        from assay.governance.policies.life.commands import begin as begin_it

        made = read_or_end(begin_it(by=who.by, at=who.at))
        print(f"edition {made.number}: {len(made.files)} files, {made.digest}")


def list_changes(
    stage: Annotated[str, typer.Option(help="Only of this stage, such as `sign-off`.")] = "",
    policy: Annotated[str, typer.Option(help="Only of this policy.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Also what is in force and over.")] = False,
    as_json: AsJson = False,
    config: ConfigFile = None,
    database: Database = None,
    token_file: TokenFile = None,
) -> None:
    """Show changes, the newest first."""
    with acting(config, database, token_file) as who:
        from assay.governance.policies.life.queries import Filters
        from assay.governance.policies.life.queries import list_changes as found_changes

        _known_stage(stage)
        filters = Filters(stage=stage, policy=policy, shown="all" if everything else "")
        found = found_changes(filters=filters, most=500, by=who.by, at=who.at)
        changes = [row.change for row in found.rows]
        if as_json:
            print(json.dumps([_as_json(change) for change in changes], ensure_ascii=False, indent=2))
            return
        rows = [[str(one.number), one.at_stage.words, one.policy, one.title] for one in changes]
        print_table(["change", "stage", "policy", "title"], rows)
        print(f"{len(rows)} shown" + ("; there are more" if found.next else ""))


def show(
    number: Number,
    as_json: AsJson = False,
    config: ConfigFile = None,
    database: Database = None,
    token_file: TokenFile = None,
) -> None:
    """Show a change, and what keeps it from going on. Ends with 1 where something does."""
    with acting(config, database, token_file) as who:
        from assay.governance.policies.life.queries import overview_of

        change = change_named(number, who)
        found = overview_of(change=change, by=who.by, at=who.at)
        gate = [*found.gate, *found.before]
        if as_json:
            said = {**_as_json(change), "open": found.is_open, "gate": [_gate(one) for one in gate]}
            print(json.dumps(said, ensure_ascii=False, indent=2))
        else:
            _print(change, gate)
        if not found.is_open:
            raise typer.Exit(1)


def open_change(  # noqa: PLR0913 (each argument is an option of the command)
    title: Annotated[str, typer.Option(help="What the change is called.")],
    why: Annotated[str, typer.Option(help="What is wrong today, and for whom.")],
    policy: Annotated[str, typer.Option(help="The policy that it amends or retires.")] = "",
    name: Annotated[str, typer.Option(help="The name of a new policy.")] = "",
    kind: Annotated[Literal["new", "amend", "retire"] | None, typer.Option(help="What it does to the policy.")] = None,
    risk: Annotated[
        Literal["ordinary", "high"], typer.Option(help="High where rights, safety or livelihoods are at stake.")
    ] = "ordinary",
    config: ConfigFile = None,
    database: Database = None,
    token_file: TokenFile = None,
) -> None:
    """Open a change of a policy."""
    if not policy and not name:
        wrong_use("say by `--policy` which one it amends or retires, or by `--name` what a new one is called")
    with acting(config, database, token_file) as who:
        from assay.governance.policies.life.commands import open_change as open_it

        chosen = kind or ("new" if name else "amend")
        made = read_or_end(
            open_it(kind=chosen, title=title, why=why, policy=policy, name=name, risk=risk, by=who.by, at=who.at)
        )
        print(f"change {made.number} is open, at `{made.at_stage.words}`")


def advance(number: Number, config: ConfigFile = None, database: Database = None, token_file: TokenFile = None) -> None:
    """Take a change through the gate of its stage. Ends with 1 and everything that is in the way."""
    with acting(config, database, token_file) as who:
        from assay.governance.policies.life.commands import advance as advance_it

        change = change_named(number, who)
        read_or_end(advance_it(change=change, by=who.by, at=who.at))
        change.refresh_from_db()
        print(f"change {number} stands at `{change.at_stage.words}`")


def back(
    number: Number,
    to: Annotated[str, typer.Option(help="The stage to which it goes back, such as `drafting`.")],
    words: Words,
    config: ConfigFile = None,
    database: Database = None,
    token_file: TokenFile = None,
) -> None:
    """Send a change back to an earlier stage."""
    with acting(config, database, token_file) as who:
        from assay.governance.policies.life.commands import send_back
        from assay.governance.policies.life.stages import Stage

        _known_stage(to)
        change = change_named(number, who)
        read_or_end(send_back(change=change, to=Stage(to), words=words, by=who.by, at=who.at))
        print(f"change {number} stands at `{Stage(to).words}`")


def withdraw(
    number: Number,
    words: Words,
    config: ConfigFile = None,
    database: Database = None,
    token_file: TokenFile = None,
) -> None:
    """Give a change up."""
    with acting(config, database, token_file) as who:
        from assay.governance.policies.life.commands import withdraw as withdraw_it

        read_or_end(withdraw_it(change=change_named(number, who), words=words, by=who.by, at=who.at))
        print(f"change {number} is withdrawn")


def rebase(number: Number, config: ConfigFile = None, database: Database = None, token_file: TokenFile = None) -> None:
    """Put the draft of a change onto the edition in force."""
    with acting(config, database, token_file) as who:
        from assay.governance.policies.life.commands import rebase as rebase_it

        change = read_or_end(rebase_it(change=change_named(number, who), by=who.by, at=who.at))
        print(f"change {number} stands on edition {change.base.number if change.base else 0}")


def _known_stage(name: str) -> None:
    """A stage that nobody knows would else be one at which nothing ever stands."""
    from assay.governance.policies.life.stages import Stage

    if name and name not in {stage.value for stage in Stage}:
        refuse(Fault("no-stage", f"no stage is called `{name}`; write one of {', '.join(Stage)}"))


def _print(change: Change, gate: list[Stands]) -> None:
    print_title(printable(f"Change {change.number}: {change.title}"))
    does = {"new": "makes", "amend": "amends", "retire": "retires"}[change.kind]
    print(printable(f"{does} {change.policy}, in {change.at_stage.words.lower()} since {change.stage_since:%Y-%m-%d}"))
    print(wrapped(change.why, indent="  "))
    print(f"draft {change.draft_digest or 'as in force'}")
    for one in gate:
        state = "holds" if one.finding.met else "waived" if one.holds else "open"
        print(wrapped(f"{state}: {one.requirement.words} {one.waived or one.finding.words}", hanging="    "))


def _gate(one: Stands) -> dict[str, object]:
    return {
        "name": one.requirement.name,
        "holds": one.holds,
        "found": one.finding.words,
        "waived": one.waived,
    }


def _as_json(change: Change) -> dict[str, object]:
    names = ("number", "kind", "title", "policy", "stage", "risk")
    return {**{name: getattr(change, name) for name in names}, "since": change.stage_since.isoformat()}
