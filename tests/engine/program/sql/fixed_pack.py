"""One pack with everything that the dialects write in their own ways. It tests nothing."""

from __future__ import annotations

from dataclasses import replace

from assay.engine.kernel.instants import DAY, parse_instant
from assay.engine.kernel.markets import Markets
from assay.engine.kernel.span import Span
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.meaning import Case
from assay.engine.language.pack.calendar import Window, value_by_calendar
from assay.engine.language.pack.measures import Ladder, Measures
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Period, Policy
from assay.engine.language.pack.vocabulary import CalendarSource
from tests.makers import a_measure, a_pack, a_policy, a_rule, a_signal, a_vocabulary, an_exception

START = parse_instant("2026-12-01") or 0
POLL = parse_instant("2026-12-20") or 0
VOCABULARY = a_vocabulary(
    a_signal("disclosed"),
    a_signal("person.kind", "choice", ("nobody", "identifiable", "minor")),
    a_signal("ai_extent", "scale", ("none", "altered", "generated")),
    a_signal("technique", "set", ("face_swap", "voice_clone", "inpainting")),
    a_signal("near_copies", "number", integer=True),
    a_signal("width", "number"),
    a_signal("detector.score", "score"),
    a_signal("caption", "text"),
    a_signal("uploaded_at", "time"),
    a_signal("signed_at", "time"),
    a_signal("length", "duration"),
    a_signal("surface", "choice", ("feed", "advert")),
    replace(
        a_signal("election.phase", "choice", ("none", "campaign", "blackout"), scope="market"),
        calendar=CalendarSource("election", "phase", "none"),
    ),
    replace(
        a_signal("election.days_to", "number", scope="market", integer=True),
        calendar=CalendarSource("election", "days_to"),
    ),
)
MEASURES = Measures(
    all=(
        a_measure("blocked", "step", 1),
        a_measure("removed", "step", 2),
        a_measure("label:ai", "member"),
        a_measure("strike:severe", "kind", after_grace=True),
    ),
    ladders=(
        Ladder(
            "visibility",
            "Visibility",
            a_measure("visible", "step"),
            (a_measure("blocked", "step", 1), a_measure("removed", "step", 2)),
        ),
    ),
)
MARKETS = Markets({"EU": ("DE", "FR")}, ())
WINDOW = Window(
    "fr-2026",
    "election",
    frozenset({"FR"}),
    "blackout",
    POLL - DAY,
    POLL + DAY,
    POLL,
    "https://example.org/calendar",
    "verified",
    Span("calendar.yaml", 1, 1),
)


CAMPAIGN = replace(WINDOW, id="fr-campaign", phase="campaign", start=POLL - 2 * DAY, poll=POLL + DAY)


def the_pack() -> Pack:
    """A pack of two policies with an exception."""
    windows = (CAMPAIGN, WINDOW)
    return a_pack(_likeness(), _civic(), vocabulary=VOCABULARY, measures=MEASURES, markets=MARKETS, windows=windows)


def _likeness() -> Policy:
    return a_policy(
        "likeness",
        (
            a_rule(
                "likeness/intimate",
                'ai_extent.atLeast("altered") && person.kind in ["identifiable", "minor"]',
                unless="disclosed",
                then=("removed", "strike:severe"),
                until_known=("blocked", "strike:severe"),
                period=Period(START, START + 400 * DAY),
                grace_until=START + 30 * DAY,
            ),
            a_rule(
                "likeness/copies",
                '"face_swap" in technique && size(technique) >= 2 || sets.contains(technique, ["voice_clone"])',
                then=("blocked",),
                rollout=0.1,
            ),
        ),
        (an_exception("likeness/satire", 'caption.startsWith("it\'s satire\\\\")', ("intimate",)),),
    )


def _civic() -> Policy:
    return a_policy(
        "civic",
        (
            a_rule(
                "civic/blackout",
                'election.phase == "blackout" && election.days_to <= 1 && detector.score >= 0.7',
                then=("label:ai",),
                markets=("EU",),
                surfaces=("advert",),
            ),
            a_rule(
                "civic/spread",
                'near_copies > 5 && width != 0.1 && caption.endsWith("AI") && !caption.contains("ü%_")',
                then=("label:ai", "blocked"),
                markets=("not:FR",),
            ),
            a_rule(
                "civic/late",
                'uploaded_at < signed_at || length < duration("1.5s") || size(caption) > 280',
                then=("label:ai",),
            ),
        ),
    )


def cases_at_bounds() -> list[Case]:
    """Cases in which the pack's rules hold or are open, just before each bound of time and at it."""
    pack = the_pack()
    bounds = (START, START + 30 * DAY, START + 400 * DAY, POLL - 2 * DAY, POLL - DAY, POLL, POLL + DAY)
    known: dict[str, MaybeValue] = {
        "ai_extent": "altered",
        "person.kind": "minor",
        "caption": "a",
        "detector.score": 0.7,
        "surface": "advert",
    }
    return [
        Case(known | {"disclosed": told} | by_calendar(pack, market, as_of), market, as_of, "item-1")
        for as_of in (bound + shift for bound in bounds for shift in (-1, 0))
        for market in ("FR", "DE", "BR")
        for told in (False, None)
    ]


def by_calendar(pack: Pack, market: str, as_of: int) -> dict[str, MaybeValue]:
    """What the calendar gives its signals in a market at an instant."""
    dated = [signal for signal in pack.vocabulary.signals if signal.calendar is not None]
    return {signal.name: value_by_calendar(signal, pack.windows, market, as_of) for signal in dated}
