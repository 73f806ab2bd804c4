"""`assay token`: the credentials of the service's clients. It shows a secret once, and never again."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from assay.interfaces.cli.terminal import counted, print_table, wrong_use

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.engine.kernel.errors import Fault
    from assay.interfaces.service.guard.book import Made
    from assay.interfaces.service.guard.tokens import Token

token = typer.Typer(
    name="token",
    help="Make, list, rotate and revoke the tokens with which clients call the service.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
TokenFile = Annotated[
    Path, typer.Option("--tokens", envvar="ASSAY_GUARD__TOKENS", help="The file of tokens, as `[guard] tokens` has it.")
]
DEFAULT_FILE = Path("tokens.json")


@token.callback()
def _group() -> None:
    """Make, list, rotate and revoke the tokens with which clients call the service."""


@token.command("create")
def create(
    client: Annotated[str, typer.Argument(help="Who will use it: limits and idempotency keys are per client.")],
    scope: Annotated[list[str] | None, typer.Option(help="decide, scan, read or operate; may be repeated.")] = None,
    days: Annotated[float | None, typer.Option(help="After so many days it expires; never without this.")] = None,
    tokens: TokenFile = DEFAULT_FILE,
) -> None:
    """Make a token and print it, this once. Only its digest is kept."""
    from assay.interfaces.service.guard.book import make_token

    _show(make_token(tokens, client, scope or ["decide"], days), tokens)


@token.command("rotate")
def rotate(
    token_id: Annotated[str, typer.Argument(metavar="ID", help="The token's id, as `assay token list` shows it.")],
    overlap: Annotated[float, typer.Option(help="Hours for which the old secret holds beside the new one.")] = 24.0,
    tokens: TokenFile = DEFAULT_FILE,
) -> None:
    """Give a token a new secret and print it, this once; the old one holds for the overlap."""
    from assay.interfaces.service.guard.book import rotate_token

    _show(rotate_token(tokens, token_id, overlap), tokens)


@token.command("revoke")
def revoke(
    token_id: Annotated[str, typer.Argument(metavar="ID", help="The token's id, as `assay token list` shows it.")],
    tokens: TokenFile = DEFAULT_FILE,
) -> None:
    """End a token. A service that is running refuses it within a second or two."""
    from assay.interfaces.service.guard.book import revoke_token

    ended = revoke_token(tokens, token_id)
    if isinstance(ended, list):
        _refuse(ended)
    print(f"the token {ended.id} of {ended.client} is revoked")


@token.command("list")
def list_tokens(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a token, and no table.")] = False,
    tokens: TokenFile = DEFAULT_FILE,
) -> None:
    """Show every token, without anything that could be used as one."""
    from assay.engine.kernel.instants import format_instant
    from assay.interfaces.service.guard.book import this_second
    from assay.interfaces.service.guard.token_file import read_tokens

    found = read_tokens(tokens)
    if isinstance(found, list):
        _refuse(found)
    now = this_second()
    if as_json:
        for one in found:
            print(json.dumps(_as_json(one, now)))
        return
    rows = [
        (
            one.id,
            one.client,
            ", ".join(sorted(each.value for each in one.scopes)),
            format_instant(one.created),
            "never" if one.expires is None else format_instant(one.expires),
            _state(one, now),
        )
        for one in found
    ]
    if rows:
        print_table(("id", "client", "scopes", "created", "expires", "state"), rows)
        print()
    print(f"{counted(len(found), 'token')}: {sum(one.holds_at(now) for one in found)} in use")


def _show(made: Made | list[Fault], tokens: Path) -> None:
    if isinstance(made, list):
        _refuse(made)
    one = made.token
    scopes = ", ".join(sorted(scope.value for scope in one.scopes))
    words = f"token {one.id} of {one.client} ({scopes}) is in {tokens}; its secret is shown this once:"
    # The token alone goes to standard output, so that a script can take it from there.
    print(words, file=sys.stderr)
    print(made.credential)


def _as_json(one: Token, now: int) -> dict[str, object]:
    from assay.engine.kernel.instants import format_instant

    return {
        "id": one.id,
        "client": one.client,
        "scopes": sorted(each.value for each in one.scopes),
        "created": format_instant(one.created),
        "expires": None if one.expires is None else format_instant(one.expires),
        "revoked": None if one.revoked is None else format_instant(one.revoked),
        "secrets": sum(each.holds_at(now) for each in one.secrets),
        "state": _state(one, now),
    }


def _state(one: Token, now: int) -> str:
    if one.revoked is not None:
        return "revoked"
    if not one.holds_at(now):
        return "expired"
    return "rotating" if sum(each.holds_at(now) for each in one.secrets) > 1 else "in use"


def _refuse(faults: Sequence[Fault]) -> NoReturn:
    wrong_use("\nassay: ".join(fault.words for fault in faults))
