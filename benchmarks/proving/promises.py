"""What generated packs promise: measures, invariants, 35 duties, harms and scenarios. It never looks at a rule."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.material.generated import CHOICES, FLAGS, LADDER, NUMBERS, SCALES, SCORES

DUTIES = 35
# Each ninth duty is only proposed, and three ask for more than the rule that was written for them gives.
PROPOSED_EACH, BROKEN = 9, (7, 19, 31)
SURE = 'provenance in ["signed", "declared"]'
UNSURE = 'provenance in ["broken", "remote", "none"]'


@dataclass(frozen=True, slots=True)
class Law:
    """A rule that a law asks for; no markets are all of them. `answers` are measures of which each fulfils the law."""

    name: str
    markets: tuple[str, ...]
    when: tuple[str, ...]
    then: tuple[str, ...]
    answers: tuple[str, ...]


_ALTERED = 'ai_extent.atLeast("altered")'
_NO_CONSENT = 'consent in ["absent", "withdrawn"]'
LAWS = (
    Law("minors", (), ("minor_shown", 'intimacy.atLeast("nude")'), ("removed", "reviewed"), ("removed",)),
    Law("label-sure", ("CN",), (_ALTERED, SURE), ("label:ai",), ("label:ai", "removed")),
    Law("label-unsure", ("CN",), (_ALTERED, UNSURE, "synthetic >= 0.7"), ("label:altered",), ("label:altered",)),
    Law(
        "intimate",
        ("US", "EU", "GB"),
        (_ALTERED, 'intimacy.atLeast("nude")', 'person == "identifiable"', _NO_CONSENT),
        ("removed", "strike:standard"),
        ("removed",),
    ),
    Law("label-definite", ("IN",), (_ALTERED, 'realism.atLeast("ambiguous")', SURE), ("label:ai",), ("label:ai",)),
    Law("adverts", ("KR",), ("paid", 'ai_extent == "generated"'), ("label:context",), ("label:context", "removed")),
    Law(
        "elections",
        ("EU",),
        (_ALTERED, 'topic == "election"', "official_shown", 'edit == "meaning_changing"'),
        ("not_recommended", "label:context"),
        LADDER,
    ),
    Law(
        "candidates",
        ("US",),
        ('topic == "election"', "official_shown", "deception >= 0.8"),
        ("removed", "strike:standard"),
        ("removed", "held"),
    ),
    Law("voices", ("BR",), ('topic == "election"', "voice_cloned"), ("held", "label:context"), ("held", "removed")),
    Law(
        "fraud",
        ("GB", "EU"),
        ("sells", "likeness >= 0.6", 'person == "identifiable"', _NO_CONSENT),
        ("removed",),
        ("removed", "held"),
    ),
)

INVARIANTS: Mapping[str, str] = {
    "removal-needs-a-ground": '!("removed" in measures && intimacy.atMost("suggestive") && topic != "election" '
    '&& consent in ["documented", "claimed"] && deception < 0.5)',
    "detector-alone-never-removes": '!("removed" in measures && synthetic >= 0.5 && intimacy == "none" '
    '&& topic == "other" && consent == "documented" && deception < 0.3 && !sells)',
    "corrected-gets-no-severe-strike": '!("strike:severe" in measures && corrected)',
    "nude-minors-are-removed": '!(minor_shown && intimacy.atLeast("nude") && !("removed" in measures))',
    "one-label-at-a-time": '!("label:ai" in measures && "label:altered" in measures)',
    "signed-is-labelled-there": '!(market == "CN" && ai_extent == "generated" && provenance == "signed" '
    "&& size(measures) == 0)",
}


def promises(laws: Sequence[Law], chance: random.Random) -> Mapping[str, str]:
    """The files of duties, harms and scenarios for a pack with these laws."""
    return {
        "obligations.yaml": "obligations:\n" + "".join(_duty(number, laws, chance) for number in range(DUTIES)),
        "harms.yaml": "\n".join(("level: S3", "harms:", *_harms(laws))) + "\n",
        "scenarios.yaml": "\n".join(("protected:", *_scenarios())) + "\n",
    }


def _duty(number: int, laws: Sequence[Law], chance: random.Random) -> str:
    """A duty on part of what a law's rule is about; a broken one leaves out what narrows that rule."""
    law = laws[number % len(laws)]
    when = [*(law.when[:-1] if number in BROKEN else law.when), *_extras(law, chance)]
    listed = ", ".join(f'"{measure}"' for measure in law.answers)
    status = "proposed" if number % PROPOSED_EACH == 4 else "in_force"
    effective = "2027-08-02" if number % 7 == 3 else "2025-09-01"
    return f"""  duty-{number}:
    title: Duty {number}
    jurisdiction: {law.markets[0] if law.markets else "INT"}
    markets: [{", ".join(law.markets or ("US", "CN", "EU"))}]
    instrument: Act {number}
    duty: What the act asks for.
    effective: {effective}
    status: {status}
    kind: decision
    source: the act
    confidence: verified
    property:
      when: '{" && ".join(when)}'
      requires: 'sets.intersects(measures, [{listed}])'
"""


