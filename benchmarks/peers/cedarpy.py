"""Cedar, by its Python binding. It has two truth values, so it is asked for what is certain and what is possible."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import Any

from assay.engine.decision.item import Item
from assay.engine.kernel.truth import from_planes
from assay.engine.program.lower import Program
from benchmarks.peers.peer import Answers, Peer
from benchmarks.peers.translate import cedar_value, to_cedar

PACKAGE = "cedarpy"


def build(program: Program) -> tuple[Peer, ...]:
    """Two policies a rule, in one set that is parsed once.

    One request of 80 policies was faster than two of 40, each alone or in batches, so this is the kinder reading of
    asking twice. The context is the text of a JSON object, which saves the binding from making it.
    """
    import cedarpy

    pack, count = program.pack, len(program.rules)
    text = "".join(
        f"permit(principal, action, resource) when {{ {to_cedar(lowered.condition, pack, possible=possible)} }};\n"
        for possible in (False, True)
        for lowered in program.rules
    )
    policies = cedarpy.PolicySet.from_str(text)
    entities = cedarpy.Entities.from_json_str("[]")

    def native(item: Item) -> dict[str, str]:
        context = {
            signal.name: cedar_value(signal.type, value)
            for signal, value in zip(pack.vocabulary.signals, item.values, strict=True)
            if value is not None
        }
        who = {"principal": 'Uploader::"u"', "action": 'Action::"decide"', "resource": 'Item::"i"'}
        return {**who, "context": json.dumps(context)}

    def ask(request: dict[str, str]) -> Any:
        return cedarpy.is_authorized(request, policies, entities).diagnostics.reasons

    def read(reasons: Any) -> Answers:
        # The parser names policies by their places: policy0, policy1, …
        held = {int(reason.removeprefix("policy")) for reason in reasons}
        return [from_planes(place in held, place + count in held) for place in range(count)]

    return (Peer(f"{PACKAGE} {version(PACKAGE)}", "asked for true and possible", native, ask, read),)
