"""Asks a running service for its metrics or its brakes. It never shows the token, and follows no redirect."""

from __future__ import annotations

import os
import re
from typing import Any

import httpx

from assay.client.connecting import connection
from assay.interfaces.cli.running.watching.address import TOKEN, Unanswered
from assay.interfaces.cli.terminal import printable, wrong_use

_SECONDS = 10.0
_LARGEST = 64_000_000


def open_connection(url: str) -> httpx.Client:
    """A connection to the service; ends with 2 where the address or the token is none."""
    try:
        return httpx.Client(**connection(url, os.environ.get(TOKEN) or None, _SECONDS, verify=True))
    except ValueError as error:
        wrong_use(str(error))


def ask(client: httpx.Client, method: str, path: str, content: dict[str, str] | None = None) -> httpx.Response:
    """The service's answer.

    raises  Unanswered where there is none, or it says that it is refused
    """
    try:
        with client.stream(method, path, json=content) as answer:
            body = bytearray()
            for piece in answer.iter_bytes():
                body += piece
                if len(body) > _LARGEST:
                    raise Unanswered("the answer is larger than metrics ever are; is this the address of a service?")
    except httpx.HTTPError as error:
        where, why = printable(str(client.base_url).rstrip("/")), printable(_without_number(error))
        raise Unanswered(f"no service answers at `{where}`: {why}; `assay serve` shows its address") from None
    if answer.status_code in (401, 403):
        scope = "operate" if method == "POST" else "read"
        raise Unanswered(f"the service wants another token; set {TOKEN} to one with the scope `{scope}`")
    whole = httpx.Response(answer.status_code, headers={"content-type": "application/json"}, content=bytes(body))
    if answer.status_code != 200:
        raise Unanswered(_problem(whole))
    return whole


def _without_number(error: httpx.HTTPError) -> str:
    """What went wrong in words; the system's number of it tells nobody anything."""
    return re.sub(r"^\[Errno -?\d+\] ", "", str(error)).lower() or "the connection broke off"


def _problem(answer: httpx.Response) -> str:
    try:
        given: Any = answer.json()
        faults = [f"{fault['slug']}: {fault['reason']}" for fault in given.get("faults", [])]
        words = "; ".join(faults) or f"{given['slug']}: {given['detail']}"
    except (ValueError, KeyError, TypeError, AttributeError):
        words = f"the service answered with status {answer.status_code}"
    return printable(words)
