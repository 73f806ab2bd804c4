"""`assay brake`: which brakes are on in a running service, and how a person releases one. It puts none on."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from assay.interfaces.cli.running.watching.address import ADDRESS, Unanswered
from assay.interfaces.cli.terminal import counted, print_table, printable

brake = typer.Typer(
    name="brake", help="See and release the brakes of a running service.", no_args_is_help=True, rich_markup_mode=None
)
Url = Annotated[str, typer.Argument(help="The service's address.")]
InJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@brake.callback()
def _group() -> None:
    """See and release the brakes of a running service."""


@brake.command("list")
def list_brakes(url: Url = ADDRESS, in_json: InJson = False) -> None:
    """List the brakes that are on, and what is out of its band. Ends with 1 where a brake is on."""
    found = _asked(url, "GET", "/v1/brakes")
    _show(found, in_json)
    raise typer.Exit(1 if found["brakes"] else 0)


@brake.command("release")
def release(
    rule: Annotated[str, typer.Argument(help="The rule, as `policy/rule`.")],
    url: Url = ADDRESS,
    by: Annotated[str, typer.Option("--by", help="Who releases it; the event says so.")] = "",
    in_json: InJson = False,
) -> None:
    """Take the brake off a rule, so that it imposes its measures again. Its rates are judged anew from then on."""
    if not by.strip():
        typer.echo("assay: say who releases it with `--by NAME`", err=True)
        raise typer.Exit(2)
    left = _asked(url, "POST", "/v1/brakes:release", {"rule": rule, "by": by})
    if not in_json:
        print(printable(f"the brake is off {rule}; it imposes its measures again"))
    _show(left, in_json)


def _asked(url: str, method: str, path: str, content: dict[str, str] | None = None) -> dict[str, Any]:
    from assay.interfaces.cli.running.watching.asking import ask, open_connection

    words = "this is no service's answer; is the address right?"
    try:
        with open_connection(url) as client:
            found = ask(client, method, path, content).json()
    except Unanswered as error:
        words, found = str(error), None
    except ValueError:
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("brakes"), list):
        typer.echo(f"assay: {words}", err=True)
        raise typer.Exit(1)
    return found


def _show(found: dict[str, Any], in_json: bool) -> None:
    if in_json:
        print(json.dumps(found, ensure_ascii=True))
        return
    brakes, alarms = found["brakes"], found.get("alarms") or []
    for why in dict.fromkeys(_word(one, "why") for one in brakes):
        rows = [one for one in brakes if _word(one, "why") == why]
        print(printable(f"since {_word(rows[0], 'since')}: {why}"))
        print_table(("rule", "held back"), [(_word(one, "rule"), _word(one, "measures")) for one in rows])
        print()
    for alarm in alarms:
        print(printable(f"alarm: {_word(alarm, 'words')}"))
    print(f"{counted(len(brakes), 'brake')} on, {counted(len(alarms), 'alarm')}")


def _word(one: Any, name: str) -> str:
    value = one.get(name, "") if isinstance(one, dict) else ""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
