"""Harms, protected scenarios, invariants and what a label never cures, as a whole pack reads them."""

from __future__ import annotations

from assay.engine.kernel.truth import NO, UNKNOWN, YES
from assay.engine.language.checker import check_pack
from assay.engine.language.meaning import meaning_of
from assay.engine.language.pack.measures import Measures
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.promises.harms import Harms
from assay.engine.language.pack.promises.words import promise_vocabulary
from assay.engine.language.pack.vocabulary import SignalType
from tests.makers import a_condition, a_pack, a_rule, a_signal, a_vocabulary
from tests.makers_text import files_of

VOCABULARY = a_vocabulary(
    a_signal("disclosed"),
    a_signal("extent", "scale"),
    a_signal("technique", "set"),
    a_signal("caption", "text"),
    a_signal("phase", "choice", ("none", "campaign"), scope="market"),
)
HARMS = """\
level: S2
harms:
  bullying:
    title: Bullying
    severity: S3
    when: extent == "generated" && market in ["US", "FR"]
    answered_by: [removed, blocked]
  spam: {title: Spam, severity: S1, when: disclosed}
"""
SCENARIOS = """\
protected:
  - id: a-painting
    title: a painting
    given: {extent: none, technique: [face_swap], caption: "unknown", disclosed: unknown, phase: campaign}
    markets: [EU, "not:FR"]
    never: [removed, strike:minor]
  - {id: a-film, title: a film, given: {disclosed: yes}, never: [removed]}
"""
CURE = """\
label_never_cures:
  measures: [removed, blocked]
  undisclosed: {disclosed: no}
  disclosed: {disclosed: yes, extent: altered}
  when: technique.contains("x") || extent.atLeast("altered")
"""
INVARIANTS = """\
invariants:
  - {id: first, text: It is so., holds: '!("removed" in measures) || market != "CN"'}
"""


def sound(**changes: str) -> dict[str, str]:
    files = files_of(a_pack(a_rule("p/a"), vocabulary=VOCABULARY))
    return files | {name.replace("_yaml", ".yaml"): text for name, text in changes.items()}


def read(**changes: str) -> tuple[Pack, list[str]]:
    checked = check_pack(sound(**changes))
    return checked.pack, [f"{p.slug}: {p.words}" for p in checked.problems if p.severity == "error"]


def faults(**changes: str) -> list[str]:
    return [fault for fault in read(**changes)[1] if not fault.startswith("missing-example")]


def measures(text: str) -> str:
    return sound()["measures.yaml"] + text


def test_harms_read_with_their_level() -> None:
    pack, _ = read(harms_yaml=HARMS)
    assert faults(harms_yaml=HARMS) == []
    bullying, spam = pack.harms.harms
    assert pack.harms.level == "S2"
    assert (bullying.id, bullying.title, bullying.severity) == ("bullying", "Bullying", "S3")
    assert [named.name for named in bullying.answered_by] == ["removed", "blocked"]
    assert bullying.when == a_condition('extent == "generated" && market in ["US", "FR"]')
    assert spam.answered_by == ()
    assert (bullying.span.path, bullying.span.line, bullying.span.column) == ("harms.yaml", 3, 3)


def test_a_pack_without_the_files_promises_nothing() -> None:
    pack, _ = read()
    assert pack.harms == Harms("S3", ())
    assert pack.protected == ()
    assert pack.measures.label_never_cures is None
    assert Measures(()).label_never_cures is None
    assert a_pack().harms.harms == ()


def test_the_files_are_part_of_the_pack_and_of_its_digest() -> None:
    digests = [read(**changes)[0].digest for changes in ({}, {"harms_yaml": HARMS}, {"scenarios_yaml": SCENARIOS})]
    assert len(set(digests)) == 3
    assert read(harms_yaml="")[0].harms.harms == ()


def test_scenarios_read_as_examples_do() -> None:
    pack, _ = read(scenarios_yaml=SCENARIOS)
    assert faults(scenarios_yaml=SCENARIOS) == []
    painting, film = pack.protected
    assert painting.given == {
        "extent": "none",
        "technique": frozenset({"face_swap"}),
        "caption": "unknown",
        "disclosed": None,
        "phase": "campaign",
    }
    assert [named.name for named in painting.markets] == ["EU", "not:FR"]
    assert [named.name for named in painting.never] == ["removed", "strike:minor"]
    assert (film.id, film.title, film.given, film.markets) == ("a-film", "a film", {"disclosed": True}, ())
    assert (painting.span.path, painting.span.line) == ("scenarios.yaml", 2)


