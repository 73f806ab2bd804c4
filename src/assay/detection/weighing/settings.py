"""How scores are weighed: how common AI is on each surface, and from where a score suspects. It weighs none."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from assay.engine.kernel.digest import canonical_json, sha256_of
from assay.engine.kernel.errors import Fault

if TYPE_CHECKING:
    from assay.detection.calibration.joint.model import Joint

WEIGHING = "weighing.toml"
DEFAULT_PRIOR = 0.1
DEFAULT_SUSPECTS_AT = 0.5
MAXIMUM_BYTES = 64 * 1024
MAXIMUM_SURFACES = 200
_KEYS = ("prior", "suspects_at", "surfaces")


@dataclass(frozen=True, slots=True)
class Weighing:
    """What an operator sets for the weighing of scores; none of it can make a score more than a suspicion.

    prior        the share of uploads in which AI had a part, in (0, 1), where nothing is said of the surface
    suspects_at  the share of uploads with such scores that must be AI's before a score suspects, in (0, 1)
    surfaces     the share for single surfaces, by their name in the pack's vocabulary
    joints       models fitted on several detectors of one group, by the group's name
    """

    prior: float = DEFAULT_PRIOR
    suspects_at: float = DEFAULT_SUSPECTS_AT
    surfaces: Mapping[str, float] = field(default_factory=dict, hash=False)
    joints: Mapping[str, Joint] = field(default_factory=dict, hash=False)

    def prior_on(self, surface: str | None) -> float:
        """The share on one surface, or the general one where nothing is said of it."""
        return self.surfaces.get(surface, self.prior) if surface is not None else self.prior

    @property
    def digest(self) -> str:
        """The same for the same settings: what a record needs to say how scores were weighed."""
        joints = {name: joint.digest for name, joint in self.joints.items()}
        said = {"prior": self.prior, "suspects_at": self.suspects_at, "surfaces": dict(self.surfaces), "joints": joints}
        return sha256_of(canonical_json(said))


DEFAULT = Weighing()


def load_weighing(detectors: Path | None) -> Weighing | list[Fault]:
    """How the operator of these detectors weighs their scores; what is not set has its default.

    detectors  the folder of configured detectors, in which `weighing.toml` and `joint.json` may lie, or None
    returns    all faults together, each with the file's key in `field`
    """
    if detectors is None:
        return DEFAULT
    from assay.detection.calibration.keeping import load_joints

    faults: list[Fault] = []
    raw = _read(detectors / WEIGHING, faults)
    joints = load_joints(detectors)
    if isinstance(joints, list):
        faults += joints
        joints = {}
    weighing = _weighing(raw, joints, faults)
    return faults or weighing


def _read(path: Path, faults: list[Fault]) -> Mapping[str, object]:
    if not path.exists():
        return {}
    try:
        with path.open("rb") as stream:
            content = stream.read(MAXIMUM_BYTES + 1)
    except OSError as error:
        faults.append(_fault(f"it cannot be read: {error.strerror or 'unknown reason'}"))
        return {}
    if len(content) > MAXIMUM_BYTES:
        faults.append(_fault(f"it is longer than {MAXIMUM_BYTES // 1024} KiB"))
        return {}
    try:
        return tomllib.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        place = str(error)[:120] if isinstance(error, tomllib.TOMLDecodeError) else "no UTF-8, or a number without end"
        faults.append(_fault(f"it is no TOML: {place}"))
        return {}


def _weighing(raw: Mapping[str, object], joints: Mapping[str, Joint], faults: list[Fault]) -> Weighing:
    strange = [key for key in raw if key not in _KEYS]
    faults += [_fault(f"`{key[:40]}` is no key of it; the keys are {', '.join(_KEYS)}", key[:40]) for key in strange]
    prior = _share(raw.get("prior", DEFAULT_PRIOR), "prior", faults)
    threshold = _share(raw.get("suspects_at", DEFAULT_SUSPECTS_AT), "suspects_at", faults)
    given = raw.get("surfaces", {})
    if not isinstance(given, Mapping) or len(given) > MAXIMUM_SURFACES:
        faults.append(_fault(f"`surfaces` is a table of at most {MAXIMUM_SURFACES} surfaces, each with its share"))
        given = {}
    surfaces = {name: _share(share, f"surfaces.{name[:60]}", faults) for name, share in given.items()}
    return Weighing(prior, threshold, surfaces, dict(joints))


def _share(value: object, key: str, faults: list[Fault]) -> float:
    if isinstance(value, float) and 0 < value < 1:
        return value
    words = f"`{key}` is a share of uploads: a number above 0 and below 1, such as 0.1 for one in ten"
    faults.append(_fault(words, key))
    return DEFAULT_PRIOR


def _fault(words: str, key: str | None = None) -> Fault:
    return Fault("bad-weighing", f"`{WEIGHING}`: {words}", key)


class UnusableWeighing(ValueError):
    """How scores are weighed cannot be told from the folder of detectors; the text says why."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(fault.words for fault in faults))
        self.faults = tuple(faults)


def weighing_of(detectors: Path | None) -> Weighing:
    """As `load_weighing`, for callers that cannot go on without; raises UnusableWeighing."""
    weighing = load_weighing(detectors)
    if isinstance(weighing, list):
        raise UnusableWeighing(weighing)
    return weighing
