"""`assay test`: the examples of a pack, run one by one. It never changes an answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from assay.engine.kernel.errors import Diagnostic
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Example


def test(
    pack: Annotated[Path, typer.Argument(help="The pack's folder.")],
    policy: Annotated[str | None, typer.Option(help="Only this policy's examples.")] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Name the examples that pass, too.")] = False,
) -> None:
    """Run the examples of a pack. Ends with 1 where one fails or the pack is not sound."""
    from assay.interfaces.packs import check_folder

    report = check_folder(pack, examples=False)
    if not report.sound:
        for text in report.rendered:
            print(text)
        print(f"{report.summary}; the examples were not run")
        raise typer.Exit(1)
    loaded = report.checked.pack
    if policy is not None and policy not in {found.id for found in loaded.policies}:
        known = ", ".join(found.id for found in loaded.policies)
        print(f"no policy is named `{policy}`: there are {known}")
        raise typer.Exit(2)
    passed = failed = 0
    texts = {found.path: loaded.files[f"policies/{Path(found.path).name}"] for found in loaded.policies}
    for example, faults in run_examples(loaded):
        if policy not in (None, example.policy):
            continue
        failed += bool(faults)
        passed += not faults
        for fault in faults:
            print(fault.render(texts))
        if verbose and not faults:
            print(f"passed  {example.policy}: {example.title}")
    print(f"{passed} passed, {failed} failed")
    raise typer.Exit(1 if failed else 0)


def run_examples(pack: Pack) -> Iterator[tuple[Example, list[Diagnostic]]]:
    """Each example of a pack, with what is wrong about its answer."""
    from assay.engine.language.problems.examples.failing_example import check_example

    for policy in pack.policies:
        for example in policy.examples:
            yield example, list(check_example(pack, example))