def _extras(law: Law, chance: random.Random) -> list[str]:
    """One or two conditions over signals that the law does not look at."""
    text = " ".join(law.when)
    atoms = [f'{name}.atLeast("{list(steps)[1]}")' for name, steps in SCALES.items() if name not in text]
    atoms += [f'{name} == "{next(iter(values))}"' for name, values in CHOICES.items() if name not in text]
    atoms += [name for name in FLAGS if name not in text]
    atoms += [f"{name} >= 0.5" for name in SCORES if name not in text]
    return chance.sample(atoms, chance.randint(1, 2))


def _harms(laws: Sequence[Law]) -> Iterator[str]:
    """Harms that the laws' rules answer, and one that nothing was written for."""
    for law in laws:
        if len(law.markets) <= 1 and "EU" not in law.markets:
            where = [f'market == "{code}"' for code in law.markets]
            yield from _harm(law.name, [*law.when, *where], law.answers)
    yield from _harm("forgotten", ["repeated", 'reach == "viral"', "spam >= 0.9"], ("removed", "held"))


def _harm(name: str, when: Sequence[str], answers: Sequence[str]) -> tuple[str, ...]:
    words = f"    when: '{' && '.join(when)}'"
    return f"  {name}:", f"    title: {name}", "    severity: S4", words, f"    answered_by: [{', '.join(answers)}]"


def _scenarios() -> Iterator[str]:
    """Items that nobody has a ground to remove, with every signal known."""
    harmless = [f"{name}: {next(iter(steps))}" for name, steps in SCALES.items()]
    harmless += [f"{name}: {next(iter(values))}" for name, values in CHOICES.items() if name != "topic"]
    harmless += [f"{name}: 0.1" for name in SCORES] + [f"{name}: 1" for name in NUMBERS] + ["technique: []"]
    for topic, true in (("other", "disclosed"), ("celebrity", "satire"), ("conflict", "newsworthy")):
        flags = [f"{name}: {'yes' if name == true else 'no'}" for name in FLAGS]
        yield f"  - id: leave-{topic}"
        yield f"    title: an ordinary item on {topic}"
        yield f"    given: {{{', '.join((*harmless, *flags, f'topic: {topic}'))}}}"
        yield "    never: [removed]"


def measures() -> str:
    """The measures: a ladder, labels of which two exclude each other, strikes, and what the pack promises of them."""
    steps = "".join(
        f"      - {{id: {name}, title: {name}, phrase: it is {name.replace('_', ' ')}}}\n" for name in LADDER
    )
    held = "".join(
        f"  - id: {name}\n    text: {name.replace('-', ' ').capitalize()}.\n    holds: >-\n      {text}\n"
        for name, text in INVARIANTS.items()
    )
    return f"""ladders:
  visibility:
    title: Visibility
    base: {{id: visible, title: Visible, phrase: it is visible}}
    steps:
{steps}sets:
  label:
    title: Labels
    members:
      ai: {{title: AI, phrase: it is labelled as made by AI}}
      altered: {{title: Perhaps AI, phrase: it is labelled as perhaps made by AI}}
      context: {{title: Context, phrase: a note stands beside it}}
counters:
  strike:
    title: Strikes
    after_grace: yes
    kinds:
      minor: {{title: Minor, phrase: the account gets a minor strike}}
      standard: {{title: Strike, phrase: the account gets a strike}}
      severe: {{title: Severe, phrase: the account gets a severe strike}}
single:
  reviewed: {{title: Reviewed, phrase: a person looks at it}}
incompatible:
  - [label:ai, label:altered]
invariants:
{held}label_never_cures:
  measures: [removed]
  undisclosed: {{disclosed: no}}
  disclosed: {{disclosed: yes, marked: yes}}
"""
