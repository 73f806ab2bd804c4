"""JsonLogic in Rust, by its Python binding. What is missing is null to it, and null is false."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import Any

from assay.engine.decision.item import Item
from assay.engine.program.lower import Program
from benchmarks.peers.peer import Answers, Peer, truth_of_answer
from benchmarks.peers.translate import known_signals, to_json_logic, whole_condition

PACKAGE = "datalogic-py"


def build(program: Program) -> tuple[Peer, ...]:
    """All rules as one list, compiled once, in a session over parsed data: the fastest of the ways it documents."""
    from datalogic_py import DataHandle, Engine

    pack = program.pack
    engine = Engine()
    rules = engine.compile(json.dumps([to_json_logic(whole_condition(rule), pack) for rule in pack.rules]))
    session = engine.session()

    def native(item: Item) -> object:
        return DataHandle(known_signals(item.values, pack.vocabulary))

    def ask(handle: Any) -> Any:
        return session.evaluate_data(rules, handle)

    def read(answers: list[Any]) -> Answers:
        # `and` and `or` give the operand that decided, which may be null; its own docs call that falsy.
        return [truth_of_answer(bool(given)) for given in answers]

    return (Peer(f"{PACKAGE} {version(PACKAGE)}", "all rules as one list", native, ask, read),)
