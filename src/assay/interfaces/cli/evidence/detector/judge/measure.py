"""`assay detector evaluate` for a language model: how often it is right, how easily swayed. It decides nothing."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from assay.interfaces.cli.evidence.detector.judge.opened import (
    Opened,
    asker_of,
    check_files,
    measured_of,
    open_judge,
    show_reject,
)
from assay.interfaces.cli.terminal import Waiting, counted, print_table, print_title, printable, write_file, wrong_use

if TYPE_CHECKING:
    from assay.detection.language_model.measured.accuracy import Accuracy, Flips, Tally
    from assay.interfaces.judging.measure import Measuring
    from assay.interfaces.judging.rounds import Budget
    from assay.interfaces.records.rejects import Rejects


def is_judge(given: Path) -> bool:
    """Whether a path names a language model's judge, and no other detector."""
    from assay.detection.language_model.judge import FILE, judge_file

    return judge_file(given).name == FILE and judge_file(given).is_file()


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a measure is wanted.

    day       that it names, as `2026-11-23`
    repeats   times that each item is asked again
    requests  at most
    dry_run   whether nothing is kept
    """

    day: str
    repeats: int = 1
    requests: int | None = None
    dry_run: bool = False
    as_json: bool = False


def measure_judge(
    *, target: Path, labels: Path, pack: Path | None, cache: Path | None, images: Path | None, wanted: Wanted
) -> NoReturn:
    """Measure a judge on labelled items, print what was found, and keep it beside the judge."""
    from assay.interfaces.judging.measure import Measuring
    from assay.interfaces.judging.rounds import Budget
    from assay.interfaces.records.rejects import Rejects

    if pack is None:
        wrong_use("a language model is measured on a pack's questions; name the pack with --pack")
    check_files(str(labels), (cache,), (images,))
    opened = open_judge(target, pack)
    budget, refusals = Budget(wanted.requests), Rejects()
    with ExitStack() as stack:
        asker = stack.enter_context(asker_of(opened.judge, cache))
        measuring = Measuring(asker, opened.prompts, wanted.repeats)
        _go(opened, labels, images, measuring, budget, refusals)
    found = measuring.tallies()
    # A part would stand in the way of an older, whole measure.
    if found and budget.stopped is None:
        _keep(opened, found, wanted)
    _sum_up(measuring, budget, refusals)
    raise typer.Exit(1 if budget.stopped is not None or not found or len(refusals) else 0)


def _go(
    opened: Opened, labels: Path, images: Path | None, measuring: Measuring, budget: Budget, refusals: Rejects
) -> None:
    from assay.interfaces.judging.lines import read_lines
    from assay.interfaces.records.json_lines import json_records

    with labels.open("rb") as stream, Waiting("measuring", labels.stat().st_size) as waiting:
        lines = read_lines(json_records(stream), opened.pack, opened.judge, images, labelled=True)
        for reject in measuring.run(lines, budget):
            if reject is not None:
                show_reject(reject, str(labels), refusals, printed=True)
            waiting.reached(stream.tell())


def _keep(opened: Opened, found: tuple[Tally, ...], wanted: Wanted) -> None:
    """Keep what was found with what still holds of an earlier measure, and print all of it."""
    from assay.detection.language_model.measured.accuracy import Accuracy
    from assay.detection.language_model.measured.written import accuracy_text
    from assay.interfaces.judging.measure import joined

    now = Accuracy(opened.judge.name, opened.judge.model, opened.pack.digest, wanted.day, found)
    current = {name: prompt.digest for name, prompt in opened.prompts.items()}
    whole = joined(measured_of(opened), now, lambda tally: current.get(tally.signal) == tally.prompt)
    if not wanted.dry_run:
        write_file(opened.accuracy_file, accuracy_text(whole))
    if wanted.as_json:
        print(accuracy_text(whole), end="")
        return
    _print(whole)
    if not wanted.dry_run:
        print()
        print(printable(f"kept in {opened.accuracy_file}"))


def _print(accuracy: Accuracy) -> None:
    header = ("question", "language", "items", "answered", "right", "95 % interval", "flipped", "obeyed", "again")
    print_table(header, [_row(each) for each in accuracy.tallies])
    print()
    print_title("What each answer is worth")
    rows = [row for each in accuracy.tallies for row in _worths(each)]
    print_table(("question", "language", "answer", "given", "right", "right when planted", "worth"), rows)
    print()
    print_title("What was answered")
    rows = [
        (
            each.signal,
            each.language,
            truth or "none",
            ", ".join(f"{answer or 'none'} {number}" for answer, number in row.items()),
        )
        for each in accuracy.tallies
        for truth, row in each.plain.items()
    ]
    print_table(("question", "language", "true answer", "answered"), rows)


def _row(tally: Tally) -> tuple[str, ...]:
    from assay.engine.backtest.estimate.intervals import quantile, score_bounds

    right = interval = "-"
    if tally.answered:
        low, high = score_bounds(tally.right / tally.answered, tally.answered, quantile())
        right, interval = f"{100 * tally.right / tally.answered:.1f} %", f"{100 * low:.1f} % to {100 * high:.1f} %"
    flips = (tally.flipped, tally.obeyed, tally.repeated)
    counts = (f"{tally.asked:,}", f"{tally.answered:,}")
    return (tally.signal, tally.language, *counts, right, interval, *(_share(each) for each in flips))


def _share(flips: Flips) -> str:
    return f"{flips.flipped:,} of {flips.trials:,}" if flips.trials else "-"


def _worths(tally: Tally) -> list[tuple[str, ...]]:
    from assay.detection.language_model.measured.accuracy import given, worth_of

    rows: list[tuple[str, ...]] = []
    for answer in tally.answers:
        times, right = given(tally.plain, answer)
        swayed, held = given(tally.planted, answer)
        worth = worth_of(tally, answer)
        shown = f"{worth:.4f}" if isinstance(worth, float) else "too few"
        named = (tally.signal, tally.language, answer or "none")
        rows.append((*named, f"{times:,}", f"{right:,}", f"{held:,} of {swayed:,}", shown))
    return rows


def _sum_up(measuring: Measuring, budget: Budget, refusals: Rejects) -> None:
    from assay.interfaces.records.rejects import counted as by_slug

    words = [
        f"{counted(measuring.items, 'item')}",
        f"{counted(measuring.requests, 'request')}",
        f"{counted(measuring.tokens, 'token')}",
    ]
    if measuring.unreached:
        words.append(f"{measuring.unreached:,} left out, since no answer came")
    if len(refusals):
        words.append(f"{len(refusals):,} rejected ({by_slug(refusals.counts)})")
    for slug, step in measuring.faults.items():
        print(printable(f"{slug}: {step}"), file=sys.stderr)
    if budget.spent:
        words.append("the requests that `--requests` allows are used up")
    print("; ".join(words), file=sys.stderr)
    if budget.stopped is not None:
        stopped = f"stopped: {budget.stopped.slug}: {budget.stopped.words}"
        step = "nothing was kept, and with `--cache` the next run goes on from here"
        print(printable(f"{stopped}; {step}"), file=sys.stderr)
