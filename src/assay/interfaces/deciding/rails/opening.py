"""Opens the rails that settings name, over bundles that decide already. It never begins with a band it cannot read."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.identifiers import did_you_mean
from assay.engine.language.pack.pack import Pack
from assay.interfaces.deciding.counting.tally import Tally
from assay.interfaces.deciding.events import EventLog
from assay.interfaces.deciding.lineup import Loaded
from assay.interfaces.deciding.rails.blame import base_of
from assay.interfaces.deciding.rails.brakes import Brakes, Bundles
from assay.interfaces.deciding.rails.judging.bands import REST, bands_of
from assay.interfaces.deciding.rails.judging.evidence import wanted_evidence
from assay.interfaces.deciding.rails.judging.forecast import Forecast, forecast_for, read_forecasts
from assay.interfaces.deciding.rails.judging.quotas import Quotas
from assay.interfaces.deciding.rails.judging.watch import Watch, rates_judged
from assay.interfaces.deciding.rails.rails import Rails
from assay.interfaces.deciding.rails.settings import DANGEROUS, INSTEAD, SHELTER, WATCHED, RailSettings
from assay.interfaces.deciding.rails.state import read_holds
from assay.interfaces.deciding.rails.written import Limit, Quota, read_limit, read_quota

STATE = "rails.json"


def open_rails(
    settings: RailSettings,
    live: Bundles,
    events: EventLog,
    tally: Tally,
    state: Path | None,
    *,
    forgetful: bool = False,
    clock: Callable[[], float] = time.monotonic,
) -> Rails | list[Fault]:
    """The rails, with the brakes on that were on before; or everything that is wrong with their settings.

    state      the folder that remembers brakes
    forgetful  whether brakes may end with the process, where no folder remembers them
    """
    pack = live.lineup.current.pack
    limits = [one for one in map(read_limit, settings.limits) if isinstance(one, Limit)]
    quotas = [one for one in map(read_quota, settings.quotas) if isinstance(one, Quota)]
    faults = settings.faults() + _unknown(settings, pack, limits, quotas)
    forecasts = [] if settings.rehearsal is None else read_forecasts(settings.rehearsal)
    if state is None and not forgetful and (limits or quotas or settings.rehearsal is not None):
        words = "name a folder that remembers brakes, or a restart would release them: `state` in the table `bundles`"
        faults.append(Fault("no-state", words))
    path = None if state is None else state / STATE
    holds = read_holds(path)
    faults += [one for one in (forecasts, holds) if isinstance(one, Fault)]
    if faults or isinstance(forecasts, Fault) or isinstance(holds, Fault):
        return faults
    brakes = Brakes(live, events, path, _instead(settings, pack))
    fault = brakes.restore(holds)
    if fault is not None:
        return [fault]
    return Rails(
        live,
        events,
        tally,
        brakes,
        settings,
        watch_for=_watching(settings, limits, forecasts, events),
        quotas=Quotas(quotas),
        clock=clock,
    )


def _watching(
    settings: RailSettings, limits: list[Limit], forecasts: list[Forecast], events: EventLog
) -> Callable[[Loaded], Watch]:
    """What makes a watch over a bundle when it comes into use."""

    def watch_for(bundle: Loaded) -> Watch:
        forecast = forecast_for(base_of(bundle), forecasts)
        if forecasts and (forecast is None or forecast.digest != base_of(bundle)):
            words = f"no rehearsal given is of {bundle.pack.name} {bundle.pack.version}; " + (
                "only limits are held" if forecast is None else f"the bands of {forecast.title} are held in its place"
            )
            events.write("rehearsal-of-another-bundle", words, digest=base_of(bundle))
        looked_at = frozenset((*settings.dangerous, *settings.watched)) | {limit.measure for limit in limits}
        measures = tuple(measure.id for measure in bundle.pack.measures.all if measure.id in looked_at)
        bands = bands_of(bundle, measures, limits, forecast, settings.widen)
        wanted = wanted_evidence(
            false_alarms=settings.false_alarms,
            looks_per_second=1 / settings.look_every,
            judged=rates_judged(bands, settings.longest_window),
        )
        return Watch(bands, least=settings.least, longest=settings.longest_window, wanted=wanted)

    return watch_for


def _instead(settings: RailSettings, pack: Pack) -> str:
    """What held measures fall back to; the shelter that is the default may be unknown to a pack."""
    return f"{settings.instead} {settings.shelter}" if settings.shelter in pack.measures.by_id else settings.instead


def _unknown(settings: RailSettings, pack: Pack, limits: list[Limit], quotas: list[Quota]) -> list[Fault]:
    """Measures and markets that the pack does not have; a misspelt one would guard nothing."""
    known = pack.measures.by_id
    named: dict[str, tuple[str, ...]] = {}
    # The defaults are of the starter pack. Another pack need not have them, as long as nothing is judged by them.
    if limits or quotas or settings.rehearsal is not None or settings.instead != INSTEAD:
        named["instead"] = (settings.instead,)
    if settings.dangerous != DANGEROUS:
        named["dangerous"] = settings.dangerous
    if settings.watched != WATCHED:
        named["watched"] = settings.watched
    if settings.shelter not in (SHELTER, ""):
        named["shelter"] = (settings.shelter,)
    named["limits"] = tuple(limit.measure for limit in limits)
    named["quotas"] = tuple(quota.measure for quota in quotas)
    faults = []
    for field, names in named.items():
        for name in [one for one in names if one and one not in known]:
            hint = did_you_mean(name, known) or "name one of the pack's measures"
            faults.append(Fault("unknown-measure", f"the pack has no measure `{name}`; {hint}", field))
    markets = [limit.market for limit in limits if limit.market is not None]
    strange = [market for market in markets if not pack.markets.knows(market) and market != REST]
    return faults + [Fault("unknown-market", f"no market is named `{market}`", "limits") for market in strange]
