"""What one demonstration file is and how it is made, and the workshop it is made in. It never writes a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from assay.interfaces.demo.authority import Authority, Signer, found_authority

SignalValue: TypeAlias = bool | int | float | str | tuple[str, ...]
"""A signal's value as it goes into `context.jsonl`; a tuple is a set of words."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the platform or a person knows of a file before anybody opens it.

    by      who knows it, in the words of the pack's precedence: `platform`, `reviewer`
    source  which record or which person
    """

    signal: str
    value: SignalValue
    by: str
    source: str

    def as_json(self) -> dict[str, object]:
        value = list(self.value) if isinstance(self.value, tuple) else self.value
        return {"signal": self.signal, "value": value, "by": self.by, "source": self.source}


@dataclass(frozen=True, slots=True)
class Workshop:
    """The signers and what has been made so far; a later file may be made from an earlier one.

    authority  whom a scan may be told to trust
    stranger   a signer whom another authority vouches for, which nobody is told to trust
    """

    authority: Authority
    generator: Signer
    camera: Signer
    editor: Signer
    platform: Signer
    stranger: Signer
    made: dict[str, bytes] = field(default_factory=dict)

    def brief_signer(self) -> Signer:
        """A signer whose certificate ends within two seconds: valid when it signs, expired when anybody reads."""
        now = _now()
        return self.authority.vouch("Sandglass Images", start=now - timedelta(days=90), end=now + timedelta(seconds=2))


def found_workshop() -> Workshop:
    """A workshop with new authorities and new signers."""
    start, end = _now() - timedelta(days=1), _now() + timedelta(days=90)
    roots = _now() - timedelta(days=365)
    authority = found_authority("Assay Demonstration Authority", start=roots, end=end)
    elsewhere = found_authority("Backstreet Authority", start=roots, end=end)
    return Workshop(
        authority=authority,
        generator=authority.vouch("Lumen Image Service", start=start, end=end),
        camera=authority.vouch("Fieldglass Cameras", start=start, end=end),
        editor=authority.vouch("Darkroom Editor", start=start, end=end),
        platform=authority.vouch("Pigeon Messenger", start=start, end=end),
        stranger=elsewhere.vouch("Anyone Studio", start=start, end=end),
    )


@dataclass(frozen=True, slots=True)
class Recipe:
    """One file of the demonstration.

    story     one sentence that says what happened to the file
    expect    what a scan that trusts the authority must assert, signal by signal
    declared  what the uploader says of it, or nothing
    known     what the platform or a reviewer knows of it
    ordered   what courts and authorities have ordered, by market; `*` is every other market
    """

    name: str
    title: str
    story: str
    make: Callable[[Workshop], bytes]
    expect: Mapping[str, str] = field(default_factory=dict)
    declared: Mapping[str, str] = field(default_factory=dict)
    known: tuple[Known, ...] = ()
    ordered: Mapping[str, str] = field(default_factory=lambda: {"*": "none"})


def _now() -> datetime:
    # A certificate knows whole seconds only.
    return datetime.now(UTC).replace(microsecond=0)
