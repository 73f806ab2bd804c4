"""The register of duties reads as it is written, and what belongs together is missed where it is not there."""

from __future__ import annotations

import pytest

from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.instants import parse_instant
from assay.engine.kernel.markets import Markets
from assay.engine.language.document.yaml_tree import Mapping, read_yaml
from assay.engine.language.expression.printer import print_expression
from assay.engine.language.pack.promises.obligations import KINDS, STATUSES, Obligation
from assay.engine.language.pack.promises.read_obligations import read_obligations

MARKETS = Markets({"EU": ("DE", "FR")}, ("US-CA",))
WHOLE = """\
title: Label what looks real
jurisdiction: EU
markets: [EU, US, "not:FR"]
instrument: A regulation
provision: article 1
bound: [platforms, advertisers]
binds_platform: yes
trigger: it looks real
duty: >-
  It carries
  a label.
clock: at once
effective: 2026-08-02
until: 2027-08-02
status: in_force
kind: decision
evidence: the record
source: https://example.org/law
confidence: verified
note: see also article 2
property:
  when: market == "DE" && disclosed
  requires: '"label:ai" in measures'
"""
SHORT = """\
title: Report
jurisdiction: INT
instrument: A code
duty: Report once a year.
status: voluntary
kind: reporting
source: https://example.org/code
confidence: unverified
not_formal: it is about a year
"""


def read(entry: str, markets: Markets = MARKETS) -> tuple[tuple[Obligation, ...], list[str]]:
    text = "obligations:\n  a-duty:\n" + "".join(f"    {line}\n" for line in entry.splitlines())
    node = read_yaml(text, "obligations.yaml")
    assert isinstance(node, Mapping)
    problems: list[Diagnostic] = []
    duties = read_obligations(node, markets, problems)
    return duties, [f"{problem.slug}: {problem.words}" for problem in problems]


def without(key: str, entry: str = SHORT) -> str:
    return "".join(line + "\n" for line in entry.splitlines() if not line.startswith(f"{key}:"))


def test_a_duty_reads_with_all_it_says() -> None:
    ((duty,), problems) = read(WHOLE)
    assert problems == []
    assert (duty.id, duty.jurisdiction, duty.provision, duty.clock) == ("a-duty", "EU", "article 1", "at once")
    assert duty.markets == ("EU", "US", "not:FR")
    assert duty.reach == {"DE", "US", "US-CA"}
    assert duty.bound == ("platforms", "advertisers")
    assert duty.binds_platform
    assert duty.duty == "It carries a label."
    assert (duty.effective, duty.until) == (parse_instant("2026-08-02"), parse_instant("2027-08-02"))
    assert (duty.status, duty.kind, duty.confidence) == ("in_force", "decision", "verified")
    assert (duty.trigger, duty.evidence, duty.note) == ("it looks real", "the record", "see also article 2")
    assert duty.property is not None
    assert print_expression(duty.property.when.expression) == 'market == "DE" && disclosed'
    assert duty.property.requires.source.text == '"label:ai" in measures'
    assert (duty.span.line, duty.span.column) == (2, 3)


def test_what_may_be_left_out_is_empty() -> None:
    ((duty,), problems) = read(SHORT)
    assert problems == []
    assert (duty.markets, duty.reach, duty.bound, duty.property) == ((), frozenset(), (), None)
    assert (duty.effective, duty.until, duty.binds_platform) == (None, None, False)
    assert duty.provision == duty.trigger == duty.clock == duty.evidence == duty.note == ""
    assert duty.not_formal == "it is about a year"


@pytest.mark.parametrize(
    "key", ["title", "jurisdiction", "instrument", "duty", "status", "kind", "source", "confidence"]
)
def test_what_every_duty_has_is_missed(key: str) -> None:
    (_, problems) = read(without(key))
    assert problems == [f"missing-key: the obligation `a-duty` has no `{key}`"]


@pytest.mark.parametrize(("key", "words"), [("status", STATUSES), ("kind", KINDS)])
def test_every_status_and_kind_is_known(key: str, words: tuple[str, ...]) -> None:
    for word in words:
        ((duty,), problems) = read(without(key) + f"{key}: {word}\n")
        assert problems == []
        assert getattr(duty, key) == word


@pytest.mark.parametrize("name", ["US", "US-CA", "US-WA", "EU", "INT"])
def test_a_state_that_is_no_market_may_make_law(name: str) -> None:
    assert read(without("jurisdiction") + f"jurisdiction: {name}\n")[1] == []


@pytest.mark.parametrize("name", ["UK", "EEA", "ZZ", "ZZ-A", "Europe"])
def test_a_jurisdiction_that_does_not_exist_is_a_fault(name: str) -> None:
    (_, problems) = read(without("jurisdiction") + f"jurisdiction: {name}\n")
    assert problems == [f"unknown-market: no market or group is named `{name}`"]


def test_a_market_must_be_known_even_where_the_jurisdiction_need_not() -> None:
    ((duty,), problems) = read(SHORT + "markets: [US-WA]\n")
    assert problems == ["unknown-market: no market or group is named `US-WA`"]
    assert duty.reach == frozenset()


def test_a_property_needs_markets_and_both_its_sides() -> None:
    formal = without("not_formal")
    assert read(formal + "property: {when: 'true', requires: 'true'}\n")[1] == [
        "missing-key: the obligation `a-duty` has no `markets`"
    ]
    ((duty,), problems) = read(formal + "markets: [US]\nproperty: {when: 'true'}\n")
    assert problems == ["missing-key: `property` has no `requires`"]
    assert duty.property is None
    (_, problems) = read(formal + "markets: [US]\nproperty: {when: 'true', requires: 'a ='}\n")
    assert [problem.partition(":")[0] for problem in problems] == ["syntax"]


def test_a_duty_is_formal_or_says_why_not() -> None:
    assert read(without("not_formal"))[1] == ["missing-key: the obligation `a-duty` has no `property`"]
    both = SHORT + "markets: [US]\nproperty: {when: 'true', requires: 'true'}\n"
    assert read(both)[1] == ["bad-value: the obligation `a-duty` has both `property` and `not_formal`"]


def test_a_duty_that_ends_before_it_begins_is_a_fault() -> None:
    (_, problems) = read(SHORT + "effective: 2026-02-01\nuntil: 2026-01-01\n")
    assert [problem.partition(":")[0] for problem in problems] == ["effective-after-sunset"]


def test_the_old_key_is_unknown() -> None:
    assert read(SHORT + "holds: 'true'\n")[1] == ["unknown-key: the obligation `a-duty` has no key `holds`"]
