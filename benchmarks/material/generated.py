"""A pack of 40 rules over 31 signals and items for it, made from a seed. It never looks at what an engine answers."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assay.engine.decision.item import Item
from assay.engine.kernel.errors import Refused
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.checker import check_pack
from assay.engine.language.pack.pack import Pack

RULES, POLICIES = 40, 5
# Every signal is missing at a rate of its own between these two.
LEAST_MISSING, MOST_MISSING = 0.01, 0.15

# Values with how often they occur; most uploads are harmless, as they are on a platform.
SCALES: Mapping[str, Mapping[str, int]] = {
    "ai_extent": {"none": 6, "assisted": 3, "altered": 2, "generated": 4},
    "realism": {"unreal": 3, "stylised": 3, "ambiguous": 2, "realistic": 5},
    "intimacy": {"none": 14, "suggestive": 3, "nude": 2, "explicit": 1},
    "edit": {"cosmetic": 5, "meaning_preserving": 3, "meaning_changing": 4},
    "reach": {"small": 8, "medium": 5, "large": 3, "viral": 1},
}
CHOICES: Mapping[str, Mapping[str, int]] = {
    "person": {"nobody": 6, "fictional": 2, "identifiable": 5, "crowd": 2},
    "consent": {"documented": 3, "claimed": 3, "absent": 3, "withdrawn": 1},
    "provenance": {"signed": 2, "declared": 3, "broken": 1, "remote": 1, "none": 9},
    "topic": {"other": 12, "election": 2, "health": 2, "conflict": 1, "finance": 2, "celebrity": 3},
    "modality": {"image": 5, "video": 6, "audio": 2, "text": 2},
}
FLAGS: Mapping[str, float] = {
    "minor_shown": 0.05,
    "disclosed": 0.4,
    "marked": 0.3,
    "satire": 0.1,
    "newsworthy": 0.1,
    "paid": 0.2,
    "repeated": 0.15,
    "official_shown": 0.15,
    "voice_cloned": 0.15,
    "sells": 0.2,
    "corrected": 0.1,
}
# Score to the power by which draws are skewed towards 0.
SCORES: Mapping[str, float] = {
    "synthetic": 1.0,
    "toxicity": 2.0,
    "likeness": 1.5,
    "spam": 2.0,
    "deception": 1.5,
    "nudity": 2.0,
}
# Whole number to the largest value that is drawn; small ones are more frequent.
NUMBERS: Mapping[str, int] = {"account_days": 2000, "reports": 60, "near_copies": 40}
SETS: Mapping[str, Mapping[str, float]] = {
    "technique": {"face_swap": 0.15, "voice_clone": 0.1, "lip_sync": 0.1, "inpainting": 0.2, "upscaling": 0.25}
}

LADDER = ("not_recommended", "behind_warning", "held", "removed")
OTHERS = ("label:ai", "label:altered", "label:context", "strike:minor", "strike:standard", "strike:severe", "reviewed")
# The shapes of conditions, as people write them; each letter becomes an atom over a signal of its own.
SHAPES = (
    "A && B && C && D",
    "A && B && (C || D)",
    "A && B && (C || D) && !(E)",
    "(A || B) && (C || D) && E",
    "A && (B || C && D) && E",
    "A && B && C && !(D && E)",
    "A && B && (C || D || E)",
)
EXCEPTED = ("", "", "F", "F || G", "F && G")


@dataclass(frozen=True, slots=True)
class Generated:
    """A generated pack, and the seed that it and its items come from."""

    pack: Pack
    seed: int


def make_pack(seed: int) -> Generated:
    """The pack of a seed, written as text and read by the reader that reads everybody's packs."""
    chance = random.Random(seed)
    files = {
        "pack.yaml": "pack: generated\ntitle: Generated\nversion: 1.0.0\n",
        "signals.yaml": _signals(),
        "measures.yaml": _measures(),
    }
    for number in range(POLICIES):
        files[f"policies/part-{number}.md"] = _policy(number, chance)
    checked = check_pack(files, examples=False)
    # Examples are for people; these rules are for machines and have none.
    faults = [problem for problem in checked.errors if problem.slug != "missing-example"]
    if faults:
        raise Refused(faults)
    return Generated(checked.pack, seed)


def make_items(generated: Generated, count: int, batch: int = 0) -> list[Item]:
    """Items with gaps. Another `batch` gives others."""
    chance = random.Random(f"{generated.seed}/{batch}")
    rates = random.Random(f"{generated.seed}/missing")
    draws = [
        (rates.uniform(LEAST_MISSING, MOST_MISSING), _drawing(signal.name, chance))
        for signal in generated.pack.vocabulary.signals
    ]
    # Item by item, as a service reads them: the values of one then lie together in memory.
    return [
        Item(f"item-{batch}-{place}", tuple([None if chance.random() < rate else draw() for rate, draw in draws]))
        for place in range(count)
    ]


def _drawing(name: str, chance: random.Random) -> Callable[[], MaybeValue]:
    """What gives one value after the other for a signal."""
    weights = SCALES.get(name) or CHOICES.get(name)
    if weights is not None:
        urn = [value for value, weight in weights.items() for _ in range(weight)]
        return lambda: chance.choice(urn)
    if name in FLAGS:
        return lambda: chance.random() < FLAGS[name]
    if name in SCORES:
        # Three decimals, so that an engine without fractions can be given thousandths and stay exact.
        return lambda: round(chance.random() ** SCORES[name], 3)
    if name in NUMBERS:
        return lambda: int(NUMBERS[name] * chance.random() ** 3)
    members = SETS[name].items()
    return lambda: frozenset(member for member, rate in members if chance.random() < rate)


