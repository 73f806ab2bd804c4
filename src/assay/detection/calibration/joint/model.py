"""Several detectors' likelihood ratios as one: bounded weights, a missing detector says nothing. It fits nothing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assay.detection.calibration.calibration import Count
from assay.detection.calibration.curves.curve import short
from assay.detection.calibration.measures.bounds import Bounds
from assay.detection.calibration.measures.resampled import Figure


@dataclass(frozen=True, slots=True)
class Member:
    """A detector of a group: the calibration whose likelihood ratios are meant, and how much of them counts.

    weight  0 to 1: nobody speaks louder in company than alone
    """

    detector: str
    calibration: str
    weight: float


@dataclass(frozen=True, slots=True)
class Joint:
    """A fitted group.

    cllr     of the joint, on items that it was not fitted on
    alone    of each member, on the same items, in the members' order
    added    of all members simply added up, on the same items: what double counting costs
    """

    group: str
    members: tuple[Member, ...]
    bounds: Bounds
    cllr: Figure
    alone: tuple[Figure, ...]
    added: Figure
    ai: Count
    other: Count
    sample_digest: str
    made_on: str
    digest: str = ""

    def __post_init__(self) -> None:
        if not all(0 <= member.weight <= 1 for member in self.members):
            raise ValueError("a weight lies between 0 and 1")

    def log10_lr(self, values: Mapping[str, float]) -> float:
        """The joint log10 likelihood ratio of detectors' own ones, by name.

        A detector that is missing, or whose value is no number, adds nothing; one that is no member is left out. The
        joint rises with every value, and stops at its bounds.
        """
        weighed = sum(member.weight * _sound(values.get(member.detector, 0.0)) for member in self.members)
        return short(min(max(weighed, self.bounds.lower), self.bounds.upper))

    def fits(self, calibrations: Mapping[str, str]) -> bool:
        """Whether present detectors still have the calibrations that were combined; `calibrations` by name.

        A detector that is not present does no harm; one that was calibrated anew since does.
        """
        return all(
            calibrations.get(member.detector, member.calibration) == member.calibration for member in self.members
        )


def _sound(value: float) -> float:
    return value if math.isfinite(value) else 0.0


def strongest(values: Iterable[float]) -> float:
    """What several log10 likelihood ratios amount to where nobody fitted how they depend on each other.

    The strongest that speaks for AI and the strongest that speaks against it, added: the same in every order, rising
    with every value, and no stronger for a twin.
    """
    found = [0.0, *map(_sound, values)]
    return short(max(found) + min(found))
