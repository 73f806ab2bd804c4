"""Proofs, differences and outcomes as JSON objects for programs. It leaves nothing out that a person is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.engine.analysis.difference.change import Change, ClauseEdit, Difference, Region
from assay.engine.analysis.proof.finding import Finding, Kind, Proof, Weight
from assay.engine.kernel.instants import format_instant
from assay.engine.kernel.span import Span
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.vocabulary import Vocabulary
from assay.interfaces.packs.texts import Texts
from assay.interfaces.proofs.words import reproduced

if TYPE_CHECKING:
    from assay.engine.analysis.proof.outcomes import Outcomes

PROOF, DIFFERENCE, OUTCOMES = "assay-proof/1", "assay-difference/1", "assay-outcomes/1"


def proof_as_json(proof: Proof, pack: Pack, named: str) -> dict[str, object]:
    """A proof; `named` is how the pack is named in commands that reproduce a witness."""
    outcomes = [checked.outcome for checked in proof.checked]
    return {
        "format": PROOF,
        "pack": pack.name,
        "version": pack.version,
        "digest": proof.digest,
        "as_of": format_instant(proof.as_of),
        "sound": proof.sound,
        "counts": {
            "policies": len(pack.policies),
            "rules": len(pack.rules),
            "claims": len(proof.checked),
            **{name: outcomes.count(name) for name in ("proved", "refuted", "undecided", "not-formal")},
            **{f"{weight.value}s": proof.count(weight) for weight in Weight},
            "solved": proof.solved,
            "reused": proof.reused,
        },
        "texts": list(proof.texts),
        "markets": list(proof.markets),
        "findings": [_finding(found, pack, named) for found in proof.findings],
        "checked": [
            {
                "check": checked.check.value,
                "subjects": list(checked.subjects),
                "title": checked.title,
                "outcome": checked.outcome,
                **({"reason": checked.reason} if checked.reason else {}),
            }
            for checked in proof.checked
        ],
    }


def _finding(found: Finding, pack: Pack, named: str) -> dict[str, object]:
    return {
        "slug": found.kind.value,
        "severity": found.weight.value,
        "subjects": list(found.subjects),
        "words": found.words,
        "hint": found.hint,
        **_place(found.span),
        "markets": list(found.markets),
        "witnesses": [
            {**witness.as_json(pack.vocabulary), "reproduce": reproduced(witness, pack.vocabulary, named)}
            for witness in found.witnesses
        ],
        **({"query": found.query} if found.kind is Kind.UNDECIDED else {}),
    }


def difference_as_json(difference: Difference, texts: tuple[Texts, Texts]) -> dict[str, object]:
    """What two versions decide otherwise."""
    sides = zip((difference.old, difference.new), (difference.old_title, difference.new_title), texts, strict=True)
    old, later = (
        {"named": side.title, "title": title, "digest": digest, "files": len(side.files)}
        for digest, title, side in sides
    )
    return {
        "format": DIFFERENCE,
        "old": old,
        "new": later,
        "as_of": format_instant(difference.as_of),
        "same": difference.same,
        "changes": [_change(change, difference.vocabulary) for change in difference.changes],
        "clauses": [_clause(clause) for clause in difference.clauses],
        "notes": list(difference.notes),
        "doubts": [{"words": doubt.words, "query": doubt.query} for doubt in difference.doubts],
    }


def _change(change: Change, words: Vocabulary) -> dict[str, object]:
    return {
        "measure": change.measure,
        "subject": change.subject,
        "markets": list(change.markets),
        "codes": list(change.codes),
        "since": format_instant(change.since),
        "until": None if change.until is None else format_instant(change.until),
        "before": change.before.value,
        "after": change.after.value,
        "meanwhile": change.meanwhile,
        "direction": change.direction.value,
        "rules": list(change.rules),
        "regions": [_region(region, words) for region in change.regions],
    }


def _region(region: Region, words: Vocabulary) -> dict[str, object]:
    return {
        "words": region.words,
        "condition": region.condition,
        "complete": region.complete,
        "missing": list(region.missing),
        "already": list(region.already),
        "otherwise": list(region.otherwise),
        "above": list(region.above),
        "witness": region.witness.as_json(words),
    }


def _clause(clause: ClauseEdit) -> dict[str, object]:
    return {
        "name": clause.name,
        "title": clause.title,
        "edits": [edit.value for edit in clause.edits],
        "words": clause.words,
        "decides": clause.decides,
        "before": clause.before,
        "after": clause.after,
        **_place(clause.span),
    }


def outcomes_as_json(found: Outcomes, condition: str, as_of: int, pack: Pack, named: str) -> dict[str, object]:
    """What can happen to items of which a condition is true."""
    return {
        "format": OUTCOMES,
        "pack": pack.name,
        "digest": pack.digest,
        "condition": condition,
        "as_of": format_instant(as_of),
        "complete": found.complete,
        "undecided": list(found.undecided),
        "always": list(found.always),
        "sometimes": list(found.sometimes),
        "never": list(found.never),
        "nothing_happens": any(not one.measures for one in found.found),
        "outcomes": [
            {
                "measures": list(one.measures),
                "rules": list(one.rules),
                "market": one.market,
                "witness": {
                    **one.witness.as_json(pack.vocabulary),
                    "reproduce": reproduced(one.witness, pack.vocabulary, named),
                },
            }
            for one in found.found
        ],
    }


def _place(span: Span) -> dict[str, object]:
    return {"path": span.path, "line": span.line, "column": span.column, "length": span.length}
