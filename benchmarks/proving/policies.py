"""Packs of any number of rules as texts, with all that a prover looks into, made from a seed. It proves nothing."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from assay.engine.kernel.errors import Refused
from assay.engine.language.checker import check_pack
from assay.engine.language.pack.pack import Pack
from benchmarks.material.generated import CHOICES, FLAGS, NUMBERS, SCALES, SCORES, SETS, SHAPES, make_pack
from benchmarks.proving.promises import LAWS, SURE, UNSURE, Law, measures, promises

PER_POLICY = 20
DEAD, SHADOWED, CARELESS = 0.03, 0.01, 0.03
# What a label changes; rules that remove do not look at it, so that a label cures nothing.
DISCLOSURE = ("disclosed", "marked")
GROUNDS = ('intimacy.atLeast("nude")', 'topic == "election"', 'consent in ["absent", "withdrawn"]', "deception >= 0.6")
# How a policy begins: most have long been in force, some come later, with or without days of grace.
PERIODS = (
    *(["effective: 2026-01-01"] * 6),
    "effective: 2026-12-01\ngrace: 30 days",
    "effective: 2027-03-01\ngrace: 30 days",
    "effective: 2027-06-01",
)
MARKETS = ("EU", "CN", "IN", "KR", "US", "GB", "BR", "EU, GB", "not:US", "not:CN, not:IN")
IMPOSED = (
    (3, ("removed", "strike:minor")),
    (2, ("removed", "strike:severe", "reviewed")),
    (2, ("held", "reviewed")),
    (4, ("behind_warning", "label:context")),
    (4, ("not_recommended",)),
    (3, ("label:ai",)),
    (2, ("label:altered",)),
    (2, ("label:context",)),
    (2, ("strike:standard", "not_recommended")),
    (1, ("reviewed",)),
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A rule before it is text. `when` is joined by `&&`; `keys` are further lines, such as `markets: [EU]`."""

    name: str
    when: tuple[str, ...]
    then: tuple[str, ...]
    unless: str = ""
    until_known: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A policy before it is text; `exceptions` reach what they name, each a condition and names."""

    name: str
    period: str
    drafts: tuple[Draft, ...]
    exceptions: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """A generated pack as texts, and which of its rules were made to be dead or shadowed."""

    parts: tuple[Part, ...]
    files: Mapping[str, str]
    seed: int
    dead: frozenset[str] = field(default=frozenset())
    shadowed: frozenset[str] = field(default=frozenset())


def write_pack(rules: int, seed: int) -> Written:
    """The texts of a pack of so many rules."""
    chance = random.Random(f"{seed}/{rules}")
    laws = LAWS[: max(3, min(len(LAWS), rules // 4))]
    author = _Author(chance)
    wanted = rules - len(laws)
    dead = max(1, round(rules * DEAD))
    shadowed = max(1, round(rules * SHADOWED))
    plain = [author.rule(f"rule-{number}") for number in range(wanted - dead - shadowed)]
    lost = [author.dead(f"dead-{number}") for number in range(dead)]
    parts = author.parts([*plain, *lost], -(-wanted // PER_POLICY))
    doubled = {author.shadow(f"shadow-{number}", parts, chance) for number in range(shadowed)}
    parts = [Part("law", "effective: 2026-01-01", tuple(map(_of_law, laws)), _everywhere(parts)), *parts]
    others = {
        "pack.yaml": _PACK,
        "signals.yaml": _signals(),
        "measures.yaml": measures(),
        **promises(laws, chance),
    }
    files = {**others, **{f"policies/{part.name}.md": _document(part) for part in parts}}
    return Written(tuple(parts), files, seed, frozenset(draft.name for draft in lost), frozenset(doubled))


def edited(written: Written, count: int) -> Written:
    """The same pack in which some rules were edited: narrowed, widened, given another condition or measure."""
    chance = random.Random(f"{written.seed}/edits/{count}")
    author = _Author(chance)
    names = [draft.name for part in written.parts for draft in part.drafts if draft.name.startswith("rule-")]
    chosen = {name: number for number, name in enumerate(chance.sample(names, count))}
    parts, files = [], dict(written.files)
    for part in written.parts:
        drafts = tuple(
            author.edit(draft, chosen[draft.name]) if draft.name in chosen else draft for draft in part.drafts
        )
        parts.append(replace(part, drafts=drafts))
        files[f"policies/{part.name}.md"] = _document(parts[-1])
    return replace(written, parts=tuple(parts), files=files)


def read(files: Mapping[str, str]) -> Pack:
    """The pack of some texts, read and checked by what reads everybody's packs."""
    checked = check_pack(files, examples=False)
    # Examples are for people; these rules are for machines and have none.
    faults = [problem for problem in checked.errors if problem.slug != "missing-example"]
    if faults:
        raise Refused(faults)
    return checked.pack


