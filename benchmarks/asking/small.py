"""Small random packs, for which the best order of questions can be found by going through all of them."""

from __future__ import annotations

import random

from assay.engine.language.checker import check_pack
from assay.engine.language.pack.pack import Pack

SIGNALS, RULES = 6, 5


def small_pack(seed: int) -> Pack:
    """A pack of a few flags and choices with uneven priors, and rules of two to four atoms."""
    chance = random.Random(seed)
    values: dict[str, tuple[str, ...]] = {}
    signals = ["signals:"]
    for number in range(SIGNALS):
        name = f"s{number}"
        values[name] = () if chance.random() < 0.5 else ("a", "b", "c")
        weights = {value: chance.choice((1, 2, 4, 8)) for value in values[name] or ("yes", "no")}
        prior = ", ".join(f"{value}: {weight}" for value, weight in weights.items())
        signals.append(f"  {name}:\n    type: {'choice' if values[name] else 'flag'}\n    prior: {{{prior}}}")
        signals += ["    values: {a: a, b: b, c: c}"] if values[name] else []
    steps = ", ".join(f"{{id: step{number}}}" for number in range(3))
    measures = (
        f"ladders:\n  reach:\n    base: {{id: all}}\n    steps: [{steps}]\n"
        "single: {note: {title: note}, strike: {title: strike}, copies: {title: copies}}\n"
    )
    blocks = []
    for number in range(RULES):
        then = chance.sample(("step0", "step1", "step2", "note", "strike", "copies"), chance.choice((1, 2)))
        condition = _condition(chance, values)
        blocks.append(
            f"```yaml rule\nid: r{number}\nwhen: '{condition}'\nthen: [{', '.join(then)}]\nseverity: S1\n```\n"
        )
    policy = "---\npolicy: p\ntitle: P\nversion: 1.0.0\nowner: o\n---\n\n" + "\n".join(blocks)
    files = {
        "pack.yaml": "pack: small\ntitle: Small\nversion: 1.0.0\n",
        "signals.yaml": "\n".join(signals) + "\n",
        "measures.yaml": measures,
        "policies/p.md": policy,
    }
    # Rules without examples are no fault here: nobody will read this policy.
    return check_pack(files).pack


def _condition(chance: random.Random, values: dict[str, tuple[str, ...]]) -> str:
    names = chance.sample(sorted(values), chance.choice((2, 3, 3, 4)))
    atoms = [_atom(chance, name, values[name]) for name in names]
    if len(atoms) > 2 and chance.random() < 0.4:
        return " && ".join([f"({atoms[0]} || {atoms[1]})", *atoms[2:]])
    return " && ".join(atoms)


def _atom(chance: random.Random, name: str, values: tuple[str, ...]) -> str:
    if not values:
        return name if chance.random() < 0.6 else f"!{name}"
    if chance.random() < 0.3:
        first, second = chance.sample(values, 2)
        return f'{name} in ["{first}", "{second}"]'
    return f'{name} {chance.choice(("==", "==", "!="))} "{chance.choice(values)}"'
