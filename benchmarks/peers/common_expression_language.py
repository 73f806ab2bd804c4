"""The Rust implementation of CEL, by its Python binding. It gives unknown as an error, absorbed by `&&` and `||`."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from assay.engine.decision.item import Item
from assay.engine.program.lower import Program
from benchmarks.peers.peer import Answers, Peer, truth_of_answer
from benchmarks.peers.translate import known_signals, to_cel, whole_condition

PACKAGE = "common-expression-language"


def build(program: Program) -> tuple[Peer, ...]:
    """Each rule compiled once, as its documentation advises, and a context made once an item for all rules."""
    from cel import Context
    from cel import compile as compile_cel

    pack = program.pack
    rules = [compile_cel(to_cel(whole_condition(rule), pack)).execute for rule in pack.rules]

    def native(item: Item) -> object:
        return Context(variables=known_signals(item.values, pack.vocabulary))

    def ask(context: Any) -> list[Any]:
        found = []
        for execute in rules:
            try:
                found.append(execute(context))
            except RuntimeError:
                # An unbound variable that nothing else decided.
                found.append(None)
        return found

    def read(answers: list[Any]) -> Answers:
        return [truth_of_answer(given) for given in answers]

    return (Peer(f"{PACKAGE} {version(PACKAGE)}", "rule by rule", native, ask, read),)
