"""A policy document becomes rules, exceptions and examples with all that was written, and defaults elsewhere."""

from __future__ import annotations

from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.instants import DAY, parse_instant
from assay.engine.language.pack.policy import Period, Policy
from assay.engine.language.pack.read_policy import read_policy
from tests.makers import a_signal, a_vocabulary

VOCABULARY = a_vocabulary(a_signal("disclosed"), a_signal("technique", "set"), a_signal("score", "score"))
TEXT = """\
---
policy: likeness
title: Likeness
version: 1.2.0
owner: aigc-policy
effective: 2026-12-01
grace: 30 days
sunset: 2027-12-01
---
For everybody.

## Faces

Your face is yours.

> **Moderators:** look at the mouth.

```yaml rule
id: swap
when: disclosed
unless: score < 0.1
then: [label:ai, removed]
until_known: not_recommended
severity: S3
harm: false-impression
no_exception: yes
meets: [eu-label]
markets: [EU, "not:FR"]
surfaces: [feed]
audience: [friends]
effective: 2027-01-01
rollout: 12.5%
enforced_by: specialist
```

```yaml example
title: first
given: {disclosed: yes, technique: [face_swap], score: 0.5}
markets: DE
as_of: 2027-02-01
expect: {removed: yes, label:ai: unknown}
```

## Voices

```yaml rule
id: plain
when: disclosed
then: removed
severity: S0
```

```yaml example
title: second
given: {disclosed: unknown}
catches: unknown
```

```yaml exception
id: satire
when: disclosed
reaches: [plain, other/*]
```
"""


def read(text: str) -> tuple[Policy, list[Diagnostic]]:
    problems: list[Diagnostic] = []
    return read_policy(text, "policies/likeness.md", VOCABULARY, problems), problems


def at(text: str) -> int:
    return parse_instant(text) or 0


def test_the_head_is_read() -> None:
    policy, problems = read(TEXT)
    assert problems == []
    assert (policy.id, policy.title, policy.version, policy.owner) == ("likeness", "Likeness", "1.2.0", "aigc-policy")
    assert (policy.grace, policy.subject) == (30, "item")
    assert policy.period == Period(at("2026-12-01"), at("2027-12-01"))


def test_a_rule_keeps_all_that_was_written() -> None:
    rule = read(TEXT)[0].rules[0]
    assert (rule.ref, rule.title, rule.severity, rule.harm) == ("likeness/swap", "Faces", "S3", "false-impression")
    assert [named.name for named in (*rule.then, *rule.until_known)] == ["label:ai", "removed", "not_recommended"]
    assert [named.name for named in (*rule.markets, *rule.surfaces)] == ["EU", "not:FR", "feed"]
    assert (rule.no_exception, rule.rollout, rule.enforced_by) == (True, 0.125, "specialist")
    assert rule.unless is not None
    assert rule.span.line == 19


def test_a_rule_takes_its_dates_from_its_policy_and_its_grace_from_its_own_first_day() -> None:
    first, second = read(TEXT)[0].rules
    assert first.period == Period(at("2027-01-01"), at("2027-12-01"))
    assert first.grace_until == at("2027-01-01") + 30 * DAY
    assert second.period == Period(at("2026-12-01"), at("2027-12-01"))
    assert second.grace_until == at("2026-12-31")


def test_what_was_not_written_has_its_default() -> None:
    rule = read(TEXT)[0].rules[1]
    assert (rule.unless, rule.harm, rule.no_exception, rule.meets, rule.markets) == (None, None, False, (), ())
    assert (rule.rollout, rule.subject, rule.enforced_by) == (1.0, "item", "anyone")


def test_without_a_first_day_there_is_no_grace() -> None:
    policy, _ = read(TEXT.replace("effective: 2026-12-01\n", ""))
    assert policy.rules[1].grace_until is None


def test_an_example_is_about_the_rule_above_it() -> None:
    first, second = read(TEXT)[0].examples
    assert first.rule is not None
    assert second.rule is not None
    assert (first.rule.name, second.rule.name) == ("swap", "plain")
    assert first.given == {"disclosed": True, "technique": frozenset({"face_swap"}), "score": 0.5}
    assert second.given == {"disclosed": None}
    assert [(named.name, truth) for named, truth in first.expect] == [("removed", "yes"), ("label:ai", "unknown")]
    assert (first.as_of, first.catches, second.catches) == (at("2027-02-01"), None, "unknown")


def test_sections_hold_words_for_everybody_and_for_moderators() -> None:
    policy, _ = read(TEXT)
    faces = policy.section_of("Faces")
    assert faces is not None
    assert faces.public == "Your face is yours."
    assert faces.guidance == "**Moderators:** look at the mouth."
    assert policy.introduction.public == "For everybody."
    assert policy.section_of("Hands") is None


def test_an_exception_reaches_by_name_and_by_policy() -> None:
    (exception,) = read(TEXT)[0].exceptions
    assert (exception.ref, exception.title) == ("likeness/satire", "Voices")
    assert [named.name for named in exception.reaches] == ["plain", "other/*"]


def test_a_rule_whose_unless_cannot_be_read_is_left_out() -> None:
    policy, problems = read(TEXT.replace("score < 0.1", "score <"))
    assert [rule.id for rule in policy.rules] == ["plain"]
    assert [problem.slug for problem in problems] == ["syntax"]
