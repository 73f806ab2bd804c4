"""What a source of bundles offers: verified bundles by their parts in a release. It makes nothing ready to decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeAlias

from assay.engine.kernel.errors import Fault
from assay.interfaces.packs.texts import Texts


@dataclass(frozen=True, slots=True)
class Offered:
    """One bundle as offered, its signatures verified where any are asked for.

    content  the file's bytes, for the state folder
    signer   names of the keys that signed it, joined; None where it came unsigned
    proved   whether a signer says that its proof holds
    """

    digest: str
    texts: Texts
    content: bytes
    signer: str | None
    proved: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """What should decide from now on.

    sequence  number of the release; None where there is none
    mark      names the release itself, so that two of one number are told apart
    """

    current: Offered
    staged: Offered | None = None
    staged_share: float = 0.0
    shadow: Offered | None = None
    shadow_share: float = 0.0
    sequence: int | None = None
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why what a source holds is not taken.

    lasting  whether the same again would be refused again, so that it is not tried until it changes
    """

    fault: Fault
    lasting: bool


# None says that nothing has changed since the last look.
Seen: TypeAlias = Offer | Refusal | None


class Source(Protocol):
    """Where bundles come from; one thread asks it at a time."""

    @property
    def title(self) -> str:
        """How a person would cite it."""
        ...

    def look(self) -> Seen:
        """What it offers, where that has changed since the last look."""
        ...

    def forget(self) -> None:
        """Take what it holds for new at the next look."""
        ...

    def vet(self, content: bytes, title: str) -> Offered | Fault:
        """A bundle that was kept earlier, held again to what the source asks of one today."""
        ...

    def close(self) -> None:
        """Let go of what was opened."""
        ...
