"""The launch checklist that a house begins with. It is replaced as a whole, and holds no rule."""

from __future__ import annotations

from assay.governance.office.roles import Role
from assay.governance.policies.readiness.rules.items import Item

# Each with its title, what shows it, whose it is, for which risk it is needed (`o` ordinary, `h` high), what finds it.
_ROWS = (
    ("examples", "Every example of the pack passes",
     "Found by the recorded check of this draft.", "analyst", "oh", "examples"),
    ("proof", "The proof finds no error",
     "Conflicts, dead rules, gaps and duties, for this draft.", "analyst", "oh", "proof"),
    ("rehearsal", "Rehearsed on past items, with intervals",
     "Read, with its pitfalls, by whoever launches it.", "data", "h", "rehearsal"),
    ("golden-set", "A golden set for each new or changed rule",
     "How many items a rule, and who agreed on them.", "data", "h", ""),
    ("calibration", "Reviewers agree on trial items",
     "Krippendorff's alpha, its interval and the target.", "operations-lead", "h", ""),
    ("guidance", "Guidance for moderators can be made",
     "Decision tree and steps, made from this very draft.", "operations-lead", "oh", "guidance"),
    ("guidance-read", "Somebody who works by the guidance has read it",
     "Who, and what they asked.", "operations-lead", "oh", ""),
    ("known-questions", "Known questions of the trial are answered",
     "What trainers were asked, and the rulings.", "policy-lead", "h", ""),
    ("decision-time", "A decision takes no longer than planned",
     "Seconds for each, measured with reviewers.", "operations-lead", "h", ""),
    ("queues", "Queues and routing are set",
     "Which queue, which reviewers, which languages, which clock.", "operations-lead", "oh", ""),
    ("detectors", "Detectors and thresholds are pinned",
     "Model, version, threshold, and who may change them.", "data", "h", ""),
    ("notices", "Notices stand in every language",
     "For each outcome: which rule, what we saw, how to appeal.", "communications", "oh", ""),
    ("appeals", "Appeals work for every new outcome",
     "The way, the deadline, and another person who decides.", "operations-lead", "oh", ""),
    ("statement-of-reasons", "Statements of reasons are mapped",
     "Category and keywords for each rule.", "legal", "oh", ""),
    ("strikes", "Strikes are mapped and simulated",
     "How many accounts would cross each threshold.", "policy-lead", "h", ""),
    ("markets", "Rules of single markets are looked at",
     "Where the law asks for more, or for something else.", "legal", "h", ""),
    ("education", "Creators are told before it begins",
     "What changes, from when, the grace period, examples.", "communications", "oh", ""),
    ("communications", "Lines for press and governments are ready",
     "Who says what, and the hardest question.", "communications", "h", ""),
    ("help-centre", "The help centre says the same",
     "Articles that change, by when, in which languages.", "communications", "h", ""),
    ("translations", "Translations are fresh",
     "Found by the digests of what was translated.", "communications", "h", "translations"),
    ("transparency", "Categories for transparency reports are set",
     "Where its decisions are counted.", "legal", "h", ""),
    ("exposure", "Exposure of reviewers is estimated",
     "Hours of severe material, and what is done about it.", "operations-lead", "oh", "exposure"),
    ("rollback", "It can be rolled back in one step",
     "The edition that would decide again.", "operations-lead", "oh", "rollback"),
    ("kill-switch", "Somebody on call can end it",
     "Who, at what hours, and at which figures.", "operations-lead", "oh", ""),
    ("success", "What counts as success is written down",
     "Figures, by when, and what is done if they are not met.", "data", "h", ""),
    ("guardrails", "What must not get worse is written down",
     "Figures, limits, and who looks at them.", "data", "h", ""),
    ("retroaction", "Whether it reaches what was posted before",
     "Yes or no, and since when.", "policy-lead", "h", ""),
    ("review-date", "The day it is looked at again is set",
     "Found in the change, or in the settings of the house.", "policy-lead", "oh", "review-date"),
)  # fmt: skip
FIRST: tuple[Item, ...] = tuple(
    Item(name, title, hint, Role(role), "o" in risks, "h" in risks, computed)
    for name, title, hint, role, risks, computed in _ROWS
)
