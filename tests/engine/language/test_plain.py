"""How conditions and rules read aloud, as people see it: the golden text is the list of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assay.engine.language.expression.parser import parse_expression
from assay.engine.language.pack.vocabulary import Signal, SignalValue, Vocabulary
from assay.engine.language.phrases import duration_words, instant_words, number_words
from assay.engine.language.plain import plain_condition, plain_exceptions, plain_rule
from tests.conftest import Golden
from tests.makers import a_pack, a_policy, a_rule, a_signal, a_vocabulary, an_exception


def said(signal: Signal, *values: SignalValue, phrase: str = "", phrase_no: str = "", unit: str = "") -> Signal:
    return replace(signal, values=values or signal.values, phrase=phrase, phrase_no=phrase_no, unit=unit)


EXTENT = said(
    a_signal("ai_extent", "scale"),
    SignalValue("none", "AI had no part in the content"),
    SignalValue("assisted", "AI only polished the content", at_least="AI had some part in the content"),
    SignalValue(
        "altered", "AI altered the content", None, "AI made or altered the content", "AI altered it at the most"
    ),
    SignalValue("generated", "AI made the content"),
)
KIND = said(
    a_signal("person.kind", "choice"),
    SignalValue("identifiable", "a real identifiable person is shown", "no real identifiable person is shown"),
    SignalValue("invented", "an invented person is shown"),
    SignalValue("nobody", "nobody is shown"),
)
INTIMACY = said(
    a_signal("intimacy", "scale"),
    SignalValue("none", "nothing intimate is visible"),
    SignalValue("nude", "nudity is visible", None, "nudity or more is visible"),
    SignalValue("explicit", "explicit acts are visible"),
)
TECHNIQUE = said(
    a_signal("technique", "set"),
    SignalValue("swap", "a face was swapped"),
    SignalValue("clone", "a voice was cloned", "no voice was cloned"),
)
WITH_PHRASES: Vocabulary = a_vocabulary(
    EXTENT,
    KIND,
    INTIMACY,
    TECHNIQUE,
    said(a_signal("consent"), phrase="documented consent exists"),
    said(a_signal("disclosed"), phrase="the uploader disclosed AI", phrase_no="the uploader did not disclose AI"),
    said(a_signal("copies", "number"), phrase="the account posted {is} near-copies in a day"),
    said(a_signal("followers", "number"), unit="people"),
    said(a_signal("score", "score"), phrase="the detector says {is}"),
    said(a_signal("caption", "text"), phrase="the caption"),
    said(a_signal("headline", "text"), phrase="the headline"),
    said(a_signal("posted", "time"), phrase="the upload"),
    said(a_signal("recorded", "time"), phrase="the recording"),
    said(a_signal("length", "duration"), phrase="the clip"),
    said(
        a_signal("surface", "choice"),
        SignalValue("feed", "it appears in the feed"),
        SignalValue("advert", "it appears as an advert"),
    ),
)
BARE: Vocabulary = a_vocabulary(
    *(replace(a_signal(s.name, s.type, s.value_names), title=s.name.title()) for s in WITH_PHRASES.signals)
)
CONDITIONS = """
ai_extent.atLeast("altered") && person.kind == "identifiable" && intimacy.atLeast("nude")
disclosed
!disclosed
!consent
disclosed == false
person.kind != "identifiable"
person.kind != "nobody"
person.kind in ["identifiable", "invented"]
!(person.kind in ["identifiable", "invented"])
ai_extent == "altered"
ai_extent != "none"
ai_extent != "generated"
ai_extent != "assisted"
!ai_extent.atLeast("altered")
!ai_extent.atMost("altered")
ai_extent.atMost("assisted")
ai_extent.atLeast("generated")
"swap" in technique
!("swap" in technique)
!("clone" in technique)
sets.intersects(technique, ["swap", "clone"])
sets.contains(technique, ["swap", "clone"])
!sets.intersects(technique, ["swap", "clone"])
!sets.contains(technique, ["swap", "clone"])
size(technique) > 1
size(technique) > 0
size(caption) == 1
copies >= 20
copies > 12000
copies < 3
copies <= 3
copies == 3
copies != 3
20 <= copies
!(copies >= 20)
copies in [1, 2, 3]
!(copies in [1, 2, 3])
followers > 100
score >= 0.9
score < 1e-7
caption.contains("AI made")
!caption.startsWith("AI")
caption.endsWith("!")
caption == ""
caption != "no"
caption in ["a", "", "b"]
!(caption in ["a", "b"])
caption == headline
posted < timestamp("2026-12-01T00:00:00Z")
posted >= timestamp("2026-12-01T10:30:00Z")
posted != timestamp("2026-12-01T10:30:15Z")
posted > recorded
length > duration("36h")
length <= duration("48h")
length == duration("1h30m10s")
length < duration("1.5s")
copies > followers
size(technique) >= copies
disclosed && (consent || person.kind == "nobody")
disclosed || consent && person.kind == "nobody"
disclosed && (consent || person.kind == "nobody" || copies > 3) && score > 0.5
!(disclosed && consent)
!(disclosed || consent)
true
false
""".strip().splitlines()


def test_conditions_read_as_written_down(golden: Golden) -> None:
    lines = []
    for text in CONDITIONS:
        condition = parse_expression(text)
        lines += [
            text,
            f"    {plain_condition(condition, WITH_PHRASES)}",
            f"    {plain_condition(condition, BARE)}",
            "",
        ]
    golden("plain/conditions.txt", "\n".join(lines))


def test_a_rule_reads_as_the_guidance_prints_it() -> None:
    rule = a_rule(when=CONDITIONS[0], unless="consent")
    assert plain_rule(rule, a_pack(rule, vocabulary=WITH_PHRASES)) == (
        "AI made or altered the content, a real identifiable person is shown, and nudity or more is visible, "
        "unless documented consent exists"
    )


@pytest.mark.parametrize(
    ("markets", "limit"),
    [
        ((), ""),
        (("EU",), " (only in EU)"),
        (("EU", "US", "GB", "not:FR"), " (only in EU, US, and GB except in FR)"),
        (("not:CN",), " (everywhere except in CN)"),
    ],
)
def test_markets_follow_the_condition(markets: tuple[str, ...], limit: str) -> None:
    rule = a_rule(when="disclosed", markets=markets)
    assert plain_rule(rule, a_pack(rule, vocabulary=WITH_PHRASES)) == f"the uploader disclosed AI{limit}"


def test_scope_and_rollout_are_said() -> None:
    rule = a_rule(when="disclosed", surfaces=("advert",), markets=("EU",), rollout=0.125)
    assert plain_rule(rule, a_pack(rule, vocabulary=WITH_PHRASES)) == (
        "the uploader disclosed AI and it appears as an advert (only in EU, for 12.5% of items)"
    )


def test_exceptions_are_said_one_by_one() -> None:
    rule = a_rule("p/a", "disclosed")
    exceptions = (an_exception("p/x", "consent", ("a",)), an_exception("p/y", "copies > 3", ("*",)))
    pack = a_pack(a_policy("p", (rule,), exceptions), vocabulary=WITH_PHRASES)
    assert plain_exceptions(rule, pack) == (
        "documented consent exists",
        "the account posted more than 3 near-copies in a day",
    )


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0"),
        (-1, "-1"),
        (9999, "9999"),
        (10_000, "10,000"),
        (2**53, "9,007,199,254,740,992"),
        (0.9, "0.9"),
        (1e-7, "0.0000001"),
        (1e15, "1,000,000,000,000,000"),
        (3.0, "3"),
        (-0.5, "-0.5"),
    ],
)
def test_numbers_have_no_exponent(number: float, words: str) -> None:
    assert number_words(number) == words


def test_times_and_lengths_are_said_as_people_say_them() -> None:
    assert instant_words(0) == "1 January 1970"
    assert instant_words(1_500_000) == "1 January 1970, 00:00:01.5 UTC"
    assert duration_words(0) == "0 seconds"
    assert duration_words(-86_400_000_000) == "minus 1 day"
    assert duration_words(90_061_000_001) == "25 hours, 1 minute, and 1.000001 seconds"
