"""The part of a configuration that says how an operator's own service is asked. It connects to nobody."""

from __future__ import annotations

import ipaddress
import re
from typing import Literal, cast
from urllib.parse import SplitResult, urlsplit

from assay.detection.detectors.configured import Endpoint
from assay.detection.detectors.configuring.tables import Table

MOST_SECONDS = 60.0
MOST_RETRIES = 3
MOST_REQUEST_BYTES = 512 * 1024 * 1024
MOST_ANSWER_BYTES = 4 * 1024 * 1024
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_HEADER = re.compile(r"[A-Za-z0-9-]+\Z")
_SCHEME = re.compile(r"[A-Za-z0-9._~+/-]+\Z")
_PATH = re.compile(r"[^.\s]+(?:\.[^.\s]+)*\Z")


def endpoint(whole: Table) -> Endpoint:
    """The table `endpoint`."""
    table = whole.table("endpoint")
    send = cast("Literal['multipart', 'json']", table.text("send", "multipart", choices=("multipart", "json")))
    found = Endpoint(
        url=_address(table),
        send=send,
        field=table.text("field", "file"),
        also=table.scalars("also"),
        score=_matching(table, "score", _PATH, None, "keys between dots, such as `result.score`"),
        version=_matching(table, "version", _PATH, "", "keys between dots, such as `model.version`"),
        token_variable=_matching(table, "token_variable", _VARIABLE, "", "the name of an environment variable"),
        token_header=_matching(table, "token_header", _HEADER, "Authorization", "the name of a header"),
        token_scheme=_matching(table, "token_scheme", _SCHEME, "Bearer", "the word before the token"),
        authority=table.text("authority", ""),
        seconds=table.number("seconds", 8.0, 0.1, MOST_SECONDS),
        retries=table.whole("retries", 1, 0, MOST_RETRIES),
        most_request_bytes=table.whole("most_request_bytes", 20_000_000, 1, MOST_REQUEST_BYTES),
        most_answer_bytes=table.whole("most_answer_bytes", 65_536, 16, MOST_ANSWER_BYTES),
    )
    if "/" in found.authority or "\\" in found.authority:
        table.fault("authority", "outside-folder", "`authority` has to be a file in the detector's folder")
    table.done()
    return found


def _matching(table: Table, key: str, form: re.Pattern[str], default: str | None, wanted: str) -> str:
    value = table.text(key, default)
    if value and not form.match(value):
        # The value is not repeated, for it may be the token itself, put where its name belongs.
        table.fault(key, "wrong-type", f"`{key}` has to be {wanted}")
        return ""
    return value


def _address(table: Table) -> str:
    url = table.text("url")
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        host, parts = None, SplitResult("", "", "", "", "")
    if not url:
        return url
    if parts.scheme not in ("http", "https") or not host:
        table.fault("url", "wrong-type", "`url` has to be an address that begins with https://")
    elif parts.username is not None or parts.password is not None:
        table.fault("url", "secret-in-address", "the address holds a name or password; use `token_variable`")
    elif parts.scheme == "http" and not is_own_machine(host):
        words = f"`{host}` is asked without encryption; write https, which only this machine itself may go without"
        table.fault("url", "unencrypted-address", words)
    return url


def is_own_machine(host: str) -> bool:
    """Whether a host is this machine by its loopback address or that address's usual name."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
