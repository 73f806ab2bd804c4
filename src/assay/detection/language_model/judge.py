"""A judge as an operator writes it down: which model, where, what it may be asked, within what. It asks nothing."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from ipaddress import ip_address
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from assay.detection.language_model.reading import choices, number, switch, text, texts
from assay.engine.kernel.errors import Fault
from assay.engine.kernel.identifiers import SIGNAL_NAME, SLUG, did_you_mean

FILE = "judge.toml"
LARGEST_FILE = 64 * 1024
_COMPLETIONS = "/chat/completions"
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
# The file is written, too, so that a judge from somebody else must not name one elsewhere.
_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*\.json\Z")
# What some endpoints refuse to be given; a judge can leave each of them out.
OPTIONAL_FIELDS = ("temperature", "seed", "max_tokens", "response_format")


@dataclass(frozen=True, slots=True)
class Judge:
    """One judge.

    name                   stands in every assertion: `language-model:<name>`
    endpoint               the whole address of the chat completions
    token_env              the environment variable that holds the token; the token itself is never in a file
    languages              of content that may be asked about, as `en` or `pt-BR`
    signals                that may be asked; none unless named
    images                 whether pictures are sent, beside text
    samples                times that each question is asked; answers that differ are none
    response_format        `json_schema`, or `json_object` where the endpoint knows no schemas
    leave_out              fields of a request that the endpoint refuses
    token_limit            what the endpoint calls the limit on an answer's tokens
    longest_text           characters of an item's text; a longer one is not asked about, since a part would mislead
    allow_content_to_leave whether items may be sent to another machine
    """

    name: str
    endpoint: str
    model: str
    languages: tuple[str, ...]
    signals: tuple[str, ...] = ()
    token_env: str | None = None
    allow_content_to_leave: bool = False
    images: bool = False
    temperature: float = 0.0
    seed: int = 7
    samples: int = 1
    response_format: str = "json_schema"
    leave_out: tuple[str, ...] = ()
    token_limit: str = "max_tokens"  # noqa: S105 (a field's name in a request, no secret)
    most_answer_tokens: int = 128
    timeout_seconds: float = 30.0
    tries: int = 3
    at_once: int = 4
    requests_per_minute: int = 60
    tokens_per_minute: int = 100_000
    longest_text: int = 8_000
    largest_image: int = 4 * 1024 * 1024
    accuracy: str = "accuracy.json"

    @property
    def host(self) -> str:
        """Where items go."""
        return urlsplit(self.endpoint).hostname or ""

    @property
    def stays_here(self) -> bool:
        """Whether what is sent goes to this same machine."""
        return is_this_machine(self.host)

    @property
    def source(self) -> str:
        """Who asserts what this judge answers."""
        return f"language-model:{self.name}"


_Reader: TypeAlias = Callable[[str, object], Any]
_READERS: Mapping[str, _Reader] = {
    "name": text(60, SLUG, "lower-case words joined by `-`, as in `moderation-small`"),
    "endpoint": text(500),
    "model": text(200),
    "languages": texts(100, 35),
    "signals": texts(500, 120, SIGNAL_NAME),
    # What is refused is not repeated, for it may be the token itself, put where its name belongs.
    "token_env": text(120, _VARIABLE, "the name of an environment variable, and never the token"),
    "allow_content_to_leave": switch,
    "images": switch,
    "temperature": number(0, 2),
    "seed": number(0, 2**31 - 1, whole=True),
    "samples": number(1, 9, whole=True),
    "response_format": choices("json_schema", "json_object"),
    "leave_out": texts(len(OPTIONAL_FIELDS), 40),
    "token_limit": choices("max_tokens", "max_completion_tokens"),
    "most_answer_tokens": number(1, 8_192, whole=True),
    "timeout_seconds": number(0.1, 600),
    "tries": number(1, 8, whole=True),
    "at_once": number(1, 64, whole=True),
    "requests_per_minute": number(1, 100_000, whole=True),
    "tokens_per_minute": number(100, 1_000_000_000, whole=True),
    "longest_text": number(1, 200_000, whole=True),
    "largest_image": number(1, 20 * 1024 * 1024, whole=True),
    "accuracy": text(200, _FILE_NAME, "the name of a file beside the judge's own"),
}
_NEEDED = ("name", "endpoint", "model", "languages")


def judge_file(given: Path) -> Path:
    """The file that a judge is written in, for a folder or the file itself."""
    return given / FILE if given.is_dir() else given


def load_judge(path: Path) -> Judge | list[Fault]:
    """The judge in a file, or everything that is wrong with it."""
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        return [Fault("unreadable-file", f"`{path}` cannot be opened: {(error.strerror or 'no reason given').lower()}")]
    if len(content) > LARGEST_FILE:
        return [Fault("file-too-large", f"`{path}` is larger than {LARGEST_FILE >> 10} KiB, and no judge is")]
    try:
        written = content.decode("utf-8")
    except UnicodeDecodeError:
        return [Fault("invalid-utf-8", f"`{path}` is not UTF-8; save it as UTF-8")]
    return read_judge(written)


def read_judge(written: str) -> Judge | list[Fault]:
    """The judge that a text of TOML describes, or everything that is wrong with it."""
    try:
        given = tomllib.loads(written)
    except (ValueError, RecursionError) as error:
        # What is no fault of TOML's form is a number of more digits than anybody reads.
        why = (
            str(error)[:120].lower()
            if isinstance(error, tomllib.TOMLDecodeError)
            else "it is nested too deeply, or holds a number of thousands of digits"
        )
        return [Fault("malformed-toml", f"this is no TOML: {why}")]
    known = [field.name for field in fields(Judge)]
    faults = [_unknown(name, known) for name in given if name not in known]
    faults += [Fault("missing-key", f"a judge needs `{name}`", name) for name in _NEEDED if name not in given]
    values: dict[str, Any] = {}
    for name, reader in _READERS.items():
        if name in given:
            value = reader(name, given[name])
            if isinstance(value, Fault):
                faults.append(value)
            else:
                values[name] = value
    if "endpoint" in values:
        address = _address(values["endpoint"])
        if isinstance(address, Fault):
            faults.append(address)
            del values["endpoint"]
        else:
            values["endpoint"] = address
    faults += _contradictions(values)
    return faults or Judge(**values)


def _unknown(name: str, known: list[str]) -> Fault:
    hint = did_you_mean(name, known)
    return Fault("unknown-key", f"a judge has no key `{name[:60]}`" + (f"; {hint}" if hint else ""), name[:60])


def _address(given: str) -> str | Fault:
    """The whole address of the completions; an address that ends before them is made whole."""
    try:
        parts = urlsplit(given)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return Fault("bad-address", "`endpoint` is an address such as `https://models.example.org/v1`", "endpoint")
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment or not given.isascii():
        return Fault("bad-address", "`endpoint` is an address such as `https://models.example.org/v1`", "endpoint")
    if parts.username is not None or parts.password is not None:
        words = "`endpoint` carries no user and no password; name the token's variable by `token_env`"
        return Fault("secret-in-address", words, "endpoint")
    if parts.scheme == "http" and not is_this_machine(host):
        words = "`endpoint` is not on this machine, so it must be `https://`: items would be read on the way"
        return Fault("unencrypted-address", words, "endpoint")
    whole = given.rstrip("/")
    return whole if whole.endswith(_COMPLETIONS) else whole + _COMPLETIONS


def is_this_machine(host: str) -> bool:
    """Whether an address stays on this machine whatever a resolver says."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _contradictions(values: Mapping[str, Any]) -> list[Fault]:
    """What no key says alone."""
    faults = []
    host = urlsplit(str(values.get("endpoint", ""))).hostname or ""
    if host and not is_this_machine(host) and not values.get("allow_content_to_leave", False):
        words = f"items would be sent to `{host}`; if they may, say `allow_content_to_leave = true`"
        faults.append(Fault("content-would-leave", words, "allow_content_to_leave"))
    for name in values.get("leave_out", ()):
        if name not in OPTIONAL_FIELDS:
            words = f"`{name[:40]}` cannot be left out: {', '.join(OPTIONAL_FIELDS)} can"
            faults.append(Fault("unknown-value", words, "leave_out"))
    if "languages" in values and not values["languages"]:
        faults.append(Fault("missing-key", '`languages` names at least one, as in `["en"]`', "languages"))
    return faults
