"""The safety rails of a running service: they watch, put brakes on and raise alarms. Only a person releases a brake."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assay.engine.kernel.errors import Fault
from assay.interfaces.deciding.counting.tally import Tally
from assay.interfaces.deciding.events import EventLog
from assay.interfaces.deciding.lineup import Hold, Lineup, Loaded
from assay.interfaces.deciding.rails.blame import Sample, base_of, rules_that_impose, to_hold
from assay.interfaces.deciding.rails.brakes import Brakes, Bundles
from assay.interfaces.deciding.rails.holding import imposes
from assay.interfaces.deciding.rails.judging.bands import Bands
from assay.interfaces.deciding.rails.judging.quotas import Quotas, Reached
from assay.interfaces.deciding.rails.judging.watch import Out, Watch
from assay.interfaces.deciding.rails.settings import RailSettings

ANY_MARKET = "any"
_BETWEEN_TRIES = 10.0
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Alarm:
    """A measure that is outside its band, or over its quota.

    kind   `above`, `below` or `quota`
    since  microseconds since the epoch
    rules  whose brakes it put on; it stands until a person has released them
    """

    measure: str
    market: str
    kind: str
    words: str
    since: int
    rules: tuple[str, ...] = ()


class Rails:
    """Watches what is decided.

    watch_for  makes the watch over a bundle that comes into use
    clock      seconds that never go back
    """

    def __init__(
        self,
        live: Bundles,
        events: EventLog,
        tally: Tally,
        brakes: Brakes,
        settings: RailSettings,
        *,
        watch_for: Callable[[Loaded], Watch],
        quotas: Quotas,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._live, self._events, self._tally, self._brakes = live, events, tally, brakes
        self._watch_for, self._quotas = watch_for, quotas
        self._dangerous, self._look_every, self._clock = frozenset(settings.dangerous), settings.look_every, clock
        self._sample = Sample(settings.dangerous, clock)
        self._watches: dict[str, Watch] = {}
        self._alarms: dict[Key, Alarm] = {}
        self._next_try = 0.0
        self._looking = threading.Lock()
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None
        tally.listen(self._sample.took)

    # ------------------------------------------------------------------ for others

    def holds(self) -> tuple[Hold, ...]:
        """The brakes that are on."""
        return self._brakes.on

    def alarms(self) -> tuple[Alarm, ...]:
        """What is out now, the newest last."""
        return tuple(sorted(self._alarms.values(), key=lambda alarm: alarm.since))

    def bands(self) -> tuple[Bands, ...]:
        """The bands of the bundles in use."""
        return tuple(watch.bands for watch in list(self._watches.values()))

    @property
    def tripped(self) -> int:
        """How many brakes were put on since the start."""
        return self._brakes.tripped

    @property
    def failing(self) -> bool:
        """Whether a brake is wanted and could not be put on."""
        return self._brakes.failing

    def release(self, rule: str, by: str) -> Fault | None:
        """Take the brake off a rule. Rates and quotas are judged anew from this moment. It takes half a second."""
        found = self._brakes.release(rule, by)
        if isinstance(found, Fault):
            return found
        with self._looking:
            self._begin_anew(frozenset(found.measures))
            self._quotas.forget(frozenset(found.measures))
        return None

    def start(self) -> None:
        """Look again and again, in a thread of its own."""
        self._thread = threading.Thread(target=self._run, name="assay-rails", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop looking; brakes stay on."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join()

    # ------------------------------------------------------------------ looking

    def tick(self, now_microseconds: int) -> None:
        """Look once; the wall clock only dates what is found."""
        with self._looking:
            self._tally.settle()
            self._brakes.drop_gone()
            bundles = _in_use(self._live.lineup)
            now = self._clock()
            self._watch(bundles)
            self._sample.keep(tuple(bundles.values()))
            outs = self._take(now, bundles)
            reached = self._quotas.look(now)
            held = {measure for hold in self._brakes.on for measure in hold.measures}
            seen: dict[Key, Alarm] = {}
            for found in outs.values():
                for out in found:
                    # Less is done of what a brake holds back: that is no news.
                    if out.above or out.measure not in held:
                        self._note(seen, _alarm(out, now_microseconds))
            for used_up in reached:
                self._note(seen, _alarm(used_up, now_microseconds))
            # What is wrong is said before what is done about it.
            self._tell(seen)
            if now >= self._next_try:
                wanted: list[tuple[Out | Reached, tuple[str, ...]]]
                wanted = [(out, self._carriers(out, base, bundles[base], now)) for base, out in self._to_brake(outs)]
                wanted += [(used_up, _imposers(bundles.values(), used_up.quota.measure)) for used_up in reached]
                self._put(seen, wanted, tuple(bundles.values()), now)
            self._settle_alarms(seen)

    def _watch(self, bundles: Mapping[str, Loaded]) -> None:
        """One watch for each bundle in use; that of a former one stays as long as the tally remembers the bundle."""
        remembered = {base_of(book.bundle) for book in self._tally.books()}
        watches = {base: watch for base, watch in self._watches.items() if base in bundles or base in remembered}
        self._watches = watches | {base: self._watch_for(one) for base, one in bundles.items() if base not in watches}

    def _take(self, now: float, bundles: Mapping[str, Loaded]) -> dict[str, list[Out]]:
        with self._tally.reading:
            books = self._tally.books()
            for base, watch in self._watches.items():
                watch.take([book for book in books if base_of(book.bundle) == base])
            self._quotas.take(books)
        return {base: watch.look(now) for base, watch in self._watches.items() if base in bundles}

    def _to_brake(self, outs: Mapping[str, Sequence[Out]]) -> Iterator[tuple[str, Out]]:
        for base, found in outs.items():
            yield from ((base, out) for out in found if out.above and out.measure in self._dangerous)

    def _carriers(self, out: Out, base: str, bundle: Loaded, now: float) -> tuple[str, ...]:
        """The rules that carry an excess, the largest first, until the rate would be inside its band."""
        imposed = self._sample.of(out.measure, out.market, base, now - out.seconds)
        # Without a single decision to go by, none of the rules of that market can be spared.
        return to_hold(imposed, out.high / out.rate) or rules_that_impose(bundle, out.measure, out.market)

    def _put(
        self,
        seen: dict[Key, Alarm],
        wanted: Sequence[tuple[Out | Reached, Sequence[str]]],
        bundles: Sequence[Loaded],
        now: float,
    ) -> None:
        """Put all brakes on at once, since each change makes the bundle anew."""
        on, new = {hold.rule for hold in self._brakes.on}, dict[str, Hold]()
        for found, rules in wanted:
            alarm = seen[_key(found)]
            for rule in rules:
                measures = self._held_of(rule, bundles, alarm.measure)
                if rule not in on and measures:
                    new.setdefault(rule, Hold(rule, measures, alarm.words, alarm.since))
        if not new:
            return
        if not self._brakes.put(new.values()):
            self._next_try = now + _BETWEEN_TRIES
            return
        for found, rules in wanted:
            key = _key(found)
            seen[key] = _with_rules(seen[key], [rule for rule in rules if rule in new])
        self._begin_anew(frozenset(measure for hold in new.values() for measure in hold.measures))

    def _held_of(self, rule: str, bundles: Sequence[Loaded], measure: str) -> tuple[str, ...]:
        """Of a rule, everything dangerous: who doubts its removals cannot trust its strikes either."""
        found = [bundle.pack.rule_by_ref[rule] for bundle in bundles if rule in bundle.pack.rule_by_ref]
        wanted = sorted(self._dangerous | {measure})
        return tuple(name for name in wanted if any(imposes(one, name) for one in found))

    def _begin_anew(self, measures: frozenset[str]) -> None:
        for watch in self._watches.values():
            watch.forget(measures)
        self._sample.forget()

    # ------------------------------------------------------------------ alarms

    def _note(self, seen: dict[Key, Alarm], alarm: Alarm) -> None:
        key = (alarm.measure, alarm.market, alarm.kind)
        seen.setdefault(key, self._alarms.get(key, alarm))

    def _tell(self, seen: dict[Key, Alarm]) -> None:
        """One event for a measure, however many markets show the same."""
        new: dict[tuple[str, str], list[Alarm]] = {}
        for key, alarm in seen.items():
            if key not in self._alarms:
                new.setdefault((alarm.measure, alarm.kind), []).append(alarm)
        for (measure, kind), alarms in new.items():
            others = f"; the same in {len(alarms) - 1} more" if len(alarms) > 1 else ""
            slug = "quota-reached" if kind == "quota" else f"rate-{kind}"
            markets = [alarm.market for alarm in alarms]
            self._events.write(slug, alarms[0].words + others, measure=measure, markets=markets)

    def _settle_alarms(self, seen: dict[Key, Alarm]) -> None:
        on = {hold.rule for hold in self._brakes.on}
        over: dict[tuple[str, str], list[str]] = {}
        for key, alarm in self._alarms.items():
            if key not in seen and on.intersection(alarm.rules):
                seen[key] = alarm
            elif key not in seen:
                over.setdefault((alarm.measure, alarm.kind), []).append(alarm.market)
        for (measure, kind), markets in over.items():
            words = f"the alarm is over: `{measure}`, {kind}, in {', '.join(markets)}"
            self._events.write("alarm-over", words, measure=measure, markets=markets)
        self._alarms = seen

    def _run(self) -> None:
        while not self._ending.wait(self._look_every):
            try:
                self.tick(time.time_ns() // 1_000)
            except Exception as error:  # noqa: BLE001 (the outer edge of a job: recorded, and it looks again)
                self._events.write("rails-failed", f"a look failed by a fault of ours: {type(error).__name__}: {error}")


def _in_use(lineup: Lineup) -> dict[str, Loaded]:
    """The bundles that decide, by the digest that they were released under."""
    found = {} if lineup.staged is None else {base_of(lineup.staged): lineup.staged}
    return found | {base_of(lineup.current): lineup.current}


def _imposers(bundles: Iterable[Loaded], measure: str) -> tuple[str, ...]:
    """Every rule that imposes a measure whose quota is used up: not one item more."""
    return tuple(dict.fromkeys(rule for bundle in bundles for rule in rules_that_impose(bundle, measure, None)))


def _key(found: Out | Reached) -> Key:
    if isinstance(found, Reached):
        return found.quota.measure, ANY_MARKET, "quota"
    return found.measure, found.market, "above" if found.above else "below"


def _alarm(found: Out | Reached, now: int) -> Alarm:
    return Alarm(*_key(found), found.words, now)


def _with_rules(alarm: Alarm, rules: Sequence[str]) -> Alarm:
    held = tuple(dict.fromkeys((*alarm.rules, *rules)))
    return Alarm(alarm.measure, alarm.market, alarm.kind, alarm.words, alarm.since, held)
