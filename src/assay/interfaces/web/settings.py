"""What an operator may set of the workbench. It opens nothing and reads no file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from assay.engine.kernel.errors import Fault
from assay.governance.office.roles import EVERYONE
from assay.governance.people.sign_in.rules import POWERFUL
from assay.interfaces.settings.setting import setting

MEBIBYTE = 1 << 20
# What somebody may begin with whom nobody has looked at.
ROLES = tuple(sorted(role.value for role in EVERYONE - POWERFUL))
DATABASE = "sqlite:///workbench.sqlite3"


@dataclass(frozen=True, slots=True)
class MailSettings:
    """How mails leave: into a folder, or by a server that takes them."""

    folder: Path | None = setting("The folder into which mails are written where no server is named.", Path("mail"))
    server: str = setting("The name of the server that takes mails by SMTP; empty writes them into the folder.", "")
    port: int = setting("The port of that server.", 587)
    security: Literal["starttls", "tls", "none"] = setting(
        "How the way to it is encrypted: `starttls`, `tls`, or `none` for a server on the same machine.", "starttls"
    )
    user: str = setting("The name to sign in with there; empty signs in as nobody.", "")
    password: str = setting("The password to sign in with there.", "", secret=True)
    sender: str = setting("The address that mails come from.", "assay@localhost")
    timeout: float = setting("How long the server may take over one mail.", 10.0, unit="seconds")

    def faults(self) -> list[Fault]:
        """What is out of range, or does not go together."""
        faults = []
        if not 1 <= self.port <= 65_535:
            faults.append(Fault("out-of-range", "`port` is from 1 to 65535", "port"))
        if "@" not in self.sender or any(sign in self.sender for sign in "\r\n"):
            faults.append(
                Fault("bad-setting", f"`sender` is an address such as `assay@{_named(self.server)}`", "sender")
            )
        if not self.timeout > 0:
            faults.append(Fault("out-of-range", "`timeout` must be more than 0", "timeout"))
        if not self.server and self.folder is None:
            faults.append(Fault("missing-setting", "mails need a `server` or a `folder`", "server"))
        return faults


@dataclass(frozen=True, slots=True)
class SingleSignOnSettings:
    """Sign-in by the house's own provider (OpenID Connect)."""

    name: str = setting("What the provider is called on the page for signing in.", "single sign-on")
    issuer: str = setting("The provider's address, as its tokens name it; empty switches single sign-on off.", "")
    client_id: str = setting("The name by which the provider knows the workbench.", "")
    client_secret: str = setting("The secret that the provider gave the workbench.", "", secret=True)
    domains: tuple[str, ...] = setting(
        "Domains of e-mail addresses that may come in this way; empty takes every address that the provider verified.",
        (),
    )
    create: bool = setting(
        "Whether somebody without an account gets one at the first sign-in.",
        default=False,
    )
    first_role: str = setting("The role that such an account begins with, such as `analyst`; empty is none.", "")
    second_factor: bool = setting(
        "Whether the provider asks for a second factor itself, so that the workbench asks for none.", default=False
    )

    def faults(self) -> list[Fault]:
        """What does not go together."""
        faults = []
        if self.issuer and not self.issuer.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
            faults.append(Fault("bad-setting", "`issuer` begins with https://", "issuer"))
        if self.issuer and not self.client_id:
            faults.append(
                Fault("missing-setting", "single sign-on needs the `client_id` that the provider gave", "client_id")
            )
        if self.first_role and self.first_role not in ROLES:
            words = f"`first_role` is one of {', '.join(ROLES)}; a role with power is given by a person"
            faults.append(Fault("bad-setting", words, "first_role"))
        return faults


