"""Google's implementation of CEL in C++, by its Python binding. It gives unknown as an error value."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from assay.engine.decision.item import Item
from assay.engine.language.pack.vocabulary import Signal, SignalType
from assay.engine.program.lower import Program
from benchmarks.peers.peer import Answers, Peer, truth_of_answer
from benchmarks.peers.translate import known_signals, to_cel, whole_condition

PACKAGE = "cel-expr-python"


def build(program: Program) -> tuple[Peer, ...]:
    """Each rule checked and compiled once, and an activation made once an item for all rules."""
    from cel_expr_python import cel

    def declared(signal: Signal) -> Any:
        types = {
            SignalType.FLAG: cel.Type.BOOL,
            SignalType.SCORE: cel.Type.DOUBLE,
            SignalType.NUMBER: cel.Type.INT,
            SignalType.SET: cel.Type.List(cel.Type.STRING),
        }
        return types.get(signal.type, cel.Type.STRING)

    pack = program.pack
    environment = cel.NewEnv(variables={signal.name: declared(signal) for signal in pack.vocabulary.signals})
    rules = [environment.compile(to_cel(whole_condition(rule), pack)).eval for rule in pack.rules]

    def native(item: Item) -> object:
        return environment.Activation(known_signals(item.values, pack.vocabulary))

    def ask(activation: object) -> list[Any]:
        return [evaluate(activation).value() for evaluate in rules]

    def read(answers: list[Any]) -> Answers:
        return [truth_of_answer(given) for given in answers]

    return (Peer(f"{PACKAGE} {version(PACKAGE)}", "rule by rule", native, ask, read),)
