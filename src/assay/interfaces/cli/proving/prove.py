"""`assay prove`: what can be proved of a pack, and an item for what cannot. A time-out never counts as a proof."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.engine.analysis.proof.finding import Kind, Proof, Weight
from assay.engine.kernel.identifiers import did_you_mean
from assay.engine.language.pack.pack import Pack
from assay.interfaces.cli.proving.shown import print_bold, print_finding, print_texts_note, together
from assay.interfaces.cli.terminal import Waiting, counted, day_option, sound_pack, write_file, wrong_use
from assay.interfaces.proofs.words import moment

if TYPE_CHECKING:
    from assay.interfaces.proofs.remembered import Remembered


def prove(  # noqa: PLR0913 (each argument is an option of the command)
    pack: Annotated[Path, typer.Argument(help="The pack's folder.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write a report for people, one HTML file.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Prove from this date or time on; without it, from today.")] = None,
    timeout: Annotated[float, typer.Option(help="Seconds the solver may think about one claim.")] = 10.0,
    only: Annotated[list[str] | None, typer.Option(help="Only findings of this kind; may be given again.")] = None,
    queries: Annotated[Path | None, typer.Option(help="A folder for what was left undecided, as SMT-LIB 2.")] = None,
    cache: Annotated[Path | None, typer.Option(help="A folder for what was proved, for the next run.")] = None,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Prove everything anew and keep nothing.")] = False,
) -> None:
    """Prove a pack, or show items on which it fails. Ends with 1 where there are errors or something is undecided."""
    kinds = _kinds(only)
    if not timeout > 0:
        wrong_use("`--timeout` is a number of seconds above 0")
    loaded, instant = sound_pack(pack), day_option(as_of)
    memory = memory_option(pack, cache, none=no_cache)
    proof = prove_pack(loaded, instant, seconds=timeout, memory=memory, kinds=kinds)
    if html is not None:
        from assay.interfaces.proofs.page.proof_page import render_proof

        write_file(html, render_proof(proof, loaded, str(pack)))
    if queries is not None:
        _write_queries(proof, queries)
    if as_json:
        from assay.interfaces.proofs.written import proof_as_json

        print(json.dumps(proof_as_json(proof, loaded, str(pack)), ensure_ascii=False, indent=2))
    else:
        _print(proof, loaded, pack)
        if html is not None:
            print(f"the report is in {html}")
        if memory is not None and memory.fault:
            print(f"nothing is kept for the next run: {memory.fault}")
    raise typer.Exit(0 if proof.sound else 1)


def memory_option(pack: Path, folder: Path | None, *, none: bool) -> Remembered | None:
    """What is known of a pack from earlier runs, as two options say it."""
    from assay.interfaces.proofs.remembered import Remembered, cache_file

    return None if none else Remembered(cache_file(pack, folder))


def prove_pack(
    pack: Pack,
    as_of: int,
    *,
    seconds: float,
    memory: Remembered | None,
    kinds: frozenset[Kind] | None = None,
) -> Proof:
    """A proof, with a bar at the terminal while it takes its time."""
    from assay.engine.analysis.proof.prove import prove as prove_it

    with ExitStack() as stack:
        kept = stack.enter_context(memory) if memory is not None else None
        waiting = stack.enter_context(Waiting("proving", None))
        return prove_it(pack, as_of, seconds=seconds, memory=kept, reached=waiting.reached, kinds=kinds)


def proof_summary(proof: Proof, pack: Pack) -> str:
    """One line that sums up a proof."""
    proved = sum(checked.outcome == "proved" for checked in proof.checked)
    undecided = sum(found.kind is Kind.UNDECIDED for found in proof.findings)
    warnings = proof.count(Weight.WARNING) - undecided
    notes = proof.count(Weight.NOTE)
    found = [
        counted(proof.count(Weight.ERROR), "error"),
        counted(warnings, "warning"),
        *([counted(notes, "note")] if notes else []),
        f"{undecided} undecided",
    ]
    size = f"{counted(len(pack.policies), 'policy', 'policies')}, {counted(len(pack.rules), 'rule')}"
    asked = f"{proof.solved:,} of {proof.solved + proof.reused:,} solved anew"
    claims = f"{counted(proved, 'claim')} proved"
    return f"{size}: {claims}, {', '.join(found)} (from {moment(proof.as_of)} on, {asked})"


def _print(proof: Proof, loaded: Pack, folder: Path) -> None:
    from assay.interfaces.packs.folders import texts_of_folder

    texts = texts_of_folder(folder).by_path
    for found in together(proof.findings):
        print_finding(found, loaded, texts, str(folder))
        print()
    print_texts_note(proof.texts)
    print_bold(proof_summary(proof, loaded), good=proof.sound)


def _kinds(only: list[str] | None) -> frozenset[Kind] | None:
    known = {kind.value: kind for kind in Kind}
    named = [name.strip() for given in only or () for name in given.split(",") if name.strip()]
    for name in named:
        if name not in known:
            wrong_use(f"no kind of finding is named `{name}`; {did_you_mean(name, known) or ', '.join(known)}")
    return frozenset(known[name] for name in named) if named else None


def _write_queries(proof: Proof, folder: Path) -> None:
    for found in proof.findings:
        if found.kind is Kind.UNDECIDED:
            name = "-".join(found.subjects).replace("/", "-")[:150]
            write_file(folder / f"{name}.smt2", found.query)
