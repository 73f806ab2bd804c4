"""`assay tree`: a policy as questions for moderators, step by step. It never asks what cannot matter."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.engine.kernel.identifiers import did_you_mean
from assay.engine.kernel.values import MaybeValue, Value
from assay.engine.language.pack.vocabulary import Signal, SignalType
from assay.interfaces.cli.terminal import (
    counted,
    instant_option,
    markets_option,
    print_title,
    sound_pack,
    wrapped,
    wrong_use,
)

if TYPE_CHECKING:
    from assay.engine.analysis.state import Scene
    from assay.engine.analysis.tree import End, Tree
    from assay.engine.decision.decide import Decider

_MOST_ANSWERS = 6


def tree(
    pack: Annotated[Path, typer.Argument(help="The pack's folder.")],
    policy: Annotated[str, typer.Argument(help="The policy, by its id.")],
    market: Annotated[str | None, typer.Option(help="A market; without it, one that no rule tells apart.")] = None,
    as_of: Annotated[str | None, typer.Option(help="The tree as at this date or time; without it, now.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the tree as JSON.")] = False,
) -> None:
    """Print a policy as a tree of questions, with the number of questions to expect."""
    from assay.engine.analysis.tree import build_tree
    from assay.engine.decision.decide import Decider

    loaded = sound_pack(pack)
    chosen = next((found for found in loaded.policies if found.id == policy), None)
    if chosen is None:
        hint = did_you_mean(policy, [found.id for found in loaded.policies])
        wrong_use(f"no policy is named `{policy}`; {hint or ', '.join(found.id for found in loaded.policies)}")
    decider = Decider(loaded)
    scene = scene_option(market, instant_option(as_of), chosen.subject, decider)
    if market is None and (scene.active & _bits(policy, decider)) == 0:
        print(f"no rule of {policy} holds there now; name a market with --market, or a date with --as-of")
    known = _calendar(scene, decider)
    made = build_tree(scene, decider.questions, lambda ref: ref.startswith(f"{policy}/"), known)
    if as_json:
        print(json.dumps(_as_json(made, policy, scene, decider), ensure_ascii=False))
    else:
        _print(made, policy, scene, decider)


def scene_option(market: str | None, as_of: int, subject: str, decider: Decider) -> Scene:
    """The one market class that an option names, or the class of the rest."""
    if market is None:
        market = decider.program.classes[-1].name
    names = markets_option(market, decider) or ()
    if len(names) != 1:
        wrong_use(f"`{market}` is more than one market to the rules: name one of {', '.join(names)}")
    return decider.scenes(as_of, subject, names)[0]


def _bits(policy: str, decider: Decider) -> int:
    return sum(1 << place for place, found in enumerate(decider.program.rules) if found.rule.policy == policy)


def _calendar(scene: Scene, decider: Decider) -> list[MaybeValue]:
    calendar = scene.regime.calendar
    return [
        calendar[signal.name].get(scene.market.name) if signal.name in calendar else None
        for signal in decider.vocabulary.signals
    ]


def _print(made: Tree, policy: str, scene: Scene, decider: Decider) -> None:
    print(
        f"{policy} in {scene.market.name}: {counted(len(made.steps), 'step')}, "
        f"{made.expected_questions:.1f} questions expected, {made.most_questions} at the most"
    )
    if not made.complete:
        print("the tree is longer than anybody works through and is cut; `assay ask` asks question by question")
    if not isinstance(made.start, int):
        print(_end(made.start, decider))
    for step in made.steps:
        signal = decider.vocabulary.signals[step.signal]
        print_title(f"\n{step.number}. {signal.question}")
        for branch in step.branches:
            where = f"go to {branch.leads_to}" if isinstance(branch.leads_to, int) else _end(branch.leads_to, decider)
            print(
                wrapped(f"{answers_in_words(signal, branch.answers, step.signal, decider)} → {where}", "   ", " " * 6)
            )


def _end(end: End, decider: Decider) -> str:
    done = ", ".join(decider.measure_ids(end.measures)) or "nothing is done"
    rules = decider.rule_refs(end.rules)
    by = f" ({', '.join(rules)})" if rules else ""
    left = decider.rule_refs(end.open_rules)
    return f"{done}{by}" + (f"; still open: {', '.join(left)}" if left else "")


def answers_in_words(signal: Signal, answers: tuple[Value, ...], place: int, decider: Decider) -> str:
    """Answers that lead to one place, as a person would say them."""
    if signal.type in (SignalType.NUMBER, SignalType.SCORE, SignalType.TIME, SignalType.DURATION):
        return _ranges(signal, answers, place, decider)
    sets = [answer for answer in answers if isinstance(answer, frozenset)]
    if len(sets) > 2:
        described = _sets_in_words(sets, place, decider)
        if described is not None:
            return described
    words = [answer_in_words(signal, answer) for answer in answers]
    more = len(words) - _MOST_ANSWERS
    return " · ".join(words if more <= 1 else [*words[:_MOST_ANSWERS], f"and {more} more"])


def _sets_in_words(sets: list[frozenset[str]], place: int, decider: Decider) -> str | None:
    """Many sets in a few words, where all that they share is what they have or have not; None where it is not."""
    domain = decider.residuals.domain(place)
    every = [value for value in domain.values if isinstance(value, frozenset)] if domain is not None else []
    given = set(sets)
    having = {name for one in every if len(one) == 1 and one in given for name in one}
    lacking = {name for one in every if len(one) == 1 and one not in given for name in one}
    shared = frozenset.intersection(*sets)
    if having and given == {one for one in every if one & having}:
        return f"any of: {_listed(having)}"
    if lacking and given == {one for one in every if not one & lacking}:
        return f"none of: {_listed(lacking)}"
    if shared and given == {one for one in every if shared <= one}:
        return f"all of: {_listed(shared)}"
    return None


def _listed(names: Iterable[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in sorted(names))


def answer_in_words(signal: Signal, answer: Value) -> str:
    """One answer as a person would say it."""
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    if isinstance(answer, frozenset):
        return " with ".join(name.replace("_", " ") for name in sorted(answer)) or "none of these"
    if isinstance(answer, str):
        return answer.replace("_", " ") if signal.by_name else answer
    written = signal.write(answer)
    return (
        f"{written:g}{f' {signal.unit}' if signal.unit else ''}" if isinstance(written, int | float) else str(written)
    )


def _ranges(signal: Signal, answers: tuple[Value, ...], place: int, decider: Decider) -> str:
    """Numbers that stand for all between two constants of the rules, as the ranges they stand for."""
    domain = decider.residuals.domain(place)
    values = [value for value in domain.values if not isinstance(value, str | frozenset)] if domain is not None else []
    cuts = _constants(signal, decider)
    runs: list[list[int]] = []
    for number, value in enumerate(values):
        if value in answers:
            if runs and runs[-1][1] == number - 1:
                runs[-1][1] = number
            else:
                runs.append([number, number])
    return " · ".join(_range(signal, values, cuts, first, last) for first, last in runs)


def _range(signal: Signal, values: list[int | float | bool], cuts: set[float], first: int, last: int) -> str:
    low, high = values[first], values[last]
    if first == last and low in cuts:
        return answer_in_words(signal, low)
    parts = []
    if first > 0:
        parts.append(f"at least {_say(signal, low)}" if low in cuts else f"more than {_say(signal, values[first - 1])}")
    if last < len(values) - 1:
        parts.append(f"at most {_say(signal, high)}" if high in cuts else f"less than {_say(signal, values[last + 1])}")
    return " and ".join(parts) or "any"


def _say(signal: Signal, value: int | float) -> str:
    return answer_in_words(signal, value)


def _constants(signal: Signal, decider: Decider) -> set[float]:
    found: set[float] = set()
    for atom in decider.residuals.atoms_of_signal.get(signal.name, ()):
        constant = getattr(atom.test, "constant", None)
        listed = [constant] if constant is not None else getattr(atom.test, "values", ())
        found.update(value for value in listed if isinstance(value, int | float))
    return found


def _as_json(made: Tree, policy: str, scene: Scene, decider: Decider) -> dict[str, object]:
    def place(leads_to: int | End) -> object:
        if isinstance(leads_to, int):
            return leads_to
        return {
            "applied": decider.measure_ids(leads_to.measures),
            "fired": decider.rule_refs(leads_to.rules),
            "open": decider.rule_refs(leads_to.open_rules),
        }

    signals = decider.vocabulary.signals
    return {
        "policy": policy,
        "market": scene.market.name,
        "bundle": decider.digest,
        "expected_questions": round(made.expected_questions, 4),
        "most_questions": made.most_questions,
        "complete": made.complete,
        "start": place(made.start),
        "steps": [
            {
                "number": step.number,
                "signal": signals[step.signal].name,
                "question": signals[step.signal].question,
                "expected_questions": round(step.expected_questions, 4),
                "branches": [
                    {
                        "answers": [signals[step.signal].write(answer) for answer in branch.answers],
                        "words": answers_in_words(signals[step.signal], branch.answers, step.signal, decider),
                        "likely": round(branch.likely, 4),
                        "leads_to": place(branch.leads_to),
                    }
                    for branch in step.branches
                ],
            }
            for step in made.steps
        ],
    }
