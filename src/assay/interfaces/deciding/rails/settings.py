"""What an operator sets of the safety rails. It reads no file and knows no pack."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assay.engine.kernel.errors import Fault
from assay.interfaces.deciding.rails.written import read_limit, read_quota
from assay.interfaces.settings.setting import setting

# What the starter pack has of measures that no click takes back, or that tell people that they did wrong.
DANGEROUS = (
    "removed",
    "blocked",
    "copies_removed",
    "strike:minor",
    "strike:standard",
    "strike:severe",
    "account_restricted",
    "account_removed",
)
# A report to an authority is a duty with a clock, so that a machine may not hold it back: people are told, no more.
WATCHED = ("reported_to_authority",)
INSTEAD = "review_priority"
SHELTER = "held"


@dataclass(frozen=True, slots=True)
class RailSettings:
    """Bands, quotas and what a brake falls back to."""

    dangerous: tuple[str, ...] = setting(
        "Measures that a brake holds back; of the default, those that the pack has.", DANGEROUS
    )
    watched: tuple[str, ...] = setting("Measures that raise an alarm only and are never held back.", WATCHED)
    instead: str = setting("The measure that stands for review, to which held measures fall back.", INSTEAD)
    shelter: str = setting(
        "The step by which rules of severity S4 keep an item hidden while a brake is on; empty for none.", SHELTER
    )
    rehearsal: Path | None = setting(
        "What `assay backtest --json` printed, or a folder of such files; its rates are the bands.", None
    )
    widen: float = setting("How much wider than the rehearsal's interval a band is, as a factor.", 1.25)
    limits: tuple[str, ...] = setting(
        "Bands in the place of the rehearsal's, such as `removed: at most 2%` or `removed in BR: 0.5% to 3%`.", ()
    )
    quotas: tuple[str, ...] = setting(
        "How many items a measure may be applied to, such as `removed: 500 in 10 minutes`.", ()
    )
    least: int = setting("How many decisions a market must have before its rates are judged.", 200, unit="decisions")
    longest_window: float = setting(
        "How far back the slowest look goes; the more rarely something is decided, the longer.",
        10_800.0,
        unit="seconds",
    )
    false_alarms: float = setting("How many false alarms a year are borne, for all bands together.", 1.0)
    look_every: float = setting("How long to wait between two looks.", 1.0, unit="seconds")

    def faults(self) -> list[Fault]:
        """What makes no sense, or does not go together."""
        bounds = {
            "widen": (self.widen, 1.0, 100.0),
            "least": (self.least, 1, 1_000_000_000),
            "longest_window": (self.longest_window, 60.0, 7 * 86_400.0),
            "false_alarms": (self.false_alarms, 1e-6, 365.0),
            "look_every": (self.look_every, 0.05, 60.0),
        }
        found = [
            Fault("out-of-range", f"`{name}` lies between {low:g} and {high:g}", name)
            for name, (value, low, high) in bounds.items()
            if not low <= value <= high
        ]
        for name in (*self.dangerous, *self.watched):
            if name in (self.instead, self.shelter):
                words = f"`{name}` is what a brake falls back to, so that it cannot be held back itself"
                found.append(Fault("held-by-itself", words, "dangerous"))
        if not self.instead:
            found.append(Fault("missing-setting", "name the measure that stands for review", "instead"))
        read = [read_limit(text) for text in self.limits] + [read_quota(text) for text in self.quotas]
        return found + [one for one in read if isinstance(one, Fault)]
