"""Detectors' scores, weighed together: each group once, bounded, from a prior. Their texts are never believed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from assay.detection.evidence import Evidence
from assay.detection.weighing.settings import Weighing
from assay.detection.weighing.standing import DETECTORS, speaker_of
from assay.detection.weighing.wording import number_of

State = Literal["counts", "abstains", "uncalibrated", "unusable"]

# A million times: far beyond what any sample supports, so that no file of calibrations can make a score a proof.
MAXIMUM_LOG10 = 6.0


@dataclass(frozen=True, slots=True)
class Score:
    """One detector's answer, as far as it can be used.

    log10_lr  how many times as likely such a score is for AI's content as for other, as a power of ten within the cap;
              0 unless it counts
    reason    where it counts for nothing, why
    """

    evidence: Evidence
    detector: str
    group: str
    state: State
    log10_lr: float = 0.0
    cap: float = 0.0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Detectors that look at the same thing, weighed as one.

    fitted  how many of them a model fitted on the operator's own labels weighs; the others count by the strongest
            alone
    """

    name: str
    log10_lr: float
    detectors: tuple[str, ...]
    fitted: int


@dataclass(frozen=True, slots=True)
class Scores:
    """All answers together.

    posterior  the share of uploads with such scores that are AI's, or None where no score counts
    suspects   whether that is enough to suspect; scores never do more
    """

    answers: tuple[Score, ...]
    groups: tuple[Group, ...]
    prior: float
    threshold: float
    surface: str | None
    posterior: float | None
    suspects: bool

    @property
    def counted(self) -> tuple[Score, ...]:
        return tuple(each for each in self.answers if each.state == "counts")

    @property
    def speaking(self) -> tuple[Evidence, ...]:
        """The answers that count for AI, the strongest first."""
        found = sorted((each for each in self.counted if each.log10_lr > 0), key=lambda each: -each.log10_lr)
        return tuple(each.evidence for each in found)

    @property
    def against(self) -> tuple[Evidence, ...]:
        return tuple(each.evidence for each in self.counted if each.log10_lr < 0)

    @property
    def log10_lr(self) -> float:
        return math.fsum(each.log10_lr for each in self.groups)


def weigh(evidence: Sequence[Evidence], weighing: Weighing, surface: str | None = None) -> Scores:
    """What detectors' answers come to. One more answer for AI never makes it less, whatever the weights."""
    answers = tuple(map(read_score, evidence))
    groups = tuple(_groups([each for each in answers if each.state == "counts"], weighing))
    prior = weighing.prior_on(surface)
    total = math.fsum(each.log10_lr for each in groups)
    posterior = _posterior(prior, total) if groups else None
    # Where AI is common a score that says little must not suspect everybody: something must speak for AI.
    suspects = posterior is not None and total > 0 and posterior >= weighing.suspects_at
    return Scores(answers, groups, prior, weighing.suspects_at, surface, posterior, suspects)


def read_score(evidence: Evidence) -> Score:
    """One answer from the texts of its details, each of which may be anything."""
    details = evidence.details
    name = evidence.source.partition(":")[2] or evidence.source
    group = details.get("group") or name
    verdict = details.get("verdict")
    if speaker_of(evidence) != DETECTORS:
        # Whoever else gives a score may write any weight beside it, which no label of this platform supports.
        reason = "no configured detector gave it, so that nothing ties it to labels of this platform"
        return Score(evidence, name, group, "uncalibrated", reason=reason)
    if verdict == "abstains":
        return Score(evidence, name, group, "abstains", reason="it is too close to call")
    if verdict not in ("for", "against"):
        why = f" ({details['why']})" if details.get("why") else ""
        reason = f"nothing ties its score to labels of this platform{why}"
        return Score(evidence, name, group, "uncalibrated", reason=reason)
    ratio, cap = number_of(details.get("log10_lr", "")), number_of(details.get("cap", ""))
    reason = _unusable(evidence, verdict, ratio, cap)
    if reason or ratio is None or cap is None:
        return Score(evidence, name, group, "unusable", reason=reason)
    bound = min(cap, MAXIMUM_LOG10)
    return Score(evidence, name, group, "counts", max(-bound, min(bound, ratio)), bound)


def _unusable(evidence: Evidence, verdict: str, ratio: float | None, cap: float | None) -> str:
    if not evidence.details.get("calibration"):
        return "its calibration is not named"
    if ratio is None or cap is None:
        return "its likelihood ratio is no number" if ratio is None else "its cap is no number"
    if cap <= 0 or ratio == 0:
        return "its calibration claims nothing for such a score"
    if (verdict == "for") != (ratio > 0) or (verdict == "for") != evidence.claim.is_ai:
        return "its verdict and its likelihood ratio contradict each other"
    return ""


def _groups(answers: Iterable[Score], weighing: Weighing) -> Iterable[Group]:
    by_group: dict[str, list[Score]] = {}
    for each in answers:
        by_group.setdefault(each.group, []).append(each)
    for name in sorted(by_group):
        yield _group(name, by_group[name], weighing)


def _group(name: str, answers: Sequence[Score], weighing: Weighing) -> Group:
    """A fitted model weighs the detectors that it was fitted on; beside it, twins count once, by the strongest."""
    model = weighing.joints.get(name)
    fitted = {each.detector: each.calibration for each in model.members} if model is not None else {}
    members: dict[str, list[float]] = {}
    others: list[float] = []
    for each in answers:
        calibration = each.evidence.details["calibration"]
        # A weight holds for the calibration that it was fitted on, and for no other.
        if fitted.get(each.detector) == calibration:
            members.setdefault(each.detector, []).append(each.log10_lr)
        else:
            others.append(each.log10_lr)
    values = list(others)
    if model is not None and members:
        values.append(model.log10_lr({detector: strongest(given) for detector, given in members.items()}))
    names = tuple(sorted({each.detector for each in answers}))
    return Group(name, strongest(values), names, len(members))


def strongest(values: Iterable[float]) -> float:
    """The strongest for AI and the strongest against it, together: further answers that agree add nothing."""
    given = list(values)
    return max(0.0, *given) + min(0.0, *given) if given else 0.0


def times_of(log10_lr: float) -> str:
    """How many times, to three digits, as people write it: `1.26`, `12,300`."""
    return f"{float(f'{10 ** min(abs(log10_lr), 300.0):.3g}'):,.10g}"


def _posterior(prior: float, log10_lr: float) -> float:
    odds = prior / (1 - prior) * 10 ** max(-300.0, min(300.0, log10_lr))
    return odds / (1 + odds) if math.isfinite(odds) else 1.0
