"""GoRules ZEN's expressions, by its Python binding. What is missing is null, and `<` with null is an error."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from assay.engine.decision.item import Item
from assay.engine.program.lower import Program
from benchmarks.peers.peer import Answers, Peer, truth_of_answer
from benchmarks.peers.translate import known_signals, to_zen, whole_condition

PACKAGE = "zen-engine"


def build(program: Program) -> tuple[Peer, ...]:
    """Rules compiled once, over the text of a JSON object, which it takes faster than a dictionary.

    It is driven twice: rule by rule, and as one list, which is faster but turns one error into an error for all.
    """
    import zen

    pack = program.pack
    texts = [to_zen(whole_condition(rule), pack) for rule in pack.rules]
    rules = [zen.compile_expression(text).evaluate for text in texts]
    together = zen.compile_expression(f"[{', '.join(texts)}]")

    def native(item: Item) -> str:
        return json.dumps(known_signals(item.values, pack.vocabulary))

    def evaluated(evaluate: Callable[[str], Any], context: str) -> Any:
        try:
            return evaluate(context)
        except RuntimeError:
            # A comparison with what is missing.
            return None

    def ask(context: str) -> list[Any]:
        return [evaluated(evaluate, context) for evaluate in rules]

    def ask_together(context: str) -> list[Any]:
        found: list[Any] | None = evaluated(together.evaluate, context)
        return [None] * len(rules) if found is None else found

    def read(answers: list[Any]) -> Answers:
        return [truth_of_answer(given) for given in answers]

    name = f"{PACKAGE} {version(PACKAGE)}"
    return (
        Peer(name, "rule by rule", native, ask, read),
        Peer(name, "all rules as one list", native, ask_together, read),
    )
