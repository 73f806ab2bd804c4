"""`assay tree`: a policy as questions for moderators, step by step. It never asks what cannot matter."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.engine.kernel.identifiers import did_you_mean
from assay.engine.kernel.values import MaybeValue
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
    from assay.engine.analysis.answers import answers_in_words

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
            said = answers_in_words(signal, branch.answers, step.signal, decider.residuals)
            print(wrapped(f"{said} → {where}", "   ", " " * 6))


def _end(end: End, decider: Decider) -> str:
    done = ", ".join(decider.measure_ids(end.measures)) or "nothing is done"
    rules = decider.rule_refs(end.rules)
    by = f" ({', '.join(rules)})" if rules else ""
    left = decider.rule_refs(end.open_rules)
    return f"{done}{by}" + (f"; still open: {', '.join(left)}" if left else "")


def _as_json(made: Tree, policy: str, scene: Scene, decider: Decider) -> dict[str, object]:
    from assay.engine.analysis.answers import answers_in_words

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
                        "words": answers_in_words(signals[step.signal], branch.answers, step.signal, decider.residuals),
                        "likely": round(branch.likely, 4),
                        "leads_to": place(branch.leads_to),
                    }
                    for branch in step.branches
                ],
            }
            for step in made.steps
        ],
    }
