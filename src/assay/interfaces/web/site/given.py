"""The settings with which the program started the site; Django's own are made from them. It reads no file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

from assay.interfaces.settings.reading import Settings
from assay.interfaces.web.settings import WorkbenchSettings

Kind = TypeVar("Kind")
_LOCAL = ("127.0.0.1", "0.0.0.0", "::", "::1")  # noqa: S104 (compared, not bound)


@dataclass(slots=True)
class _Given:
    settings: Settings | None = None
    # The address it listens on, and the names by which the decision service may be called.
    address: str = ""
    hosts: tuple[str, ...] = ()


_given = _Given()


def give(settings: Settings, *, address: str = "", hosts: tuple[str, ...] = ()) -> None:
    """Say with what the site starts; before Django reads its settings, which it does once."""
    _given.settings, _given.address, _given.hosts = settings, as_browsers_call(address), hosts


def as_browsers_call(address: str) -> str:
    """An address that a process listens on, as a browser on this machine calls it; empty for a unix socket.

    By name, since passkeys are bound to a name and an address is none.
    """
    parts = urlsplit(address)
    if parts.scheme != "http":
        return ""
    return f"http://localhost:{parts.port}" if parts.hostname in _LOCAL else address


def is_given() -> bool:
    """Whether a program started the site; a test or a type checker only loads it."""
    return _given.settings is not None


def told(kind: type[Kind]) -> Kind:
    """The settings of one room: `told(StoreSettings).folder`."""
    if _given.settings is None or kind not in _given.settings.rooms:
        # A site that nobody started lives on defaults, never on this machine's environment.
        return kind()
    return _given.settings.of(kind)


def listens_at() -> str:
    """The address of this process, such as `http://127.0.0.1:8600`; empty where it serves none."""
    return _given.address


def other_hosts() -> tuple[str, ...]:
    """Names by which the decision service may be called, which hold for pages where no public address is set."""
    return _given.hosts


def origin() -> str:
    """The address that links in mails begin with, without a slash at its end."""
    return (told(WorkbenchSettings).public_address or listens_at() or "http://localhost:8600").rstrip("/")
