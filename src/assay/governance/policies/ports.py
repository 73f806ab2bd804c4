"""What this room needs of the world outside governance, as ports. Interfaces fill them; it knows none of them itself.

Bundles, channels, histories and processes belong to `assay.interfaces`, which stands higher. What it can do for this
room is said here, and put in by `install` when the site starts. Tests put in fakes that do the same in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from assay.engine.kernel.errors import Fault

Files: TypeAlias = Mapping[str, str]
Work: TypeAlias = Literal["check", "proof", "difference", "rehearsal"]
Part: TypeAlias = Literal["current", "staged", "shadow"]
# How far a piece of work has come: done, of how much, and what it does now.
Progress: TypeAlias = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Proved:
    """What was shown of the texts before they were signed.

    as_of  the day from which on, in microseconds since the epoch
    """

    as_of: int
    claims: int
    errors: int
    undecided: int


@dataclass(frozen=True, slots=True)
class Published:
    """What a channel says of what it took.

    sequence  its number, which never falls
    current   the digest of the bundle that decides from now on
    """

    sequence: int
    current: str


class Channel(Protocol):
    """Where decision services look for what decides. Each call may come again after a kill, and then does no harm."""

    def sign(self, files: Files, proved: Proved, at: datetime) -> bytes | Fault:
        """The texts as a signed bundle."""

    def publish(
        self, bundle: bytes, part: Part, *, share: float, reason: str, by: str, at: datetime, alone: bool = False
    ) -> Published | Fault:
        """Let a bundle decide, decide a share of items, or look on.

        alone  whether nothing decides a share or looks on beside it from the same moment on
        """

    def withdraw(self, part: Part, *, reason: str, by: str, at: datetime) -> Published | Fault:
        """End what decides a share, or looks on."""


@dataclass(frozen=True, slots=True)
class Task:
    """A piece of work on two versions of the texts.

    old      the edition in force; empty where there is none
    as_of    the day from which on, in microseconds since the epoch
    options  further words for the kind of work, all JSON
    """

    work: Work
    old: Files
    new: Files
    as_of: int
    options: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a piece of work.

    passed    whether it speaks for the change; None where it says nothing for or against
    words     one line that sums up
    document  all of it, as JSON
    page      a report for people, one HTML file, or empty
    """

    passed: bool | None
    words: str
    document: Mapping[str, object]
    page: str = ""


class Workshop(Protocol):
    """Does what takes longer than a page may, in a process of its own."""

    def run(self, task: Task, progress: Progress) -> Outcome | Fault:
        """Do it, or say why it could not be done."""

    def has_history(self) -> bool:
        """Whether there are past items to rehearse on."""


@dataclass(frozen=True, slots=True)
class InForce:
    """Texts that decide now, as the service keeps them.

    bundle  the file as others signed it, where it is kept
    """

    files: Files
    digest: str
    source: str
    bundle: bytes | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """What the service counted of a bundle that looks on, since it began to or since the service was started.

    items        that it was asked about, and `differing` of which it says otherwise somewhere
    failures     items that it could not decide
    differences  the most frequent first: `rule` or `measure`, name, market class, truth before, truth after, items
    """

    bundle: str
    items: int
    differing: int
    failures: int
    differences: tuple[tuple[str, str, str, str, str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """How this house makes policy, from its settings.

    shadow_hours   how long a change looks on before it may decide
    review_months  how long a policy is in force until somebody looks at it again
    """

    shadow_hours: float = 72.0
    review_months: int = 12


@dataclass(slots=True)
class _Ports:
    channel: Channel | None = None
    workshop: Workshop | None = None
    in_force: Callable[[], InForce | None] | None = None
    terms: Callable[[], Terms] = Terms
    looked: Callable[[], Looked | None] | None = None


PORTS = _Ports()


def install(
    *,
    channel: Channel | None = None,
    workshop: Workshop | None = None,
    in_force: Callable[[], InForce | None] | None = None,
    terms: Callable[[], Terms] | None = None,
    looked: Callable[[], Looked | None] | None = None,
) -> None:
    """Fill ports; what is not given stays as it is."""
    PORTS.channel = channel or PORTS.channel
    PORTS.workshop = workshop or PORTS.workshop
    PORTS.in_force = in_force or PORTS.in_force
    PORTS.terms = terms or PORTS.terms
    PORTS.looked = looked or PORTS.looked
