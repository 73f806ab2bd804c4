"""What can be said of the bundles in use, for people and probes. It holds no secret and no text of a pack."""

from __future__ import annotations

from dataclasses import dataclass

from assay.engine.kernel.errors import Fault
from assay.interfaces.deciding.lineup import Loaded


@dataclass(frozen=True, slots=True)
class BundleFacts:
    """One bundle in use.

    signer    names of the keys that signed it, joined by a comma; None for a pack from a folder on this machine
    sequence  number of the release that named it
    share     of the items that it decides, or looks at where it is the shadow
    base      digest of the bundle it was made from by brakes; None where none is on
    brakes    references of the rules whose brakes are on
    """

    digest: str
    pack: str
    version: str
    signer: str | None = None
    sequence: int | None = None
    share: float = 1.0
    base: str | None = None
    brakes: tuple[str, ...] = ()

    @classmethod
    def of(cls, bundle: Loaded, share: float = 1.0) -> BundleFacts:
        """What can be said of a bundle made ready."""
        brakes = tuple(hold.rule for hold in bundle.holds)
        name, version = bundle.pack.name, bundle.pack.version
        return cls(bundle.digest, name, version, bundle.signer, bundle.sequence, share, bundle.base, brakes)


@dataclass(frozen=True, slots=True)
class Pin:
    """A rollback by a person: a former bundle decides until somebody unpins it or a newer release comes.

    digest    the bundle that decides
    over      the bundle that it was put in the place of
    sequence  number of the release that was left; None where bundles come without releases
    by        who did it
    since     microseconds since the epoch
    """

    digest: str
    over: str
    sequence: int | None
    by: str
    since: int


@dataclass(frozen=True, slots=True)
class BundleStatus:
    """The bundles in use, and how it stands with their source.

    swaps         of the lineup since the start
    refused       releases and bundles that were refused since the start
    last_fault    what is wrong now: why the newest release was refused, or why the source cannot be read
    last_polled   when the source was last asked, in microseconds since the epoch
    from_state    whether it decides by what it had kept, because the source gave nothing usable since the start
    """

    source: str
    current: BundleFacts
    staged: BundleFacts | None
    shadow: BundleFacts | None
    sequence: int | None
    swaps: int
    refused: int
    last_fault: Fault | None
    last_polled: int | None
    pinned: Pin | None
    from_state: bool
