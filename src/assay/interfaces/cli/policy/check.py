"""`assay check`: everything that can be said against a pack, at once. It never changes the pack."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from assay.engine.kernel.errors import Diagnostic


def check(
    pack: Annotated[Path, typer.Argument(help="The pack's folder.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a fault, and no summary.")] = False,
) -> None:
    """Check a pack: words, types, measures, markets, dates and examples. Ends with 1 where there are errors."""
    from assay.interfaces.packs import check_folder

    report = check_folder(pack)
    if as_json:
        for problem in report.problems:
            print(json.dumps(_as_json(problem), ensure_ascii=False))
    else:
        for text in report.rendered:
            print(text)
        print(report.summary)
    raise typer.Exit(0 if report.sound else 1)


def _as_json(problem: Diagnostic) -> dict[str, object]:
    span = problem.span
    return {
        "slug": problem.slug,
        "severity": problem.severity,
        "words": problem.words,
        "hint": problem.hint,
        "path": span.path,
        "line": span.line,
        "column": span.column,
        "length": span.length,
    }
