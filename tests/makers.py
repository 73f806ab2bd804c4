"""Builders of signals, rules and packs with good defaults; strategies for whole packs and cases. It tests nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from assay.engine.kernel.instants import DAY, parse_instant
from assay.engine.kernel.markets import Markets
from assay.engine.kernel.span import Span
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.document.markdown import Section
from assay.engine.language.document.source import Source
from assay.engine.language.expression.parser import parse_expression
from assay.engine.language.expression.printer import print_expression
from assay.engine.language.expression.syntax import Expression, Literal
from assay.engine.language.meaning import Case
from assay.engine.language.pack.calendar import Window, value_by_calendar
from assay.engine.language.pack.measures import Ladder, Measure, Measures
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Condition, Exemption, Named, Period, Policy, Rule
from assay.engine.language.pack.read_pack import DEFAULT_PRECEDENCE
from assay.engine.language.pack.vocabulary import SUBJECTS, CalendarSource, Signal, SignalType, SignalValue, Vocabulary
from tests.makers_conditions import conditions, readable, signals_for, values_of, vocabularies

__all__ = [
    "a_case",
    "a_condition",
    "a_pack",
    "a_policy",
    "a_rule",
    "a_signal",
    "a_vocabulary",
    "cases",
    "conditions",
    "packs",
    "signals_for",
    "values_of",
    "vocabularies",
]

ALWAYS = Period()
SOME_DAY = parse_instant("2026-12-15") or 0
MARKETS = Markets({"EU": ("DE", "FR", "IT"), "EEA": ("EU", "NO")}, ("US-CA", "US-TX"))
MARKET_LISTS: tuple[tuple[str, ...], ...] = (
    (),
    ("EU",),
    ("US",),
    ("US-CA",),
    ("EEA", "not:FR"),
    ("not:US",),
    ("CN", "IN", "US-TX"),
    ("US", "not:US-CA"),
)
INTERESTING_MARKETS = ("FR", "DE", "NO", "US", "US-CA", "US-TX", "CN", "IN", "BR", "GB")
WORDS = {
    SignalType.CHOICE: ("adult", "minor", "nobody"),
    SignalType.SCALE: ("none", "altered", "generated"),
    SignalType.SET: ("face_swap", "voice_clone", "inpainting"),
}


# -------------------------------------------------------------------- builders


def a_signal(
    name: str = "disclosed",
    kind: SignalType | str = SignalType.FLAG,
    values: Sequence[str] | None = None,
    *,
    subject: str = "item",
    scope: str = "item",
    minimum: float | None = None,
    maximum: float | None = None,
    integer: bool = False,
    phrase: str = "",
) -> Signal:
    """A signal; choices, scales and sets have some values unless told."""
    kind = SignalType(kind)
    names = WORDS.get(kind, ()) if values is None else values
    return Signal(
        name=name,
        type=kind,
        title=name.replace("_", " ").replace(".", " "),
        question=f"{name}?",
        values=tuple(SignalValue(value, value.replace("_", " ")) for value in names),
        phrase=phrase,
        minimum=minimum,
        maximum=maximum,
        integer=integer,
        subject=subject,
        scope=scope,
        asserted_by=DEFAULT_PRECEDENCE,
        precedence=DEFAULT_PRECEDENCE,
    )


def a_vocabulary(*signals: Signal) -> Vocabulary:
    return Vocabulary(signals)


def a_condition(given: str | Expression) -> Condition:
    """A condition from its text, or from its tree."""
    text = given if isinstance(given, str) else print_expression(given)
    return Condition(parse_expression(text), Source.of_line(text))


def named(*names: str) -> tuple[Named, ...]:
    return tuple(Named(name, Span("policies/p.md", 1, 1)) for name in names)


def a_rule(
    reference: str = "likeness/intimate",
    when: str | Expression = "disclosed",
    *,
    unless: str | Expression | None = None,
    then: Sequence[str] = ("removed",),
    until_known: Sequence[str] = (),
    markets: Sequence[str] = (),
    surfaces: Sequence[str] = (),
    audience: Sequence[str] = (),
    period: Period = ALWAYS,
    grace_until: int | None = None,
    rollout: float = 1.0,
    subject: str = "item",
    no_exception: bool = False,
    severity: str = "S2",
) -> Rule:
    policy, _, identifier = reference.partition("/")
    return Rule(
        policy=policy,
        id=identifier,
        title=identifier.replace("-", " "),
        when=a_condition(when),
        unless=None if unless is None else a_condition(unless),
        then=named(*then),
        until_known=named(*until_known),
        severity=severity,
        harm=None,
        no_exception=no_exception,
        meets=(),
        markets=named(*markets),
        surfaces=named(*surfaces),
        audience=named(*audience),
        period=period,
        grace_until=grace_until,
        rollout=rollout,
        subject=subject,
        enforced_by="anyone",
        span=Span(f"policies/{policy}.md", 1, 1),
    )


def an_exception(reference: str, when: str | Expression, reaches: Sequence[str]) -> Exemption:
    policy, _, identifier = reference.partition("/")
    return Exemption(policy, identifier, identifier, a_condition(when), named(*reaches), Span("policies/p.md", 1, 1))


def a_policy(
    identifier: str = "likeness", rules: Sequence[Rule] = (), exceptions: Sequence[Exemption] = (), **others: object
) -> Policy:
    """A policy with its rules and exceptions; `others` are fields of `Policy`."""
    path = f"policies/{identifier}.md"
    titles = dict.fromkeys([rule.title for rule in rules] + [exception.title for exception in exceptions])
    plain = Policy(
        id=identifier,
        title=identifier.title(),
        version="1.0.0",
        owner="policy",
        path=path,
        period=Period(),
        grace=0,
        subject="item",
        introduction=Section("", 0, 1, "", ""),
        sections=tuple(Section(title, 2, 1, "", "") for title in titles),
        rules=tuple(rules),
        exceptions=tuple(exceptions),
        examples=(),
        span=Span(path, 1, 1, 3),
    )
    return replace(plain, **others) if others else plain  # type: ignore[arg-type]


def a_measure(identifier: str, kind: str = "single", rank: int = 0, *, after_grace: bool = False) -> Measure:
    family = identifier.partition(":")[0] if kind != "step" else "visibility"
    words = identifier.replace("_", " ").replace(":", " ")
    return Measure(identifier, words.capitalize(), f"it is {words}", kind, family, rank, after_grace)


def some_measures() -> Measures:
    """Two ladders, a set, a counter that waits for the end of grace, two single measures; one pair excludes itself."""
    visibility = tuple(
        a_measure(step, "step", rank) for rank, step in enumerate(("not_recommended", "blocked", "removed"), 1)
    )
    age = tuple(replace(a_measure(step, "step", 1), family="age") for step in ("adults_only",))
    base = a_measure("visible", "step")
    any_age = replace(a_measure("any_age", "step"), family="age")
    others = (
        a_measure("label:ai", "member"),
        a_measure("label:possibly_ai", "member"),
        a_measure("label:context", "member"),
        a_measure("strike:minor", "kind", after_grace=True),
        a_measure("strike:severe", "kind", after_grace=True),
        a_measure("copies_removed"),
        a_measure("account_restricted"),
    )
    return Measures(
        all=(*visibility, *age, *others),
        ladders=(Ladder("visibility", "Visibility", base, visibility), Ladder("age", "Age", any_age, age)),
        titles={"visibility": "Visibility", "age": "Age", "label": "Label", "strike": "Strike"},
        incompatible=(("label:ai", "label:possibly_ai"),),
    )


def a_pack(
    *parts: Rule | Policy,
    vocabulary: Vocabulary | None = None,
    measures: Measures | None = None,
    markets: Markets = MARKETS,
    windows: Sequence[Window] = (),
) -> Pack:
    """A pack of policies, and of rules, which are put into policies of the name in their references."""
    loose: dict[str, list[Rule]] = {}
    for part in parts:
        if isinstance(part, Rule):
            loose.setdefault(part.policy, []).append(part)
    policies = [part for part in parts if isinstance(part, Policy)]
    policies += [a_policy(identifier, rules) for identifier, rules in loose.items()]
    return Pack(
        name="sample",
        title="A sample",
        version="1.0.0",
        precedence=DEFAULT_PRECEDENCE,
        markets=markets,
        vocabulary=a_vocabulary(a_signal()) if vocabulary is None else vocabulary,
        measures=some_measures() if measures is None else measures,
        obligations=(),
        windows=tuple(windows),
        policies=tuple(policies),
        files={},
    )


def a_case(
    signals: Mapping[str, MaybeValue] | None = None,
    market: str = "FR",
    as_of: int = SOME_DAY,
    item: str | None = "item-1",
    subject: str = "item",
) -> Case:
    return Case(signals or {}, market, as_of, item, subject)


# ------------------------------------------------------------------ strategies

_PERIODS = tuple(
    Period(parse_instant(start) if start else None, parse_instant(end) if end else None)
    for start, end in (("", ""), ("", ""), ("2026-12-01", ""), ("2026-11-01", "2026-12-20"), ("", "2027-01-01"))
)
_GRACE_DAYS = (0, 0, 20)
_CALENDAR_SIGNALS = (
    replace(
        a_signal("election.phase", SignalType.CHOICE, ("none", "campaign", "blackout"), scope="market"),
        calendar=CalendarSource("election", "phase", "none"),
    ),
    replace(
        a_signal("election.days_to", SignalType.NUMBER, scope="market", integer=True),
        calendar=CalendarSource("election", "days_to"),
    ),
)
_SCOPES = (
    a_signal("surface", SignalType.CHOICE, ("feed", "advert", "profile")),
    a_signal("audience", SignalType.CHOICE, ("everyone", "friends")),
)


@st.composite
def _windows(draw: DrawFn) -> tuple[Window, ...]:
    found = []
    for number in range(draw(st.integers(1, 3))):
        start = SOME_DAY + draw(st.integers(-3, 2)) * DAY
        reached = MARKETS.reach(draw(st.sampled_from(("US", "US-CA", "EU", "BR", "FR"))))
        phase = draw(st.sampled_from(("campaign", "blackout")))
        until = start + draw(st.integers(1, 3)) * DAY
        poll = draw(st.sampled_from((None, start, until + DAY)))
        source = "https://example.org/calendar"
        found.append(
            Window(
                f"w-{number}", "election", reached, phase, start, until, poll, source, "verified", Span("c.yaml", 1, 1)
            )
        )
    return tuple(found)


@st.composite
def _rules(draw: DrawFn, reference: str, policy: Policy, pack: Pack) -> Rule:
    subjects = [s for s in SUBJECTS if readable(pack.vocabulary, s)]
    subject = draw(st.sampled_from(("item",) * 6 + tuple(subjects)))
    period = draw(st.sampled_from((policy.period, policy.period, policy.period, *_PERIODS)))
    effective = period.effective if period.effective is not None else policy.period.effective
    sunset = period.sunset if period.sunset is not None else policy.period.sunset
    ids = [measure.id for measure in pack.measures.all if measure.id != "label:possibly_ai"]
    some = st.lists(st.sampled_from(ids), min_size=1, max_size=3, unique=True)
    condition = st.one_of(*[conditions(pack.vocabulary, subject)] * 9, st.sampled_from((Literal(True), Literal(False))))
    scoped = "surface" in pack.vocabulary.by_name and draw(st.booleans())
    return a_rule(
        reference,
        draw(condition),
        unless=draw(condition) if draw(st.sampled_from((False, False, True))) else None,
        then=draw(some),
        until_known=draw(some) if draw(st.booleans()) else (),
        markets=draw(st.sampled_from(((),) * 12 + MARKET_LISTS)),
        surfaces=draw(st.sampled_from(((), ("advert",), ("feed", "profile")))) if scoped else (),
        audience=draw(st.sampled_from(((), ("friends",)))) if scoped else (),
        period=Period(effective, sunset),
        grace_until=effective + policy.grace * DAY if policy.grace and effective is not None else None,
        rollout=draw(st.sampled_from((1.0,) * 10 + (0.5, 0.1, 0.0))),
        subject=subject,
        no_exception=draw(st.sampled_from((False, False, True))),
        severity=draw(st.sampled_from(("S0", "S2", "S4"))),
    )


@st.composite
def packs(draw: DrawFn, *, most_rules: int = 5) -> Pack:
    """Small packs with all that rules can have, sound but for their examples. They are made of no texts."""
    vocabulary = draw(vocabularies(most=6))
    by_calendar = draw(st.booleans())
    extra = (_SCOPES if draw(st.booleans()) else ()) + (_CALENDAR_SIGNALS if by_calendar else ())
    vocabulary = Vocabulary((*vocabulary.signals, *extra))
    bare = a_pack(vocabulary=vocabulary, windows=draw(_windows()) if by_calendar else ())
    policies = []
    for name in ("first", "second")[: draw(st.integers(1, 2))]:
        policy = a_policy(name, period=draw(st.sampled_from(_PERIODS)), grace=draw(st.sampled_from(_GRACE_DAYS)))
        references = [f"{name}/r{number}" for number in range(draw(st.integers(1, max(1, most_rules // 2))))]
        rules = [draw(_rules(reference, policy, bare)) for reference in references]
        policies.append(replace(policy, rules=tuple(rules), sections=a_policy(name, rules).sections))
    found = replace(bare, policies=tuple(policies))
    return draw(_with_exceptions(found)) if draw(st.booleans()) else found


@st.composite
def _with_exceptions(draw: DrawFn, pack: Pack) -> Pack:
    """The pack with an exception in its last policy that reaches one rule, or all that it can of a policy."""
    open_to = [rule for rule in pack.rules if not rule.no_exception]
    if not open_to:
        return pack
    rule = draw(st.sampled_from(open_to))
    when = draw(conditions(pack.vocabulary, rule.subject))
    last = pack.policies[-1]
    reaches = draw(st.sampled_from((rule.ref, f"{rule.policy}/*")))
    exception = an_exception(f"{last.id}/satire", when, (reaches,))
    changed = a_policy(last.id, last.rules, (exception,), period=last.period, grace=last.grace)
    return replace(pack, policies=(*pack.policies[:-1], changed))


@st.composite
def cases(draw: DrawFn, pack: Pack, *, missing: float = 0.3) -> Case:
    """Cases near what a pack's rules look at. Signals of the calendar have the values that it gives them."""
    bounds = {bound for rule in pack.rules for bound in (rule.period.effective, rule.period.sunset, rule.grace_until)}
    bounds |= {instant for window in pack.windows for instant in (window.start, window.until, window.poll)}
    near = sorted(bound + shift for bound in bounds if bound is not None for shift in (-1, 0, DAY))
    as_of = draw(st.sampled_from((SOME_DAY, SOME_DAY, SOME_DAY, *near)))
    market = draw(st.sampled_from(INTERESTING_MARKETS))
    item = draw(st.sampled_from((None, "item-1", "item-2", "item-3", "ü")))
    given: dict[str, MaybeValue] = dict(draw(signals_for(pack.vocabulary, missing=missing)))
    for signal in pack.vocabulary.signals:
        if signal.calendar is not None:
            given[signal.name] = value_by_calendar(signal, pack.windows, market, as_of)
    return Case(given, market, as_of, item, draw(st.sampled_from(("item",) * 10 + ("account", "campaign"))))