class _Author:
    """Writes rules by chance, each over signals of its own choice."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def rule(self, name: str) -> Draft:
        chance = self.chance
        weights, lists = zip(*IMPOSED, strict=True)
        then: tuple[str, ...] = chance.choices(lists, weights)[0]
        when = self._grounds(then)
        removes = "removed" in then
        used = {word for part in when for word in _words(part)} | (set(DISCLOSURE) if removes else set())
        names = self._names(used)
        when += (f"({self._fill(chance.choice(SHAPES), names)})",)
        unless = self._fill(chance.choice(("A", "A && B")), names) if chance.random() < 0.3 else ""
        until_known = ("not_recommended",) if removes or chance.random() < 0.3 else ()
        return Draft(name, when, then, unless, until_known, self._keys())

    def _grounds(self, then: Sequence[str]) -> tuple[str, ...]:
        """What rules with such measures have in common, as careful authors write them; a few forget the labels'."""
        when: tuple[str, ...] = (self.chance.choice(GROUNDS),) if "removed" in then else ()
        when += ("!corrected",) if "strike:severe" in then else ()
        forgets = self.chance.random() < CARELESS
        when += (SURE,) if "label:ai" in then and not forgets else ()
        return (*when, UNSURE) if "label:altered" in then and not forgets else when

    def _keys(self) -> tuple[str, ...]:
        chance = self.chance
        keys: tuple[str, ...] = (f"markets: [{chance.choice(MARKETS)}]",) if chance.random() < 0.2 else ()
        keys += ("no_exception: true",) if chance.random() < 0.1 else ()
        keys += ("sunset: 2027-12-31",) if chance.random() < 0.03 else ()
        return (*keys, f"rollout: {chance.choice((10, 50))}%") if chance.random() < 0.02 else keys

    def dead(self, name: str) -> Draft:
        """A rule that can never hold: parts that contradict each other, or an `unless` that takes all."""
        first, second, swallows = self.chance.choice(
            (
                ('intimacy.atLeast("nude")', 'intimacy == "none"', False),
                ('ai_extent == "generated"', 'ai_extent.atMost("assisted")', False),
                ('person == "identifiable"', 'person in ["nobody", "crowd"]', False),
                ("likeness >= 0.8", "likeness < 0.3", False),
                ("account_days < 5", "account_days > 400", False),
                ("(official_shown || voice_cloned)", "!official_shown && !voice_cloned", False),
                ('realism == "realistic"', 'realism.atLeast("ambiguous")', True),
                ("deception > 0.9", "deception >= 0.5", True),
            )
        )
        draft = self.rule(name)
        if swallows:
            return replace(draft, when=(*draft.when, first), unless=second)
        return replace(draft, when=(*draft.when, first, second))

    def shadow(self, name: str, parts: list[Part], chance: random.Random) -> str:
        """Add to some policy a narrower copy of one of its rules."""
        place = chance.randrange(len(parts))
        ours = [draft for draft in parts[place].drafts if draft.name.startswith("rule-")]
        model = chance.choice([draft for draft in ours if not any("rollout" in key for key in draft.keys)])
        used = {word for part in (*model.when, model.unless) for word in _words(part)}
        copy = replace(model, name=name, when=(*model.when, self._atom(self._names(used)[0])), until_known=())
        parts[place] = replace(parts[place], drafts=(*parts[place].drafts, copy))
        return name

    def parts(self, drafts: list[Draft], count: int) -> list[Part]:
        """Policies of these rules, some with an exception of their own."""
        self.chance.shuffle(drafts)
        parts = []
        for number in range(count):
            name = f"part-{number}"
            names = self._names(set(DISCLOSURE))
            own = (("own", self._fill("A && B", names), f"[{name}/*]"),) if self.chance.random() < 0.3 else ()
            parts.append(Part(name, self.chance.choice(PERIODS), tuple(drafts[number::count]), own))
        return parts

    def edit(self, draft: Draft, way: int) -> Draft:
        """The rule in another version."""
        used = {word for part in (*draft.when, draft.unless) for word in _words(part)}
        fresh = self._atom(self._names(used | set(DISCLOSURE))[0])
        match way % 4:
            case 0:
                return replace(draft, when=(*draft.when, fresh))
            case 1:
                return replace(draft, when=(*draft.when[:-1], fresh))
            case 2:
                return replace(draft, when=(*draft.when[:-1], f"({draft.when[-1]} || {fresh})"))
            case _:
                return replace(draft, then=("behind_warning", "reviewed"), until_known=())

    def _names(self, used: set[str]) -> list[str]:
        names = [name for name in (*SCALES, *CHOICES, *FLAGS, *SCORES, *NUMBERS, *SETS) if name not in used]
        self.chance.shuffle(names)
        return names

    def _fill(self, shape: str, names: list[str]) -> str:
        text = "".join(self._atom(names.pop()) if letter.isalpha() else letter for letter in shape)
        return re.sub(r"!\((\w+)\)", r"!\1", text)

    def _atom(self, name: str) -> str:
        chance = self.chance
        if name in SCALES:
            steps = list(SCALES[name])
            low = chance.random() < 0.2
            return (
                f'{name}.atMost("{chance.choice(steps[:-1])}")'
                if low
                else f'{name}.atLeast("{chance.choice(steps[1:])}")'
            )
        if name in CHOICES:
            values = list(CHOICES[name])
            return chance.choice(
                (f'{name} == "{chance.choice(values)}"', f"{name} in {_listed(chance.sample(values, 2))}")
            )
        if name in FLAGS:
            return name if chance.random() < 0.75 else f"!{name}"
        if name in SCORES:
            return f"{name} {chance.choice(('>=', '>=', '<'))} {chance.randint(6, 19) * 5 / 100}"
        if name in NUMBERS:
            constant = max(1, int(NUMBERS[name] * chance.choice((0.05, 0.1, 0.2))))
            return f"{name} {chance.choice(('>=', '>', '<'))} {constant}"
        return f"sets.intersects({name}, {_listed(chance.sample(list(SETS[name]), 2))})"