def test_of_two_scenarios_with_one_name_the_first_is_kept() -> None:
    again = SCENARIOS.replace("a-film", "a-painting")
    pack, _ = read(scenarios_yaml=again)
    assert [scenario.title for scenario in pack.protected] == ["a painting"]
    assert faults(scenarios_yaml=again) == ["bad-value: two scenarios are named `a-painting`"]


def test_what_a_label_never_cures_reads() -> None:
    text = measures(CURE.replace('technique.contains("x") || ', ""))
    pack, _ = read(measures_yaml=text)
    assert faults(measures_yaml=text) == []
    cure = pack.measures.label_never_cures
    assert cure is not None
    assert [named.name for named in cure.measures] == ["removed", "blocked"]
    assert (cure.undisclosed, cure.disclosed) == ({"disclosed": False}, {"disclosed": True, "extent": "altered"})
    assert cure.when == a_condition('extent.atLeast("altered")')
    assert cure.span.path == "measures.yaml"


def test_a_cure_is_checked_like_a_rule() -> None:
    assert faults(measures_yaml=measures(CURE)) == ["wrong-type: `technique` is a set, not text"]
    assert faults(measures_yaml=measures(CURE.replace("[removed, blocked]", "[gone]")))[0].startswith("unknown-measure")
    empty = measures("label_never_cures:\n  measures: [removed]\n  disclosed: {}\n  undisclosed: {}\n")
    assert faults(measures_yaml=empty) == ["bad-value: `undisclosed` and `disclosed` say the same"]
    unread = measures(CURE.replace("extent.atLeast", "extent.atLeast("))
    assert read(measures_yaml=unread)[0].measures.label_never_cures is None


def test_an_invariant_has_its_place_and_its_name_once() -> None:
    pack, _ = read(measures_yaml=measures(INVARIANTS))
    assert faults(measures_yaml=measures(INVARIANTS)) == []
    (first,) = pack.measures.invariants
    assert first.span.path == "measures.yaml"
    assert first.span.length == len("first")
    line = INVARIANTS.splitlines()[1]
    twice = measures(f"{INVARIANTS}{line}\n")
    assert faults(measures_yaml=twice) == ["bad-value: two invariants are named `first`"]
    assert len(read(measures_yaml=twice)[0].measures.invariants) == 1


def test_a_harm_may_ask_for_the_market_but_not_for_measures() -> None:
    asking = HARMS.replace("when: disclosed", "when: size(measures) > 0")
    assert faults(harms_yaml=asking) == ["unknown-signal: no signal is named `measures`"]
    grouped = HARMS.replace('["US", "FR"]', '["US", "EU"]')
    assert faults(harms_yaml=grouped) == ["unknown-value: `market` has no value `EU`"]


def test_the_words_of_promises_are_the_packs_measures_and_markets() -> None:
    pack = a_pack(a_rule(), vocabulary=VOCABULARY)
    words = promise_vocabulary(pack).by_name
    assert words["measures"].type is SignalType.SET
    assert words["measures"].value_names == tuple(measure.id for measure in pack.measures.all)
    assert words["market"].type is SignalType.CHOICE
    assert set(words["market"].value_names) == pack.markets.codes
    assert list(words)[: len(VOCABULARY.signals)] == [signal.name for signal in VOCABULARY.signals]
    assert "measures" not in promise_vocabulary(pack, measures=False).by_name
    assert "market" in promise_vocabulary(pack, measures=False).by_name


def test_promises_mean_what_rules_mean_with_two_more_signals() -> None:
    vocabulary = promise_vocabulary(a_pack(vocabulary=VOCABULARY))
    condition = a_condition('!("removed" in measures) || market in ["CN", "IN"]').expression
    assert meaning_of(condition, {"measures": frozenset({"removed"}), "market": "CN"}, vocabulary) is YES
    assert meaning_of(condition, {"measures": frozenset({"removed"}), "market": "FR"}, vocabulary) is NO
    assert meaning_of(condition, {"market": "FR"}, vocabulary) is UNKNOWN
