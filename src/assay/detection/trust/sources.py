"""Where trust lists are taken from: the official places, an installed package, files. It asks no other address."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import urlsplit

from assay.detection.trust.folder import read_bounded, told_by_name
from assay.detection.trust.lists import MAXIMUM_LIST, Keeper, Purpose, UnreadableList

SECONDS = 20.0
_CONFORMANCE = "https://raw.githubusercontent.com/c2pa-org/conformance-public/main/trust-list/"


@dataclass(frozen=True, slots=True)
class Place:
    """One published list: the address, and the name under which it is kept."""

    file: str
    keeper: Keeper
    purpose: Purpose
    address: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A list's bytes as they came, before anybody looked at them; `problem` where they did not come."""

    file: str
    keeper: Keeper
    purpose: Purpose
    source: str
    content: bytes = b""
    problem: str = ""


PLACES = (
    Place("C2PA-TRUST-LIST.pem", Keeper.OFFICIAL, Purpose.SIGNERS, _CONFORMANCE + "C2PA-TRUST-LIST.pem"),
    Place("C2PA-TSA-TRUST-LIST.pem", Keeper.OFFICIAL, Purpose.TIMES, _CONFORMANCE + "C2PA-TSA-TRUST-LIST.pem"),
    Place("interim-anchors.pem", Keeper.INTERIM, Purpose.SIGNERS, "https://contentcredentials.org/trust/anchors.pem"),
)
# Packages whose files hold published lists as they are: the file's path, and the place it was taken from.
CARRIERS = {
    "bonafide": (
        ("bonafide/signals/data/trust/c2pa-trust-list.pem", "C2PA-TRUST-LIST.pem"),
        ("bonafide/signals/data/trust/anchors.pem", "interim-anchors.pem"),
    )
}


class Unreachable(Exception):
    """A list could not be fetched; the text says why, in lower case."""


def from_places(fetch: Callable[[str], bytes] | None = None) -> Iterator[Taken]:
    """Every official list, each asked for once."""
    ask = fetch or fetch_over_https
    for place in PLACES:
        try:
            content, problem = ask(place.address), ""
        except Unreachable as unreachable:
            content, problem = b"", str(unreachable)
        yield Taken(place.file, place.keeper, place.purpose, place.address, content, problem)


def from_path(path: Path, keeper: Keeper | None = None, purpose: Purpose | None = None) -> Iterator[Taken]:
    """One PEM file, or every `*.pem` of a folder; what is not said is told by the name."""
    for each in sorted(path.glob("*.pem")) if path.is_dir() else [path]:
        by_name = told_by_name(each.name)
        whose, what_for = keeper or by_name[0], purpose or by_name[1]
        try:
            content, problem = read_bounded(each), ""
        except UnreadableList as unreadable:
            content, problem = b"", str(unreadable)
        yield Taken(each.with_suffix(".pem").name, whose, what_for, f"file {each.name}", content, problem)


def from_package(name: str) -> Iterator[Taken]:
    """The lists that an installed package carries, read as files: nothing of the package is run.

    raises  Unreachable where the package is not installed or carries no list that we know of
    """
    if name not in CARRIERS:
        raise Unreachable(f"no package `{name}` is known to carry trust lists; known: {', '.join(sorted(CARRIERS))}")
    try:
        package = distribution(name)
    except PackageNotFoundError as error:
        raise Unreachable(f"the package `{name}` is not installed") from error
    by_file = {place.file: place for place in PLACES}
    for inside, file in CARRIERS[name]:
        place, problem, content = by_file[file], "", b""
        try:
            content = read_bounded(Path(str(package.locate_file(inside))))
        except UnreadableList as unreadable:
            problem = str(unreadable)
        source = f"package {name} {package.version}"
        yield Taken(place.file, place.keeper, place.purpose, source, content, problem)


class _OnlyHttps(urllib.request.HTTPRedirectHandler):
    def redirect_request(  # type: ignore[no-untyped-def]
        self, req, fp, code, msg, headers, newurl
    ):
        if urlsplit(newurl).scheme != "https":
            raise Unreachable("the address sends on to one that is not HTTPS")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetch_over_https(address: str) -> bytes:
    """An address's bytes, at most as many as a true list has; raises Unreachable for whatever goes wrong."""
    if urlsplit(address).scheme != "https":
        raise Unreachable("the address is not HTTPS")
    opener = urllib.request.build_opener(_OnlyHttps)
    try:
        with opener.open(address, timeout=SECONDS) as answer:
            content: bytes = answer.read(MAXIMUM_LIST + 1)
    except urllib.error.HTTPError as error:
        raise Unreachable(f"the place answered with {error.code}") from error
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable("the place cannot be reached") from error
    if len(content) > MAXIMUM_LIST:
        raise Unreachable("the place sent far more than a list")
    return content