@dataclass(frozen=True, slots=True)
class WorkbenchSettings:
    """The pages on which people work: where they keep what they do, and how people come in."""

    enabled: bool = setting("Whether `assay serve` also shows the workbench.", default=True)
    database: str = setting(
        f"Where the workbench keeps what people do: `{DATABASE}`, or `postgresql://…`; "
        "the variable `DATABASE_URL` says the same.",
        "",
        secret=True,
    )
    public_address: str = setting(
        "The address by which people reach the workbench, such as `https://assay.example.org`; "
        "empty is where it listens, for a first try on one machine.",
        "",
    )
    key_file: Path = setting(
        "The file with the key of sessions and links; it is made when it is not there, readable for the service alone.",
        Path("workbench.key"),
    )
    ledger_key: Path = setting(
        "The file with the key that signs the ledger's heads; it is made when it is not there.", Path("ledger.key")
    )
    proxies: tuple[str, ...] = setting(
        "Addresses or networks of proxies in front, whose word on a caller's address and on https is believed.", ()
    )
    second_factor: bool = setting(
        "Whether everybody needs a second factor; without it, only those whose role has power do.", default=True
    )
    idle_minutes: float = setting("A session ends when nothing was done with it for so long.", 480.0, unit="minutes")
    session_hours: float = setting("A session ends after so long, whatever is done with it.", 168.0, unit="hours")
    threads: int = setting("How many pages are made at once.", 4, unit="pages")
    waiting: int = setting(
        "How many more requests for pages may wait; others are told to come again.", 32, unit="requests"
    )
    body_bytes: int = setting("How long the body of a request to the workbench may be.", 4 * MEBIBYTE, unit="bytes")
    body_seconds: float = setting("How long such a body may take to arrive.", 20.0, unit="seconds")
    clerk: bool = setting(
        "Whether `assay serve` also delivers events, signs the ledger and sends mails; without it, "
        "run `assay workbench work`.",
        default=True,
    )
    mail: MailSettings = MailSettings()
    oidc: SingleSignOnSettings = SingleSignOnSettings()

    @property
    def database_url(self) -> str:
        """The database, with what holds where none is named."""
        return self.database or DATABASE

    @property
    def is_public(self) -> bool:
        """Whether people reach it encrypted, so that cookies and addresses may insist on it."""
        return self.public_address.startswith("https://")

    def faults(self) -> list[Fault]:
        """What is out of range, or does not go together."""
        faults = [*_address_faults(self.public_address), *_database_faults(self.database_url)]
        faults += [
            Fault("out-of-range", f"`{name}` must be more than 0", name)
            for name in ("idle_minutes", "session_hours", "body_seconds")
            if not getattr(self, name) > 0
        ]
        for name, least, most in (("threads", 1, 64), ("waiting", 1, 10_000), ("body_bytes", 64 << 10, 1 << 30)):
            if not least <= getattr(self, name) <= most:
                faults.append(Fault("out-of-range", f"`{name}` is from {least:,} to {most:,}", name))
        return faults + _proxy_faults(self.proxies)


def _address_faults(address: str) -> list[Fault]:
    if not address:
        return []
    try:
        parts = urlsplit(address)
        whole = parts.scheme in ("http", "https") and parts.hostname and not parts.username and parts.port != 0
    except ValueError:
        return [_no_address(address)]
    beyond = parts.path.strip("/") or parts.query or parts.fragment
    return [] if whole and not beyond else [_no_address(address)]


def _no_address(address: str) -> Fault:
    words = f"`public_address` is such as `https://assay.example.org`, with nothing after it, not `{address:.60}`"
    return Fault("bad-setting", words, "public_address")


def _database_faults(url: str) -> list[Fault]:
    # What stands after the scheme may hold a password, so nothing of it is repeated.
    scheme, colon, rest = url.partition("://")
    if scheme == "sqlite" and colon and rest.startswith("/") and rest.strip("/"):
        return []
    if scheme in ("postgres", "postgresql") and colon:
        return []
    words = "the database is `sqlite:///file` or `postgresql://user@server/name`; mend this, or `DATABASE_URL`"
    return [Fault("bad-setting", words, "database")]


def _proxy_faults(proxies: tuple[str, ...]) -> list[Fault]:
    from ipaddress import ip_network

    faults = []
    for proxy in proxies:
        try:
            ip_network(proxy)
        except ValueError:
            faults.append(Fault("bad-setting", f"`{proxy:.60}` is no address and no network", "proxies"))
    return faults


def _named(server: str) -> str:
    return server or "example.org"
