"""What nobody knows of an upload: signals go missing at random within each kind. No value becomes another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assay.engine.language.pack.vocabulary import Signal
from assay.interfaces.histories.synth.chance import bits_of, stream
from assay.interfaces.histories.synth.plan import Plan, most_read
from assay.interfaces.histories.synth.population import Uploads

# Who says what a signal is decides how often nobody does.
_BY_SOURCE = {"platform": 0.3, "authority": 0.3, "uploader": 0.8, "evidence": 1.0, "mark": 1.0, "detector": 1.0}
_BY_REVIEWER = 1.2
_SLOW_SECONDS, _SLOW = 30.0, 2.0
# Detectors and scanners did not run yet on what is older than this share of the days.
_OLD, _BEFORE_DETECTORS = 0.3, 3.0
# With drift, one signal that many rules read goes missing from this share of the days on.
_JUMP_AT, _JUMP = 0.6, 5.0
_MOST = 0.95


@dataclass(frozen=True, slots=True, eq=False)
class Missing:
    """How likely each signal is missing, out of 65,536: by signal, whether it is early, and kind.

    jumps  the signal that goes missing late, where there is drift
    """

    thresholds: Mapping[str, tuple[NDArray[np.uint16], ...]]
    early: int
    late: int
    jumps: str | None

    @classmethod
    def of(cls, plan: Plan) -> Missing:
        """What is missing by a plan's recipe."""
        share, hours = plan.recipe.missing, 24 * plan.recipe.days
        factors = {each.name: _factor(each.signal) for each in plan.signals}
        usual = sum(factors.values()) / max(len(factors), 1)
        names = [name for name in most_read(plan.programs[0]) if factors.get(name, 0.0) >= 1.0]
        jumps = names[len(names) // 3] if plan.recipe.drift and names else None
        thresholds = {}
        for each in plan.signals:
            by_kind = [share * factors[each.name] / usual * (1.15 - 0.4 * kind.risk) for kind in plan.kinds]
            early = _BEFORE_DETECTORS if each.signal.precedence[:1] in (("detector",), ("evidence",)) else 1.0
            late = _JUMP if each.name == jumps else 1.0
            thresholds[each.name] = tuple([_steps(by_kind, factor) for factor in (early, 1.0, late)])
        return cls(thresholds, int(hours * _OLD), int(hours * _JUMP_AT), jumps)

    def hidden(self, uploads: Uploads, plan: Plan, part: int) -> dict[str, NDArray[Any]]:
        """The codes of some uploads, 0 where the signal is missing."""
        if not plan.recipe.missing:
            return dict(uploads.codes)
        period = (uploads.slot >= self.early).astype(np.int8) + (uploads.slot >= self.late)
        only = int(period[0]) if period.size and (period == period[0]).all() else None
        found = {}
        for name, codes in uploads.codes.items():
            early, usual, late = self.thresholds[name]
            if only is not None:
                limit = (early, usual, late)[only].take(uploads.kind)
            else:
                limit = np.stack((early, usual, late))[period, uploads.kind]
            bits = bits_of(stream(plan.recipe.seed, part, f"missing {name}"), uploads.rows)
            found[name] = codes * (bits >= limit)
        return found


def _factor(signal: Signal) -> float:
    first = signal.precedence[0] if signal.precedence else "reviewer"
    usual = _BY_SOURCE.get(first, _BY_REVIEWER)
    return usual * (_SLOW if signal.seconds >= _SLOW_SECONDS else 1.0)


def _steps(chances: list[float], factor: float) -> NDArray[np.uint16]:
    return np.array([min(chance * factor, _MOST) * 65536 for chance in chances]).astype(np.uint16)
