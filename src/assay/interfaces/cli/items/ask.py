"""`assay ask`: one question after another until nothing open would change what is done. It never guesses an answer."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.engine.kernel.errors import Fault
from assay.engine.language.pack.vocabulary import Signal, SignalType
from assay.interfaces.cli.policy.tree import scene_option
from assay.interfaces.cli.terminal import (
    counted,
    instant_option,
    print_title,
    printable,
    sound_pack,
    wrapped,
    wrong_use,
)

if TYPE_CHECKING:
    from assay.engine.decision.decide import Decider, Decision, Outcome
    from assay.engine.decision.item import Item

CANNOT_TELL, BACK, QUIT = "u", "b", "q"
_LARGEST_ITEM = 1024 * 1024
_MOST_RULES = 4


def ask(
    pack: Annotated[Path, typer.Argument(help="The pack's folder.")],
    item: Annotated[Path | None, typer.Option(help="An item record; what it says is not asked again.")] = None,
    market: Annotated[str | None, typer.Option(help="A market; without it, one that no rule tells apart.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Decide as at this date or time; without it, now.")] = None,
) -> None:
    """Ask a person what matters, one question at a time, until settled."""
    from assay.engine.decision.decide import Decider

    decider = Decider(sound_pack(pack))
    instant = instant_option(as_of)
    given = _read(item, decider)
    scene = scene_option(market, instant, given.subject, decider)
    print(f"Deciding {given.id} in {scene.market.name}. Answer with numbers; u cannot tell, b back, q quit.")
    # Where the item tells a single market apart from its class, that market's own outcome is wanted.
    talk = _Talk(decider, given, instant, (market or scene.market.name, scene.market.name))
    stopped = False
    while not stopped and (signal := talk.question()) is not None:
        talk.show(signal)
        stopped = not talk.take(signal)
    talk.sum_up(stopped=stopped)


def _read(path: Path | None, decider: Decider) -> Item:
    from assay.engine.decision.item import Item, read_item
    from assay.interfaces.records.json_lines import decode_record
    from assay.interfaces.records.reading import Place

    if path is None:
        return Item("this item", (None,) * len(decider.vocabulary.signals))
    try:
        with path.open("rb") as stream:
            content = stream.read(_LARGEST_ITEM + 1)
    except OSError as error:
        wrong_use(f"`{path}` cannot be opened: {(error.strerror or 'it cannot be read').lower()}")
    if len(content) > _LARGEST_ITEM:
        wrong_use(f"`{path}` is larger than 1 MiB, and an item is not")
    record = decode_record(content.removeprefix(b"\xef\xbb\xbf").strip(), Place("file", file=str(path)))
    found: Item | list[Fault] = list(record.faults)
    if not record.faults:
        found = read_item(record.content, decider.vocabulary, decider.pack.markets)
    if isinstance(found, Item):
        return found
    for fault in found:
        field_name = f"`{fault.field}`: " if fault.field else ""
        print(printable(f"{path}: {fault.slug}: {field_name}{fault.words}"), file=sys.stderr)
    raise typer.Exit(1)


@dataclass(slots=True)
class _Talk:
    """A conversation: what was given, and what has been answered since, the latest last."""

    decider: Decider
    given: Item
    as_of: int
    markets: tuple[str, str]
    answers: list[tuple[str, object]] = field(default_factory=list)
    before: dict[str, str] = field(default_factory=dict)

    def decision(self) -> Decision:
        """What is decided by what is known."""
        return self.decider.decide(self._item(dict(self.answers)), self.as_of, self.markets[1:])

    def outcome(self) -> Outcome:
        from assay.interfaces.deciding.asking import outcome_in

        return outcome_in(self.markets, self.decision())

    def question(self) -> Signal | None:
        """The signal to ask about next, or None where nothing is left that anybody here can tell."""
        outcome = self.outcome()
        asked = {name for name, _ in self.answers}
        signals = self.decider.vocabulary.signals
        left = [signals[place] for place in outcome.questions if signals[place].name not in asked]
        return left[0] if left and not outcome.settled else None

    def show(self, signal: Signal) -> None:
        outcome = self.outcome()
        self._show_news(outcome)
        expected = self.expected_questions()
        print(f"\n{counted(round(expected), 'question')} expected until settled." if expected >= 1 else "")
        print_title(wrapped(signal.question))
        if signal.help:
            print(wrapped(signal.help, "  "))
        print(wrapped(f"Asked because it may settle {self._reason(signal, outcome)}.", "  "))
        for number, words in enumerate(_choices(signal), 0 if signal.type is SignalType.SET else 1):
            print(wrapped(words, f"  {number:2}  ", " " * 6))
        print(f"      {_how_to(signal)}")

    def take(self, signal: Signal) -> bool:
        """Read lines until one is an answer; False where the person stops."""
        while True:
            print("> ", end="", flush=True)
            line = sys.stdin.readline()
            typed = line.strip()
            if not sys.stdin.isatty():
                print(printable(typed))
            if not line or typed == QUIT:
                return False
            if typed == BACK:
                if self.answers:
                    print(f"  taken back: {self.answers.pop()[0]}")
                    return True
                print("  there is nothing to take back")
                continue
            value = None if typed == CANNOT_TELL else read_answer(signal, typed)
            if isinstance(value, Fault):
                print(f"  {printable(value.words)}")
                continue
            self.answers.append((signal.name, value))
            return True

    def expected_questions(self) -> float:
        """The mean over made-up answers, drawn by the pack's priors; the same every time it is asked."""
        from assay.interfaces.deciding.asking import Guesses

        unknown = {name for name, value in self.answers if value is None}
        return Guesses(self.decider, self._item(dict(self.answers)), self.as_of, self.markets).expected(unknown)

    def sum_up(self, *, stopped: bool) -> None:
        """The decision in words."""
        outcome = self.outcome()
        self._show_news(outcome)
        decider, measures = self.decider, self.decider.pack.measures
        print()
        if outcome.settled:
            print_title(f"Settled in {self.markets[0]} after {counted(len(self.answers), 'answer')}.")
        else:
            why = "there were questions left" if stopped else "what nobody could tell may still change it"
            print_title(f"Not settled in {self.markets[0]}: {why}.")
        applied = decider.measure_ids(outcome.standing.applied)
        print("What is done now:" if applied else "Nothing is done.")
        for name in applied:
            certain = outcome.standing.true >> measures.index[name] & 1
            print(
                wrapped(
                    f"{name}: {measures.by_id[name].phrase}{'' if certain else ' (until more is known)'}", "  ", "    "
                )
            )
        self._rules("Because of", outcome.true)
        if not outcome.settled:
            self._rules("Still open", outcome.possible & ~outcome.true & ~outcome.never)

    def _rules(self, title: str, bits: int) -> None:
        from assay.engine.decision.reasons import reason_of

        refs = self.decider.rule_refs(bits)
        if refs:
            print(f"{title}:")
        for ref in refs:
            print(wrapped(f"{ref}: {reason_of(ref, self.decider.pack)}.", "  ", "    "))

    def _item(self, answers: dict[str, object]) -> Item:
        from assay.interfaces.deciding.asking import with_answers

        return with_answers(self.given, answers, self.decider.vocabulary)

    def _reason(self, signal: Signal, outcome: Outcome) -> str:
        """The open rules that turn on a signal, the most severe first."""
        from assay.interfaces.deciding.asking import turning_rules

        turning = turning_rules(signal, outcome, self.decider)
        named = [f"{rule.ref} ({rule.severity})" for rule in turning[:_MOST_RULES]]
        more = len(turning) - len(named)
        return ", ".join(named) + (f" and {counted(more, 'other rule')}" if more else "")

    def _show_news(self, outcome: Outcome) -> None:
        """What has become certain since it was last said."""
        ids = [measure.id for measure in self.decider.pack.measures.all]
        standing = outcome.standing
        now = {
            name: "certain" if standing.true >> place & 1 else "ruled out"
            for place, name in enumerate(ids)
            if standing.true >> place & 1 or not standing.possible >> place & 1
        }
        for word in ("certain", "ruled out"):
            fresh = [name for name, state in now.items() if state == word and self.before.get(name) != word]
            # At the very beginning most is ruled out by the market and the date, which is no news.
            if fresh and (self.answers or word == "certain"):
                print(wrapped(f"Now {word}: {', '.join(fresh)}", "  ", "    "))
        self.before = now


