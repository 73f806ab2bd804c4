"""The rights test: what is touched, how gravely, how likely, and whether that is justified. It weighs no right itself.

Scope, scale and remediability are those of the UN Guiding Principles on Business and Human Rights (principle 14);
legality, legitimate aim, necessity and proportionality those of article 19(3) of the International Covenant on Civil
and Political Rights.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assay.engine.kernel.errors import Fault
from assay.governance.policies.impact.rules.assessing import Assessed, Level, Reader

# By slug: the right, and where it is written down.
RIGHTS: Mapping[str, tuple[str, str]] = {
    "expression": ("Freedom of expression and information", "ICCPR 19"),
    "privacy": ("Privacy and data protection", "ICCPR 17"),
    "dignity": ("Dignity, honour and reputation", "ICCPR 17; EU Charter 1"),
    "non-discrimination": ("Equality and non-discrimination", "ICCPR 2 and 26"),
    "children": ("Rights of the child", "CRC 3, 13, 16, 19 and 34"),
    "fair-process": ("Fair process and effective remedy", "ICCPR 2(3); DSA 17, 20 and 21"),
    "participation": ("Elections and public affairs", "ICCPR 25"),
    "assembly": ("Peaceful assembly and association", "ICCPR 21 and 22"),
    "safety": ("Life, liberty and security of person", "ICCPR 6 and 9"),
    "work-and-culture": ("Livelihood, arts and science", "ICESCR 6 and 15"),
    "belief": ("Thought, conscience and religion", "ICCPR 18"),
}
EFFECTS = {"limits": "limits it", "protects": "protects it", "both": "limits it for some, protects it for others"}
SCOPE = {
    1: "a handful of people",
    2: "one community or small group",
    3: "many people in one market",
    4: "many people in several markets",
    5: "most people who use the service",
}
SCALE = {
    1: "a nuisance",
    2: "a passing limit, other ways stay open",
    3: "a real loss: a voice in a debate, some income, some privacy",
    4: "serious harm to safety, dignity or livelihood",
    5: "life, liberty, bodily or sexual integrity",
}
REMEDY = {
    1: "made good at once and in full",
    2: "made good by an appeal within days",
    3: "made good in part",
    4: "hard to make good",
    5: "cannot be made good",
}
LIKELIHOOD = {
    1: "not to be expected",
    2: "possible",
    3: "now and then: every month",
    4: "often: every week",
    5: "all the time, or it happens already",
}
LEGALITY = "Legality: is the rule clear and public enough for people to know what is not allowed?"
AIM = "Legitimate aim: which right of others, or which interest that the law names, does it serve?"
NECESSITY = "Necessity and proportionality: why would no milder measure do, and what was done to keep it narrow?"
_MODERATE, _CONSIDERABLE, _HIGH = 5, 10, 15
_LEAST_REASON = 20


@dataclass(frozen=True, slots=True)
class Touched:
    """One right that a change touches; without its weights where it is only protected."""

    slug: str
    effect: str
    who: str
    severity: int
    likelihood: int
    level: Level
    residual: Level

    @property
    def title(self) -> str:
        """As people read it."""
        return RIGHTS[self.slug][0]


def severity_of(scope: int, scale: int, remedy: int) -> int:
    """How severe, from 1 to 5: the mean, rounded up, and never below the scale.

    What is done to one person is not made less grave by few being concerned, or by how easily it is undone.
    """
    return max(scale, math.ceil((scope + scale + remedy) / 3))


def level_of(severity: int, likelihood: int) -> Level:
    """The field of the matrix: severity times likelihood."""
    weight = severity * likelihood
    if weight >= _HIGH:
        return Level.HIGH
    if weight >= _CONSIDERABLE:
        return Level.CONSIDERABLE
    return Level.MODERATE if weight >= _MODERATE else Level.LOW


def read_rights(given: Mapping[str, Any]) -> Assessed | list[Fault]:
    """From a form: by each right's slug what is said of it; `none` why no right is limited; `overall` the conclusion.

    raises  nothing: what is wrong is named, by `slug-field`
    """
    faults: list[Fault] = []
    rights: dict[str, dict[str, Any]] = {}
    for slug in RIGHTS:
        said = given.get(slug)
        if isinstance(said, Mapping) and said.get("effect"):
            rights[slug] = _right(Reader(said, faults, f"{slug}-"))
    reader = Reader(given, faults)
    overall = reader.words("overall", needed="say in a sentence or two what this comes to")
    none = reader.words("none")
    limited = [slug for slug, one in rights.items() if one["effect"] != "protects"]
    if not limited and len(none) < _LEAST_REASON:
        reader.fault("missing-words", "no right is said to be limited; say why not, for whoever signs", "none")
    if faults:
        return faults
    content = {"rights": rights, "none": none, "overall": overall}
    touched = touched_of(content)
    level = max((one.residual for one in touched), key=lambda one: one.place, default=Level.LOW)
    raises = any(one.level is Level.HIGH for one in touched)
    return Assessed(content, _outcome(touched, rights, level), level, raises)


def touched_of(content: Mapping[str, Any]) -> list[Touched]:
    """The rights that it limits, the gravest first."""
    found = []
    for slug, one in content["rights"].items():
        if one["effect"] == "protects" or slug not in RIGHTS:
            continue
        severity = severity_of(one["scope"], one["scale"], one["remedy"])
        level = level_of(severity, one["likelihood"])
        found.append(
            Touched(slug, one["effect"], one["who"], severity, one["likelihood"], level, Level(one["residual"]))
        )
    return sorted(found, key=lambda one: (-one.residual.place, -one.level.place, -one.severity, one.slug))


def _right(reader: Reader) -> dict[str, Any]:
    effect = reader.choice("effect", EFFECTS, "what it does to this right")
    said: dict[str, Any] = {"effect": effect, "who": reader.words("who", needed="say whose right it is")}
    if effect == "protects":
        return said
    steps = {
        name: reader.step(name, what)
        for name, what in (("scope", "scope"), ("scale", "scale"), ("remedy", "remedy"), ("likelihood", "likelihood"))
    }
    said |= steps
    said["legality"] = reader.words("legality", needed="say whether the rule is clear enough to be law-like")
    said["aim"] = reader.words("aim", needed="name the aim that it serves")
    said["necessity"] = reader.words("necessity", needed="say why nothing milder would do")
    said["mitigation"] = reader.words("mitigation")
    residual = reader.level("residual", "what is left once all this is done")
    said["residual"] = None if residual is None else residual.value
    weights = [step for step in steps.values() if step is not None]
    if residual is not None and len(weights) == len(steps):
        _check_residual(reader, level_of(severity_of(*weights[:3]), weights[3]), residual, said["mitigation"])
    return said


def _check_residual(reader: Reader, level: Level, residual: Level, mitigation: str) -> None:
    if residual.place > level.place:
        words = f"what is left cannot be graver than what there was: before mitigation it is `{level.value}`"
        reader.fault("residual-above", words, "residual")
    elif residual.place < level.place and not mitigation:
        words = f"say what brings it from `{level.value}` down to `{residual.value}`"
        reader.fault("missing-words", words, "mitigation")


def _outcome(touched: list[Touched], rights: Mapping[str, Any], level: Level) -> str:
    protects = sum(one["effect"] != "limits" for one in rights.values())
    guards = f"{protects} {'right is' if protects == 1 else 'rights are'} protected"
    if not touched:
        return f"No right is limited; {guards}" if protects else "No right is limited"
    limits = f"{len(touched)} {'right is' if len(touched) == 1 else 'rights are'} limited"
    named = f"what is left of it is {level.value} at most"
    return f"{limits}, {guards}; {named}" if protects else f"{limits}; {named}"
