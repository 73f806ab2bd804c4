"""`assay ci`: check, test, prove and compare a pack, summed up for a pull request. It never posts anything anywhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.engine.kernel.errors import Diagnostic, Fault
from assay.engine.language.pack.pack import Pack
from assay.interfaces.cli.proving.diff import compare_packs
from assay.interfaces.cli.proving.prove import memory_option, proof_summary, prove_pack
from assay.interfaces.cli.terminal import counted, day_option, write_file, wrong_use
from assay.interfaces.proofs.summary import (
    Part,
    Step,
    change_entries,
    clause_entries,
    finding_entries,
    plain,
    problem_entries,
    summary,
)
from assay.interfaces.proofs.verdicts import difference_verdict

if TYPE_CHECKING:
    from assay.interfaces.packs.texts import Texts

_NOT_RUN = "not run, since the pack is not sound"


@dataclass(slots=True)
class _Told:
    """What was found so far."""

    steps: list[Step] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    strict: bool = False

    @property
    def good(self) -> bool:
        """Whether nothing went wrong."""
        return all(step.good is not False for step in self.steps)

    @property
    def if_it_differs(self) -> bool | None:
        """What a difference says of a change: nothing for or against it, unless it was asked to be against it."""
        return False if self.strict else None


def ci(
    pack: Annotated[Path, typer.Argument(help="The pack's folder.")],
    base: Annotated[str, typer.Option(help="What to compare with: a git revision, a folder or a bundle.")],
    output: Annotated[Path | None, typer.Option(help="Where the summary goes; without it, to the terminal.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="End with 1 where any decision differs, too.")] = False,
    as_of: Annotated[str | None, typer.Option(help="Prove from this date or time on; without it, from today.")] = None,
    timeout: Annotated[float, typer.Option(help="Seconds the solver may think about one claim.")] = 10.0,
    cache: Annotated[Path | None, typer.Option(help="A folder for what was proved, for the next run.")] = None,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Prove everything anew and keep nothing.")] = False,
) -> None:
    """Check, test, prove and compare: one Markdown summary. Ends with 1 where a check, an example or a proof fails."""
    from assay.interfaces.packs.folders import check_folder

    if not timeout > 0:
        wrong_use("`--timeout` is a number of seconds above 0")
    if not pack.is_dir():
        wrong_use(f"there is no folder `{pack}`; a pack is a folder with a `pack.yaml`")
    before, instant, told = _base(base, pack), day_option(as_of), _Told(strict=strict)
    report = check_folder(pack, examples=False)
    loaded = report.checked.pack
    told.steps.append(Step("Check", report.sound, report.summary))
    told.parts.append(_problems("Check", report.problems, f"run `assay check {pack}`"))
    if report.sound:
        _test(loaded, pack, told)
        memory = memory_option(pack, cache, none=no_cache)
        proof = prove_pack(loaded, instant, seconds=timeout, memory=memory)
        told.steps.append(Step("Prove", proof.sound, proof_summary(proof, loaded)))
        entries = tuple(finding_entries(proof.findings, loaded.vocabulary))
        told.parts.append(Part("What the proof found", entries, f"run `assay prove {pack}`"))
        _compare(base, before, loaded, instant, timeout, told)
    else:
        told.steps += [Step(name, None, _NOT_RUN) for name in ("Test", "Prove", f"Compare with `{base}`")]
    _tell(f"{'✔' if told.good else '✘'} {loaded.title or pack} {loaded.version}".rstrip(), told, output)
    raise typer.Exit(0 if told.good else 1)


def _base(named: str, pack: Path) -> Texts | None:
    """The texts to compare with; None where the pack did not stand there, since a new pack has no past."""
    from assay.interfaces.packs.versions import read_version

    found = read_version(named, pack)
    if isinstance(found, Fault):
        if found.slug == "no-pack":
            return None
        wrong_use(found.words)
    return found


def _test(loaded: Pack, pack: Path, told: _Told) -> None:
    from assay.interfaces.cli.policy.test import run_examples

    faults = [found for _, found in run_examples(loaded)]
    failed = sum(bool(found) for found in faults)
    words = f"{counted(len(faults) - failed, 'example')} passed, {failed} failed"
    told.steps.append(Step("Test", not failed, words))
    problems = tuple(problem for found in faults for problem in found)
    told.parts.append(_problems("Test", problems, f"run `assay test {pack}`"))


def _problems(step: str, problems: tuple[Diagnostic, ...], more: str) -> Part:
    return Part(f"{step}: {counted(len(problems), 'problem')}", tuple(problem_entries(problems)), more)


def _compare(base: str, before: Texts | None, loaded: Pack, as_of: int, seconds: float, told: _Told) -> None:
    from assay.interfaces.packs.texts import check_texts

    name = f"Compare with {plain(f'`{base}`')}"
    if before is None:
        told.steps.append(Step(name, None, "the pack is new, so there is nothing to compare it with"))
        return
    report = check_texts(before, examples=False)
    if not report.sound:
        words = f"not compared: the pack there is not sound by this edition of the language ({report.summary})"
        told.steps.append(Step(name, None, words))
        return
    difference = compare_packs(report.checked.pack, loaded, as_of, seconds=seconds)
    if isinstance(difference, tuple):
        told.steps.append(
            Step(name, told.if_it_differs, f"not compared: {'; '.join(problem.words for problem in difference)}")
        )
        return
    told.steps.append(Step(name, difference.same or told.if_it_differs, difference_verdict(difference)))
    more = f"run `assay diff {base} …`"
    doubts = (f"- ✘ undecided: {plain(doubt.words)}\n" for doubt in difference.doubts)
    notes = (f"- {plain(note)}\n" for note in difference.notes)
    told.parts += [
        Part("What changes", (*doubts, *notes, *change_entries(difference, loaded.markets)), more),
        Part("Clauses that changed", tuple(clause_entries(difference.clauses)), more),
    ]


def _tell(title: str, told: _Told, output: Path | None) -> None:
    text = summary(title, told.steps, told.parts)
    if output is None:
        print(text, end="")
        return
    write_file(output, text)
    for step in told.steps:
        print(f"{step.name}: {step.words}")
    print(f"the summary is in {output}")
