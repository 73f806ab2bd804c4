"""What a draft decides otherwise than the texts in force, item by item. It says of no difference that it is good."""

from __future__ import annotations

import msgspec

from assay.engine.analysis.difference.compare import compare
from assay.engine.kernel.errors import Fault, Refused
from assay.governance.policies.ports import Outcome
from assay.interfaces.proofs.page.difference_page import DifferenceParts, render_difference
from assay.interfaces.proofs.verdicts import difference_verdict
from assay.interfaces.proofs.words import moment
from assay.interfaces.proofs.written import difference_as_json
from assay.interfaces.web.ports.workshop.asked import Asked, pack_of
from assay.interfaces.web.ports.workshop.telling import Telling

_FIRST = "Nothing is in force yet, so there is nothing to compare with: all of it is new."


def difference(asked: Asked, told: Telling) -> Outcome | Fault:
    """Every change of every measure, a witness for each."""
    if not asked.old:
        return Outcome(None, _FIRST, {"format": "assay-work/1", "report": None, "shown": {"verdict": _FIRST}})
    told.begin("reading")
    before, after = (pack_of(texts) for texts in asked.texts)
    if isinstance(before, Fault):
        return before
    if isinstance(after, Fault):
        return after
    told.begin("comparing")
    try:
        found = compare(before, after, asked.as_of, seconds=asked.seconds_a_claim, reached=told.reached)
    except Refused as refused:
        first = refused.diagnostics[0]
        return Fault("cannot-compare", f"no item can be held against both: {first.span}: {first.words}")
    packs, texts = (before, after), asked.texts
    parts = DifferenceParts(found, packs)
    known, waiting = parts.changes(complete=True), parts.changes(complete=False)
    verdict = difference_verdict(found, {one.measure: f"“{one.title}”" for one in (*known, *waiting)})
    shown = {
        "verdict": verdict,
        "as_of": moment(found.as_of),
        "known": known,
        "waiting": waiting,
        "clauses": parts.clauses(known, waiting),
        "notes": found.notes,
        "doubts": [doubt.words for doubt in found.doubts],
    }
    document = {
        "format": "assay-work/1",
        "report": difference_as_json(found, texts),
        "shown": msgspec.to_builtins(shown),
    }
    # Undecided is neither the same nor another; whoever asks for no doubt is told so by None.
    return Outcome(None if found.doubts else True, verdict, document, render_difference(found, packs, texts))
