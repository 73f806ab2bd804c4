"""`assay detector ask`: a language model asked what is unknown and matters. It asserts nothing unmeasured."""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from assay.interfaces.cli.evidence.detector.judge.opened import (
    Opened,
    asker_of,
    check_files,
    measured_of,
    open_judge,
    show_reject,
)
from assay.interfaces.cli.terminal import Waiting, counted, instant_option, markets_option, printable, wrong_use

if TYPE_CHECKING:
    from assay.engine.kernel.errors import Fault
    from assay.interfaces.judging.rounds import Asked, Budget, Rounds, Sums
    from assay.interfaces.records.rejects import Rejects


def ask(  # noqa: PLR0913 (each is an option)
    given: Annotated[str, typer.Argument(metavar="ITEMS", help="Items with their content, as JSON Lines, or `-`.")],
    pack: Annotated[Path, typer.Option(help="The pack's folder.")],
    judge: Annotated[Path, typer.Option(help="The judge: a folder with a `judge.toml`, or the file.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Where items go, with what was asserted of them.")
    ] = None,
    images: Annotated[Path | None, typer.Option(help="The folder below which items' pictures are.")] = None,
    markets: Annotated[str | None, typer.Option(help="Only what matters in these markets or groups.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Ask what matters at this date or time; without it, now.")] = None,
    requests: Annotated[int | None, typer.Option(min=0, help="Requests at most, in all.")] = None,
    questions: Annotated[int, typer.Option(min=1, help="Questions about one item at most.")] = 4,
    cache: Annotated[Path | None, typer.Option(help="A file of replies, so that a run can go on.")] = None,
    kept: Annotated[Path | None, typer.Option("--records", help="Where the record of each question goes.")] = None,
    rejects: Annotated[Path | None, typer.Option(help="Where lines that are no items go.")] = None,
) -> None:
    """Ask a language model what is unknown and matters. Ends with 1 where a line or the endpoint failed."""
    from assay.engine.decision.decide import Decider
    from assay.interfaces.judging.prompts import Believing
    from assay.interfaces.judging.rounds import Budget, Rounds, Sums
    from assay.interfaces.records.rejects import Rejects

    check_files(given, (out, kept, rejects, cache), (images,))
    opened = open_judge(judge, pack)
    decider = Decider(opened.pack)
    believing = Believing(opened.judge, opened.pack, opened.prompts, measured_of(opened), str(judge))
    budget, sums = Budget(requests, questions), Sums()
    with ExitStack() as stack:
        asker = stack.enter_context(asker_of(opened.judge, cache))
        rounds = Rounds(asker, believing, decider, instant_option(as_of), markets_option(markets, decider))
        try:
            stream = sys.stdin.buffer if given == "-" else stack.enter_context(Path(given).open("rb"))
            written = sys.stdout.buffer if out is None else stack.enter_context(out.open("wb"))
            records = None if kept is None else stack.enter_context(kept.open("wb"))
            refusals = Rejects(stack.enter_context(rejects.open("wb")) if rejects is not None else None)
        except OSError as error:
            wrong_use(f"`{error.filename}` cannot be opened: {(error.strerror or 'it cannot be read').lower()}")
        _Run(given, opened, images, rejects is None).go(stream, (written, records), rounds, budget, sums, refusals)
    _sum_up(sums, budget, refusals)
    raise typer.Exit(1 if len(refusals) or budget.stopped is not None else 0)


class _Run:
    """One run over one input."""

    def __init__(self, given: str, opened: Opened, images: Path | None, printed: bool) -> None:
        self._given, self._opened, self._images, self._printed = given, opened, images, printed

    def go(
        self,
        stream: BinaryIO,
        written: tuple[BinaryIO, BinaryIO | None],
        rounds: Rounds,
        budget: Budget,
        sums: Sums,
        refusals: Rejects,
    ) -> None:
        """Ask about everything that comes, and write it as it is done."""
        from assay.interfaces.judging.lines import read_lines
        from assay.interfaces.records.json_lines import json_records
        from assay.interfaces.records.reading import Reject

        out, records = written
        total = Path(self._given).stat().st_size if self._given != "-" else None
        lines = read_lines(json_records(stream), self._opened.pack, self._opened.judge, self._images)
        with Waiting("asking", total) as waiting:
            for outcome in rounds.run(lines, budget):
                if isinstance(outcome, Reject):
                    show_reject(outcome, self._given, refusals, printed=self._printed)
                else:
                    sums.add(outcome)
                    out.write(self._item_line(outcome))
                    if records is not None:
                        records.write(_record_lines(outcome))
                waiting.reached(stream.tell() if total is not None else sums.items + len(refusals))
        out.flush()

    def _item_line(self, asked: Asked) -> bytes:
        from assay.engine.decision.item import write_item

        written = write_item(asked.item, self._opened.pack.vocabulary)
        return json.dumps(written, ensure_ascii=False, allow_nan=False).encode("utf-8") + b"\n"


def _record_lines(asked: Asked) -> bytes:
    """A record for each question that was put, and for each that was not although it matters."""
    lines: list[dict[str, object]] = [
        {
            "id": asked.item.id,
            **said.verdict.as_mapping(),
            "confidence": said.confidence,
            "asserts_nothing": None if said.fault is None else _fault(said.fault),
        }
        for said in asked.said
    ]
    lines += [
        {"id": asked.item.id, "signal": name, "not_asked": _fault(fault)} for name, fault in asked.unasked.items()
    ]
    return b"".join(json.dumps(line, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n" for line in lines)


def _fault(fault: Fault) -> dict[str, str]:
    return {"slug": fault.slug, "reason": fault.words}


def _sum_up(sums: Sums, budget: Budget, refusals: Rejects) -> None:
    from assay.interfaces.records.rejects import counted as by_slug

    words = [
        f"{counted(sums.items, 'item')}: {sums.touched:,} asked about",
        f"{counted(sums.asked, 'question')} ({counted(sums.requests, 'request')}, {counted(sums.tokens, 'token')})",
        counted(sums.asserted, "assertion"),
    ]
    if sums.without:
        words.append(f"{sums.without.total():,} answers assert nothing ({by_slug(sums.without)})")
    if sums.unasked:
        words.append(f"{sums.unasked.total():,} questions not put ({by_slug(sums.unasked)})")
    if len(refusals):
        words.append(f"{len(refusals):,} rejected ({by_slug(refusals.counts)})")
    for slug, step in sums.steps.items():
        print(printable(f"{slug}: {step}"), file=sys.stderr)
    print("; ".join(words), file=sys.stderr)
    if budget.stopped is not None:
        print(printable(f"stopped asking: {budget.stopped.slug}: {budget.stopped.words}"), file=sys.stderr)
