"""What a decision came to, market by market: what is certain, what is open, which rules stand behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assay.engine.language.pack.pack import Pack
from assay.interfaces.look.markets import title_of
from assay.interfaces.web.decisions.wording import shown
from assay.interfaces.web.policies.views import PolicyView, RuleView, view_of


@dataclass(frozen=True, slots=True)
class MeasureSaid:
    """A measure with its words, as the bundle has them, or its name alone."""

    name: str
    title: str
    words: str
    by_exhaustion: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What holds alike in some markets.

    certain, waiting  measures that are certain, and that are open
    reached           how far each ladder is reached: its name, the step that holds, the furthest it may go
    """

    markets: tuple[str, ...]
    titles: tuple[str, ...]
    certain: tuple[MeasureSaid, ...]
    waiting: tuple[MeasureSaid, ...]
    reached: tuple[tuple[str, str, str], ...]
    settled: bool
    questions: tuple[str, ...]
    fired: tuple[str, ...]
    possible: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Behind:
    """A rule behind a decision, with its text as of that day where the bundle is kept.

    truth    `true` where it holds, `unknown` where it may
    reason   what the record says it turns on
    markets  where
    public   what the policy says to everybody under the rule's heading, as HTML of our own making
    """

    ref: str
    truth: str
    reason: str
    markets: tuple[str, ...]
    title: str
    policy: str
    public: str
    view: RuleView | None

    @property
    def name(self) -> str:
        """Its id inside its policy; of a rule whose bundle is not kept, what the record says behind the slash."""
        return self.ref.rpartition("/")[2]


def outcomes_of(record: Mapping[str, object], pack: Pack | None) -> tuple[Outcome, ...]:
    """The outcomes of a record; what in it has another form is left out."""
    found = record.get("outcomes")
    return tuple(_outcome(one, pack) for one in found if isinstance(one, dict)) if isinstance(found, list) else ()


def rules_behind(record: Mapping[str, object], outcomes: Sequence[Outcome], pack: Pack | None) -> tuple[Behind, ...]:
    """The rules that hold or may hold in some market, those that hold first."""
    reasons = record.get("reasons")
    told = reasons if isinstance(reasons, dict) else {}
    where: dict[str, list[str]] = {}
    fired: set[str] = set()
    for outcome in outcomes:
        fired.update(outcome.fired)
        for ref in (*outcome.fired, *outcome.possible):
            where.setdefault(ref, []).extend(outcome.titles)
    views: dict[str, PolicyView] = {}
    refs = sorted(where, key=lambda ref: (ref not in fired, ref))
    return tuple(_behind(ref, ref in fired, str(told.get(ref, "")), where[ref], pack, views) for ref in refs)


def _behind(
    ref: str, holds: bool, reason: str, markets: Sequence[str], pack: Pack | None, views: dict[str, PolicyView]
) -> Behind:
    rule = pack.rule_by_ref.get(ref) if pack is not None else None
    truth, places = "true" if holds else "unknown", tuple(dict.fromkeys(markets))
    if pack is None or rule is None:
        return Behind(shown(ref), truth, shown(reason, 2_000), places, shown(ref), "", "", None)
    view = views.get(rule.policy)
    if view is None:
        policy = next(one for one in pack.policies if one.id == rule.policy)
        view = views[rule.policy] = view_of(policy, pack)
    section = next((one for one in view.sections if any(each.rule.ref == ref for each in one.rules)), None)
    found = next((each for each in section.rules if each.rule.ref == ref), None) if section is not None else None
    public = section.public if section is not None else ""
    return Behind(ref, truth, reason, places, rule.title, rule.policy, public, found)


def _outcome(one: Mapping[str, object], pack: Pack | None) -> Outcome:
    measures, exhausted, ladders = (_mapping(one.get(name)) for name in ("measures", "by_exhaustion", "ladders"))
    markets = tuple(shown(name, 40) for name in _texts(one.get("markets")))
    return Outcome(
        markets=markets,
        titles=tuple(title_of(name) for name in markets),
        certain=tuple(_measure(name, pack, exhausted) for name, truth in measures.items() if truth == "yes"),
        waiting=tuple(_measure(name, pack, {}) for name, truth in measures.items() if truth == "unknown"),
        reached=tuple(_reached(name, step, pack) for name, step in ladders.items() if isinstance(step, dict)),
        settled=one.get("settled") is True,
        questions=_texts(one.get("questions")),
        fired=_texts(one.get("fired")),
        possible=_texts(one.get("possible")),
    )


def _measure(name: str, pack: Pack | None, exhausted: Mapping[str, object]) -> MeasureSaid:
    known = pack.measures.by_id.get(name) if pack is not None else None
    title, words = (known.title, known.phrase) if known is not None else ("", "")
    return MeasureSaid(shown(name), title, words, name in exhausted)


def _reached(name: str, step: Mapping[str, object], pack: Pack | None) -> tuple[str, str, str]:
    ladder = next((one for one in pack.measures.ladders if one.id == name), None) if pack is not None else None
    titles = {one.id: one.title for one in (ladder.base, *ladder.steps)} if ladder is not None else {}
    applied, most = (str(step.get(key, "")) for key in ("applied", "at_most"))
    title = ladder.title if ladder is not None else shown(name)
    return title, titles.get(applied, shown(applied)), titles.get(most, shown(most))


def _texts(value: object) -> tuple[str, ...]:
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
