"""`assay gap`: what can happen to items of which a condition is true, with an item for each. It judges no outcome."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.identifiers import did_you_mean
from assay.engine.language.document.source import Source
from assay.engine.language.expression.syntax import Expression
from assay.engine.language.pack.pack import Pack
from assay.interfaces.cli.proving.shown import INDENT, print_lines, print_witness
from assay.interfaces.cli.terminal import counted, day_option, print_title, printable, sound_pack, wrapped, wrong_use
from assay.interfaces.proofs.words import moment, reproduced

if TYPE_CHECKING:
    from assay.engine.analysis.proof.outcomes import Outcomes, Possible

PLACE = "condition"


def gap(
    pack: Annotated[Path, typer.Argument(help="The pack's folder.")],
    condition: Annotated[str, typer.Argument(help="Which items: a condition as rules have it, in quotes.")],
    market: Annotated[str | None, typer.Option(help="Only this market or group; without it, everywhere.")] = None,
    as_of: Annotated[str | None, typer.Option(help="As at this date or time; without it, today.")] = None,
    most: Annotated[int, typer.Option(help="So many outcomes at the most.", min=1, max=200)] = 12,
    timeout: Annotated[float, typer.Option(help="Seconds the solver may think about one question.")] = 10.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say what happens to items like these: the outcomes that are possible. Ends with 1 where that is undecided."""
    from assay.engine.analysis.proof.outcomes import outcomes

    if not timeout > 0:
        wrong_use("`--timeout` is a number of seconds above 0")
    loaded, instant = sound_pack(pack), day_option(as_of)
    markets = _markets(market, loaded)
    found = outcomes(loaded, _read(condition, loaded), instant, markets=markets, most=most, seconds=timeout)
    if as_json:
        from assay.interfaces.proofs.written import outcomes_as_json

        print(json.dumps(outcomes_as_json(found, condition, instant, loaded, str(pack)), ensure_ascii=False, indent=2))
    else:
        _print(found, loaded, f"{market or 'all markets'} on {moment(instant)}", str(pack))
    raise typer.Exit(1 if found.undecided else 0)


def _read(text: str, pack: Pack) -> Expression:
    """The condition; ends with 1 and its faults where it is none, or speaks of what the pack does not know."""
    from assay.engine.language.expression.lexer import SyntaxFault
    from assay.engine.language.expression.parser import parse_expression
    from assay.engine.language.expression.types import check_expression
    from assay.engine.language.problems.writing import syntax

    source = Source.of_line(text, PLACE)
    faults: list[Diagnostic] = []
    try:
        expression = parse_expression(text)
        faults = check_expression(expression, source, pack.vocabulary)
    except SyntaxFault as fault:
        place = source.span(fault.start, max(fault.end, fault.start + 1))
        faults = [syntax.report(fault.words, place, fault.hint)]
    else:
        if not faults:
            return expression
    for problem in faults:
        print_lines(problem.render({PLACE: text}), error=True)
    print(f"this is no condition of {printable(pack.name)}: {counted(len(faults), 'error')}", file=sys.stderr)
    raise typer.Exit(1)


def _markets(named: str | None, pack: Pack) -> tuple[str, ...] | None:
    if named is None:
        return None
    if not pack.markets.knows(named):
        hint = did_you_mean(named, pack.markets.codes | set(pack.markets.groups))
        wrong_use(f"no market is named `{named}`" + (f"; {hint}" if hint else "; write a code such as BR, or a group"))
    return (named,)


def _print(found: Outcomes, pack: Pack, where: str, named: str) -> None:
    print_title(printable(_verdict(found)))
    print(wrapped(f"in {where}, for items of which everything is known that rules read", "", "  "))
    for title, names in (("always", found.always), ("sometimes", found.sometimes), ("never", found.never)):
        if names and found.found:
            print(wrapped(", ".join(names), f"{title:11}", " " * 11))
    for number, one in enumerate(found.found, 1):
        print()
        _print_outcome(number, one, pack, named)
    if not found.complete and not found.undecided:
        print("\nthere are more outcomes than these: narrow the condition, or raise `--most`")
    for words in found.undecided:
        print(wrapped(f"undecided: {words}", "", "  "))


def _verdict(found: Outcomes) -> str:
    """Whether nothing at all may happen to such an item; that is what people ask for."""
    if not found.found:
        return "No outcome was found in time." if found.undecided else "There is no such item."
    count = "1 outcome" if len(found.found) == 1 else f"{len(found.found)} outcomes"
    known = f"{count}, and no other" if found.complete else f"{count} at least"
    if any(not one.measures for one in found.found):
        return f"Nothing may happen to such an item: {known}."
    # What does nothing is looked for first, so that its absence is a proof once anything else was found.
    return f"Something happens to every such item: {known}." if not found.undecided else f"{known}.".capitalize()


def _print_outcome(number: int, one: Possible, pack: Pack, named: str) -> None:
    print_title(wrapped(f"{number}. {', '.join(one.measures) or 'nothing happens'}", "", "   "))
    if one.rules:
        print(wrapped(f"by {', '.join(one.rules)}", "   ", "     "))
    print_witness(one.witness, pack.vocabulary, "such as one", "   ")
    print(f"{INDENT}$ {printable(reproduced(one.witness, pack.vocabulary, named))}")