# ---------------------------------------------------------------------- texts


def _signals() -> str:
    lines = ["signals:"]
    for kind, signals in (("scale", SCALES), ("choice", CHOICES), ("set", SETS)):
        for name, weights in signals.items():
            lines += [*_signal(name, kind), "    values:"]
            lines += [f"      {value}: {{phrase: {_words(name)} is {_words(value)}}}" for value in weights]
    for name in FLAGS:
        lines += [
            *_signal(name, "flag"),
            f"    phrase: it is {_words(name)}",
            f"    phrase_no: it is not {_words(name)}",
        ]
    for name in SCORES:
        lines += [*_signal(name, "score"), "    model: drawn", f"    phrase: {_words(name)} scores {{is}}"]
    for name, most in NUMBERS.items():
        lines += [*_signal(name, "number"), "    integer: yes", "    minimum: 0", f"    maximum: {most}"]
        lines.append(f"    phrase: {_words(name)} are {{is}}")
    return "\n".join(lines) + "\n"


def _signal(name: str, kind: str) -> list[str]:
    return [f"  {name}:", f"    type: {kind}", f"    title: {_words(name)}", f"    question: What of {_words(name)}?"]


def _words(name: str) -> str:
    return name.replace("_", " ")


def _measures() -> str:
    def step(name: str) -> str:
        return f"{{id: {name}, title: {_words(name)}, phrase: it is {_words(name)}}}"

    def member(name: str) -> str:
        return f"      {name}: {{title: {name}, phrase: it gets {name}}}"

    labels = [member(name.partition(":")[2]) for name in OTHERS if name.startswith("label:")]
    strikes = [member(name.partition(":")[2]) for name in OTHERS if name.startswith("strike:")]
    lines = ["ladders:", "  visibility:", "    title: Visibility", f"    base: {step('visible')}", "    steps:"]
    lines += [f"      - {step(name)}" for name in LADDER]
    lines += ["sets:", "  label:", "    title: Labels", "    members:", *labels]
    lines += ["counters:", "  strike:", "    title: Strikes", "    kinds:", *strikes]
    lines += ["single:", "  reviewed: {title: Reviewed, phrase: a person looks at it}"]
    return "\n".join(lines) + "\n"


def _policy(number: int, chance: random.Random) -> str:
    each = RULES // POLICIES
    head = f"policy: part-{number}\ntitle: Part {number}\nversion: 1.0.0\nowner: somebody\neffective: 2026-01-01"
    return f"---\n{head}\n---\n" + "".join(_rule(number * each + place, chance) for place in range(each))


def _rule(number: int, chance: random.Random) -> str:
    names = iter(chance.sample((*SCALES, *CHOICES, *FLAGS, *SCORES, *NUMBERS, *SETS), 8))
    when = _fill(chance.choice(SHAPES), names, chance)
    unless = _fill(chance.choice(EXCEPTED), names, chance)
    then = [chance.choice(LADDER)] if chance.random() < 0.6 else []
    then += chance.sample(OTHERS, 2 if not then or chance.random() < 0.5 else 1)
    lines = [f"\n## Rule {number}\n", "```yaml rule", f"id: rule-{number}", f"when: '{when}'"]
    lines += [f"unless: '{unless}'"] if unless else []
    lines += [f"then: [{', '.join(then)}]"]
    lines += ["until_known: [not_recommended]"] if chance.random() < 0.5 else []
    return "\n".join([*lines, f"severity: S{chance.randint(1, 4)}", "```\n"])


def _fill(shape: str, names: Iterator[str], chance: random.Random) -> str:
    text = "".join(_atom(next(names), chance) if letter.isalpha() else letter for letter in shape)
    return re.sub(r"!\((\w+)\)", r"!\1", text)


def _atom(name: str, chance: random.Random) -> str:
    if name in SCALES:
        steps = list(SCALES[name])
        if chance.random() < 0.9:
            return f'{name}.atLeast("{chance.choice(steps[1:])}")'
        return f'{name}.atMost("{chance.choice(steps[:-1])}")'
    if name in CHOICES:
        values = list(CHOICES[name])
        form = chance.random()
        if form < 0.5:
            return f'{name} == "{chance.choice(values)}"'
        if form < 0.6:
            return f'{name} != "{chance.choice(values)}"'
        return f"{name} in {_listed(chance.sample(values, 2))}"
    if name in FLAGS:
        return name if chance.random() < 0.75 else f"!{name}"
    if name in SCORES:
        constant = chance.randint(30, 95) / 100
        return f"{name} {chance.choice(('>=', '>', '>=', '>', '<'))} {constant}"
    if name in NUMBERS:
        constant = max(1, int(NUMBERS[name] * chance.choice((0.02, 0.05, 0.1, 0.25))))
        return f"{name} {chance.choice(('>=', '>', '>=', '<'))} {constant}"
    members = list(SETS[name])
    if chance.random() < 0.5:
        return f'"{chance.choice(members)}" in {name}'
    return f"sets.intersects({name}, {_listed(chance.sample(members, 2))})"


def _listed(values: Sequence[str]) -> str:
    return "[" + ", ".join(f'"{value}"' for value in values) + "]"
