"""The one sentence that a report opens with. It never says proved of what was left undecided."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from assay.engine.analysis.difference.change import Difference, Edit
from assay.engine.analysis.proof.finding import Kind, Proof, Weight

_ONLY_WORDS = frozenset((Edit.REWORDED, Edit.MOVED))
_MOST_NAMED = 6


def difference_verdict(difference: Difference, titles: Mapping[str, str] = MappingProxyType({})) -> str:
    """What came of a comparison; measures have the names that the program gives them, or these titles."""
    if difference.same:
        return _same(difference)
    measures = list(dict.fromkeys(change.measure for change in difference.changes))
    parts = []
    if measures:
        named = ", ".join(titles.get(name, name) for name in measures[:_MOST_NAMED])
        more = f" and {len(measures) - _MOST_NAMED} more" if len(measures) > _MOST_NAMED else ""
        verb = "measure changes" if len(measures) == 1 else "measures change"
        parts.append(f"{len(measures)} {verb}: {named}{more}.")
    if difference.doubts:
        left = len(difference.doubts)
        things, them = ("question is", "it") if left == 1 else ("questions are", "them")
        parts.append(f"{left} {things} undecided, so nothing is proved of {them}.")
    if difference.notes and not measures:
        parts.append("No measure changes for any item, but something else does that decisions may turn on.")
    return " ".join(parts)


def _same(difference: Difference) -> str:
    if difference.old == difference.new:
        return "The two are the same, word for word."
    if not difference.clauses:
        return "No decision differs: proved."
    if all(_ONLY_WORDS.issuperset(clause.edits) and not clause.decides for clause in difference.clauses):
        return "Only words changed: no decision differs: proved."
    count = len(difference.clauses)
    clauses = "1 clause is" if count == 1 else f"{count} clauses are"
    return f"No decision differs: proved. {clauses} not as before."


def proof_verdict(proof: Proof) -> str:
    """What came of a proof."""
    errors = proof.count(Weight.ERROR)
    undecided = sum(found.kind is Kind.UNDECIDED for found in proof.findings)
    proved = sum(checked.outcome == "proved" for checked in proof.checked)
    claims = "1 claim is" if proved == 1 else f"{proved:,} claims are"
    if errors:
        found = "1 error keeps" if errors == 1 else f"{errors} errors keep"
        return f"{found} this pack from being released. {claims} proved."
    if undecided:
        left = "1 question is" if undecided == 1 else f"{undecided} questions are"
        return f"No error was found, but {left} undecided, so this pack is not proved. {claims} proved."
    return f"Nothing keeps this pack from being released. {claims} proved."
