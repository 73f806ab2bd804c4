"""What each kind of finding is called, and what is so when there is none of it. It looks for nothing."""

from __future__ import annotations

from collections.abc import Mapping

from assay.engine.analysis.proof.finding import Kind

TITLES: Mapping[Kind, str] = {
    Kind.DEAD_RULE: "A rule that can never hold",
    Kind.SWALLOWED_RULE: "A rule of which nothing is left",
    Kind.UNDERMINED_RULE: "A rule that bars exceptions and makes one",
    Kind.SHADOWED_RULE: "A rule that adds nothing",
    Kind.CLASHING_RULES: "Two rules that contradict each other",
    Kind.GAP: "A harm that no rule answers",
    Kind.LABEL_CURES: "A label that saves what must go",
    Kind.BROKEN_INVARIANT: "A promise of the pack is broken",
    Kind.BROKEN_OBLIGATION: "A duty is broken",
    Kind.WOULD_BREAK: "A proposed duty would be broken",
    Kind.VACUOUS_OBLIGATION: "A duty that no item falls under",
    Kind.FALLEN_SCENARIO: "A protected item is acted on",
    Kind.OPEN_FOREVER: "A question that nobody may answer",
    Kind.PHANTOM_QUESTION: "A question that changes nothing",
    Kind.UNDECIDED: "Not decided in time",
}
PROVED: Mapping[Kind, str] = {
    Kind.DEAD_RULE: "Every rule can hold",
    Kind.SWALLOWED_RULE: "Something is left of every rule",
    Kind.UNDERMINED_RULE: "Rules that bar exceptions make none themselves",
    Kind.SHADOWED_RULE: "Every rule adds something",
    Kind.CLASHING_RULES: "No two rules contradict each other",
    Kind.GAP: "Every severe harm is answered",
    Kind.LABEL_CURES: "A label saves nothing that must go",
    Kind.BROKEN_INVARIANT: "The pack's own promises are kept",
    Kind.BROKEN_OBLIGATION: "Duties are met",
    Kind.WOULD_BREAK: "Proposed duties would be met",
    Kind.VACUOUS_OBLIGATION: "Some item falls under every duty",
    Kind.FALLEN_SCENARIO: "Protected items are left alone",
    Kind.OPEN_FOREVER: "Every open decision can be settled by people",
    Kind.PHANTOM_QUESTION: "Every question can change what is done",
    Kind.UNDECIDED: "Everything was decided in time",
}
