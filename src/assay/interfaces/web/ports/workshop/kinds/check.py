"""The check and the examples of a draft, recorded. It mends nothing."""

from __future__ import annotations

from collections.abc import Iterator

from assay.engine.kernel.errors import Diagnostic, Fault
from assay.engine.language.pack.pack import Pack
from assay.engine.language.problems.examples.failing_example import check_example
from assay.governance.policies.ports import Outcome
from assay.interfaces.packs.texts import check_texts
from assay.interfaces.web.ports.workshop.asked import Asked
from assay.interfaces.web.ports.workshop.telling import Telling

FORMAT = "assay-check/1"


def check(asked: Asked, told: Telling) -> Outcome | Fault:
    """Errors, warnings, and every example with its answer."""
    told.begin("checking")
    report = check_texts(asked.texts[1], examples=False)
    problems = [_problem(one) for one in report.problems]
    pack = report.checked.pack
    examples = list(_examples(pack, told)) if report.sound else []
    failed = sum(bool(one["faults"]) for one in examples)
    errors = sum(one["severity"] == "error" for one in problems)
    document = {
        "format": FORMAT,
        "pack": pack.name,
        "version": pack.version,
        "digest": pack.digest,
        "counts": {
            "policies": len(pack.policies),
            "rules": len(pack.rules),
            "errors": errors,
            "warnings": len(problems) - errors,
            "examples": len(examples),
            "failed": failed,
        },
        "problems": problems,
        "examples": examples,
    }
    return Outcome(report.sound and not failed, _words(report.summary, report.sound, len(examples), failed), document)


def _examples(pack: Pack, told: Telling) -> Iterator[dict[str, object]]:
    told.begin("running examples")
    total = sum(len(policy.examples) for policy in pack.policies)
    for policy in pack.policies:
        for example in policy.examples:
            told.reached(0, total)
            yield {
                "policy": policy.id,
                "title": example.title,
                "place": str(example.span),
                "faults": [_problem(one) for one in check_example(pack, example)],
            }


def _problem(found: Diagnostic) -> dict[str, object]:
    return {
        "slug": found.slug,
        "severity": found.severity,
        "words": found.words,
        "hint": found.hint or "",
        "path": found.span.path,
        "line": found.span.line,
        "column": found.span.column,
        "place": str(found.span),
    }


def _words(summary: str, sound: bool, examples: int, failed: int) -> str:
    if not sound:
        return f"{summary}; the examples were not run"
    passed = f"{examples:,} {'example passes' if examples == 1 else 'examples pass'}"
    return f"{summary}; {passed if not failed else f'{failed:,} of {examples:,} examples fail'}"
