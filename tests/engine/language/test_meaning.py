"""What a rule says of a case: scope, time, grace, rollout, subject, exceptions; and how measures join."""

from __future__ import annotations

import pytest

from assay.engine.kernel.digest import share_of
from assay.engine.kernel.instants import DAY, parse_instant
from assay.engine.kernel.truth import NO, UNKNOWN, YES, Truth
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.expression.parser import parse_expression
from assay.engine.language.meaning import meaning_of, pack_meaning, rule_meaning
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Period, Rule
from assay.engine.language.pack.vocabulary import Vocabulary
from tests.makers import SOME_DAY, a_case, a_pack, a_policy, a_rule, a_signal, a_vocabulary, an_exception

WORDS: Vocabulary = a_vocabulary(
    a_signal("disclosed"),
    a_signal("extent", "scale", ("none", "altered", "generated")),
    a_signal("kind", "choice", ("real", "invented")),
    a_signal("technique", "set", ("swap", "clone")),
    a_signal("copies", "number", integer=True),
    a_signal("score", "score"),
    a_signal("caption", "text"),
    a_signal("posted", "time"),
    a_signal("length", "duration"),
    a_signal("strikes", "number", subject="account", integer=True),
    a_signal("surface", "choice", ("feed", "advert")),
    a_signal("audience", "choice", ("everyone", "friends")),
)


def truth_of(text: str, **signals: MaybeValue) -> Truth:
    return meaning_of(parse_expression(text), signals, WORDS)


@pytest.mark.parametrize(
    ("text", "signals", "truth"),
    [
        ("disclosed", {"disclosed": True}, YES),
        ("!disclosed", {"disclosed": True}, NO),
        ("disclosed == false", {"disclosed": False}, YES),
        ('extent.atLeast("altered")', {"extent": "generated"}, YES),
        ('extent.atMost("altered")', {"extent": "generated"}, NO),
        ('kind in ["real"]', {"kind": "invented"}, NO),
        ('"swap" in technique', {"technique": frozenset({"swap"})}, YES),
        ('sets.contains(technique, ["swap", "clone"])', {"technique": frozenset({"swap"})}, NO),
        ('sets.intersects(technique, ["swap", "clone"])', {"technique": frozenset({"swap"})}, YES),
        ("size(technique) == 0", {"technique": frozenset()}, YES),
        ("copies in [1, 2]", {"copies": 2}, YES),
        ("3 <= copies", {"copies": 2}, NO),
        ("score >= 0.5", {"score": 0.5}, YES),
        ('caption.startsWith("AI")', {"caption": "ai"}, NO),
        ('caption == ""', {"caption": ""}, YES),
        ("size(caption) == 1", {"caption": "𝔸"}, YES),
        ('posted < timestamp("1970-01-01T00:00:01Z")', {"posted": 0}, YES),
        ('length >= duration("1m")', {"length": 60_000_000}, YES),
        ("true", {}, YES),
        ("false", {}, NO),
    ],
)
def test_conditions_over_known_signals(text: str, signals: dict[str, MaybeValue], truth: Truth) -> None:
    assert truth_of(text, **signals) is truth


@pytest.mark.parametrize(
    "text",
    [
        "disclosed",
        "!disclosed",
        "disclosed == true",
        'extent.atLeast("altered")',
        'kind != "real"',
        'kind in ["real"]',
        '"swap" in technique',
        'sets.contains(technique, ["swap"])',
        "size(technique) > 0",
        "copies > 1",
        "copies in [1]",
        'caption.contains("x")',
        "size(caption) > 0",
        'posted < timestamp("2026-01-01T00:00:00Z")',
        "copies == strikes",
    ],
)
def test_whatever_looks_at_a_missing_signal_is_unknown(text: str) -> None:
    assert truth_of(text) is UNKNOWN
    assert truth_of(f"!({text})") is UNKNOWN


def test_a_known_side_decides_where_it_can() -> None:
    assert truth_of("disclosed || copies > 3", disclosed=True) is YES
    assert truth_of("disclosed && copies > 3", disclosed=False) is NO
    assert truth_of("disclosed || copies > 3", disclosed=False) is UNKNOWN


# ----------------------------------------------------------------------- rules


def of_rule(rule: Rule, pack: Pack | None = None, **case: object) -> Truth:
    known = {"disclosed": True} if "signals" not in case else case.pop("signals")
    return rule_meaning(rule, pack or a_pack(rule, vocabulary=WORDS), a_case(known, **case))  # type: ignore[arg-type]


def test_unless_takes_away() -> None:
    rule = a_rule(when="disclosed", unless="copies > 3")
    assert of_rule(rule, signals={"disclosed": True, "copies": 4}) is NO
    assert of_rule(rule, signals={"disclosed": True, "copies": 3}) is YES
    assert of_rule(rule, signals={"disclosed": True}) is UNKNOWN
    assert of_rule(rule, signals={"disclosed": False}) is NO


@pytest.mark.parametrize(
    ("markets", "market", "truth"),
    [
        ((), "BR", YES),
        (("EU",), "FR", YES),
        (("EU",), "BR", NO),
        (("EU", "not:FR"), "FR", NO),
        (("not:US",), "US-CA", NO),
        (("US-CA",), "US", NO),
        (("US",), "US-CA", YES),
    ],
)
def test_a_rule_holds_in_its_markets_only(markets: tuple[str, ...], market: str, truth: Truth) -> None:
    assert of_rule(a_rule(markets=markets), market=market) is truth