def _choices(signal: Signal) -> list[str]:
    match signal.type:
        case SignalType.FLAG:
            return [
                f"yes: {signal.phrase}" if signal.phrase else "yes",
                f"no: {signal.phrase_no}" if signal.phrase_no else "no",
            ]
        case SignalType.CHOICE | SignalType.SCALE:
            return [f"{value.name.replace('_', ' ')}: {value.phrase}" for value in signal.values]
        case SignalType.SET:
            return ["none of these", *(f"{value.name.replace('_', ' ')}: {value.phrase}" for value in signal.values)]
        case _:
            return []


def _how_to(signal: Signal) -> str:
    match signal.type:
        case SignalType.FLAG | SignalType.CHOICE | SignalType.SCALE:
            return "one number, or u"
        case SignalType.SET:
            return "all numbers that apply, such as 1 3, or u"
        case SignalType.NUMBER:
            return f"a number{f' of {signal.unit}' if signal.unit else ''}, or u"
        case SignalType.SCORE:
            return "a number from 0 to 1, or u"
        case SignalType.TIME:
            return "a time such as 2026-11-22T10:00:00Z, or u"
        case SignalType.DURATION:
            return "a duration such as 36h, or u"
        case _:
            return "the text, in quotes where it is only u, b or q; or u"


def read_answer(signal: Signal, typed: str) -> object | Fault:
    """What a person typed, as the signal's JSON value, or why it is no answer."""
    from assay.interfaces.records.cells import read_number

    names: tuple[object, ...] = (True, False) if signal.type is SignalType.FLAG else signal.value_names
    answer: object
    if signal.type is SignalType.SET:
        answer = _members(signal, typed)
    elif names:
        number = int(typed) if typed.isdecimal() and len(typed) < 4 else 0
        if not 1 <= number <= len(names):
            return Fault("no-answer", f"type a number from 1 to {len(names)}, or u for cannot tell")
        answer = names[number - 1]
    elif signal.type in (SignalType.NUMBER, SignalType.SCORE):
        answer = read_number(signal, typed)
    else:
        quoted = len(typed) > 1 and typed[0] == typed[-1] == '"'
        answer = typed[1:-1] if quoted else typed
        if not answer:
            return Fault("no-answer", "type an answer, or u for cannot tell")
    if isinstance(answer, Fault):
        return answer
    value = signal.read(answer)
    return value if isinstance(value, Fault) else signal.write(value)


def _members(signal: Signal, typed: str) -> list[str] | Fault:
    words = typed.replace(",", " ").split()
    numbers = [int(word) for word in words if word.isdecimal() and len(word) < 4]
    if not words or len(numbers) != len(words) or max(numbers) > len(signal.values):
        return Fault("no-answer", f"type numbers from 1 to {len(signal.values)}, 0 for none, or u for cannot tell")
    if 0 in numbers and len(numbers) > 1:
        return Fault("no-answer", "0 says that none of these applies, so it stands alone")
    return [signal.value_names[number - 1] for number in dict.fromkeys(numbers) if number]
