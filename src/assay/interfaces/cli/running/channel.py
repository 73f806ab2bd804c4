"""`assay bundle push|withdraw|rollback|status`: releases in a channel. It signs nothing it could not verify."""

from __future__ import annotations

import getpass
import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from assay.engine.kernel.instants import format_instant, parse_instant
from assay.interfaces.cli.running.refusals import read_or_end
from assay.interfaces.cli.terminal import print_table, printable, wrong_use

if TYPE_CHECKING:
    from assay.interfaces.packs.channel.places import Place
    from assay.interfaces.packs.channel.pushing import Signing
    from assay.interfaces.packs.channel.release import Release

Channel = Annotated[str, typer.Argument(metavar="CHANNEL", help="The channel: a folder, or an http(s) address.")]
Key = Annotated[Path, typer.Option(help="Your private key, which signs the release.")]
Trusted = Annotated[Path | None, typer.Option("--keys", help="The folder of trusted keys; without it, yours alone.")]
Reason = Annotated[str, typer.Option(help="Why, for those who look later.")]
By = Annotated[str | None, typer.Option(help="Who releases; without it, the name you are logged in by.")]
Expires = Annotated[str | None, typer.Option(help="A date or time after which services no longer take it up.")]


def push(  # noqa: PLR0913 (each argument is an option of the command)
    channel: Channel,
    file: Annotated[Path, typer.Argument(metavar="BUNDLE", help="The signed bundle's file.")],
    key: Key,
    role: Annotated[
        Literal["current", "staged", "shadow"],
        typer.Option("--as", help="`current` decides, `staged` decides a share, `shadow` only looks at a share."),
    ] = "current",
    share: Annotated[float | None, typer.Option(help="The share of items for `staged` and `shadow`.")] = None,
    reason: Reason = "",
    by: By = None,
    keys: Trusted = None,
    name: Annotated[str, typer.Option(help="The name of a channel that begins with this push.")] = "default",
    expires: Expires = None,
) -> None:
    """Release a signed bundle in a channel: the bundle first, then the release that names it."""
    from assay.interfaces.packs.bundles import LARGEST_BUNDLE, file_content
    from assay.interfaces.packs.channel.pushing import push as push_it

    if (role == "current") != (share is None):
        wrong_use("`--share` goes with `--as staged` and `--as shadow`, and `current` decides all the others")
    content = read_or_end(file_content(file, LARGEST_BUNDLE))
    signing, place = _signing(key, keys, reason, by, expires), _place(channel)
    release = read_or_end(push_it(place, content, role, signing, share=1.0 if share is None else share, channel=name))
    _tell(release, place)


def withdraw(
    channel: Channel,
    role: Annotated[Literal["staged", "shadow"], typer.Argument(help="Which bundle ends.")],
    key: Key,
    reason: Reason = "",
    by: By = None,
    keys: Trusted = None,
    expires: Expires = None,
) -> None:
    """Release what there is without its staged or its shadow bundle."""
    from assay.interfaces.packs.channel.pushing import withdraw as withdraw_it

    signing, place = _signing(key, keys, reason, by, expires), _place(channel)
    _tell(read_or_end(withdraw_it(place, role, signing)), place)


def rollback(
    channel: Channel,
    key: Key,
    reason: Reason = "",
    by: By = None,
    keys: Trusted = None,
    expires: Expires = None,
) -> None:
    """Release the former bundle again, alone: what is staged or in the shadow ends as well."""
    from assay.interfaces.packs.channel.pushing import roll_back

    signing, place = _signing(key, keys, reason, by, expires), _place(channel)
    _tell(read_or_end(roll_back(place, signing)), place)


def status(
    channel: Channel,
    keys: Annotated[Path, typer.Option(help="The folder of trusted keys.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say what a channel has released, by whom and why. Ends with 1 where its release is not to be trusted."""
    from assay.interfaces.packs.channel.pushing import standing
    from assay.interfaces.packs.signed.keys import read_keys

    trusted = read_or_end(read_keys(keys))
    place = _place(channel)
    now = read_or_end(standing(place, trusted))
    release = now.release
    if as_json:
        print(json.dumps(_as_json(release, now.signer), ensure_ascii=False, indent=2))
        return
    print(printable(f"{place.title}: channel {release.channel}, release {release.sequence}, signed by {now.signer}"))
    rows = [["current", release.current, "all others" if release.staged else "all"]]
    for role, part in (("staged", release.staged), ("shadow", release.shadow)):
        if part is not None:
            rows.append([role, part.bundle, f"{part.share:.2%}"])
    rows += [["before", digest, ""] for digest in release.before]
    print_table(["", "bundle", "items"], rows)
    expires = "" if release.expires is None else f", taken up until {format_instant(release.expires)}"
    reason = f": {release.reason}" if release.reason else ""
    print(printable(f"released {format_instant(release.issued)} by {release.by}{expires}{reason}"))


def _place(channel: str) -> Place:
    from assay.interfaces.packs.channel.pushing import open_place

    return read_or_end(open_place(channel, token=os.environ.get("ASSAY_CHANNEL_TOKEN", "")))


def _signing(key: Path, keys: Path | None, reason: str, by: str | None, expires: str | None) -> Signing:
    from assay.interfaces.packs.channel.pushing import Signing
    from assay.interfaces.packs.signed.keys import read_keys, read_signing_key

    signing = read_or_end(read_signing_key(key, passphrase=os.environ.get("ASSAY_KEY_PASSPHRASE", "")))
    trusted = signing.alone if keys is None else read_or_end(read_keys(keys))
    now = int(time.time()) * 1_000_000
    ends = None if expires is None else parse_instant(expires)
    if expires is not None and (ends is None or ends <= now):
        wrong_use(f"`{expires}` is no date to come; write `2027-12-15` or `2027-12-15T10:00:00Z`")
    return Signing(signing, trusted, by or _login(), reason, now, ends)


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "unknown"


def _tell(release: Release, place: Place) -> None:
    parts = [f"{release.current} decides"]
    if release.staged is not None:
        parts.append(f"{release.staged.bundle} decides {release.staged.share:.2%}")
    if release.shadow is not None:
        parts.append(f"{release.shadow.bundle} looks at {release.shadow.share:.2%}")
    print(printable(f"{place.title}: release {release.sequence}: {', '.join(parts)}"))


def _as_json(release: Release, signer: str) -> dict[str, object]:
    def part(role: str) -> dict[str, object] | None:
        found = release.staged if role == "staged" else release.shadow
        return None if found is None else {"bundle": found.bundle, "share": found.share}

    return {
        "channel": release.channel,
        "sequence": release.sequence,
        "signer": signer,
        "issued": format_instant(release.issued),
        "expires": None if release.expires is None else format_instant(release.expires),
        "by": release.by,
        "reason": release.reason,
        "current": release.current,
        "staged": part("staged"),
        "shadow": part("shadow"),
        "before": list(release.before),
    }