def test_outside_its_markets_a_rule_is_no_whatever_is_unknown() -> None:
    assert of_rule(a_rule(markets=("EU",)), market="BR", signals={}) is NO


def test_a_surface_and_an_audience_are_signals_like_others() -> None:
    rule = a_rule(surfaces=("advert",), audience=("friends",))
    assert of_rule(rule, signals={"disclosed": True, "surface": "advert", "audience": "friends"}) is YES
    assert of_rule(rule, signals={"disclosed": True, "surface": "feed"}) is NO
    assert of_rule(rule, signals={"disclosed": True, "surface": "advert"}) is UNKNOWN


def test_the_first_moment_counts_and_the_last_does_not() -> None:
    start, end = parse_instant("2026-12-01") or 0, parse_instant("2027-01-01") or 0
    rule = a_rule(period=Period(start, end))
    found = [of_rule(rule, as_of=as_of) for as_of in (start - 1, start, end - 1, end)]
    assert found == [NO, YES, YES, NO]
    assert of_rule(rule, as_of=end, signals={}) is NO


def test_a_rollout_takes_the_same_items_every_time_and_needs_an_id() -> None:
    rule = a_rule("likeness/label", rollout=0.1)
    items = [f"item-{number}" for number in range(300)]
    taken = {item for item in items if of_rule(rule, item=item) is YES}
    assert taken == {item for item in items if share_of(item, "likeness/label") < 0.1}
    assert 10 < len(taken) < 60
    assert of_rule(rule, item=None) is UNKNOWN
    assert of_rule(rule, item=None, signals={"disclosed": False}) is NO
    assert of_rule(a_rule(rollout=0.0), item="item-1") is NO


def test_a_rule_speaks_of_its_own_subject_and_an_item_may_read_its_account() -> None:
    account = a_rule(when="strikes > 2", subject="account")
    assert of_rule(account, signals={"strikes": 3}) is NO
    assert of_rule(account, signals={"strikes": 3}, subject="account") is YES
    assert of_rule(a_rule(when="strikes > 2"), signals={"strikes": 3}) is YES


def test_an_exception_takes_away_unless_the_rule_bars_it() -> None:
    open_rule, barred = a_rule("p/open"), a_rule("p/barred", no_exception=True)
    satire = an_exception("p/satire", "copies > 3", ("p/*",))
    pack = a_pack(a_policy("p", (open_rule, barred), (satire,)), vocabulary=WORDS)
    case = a_case({"disclosed": True, "copies": 4})
    assert rule_meaning(open_rule, pack, case) is NO
    assert rule_meaning(barred, pack, case) is YES
    assert rule_meaning(open_rule, pack, a_case({"disclosed": True})) is UNKNOWN


def test_a_wildcard_passes_over_what_an_exception_cannot_read() -> None:
    item, account = a_rule("p/item"), a_rule("p/account", "strikes > 2", subject="account")
    satire = an_exception("p/satire", "disclosed", ("*",))
    pack = a_pack(a_policy("p", (item, account), (satire,)), vocabulary=WORDS)
    assert [rule.id for rule in pack.reached(satire)] == ["item"]


# -------------------------------------------------------------------- measures


def test_a_measure_is_the_or_of_its_rules() -> None:
    pack = a_pack(a_rule("p/a", "disclosed"), a_rule("p/b", "copies > 3"), vocabulary=WORDS)
    assert pack_meaning(pack, a_case({"disclosed": True})).measures["removed"] is YES
    assert pack_meaning(pack, a_case({"disclosed": False})).measures["removed"] is UNKNOWN
    assert pack_meaning(pack, a_case({"disclosed": False, "copies": 0})).measures["removed"] is NO


def test_in_the_grace_period_some_measures_wait() -> None:
    start = SOME_DAY
    rule = a_rule(then=("removed", "strike:minor"), period=Period(start), grace_until=start + 30 * DAY)
    pack = a_pack(rule, vocabulary=WORDS)
    early = pack_meaning(pack, a_case({"disclosed": True}, as_of=start))
    late = pack_meaning(pack, a_case({"disclosed": True}, as_of=start + 30 * DAY))
    assert (early.measures["removed"], early.measures["strike:minor"]) == (YES, NO)
    assert (late.measures["removed"], late.measures["strike:minor"]) == (YES, YES)
    assert early.rules[rule.ref] is YES


def test_measures_until_known_hold_only_while_a_rule_is_open() -> None:
    pack = a_pack(a_rule(until_known=("not_recommended",)), vocabulary=WORDS)
    assert pack_meaning(pack, a_case({})).open_measures["not_recommended"] is YES
    assert pack_meaning(pack, a_case({"disclosed": True})).open_measures["not_recommended"] is NO
    assert pack_meaning(pack, a_case({})).measures["not_recommended"] is NO


def test_what_was_not_checked_is_not_decided() -> None:
    with pytest.raises(TypeError, match="not checked"):
        truth_of("size(caption)", caption="x")
