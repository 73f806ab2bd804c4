"""The bundles in use at one moment. It never changes: another moment has another lineup."""

from __future__ import annotations

from dataclasses import dataclass, field

from assay.engine.decision.decide import Decider
from assay.engine.decision.record import RecordWriter
from assay.engine.kernel.digest import share_of
from assay.engine.language.pack.pack import Pack
from assay.interfaces.deciding.lines import LineReader


@dataclass(frozen=True, slots=True)
class Hold:
    """A brake that is on: some measures of a rule fall back to review, until a person releases it.

    rule      reference, `policy/rule`
    measures  the dangerous measures that the rule imposes no more
    why       the sentence that the alarm says
    since     microseconds since the epoch
    """

    rule: str
    measures: tuple[str, ...]
    why: str
    since: int


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """A bundle made ready to decide.

    signer    name of the key that signed it; None for a pack from a folder on this machine
    sequence  number of the release that named it; None where there is no release
    base      digest of the bundle it was made from by brakes; None where none is on
    """

    pack: Pack
    decider: Decider
    writer: RecordWriter
    signer: str | None = None
    sequence: int | None = None
    base: str | None = None
    holds: tuple[Hold, ...] = ()
    reader: LineReader = field(init=False, repr=False)
    # The market classes of the markets that requests named, since they name the same few again and again.
    classes: dict[tuple[str, ...], tuple[str, ...]] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "reader", LineReader(self.pack))

    @property
    def digest(self) -> str:
        """The content address that its decisions name."""
        return self.pack.digest


@dataclass(frozen=True, slots=True, eq=False)
class Lineup:
    """Which bundles decide. A request takes the lineup once and is decided by nothing else.

    current  decides
    staged   decides instead of `current` the share of items that a stable hash gives it
    shadow   decides a sampled share beside the others; what it says is counted and never done
    number   of swaps since the start
    """

    current: Loaded
    staged: Loaded | None = None
    staged_share: float = 0.0
    shadow: Loaded | None = None
    shadow_share: float = 0.0
    number: int = 0

    def bundle_for(self, item: str) -> Loaded:
        """The bundle that decides an item; the same for the same item, however often it comes."""
        staged = self.staged
        if staged is None or share_of(item, staged.digest) >= self.staged_share:
            return self.current
        return staged

    def shadow_for(self, item: str) -> Loaded | None:
        """The shadow bundle where it looks at an item, else None."""
        shadow = self.shadow
        return None if shadow is None or share_of(item, f"shadow/{shadow.digest}") >= self.shadow_share else shadow
