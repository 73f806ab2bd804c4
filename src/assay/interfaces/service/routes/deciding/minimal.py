"""The short form of a decision: what is done, and what is still to be asked. It never leaves out a market."""

from __future__ import annotations

import json
from json.encoder import encode_basestring

from assay.engine.decision.decide import Decider, Decision, Verdict
from assay.engine.kernel.digest import canonical_json
from assay.engine.kernel.instants import format_instant

_LARGEST_MEMO = 20_000
_SHORT = ("applied", "markets", "questions", "settled")


class MinimalWriter:
    """Writes decisions in short; what comes again is remembered."""

    def __init__(self) -> None:
        self._outcomes: dict[tuple[Verdict, tuple[str, ...]], str] = {}
        self._head: tuple[int, str, str] = (-1, "", "")

    def write(self, decision: Decision) -> bytes:
        """The short form, as canonical JSON."""
        decider, memo, outcomes = decision.decider, self._outcomes, []
        for outcome in decision.outcomes:
            key = (outcome.verdict, outcome.markets)
            found = memo.get(key)
            if found is None:
                if len(memo) > _LARGEST_MEMO:
                    memo.clear()
                found = memo[key] = _outcome(decider, *key)
            outcomes.append(found)
        as_of, digest, head = self._head
        if as_of != decision.as_of or digest is not decider.digest:
            head = f'{{"as_of":"{format_instant(decision.as_of)}","bundle":"{decider.digest}","item":'
            self._head = (decision.as_of, decider.digest, head)
        return f'{head}{encode_basestring(decision.item.id)},"outcomes":[{",".join(outcomes)}]}}'.encode()


def _outcome(decider: Decider, verdict: Verdict, markets: tuple[str, ...]) -> str:
    signals = decider.vocabulary.signals
    content = {
        "applied": decider.measure_ids(verdict.standing.applied),
        "markets": markets,
        "questions": [signals[place].name for place in verdict.questions],
        "settled": not verdict.standing.unsettled,
    }
    return canonical_json(content).decode()


def shortened(record: bytes) -> bytes:
    """The short form of a record that was written before."""
    full = json.loads(record)
    outcomes = [{name: outcome[name] for name in _SHORT} for outcome in full["outcomes"]]
    return canonical_json({**{name: full[name] for name in ("as_of", "bundle", "item")}, "outcomes": outcomes})