# ---------------------------------------------------------------------- texts

_PACK = """pack: generated
title: Generated
version: 1.0.0
market_groups:
  EU: [AT, BE, BG, CY, CZ, DE, DK, EE, ES, FI, FR, GR, HR, HU, IE, IT, LT, LU, LV, MT, NL, PL, PT, RO, SE, SI, SK]
"""


@cache
def _signals() -> str:
    """The 31 signals that the other benchmarks use."""
    return make_pack(0).pack.files["signals.yaml"]


def _of_law(law: Law) -> Draft:
    markets = (f"markets: [{', '.join(law.markets)}]",) if law.markets else ()
    return Draft(law.name, law.when, law.then, keys=(*markets, "no_exception: true"))


def _everywhere(parts: list[Part]) -> tuple[tuple[str, str, str], ...]:
    """Exceptions that reach the rules of several policies."""
    conditions = ("satire && !paid", "newsworthy && !sells", 'topic in ["health", "conflict"] && corrected')
    return tuple(
        (name, condition, f"[{', '.join(f'{part.name}/*' for part in parts[start::3] or parts)}]")
        for start, (name, condition) in enumerate(zip(("satire", "news", "education"), conditions, strict=True))
    )


def _document(part: Part) -> str:
    head = f"policy: {part.name}\ntitle: {part.name.capitalize()}\nversion: 1.0.0\nowner: somebody\n{part.period}"
    excepted = "".join(
        f"\n## Exception {name}\n\n```yaml exception\nid: {name}\nwhen: '{when}'\nreaches: {reaches}\n```\n"
        for name, when, reaches in part.exceptions
    )
    return f"---\n{head}\n---\n{excepted}{''.join(map(_section, part.drafts))}"


def _section(draft: Draft) -> str:
    lines = [f"\n## {draft.name.capitalize()}\n", "```yaml rule", f"id: {draft.name}"]
    lines.append(f"when: '{' && '.join(draft.when)}'")
    lines += [f"unless: '{draft.unless}'"] if draft.unless else []
    lines.append(f"then: [{', '.join(draft.then)}]")
    lines += [f"until_known: [{', '.join(draft.until_known)}]"] if draft.until_known else []
    return "\n".join([*lines, "severity: S2", *draft.keys, "```\n"])


def _listed(values: Sequence[str]) -> str:
    return "[" + ", ".join(f'"{value}"' for value in values) + "]"


def _words(text: str) -> set[str]:
    """The signals that a condition may name."""
    plain = "".join(letter if letter.isalnum() or letter == "_" else " " for letter in text)
    return set(plain.split())
