"""A rehearsal from beginning to end: a history, two versions, and what the change comes to. It writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TypeAlias

from assay.engine.backtest.compare.comparison import compared
from assay.engine.backtest.compare.figured import Asked
from assay.engine.backtest.estimate.bounds import LEAST_ROWS
from assay.engine.backtest.estimate.design import Design
from assay.engine.backtest.forecast.assumptions import Assumptions
from assay.engine.backtest.forecast.forecast import forecast
from assay.engine.backtest.history.block import ELSEWHERE
from assay.engine.backtest.history.needs import Needs
from assay.engine.backtest.pitfalls import Evidence, pitfalls
from assay.engine.backtest.rehearsal import Rehearsal, Version
from assay.engine.backtest.replay.counting.groups import MOST_VALUES, OTHER
from assay.engine.backtest.sampling.cases import cases
from assay.engine.decision.decide import Decider
from assay.engine.kernel.errors import Fault
from assay.engine.kernel.identifiers import did_you_mean
from assay.engine.language.pack.pack import Pack
from assay.interfaces.histories.facts import facts_of
from assay.interfaces.histories.files import History, open_history
from assay.interfaces.histories.reading import notes_of, prepare
from assay.interfaces.rehearsals.engines.choosing import replay_with, why_absent
from assay.interfaces.rehearsals.replaying import Job, Replayed
from assay.interfaces.rehearsals.totals import Totals

LOCAL = "local"
# Rows done, and rows in all.
Reached: TypeAlias = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Settings:
    """What is asked of a rehearsal.

    least_rows    figures with fewer rows behind them are kept back
    cases         how many changed items to show
    markets       those of the history to replay; None is all
    since, until  only rows of these days, both included, as `YYYY-MM-DD`
    engine        where it runs
    """

    least_rows: int = LEAST_ROWS
    cases: int = 24
    markets: tuple[str, ...] | None = None
    since: str | None = None
    until: str | None = None
    assumptions: Assumptions | None = None
    totals: Totals | None = None
    engine: str = LOCAL


def rehearse(path: Path, old: Pack, new: Pack, settings: Settings, reached: Reached) -> Rehearsal | list[Fault]:
    """What the change from one version to another would have done to past items, or why that cannot be said."""
    absent = why_absent(settings.engine)
    if absent is not None:
        return [absent]
    job = job_of(path, old, new, settings)
    if isinstance(job, list):
        return job
    rows = sum([piece.rows for piece in job.reading.history.pieces])
    reached(0, rows)
    done = replay_with(settings.engine, job, lambda now: reached(now, rows))
    return done if isinstance(done, list) else concluded(job, done[0], settings, done[1])


def job_of(path: Path, old: Pack, new: Pack, settings: Settings) -> Job | list[Fault]:
    """What is to be replayed, once the history and both versions are known to fit each other."""
    history = open_history(path)
    if isinstance(history, list):
        return history
    deciders = Decider(old), Decider(new)
    programs = deciders[0].program, deciders[1].program
    needs = Needs.of(programs)
    within = needs if isinstance(needs, list) else needs.within(settings.since, settings.until)
    if isinstance(within, list):
        return within
    faults = _market_faults(history, (old, new), settings.markets)
    if faults:
        return faults
    reading = prepare(history, within)
    if isinstance(reading, list):
        return reading
    return Job(reading, programs, settings.assumptions or Assumptions(), settings.markets)


def concluded(job: Job, replayed: Replayed, settings: Settings, not_worked_out: Sequence[str] = ()) -> Rehearsal:
    """What was counted, as a report has it."""
    history, tally = job.reading.history, replayed.tally
    refusals = notes_of(job.reading)
    refusals.merge(replayed.refusals)
    packs = [program.pack for program in job.programs]
    old, new = (Decider(pack) for pack in packs)
    totals = None if settings.totals is None else {settings.totals.dimension: settings.totals.sizes}
    versions = [pack.measures for pack in packs]
    design = Design.of(tally.strata.all, history.design)
    comparison = compared(tally, design, versions, Asked(settings.least_rows, totals))
    facts = facts_of(history, replayed.facts, refusals)
    labels = replayed.labels
    quality = () if labels is None else labels.quality(history.design, settings.least_rows)
    agreement = () if labels is None else labels.agreement()
    # Its strata are those of the history, for the sums of a forecast are kept by them.
    foreseen = forecast(replayed.foreseen, Design.of(replayed.facts.strata, history.design), old, new, quality)
    evidence = Evidence(job.programs, facts, comparison, foreseen, replayed.foreseen.trend, quality, agreement)
    before, after = (Version(pack.title, pack.version, pack.digest) for pack in packs)
    return Rehearsal(
        history=facts,
        old=before,
        new=after,
        comparison=comparison,
        forecast=foreseen,
        quality=quality,
        agreement=agreement,
        cases=cases(replayed.foreseen.sampler, old, new, settings.cases),
        pitfalls=pitfalls(evidence),
        refusals=refusals.listed(),
        engine=settings.engine,
        not_worked_out=(*not_worked_out, *_left_out(job, replayed, settings)),
        code=f"assay {version('assay')}",
        settings=_as_words(settings),
    )


def _market_faults(history: History, packs: Sequence[Pack], asked: tuple[str, ...] | None) -> list[Fault]:
    """Markets that are asked for and not there, and markets that one version does not know."""
    faults = []
    has = history.markets or (ELSEWHERE,)
    for market in asked or ():
        if market not in has:
            hint = did_you_mean(market, has) or f"it has {', '.join(has)}"
            faults.append(Fault("unknown-market", f"the history has no market `{market[:20]}`; {hint}", "markets"))
    for market in asked or has:
        lacking = [pack.version for pack in packs if market != ELSEWHERE and market not in pack.markets.codes]
        if lacking and market in has:
            words = f"`views:{market}`: version {' and version '.join(lacking)} has no market `{market}`"
            faults.append(Fault("unknown-market", words, f"views:{market}"))
    return faults


def _left_out(job: Job, replayed: Replayed, settings: Settings) -> tuple[str, ...]:
    """What a reader would look for and does not find, or finds only in part."""
    tally, found = replayed.tally, []
    for market, rows in sorted(tally.lanes.views_unknown.items()):
        found.append(f"Views of {rows:,} decisions in {market} are unknown and count as none; the decisions count.")
    found += [
        f"The {dimension} has more than {MOST_VALUES} values; some are counted together as `{OTHER}`."
        for dimension in tally.lanes.groups.joined
    ]
    if replayed.refusals.aside:
        found.append(f"{replayed.refusals.aside:,} rows outside of the days asked for are left aside.")
    if settings.totals is not None:
        found += _without_total(replayed, settings.totals)
    return tuple(found)


def _without_total(replayed: Replayed, totals: Totals) -> list[str]:
    has = [scope.value for scope in replayed.tally.lanes.scopes if scope.dimension == totals.dimension]
    found = []
    unknown = [value or "unknown" for value in has if value not in totals.sizes]
    if unknown:
        names = ", ".join([f"`{name}`" for name in unknown])
        found.append(f"No total is known for {names} of {totals.dimension}: the reweighted share leaves them out.")
    unseen = [value for value, size in totals.sizes.items() if size > 0 and value not in has]
    if unseen:
        names = ", ".join([f"`{name}`" for name in unseen])
        found.append(f"The history has no row of {names}, so nothing can be reweighted to the totals.")
    return found


def _as_words(settings: Settings) -> Mapping[str, str]:
    """The settings that were given, for whoever runs it again."""
    given = {
        "least_rows": str(settings.least_rows),
        "cases": str(settings.cases),
        "markets": ", ".join(settings.markets or ()),
        "since": settings.since or "",
        "until": settings.until or "",
        "totals": settings.totals.dimension if settings.totals else "",
    }
    return {name: value for name, value in given.items() if value}
