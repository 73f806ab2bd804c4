"""A pack's question as a model is asked it: its answers, and decided cases to go by. It never invents a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.identifiers import did_you_mean
from assay.engine.kernel.values import Value
from assay.engine.language.examples import rule_of
from assay.engine.language.expression.syntax import signals_of
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Example
from assay.engine.language.pack.vocabulary import Signal, SignalType

CANNOT_TELL = "cannot_tell"
ASSERTER = "detector"
# How content was made is for evidence and its fusion: what a score may not say, a model's opinion may not either.
FOR_EVIDENCE = frozenset({"ai_extent", "generator", "gb_label", "modality", "provenance", "synthetic_status"})
_ASKABLE = frozenset({SignalType.FLAG, SignalType.CHOICE, SignalType.SCALE, SignalType.SET})
MOST_EXAMPLES, MOST_OF_ONE_ANSWER = 16, 4
LONGEST_EXAMPLE = 240
_BETWEEN = "|"


@dataclass(frozen=True, slots=True)
class Shown:
    """A decided case from the policies: what it is, and its answer by key."""

    title: str
    answer: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    answers   the names that an answer is made of, each with the clause that says it
    examples  cases of the rules that turn on it
    """

    signal: str
    type: SignalType
    question: str
    help: str
    answers: tuple[tuple[str, str], ...]
    examples: tuple[Shown, ...]

    @property
    def several(self) -> bool:
        """Whether any number of the names together are one answer."""
        return self.type is SignalType.SET

    @property
    def names(self) -> tuple[str, ...]:
        """What an answer is made of."""
        return tuple(name for name, _ in self.answers)


def question_of(pack: Pack, name: str) -> Question | Fault:
    """The question behind a signal, or why no model may be asked it."""
    signal = pack.vocabulary.by_name.get(name)
    if signal is None:
        hint = did_you_mean(name, pack.vocabulary.by_name)
        return Fault("unknown-signal", f"no signal is named `{name}`" + (f"; {hint}" if hint else ""), name)
    fault = _unaskable(signal)
    if fault is not None:
        return fault
    return Question(name, signal.type, signal.question, signal.help, _answers(signal), _examples(pack, signal))


def _unaskable(signal: Signal) -> Fault | None:
    name = signal.name
    if name in FOR_EVIDENCE:
        words = f"`{name}` is for evidence: a model's opinion of how content was made proves nothing"
        return Fault("for-evidence", words, name)
    if signal.type not in _ASKABLE:
        return Fault(
            "not-askable", f"`{name}` is a {signal.type.value}, and a model is given values to choose from", name
        )
    if signal.subject != "item" or signal.by_market or signal.calendar is not None:
        return Fault("not-askable", f"`{name}` is no fact about one item's content", name)
    if ASSERTER not in signal.asserted_by:
        who = ", ".join(signal.asserted_by)
        return Fault("unknown-asserter", f"a detector may not assert `{name}` in this pack: {who} may", name)
    if CANNOT_TELL in signal.value_names:
        return Fault("reserved-value", f"`{name}` has a value `{CANNOT_TELL}`, which is how a model abstains", name)
    return None


def _answers(signal: Signal) -> tuple[tuple[str, str], ...]:
    if signal.type is SignalType.FLAG:
        return (("yes", signal.phrase or "it applies"), ("no", signal.phrase_no or "it does not apply"))
    # In the order declared: a scale has one, and help may say to take the first that applies.
    return tuple((value.name, value.phrase) for value in signal.values)


# ------------------------------------------------------------------------------------------------ answers and values


def key_of(value: Value) -> str:
    """The name of an answer, in counts and records: `yes`, a value, or a set's values joined by a bar."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _BETWEEN.join(sorted(value)) if isinstance(value, frozenset) else str(value)


def value_of(question: Question, key: str) -> Value:
    """The signal's value that an answer stands for; the reverse of `key_of`."""
    if question.several:
        return frozenset(name for name in key.split(_BETWEEN) if name)
    return key == "yes" if question.type is SignalType.FLAG else key


def json_value(question: Question, key: str) -> object:
    """An answer as a model writes it."""
    return sorted(name for name in key.split(_BETWEEN) if name) if question.several else key


# ---------------------------------------------------------------------------------------------------------- examples


def _examples(pack: Pack, signal: Signal) -> tuple[Shown, ...]:
    """Decided cases, as many of each answer as there are up to a few, in an order that no file's order changes."""
    answers: dict[str, set[str]] = {}
    known: dict[str, int] = {}
    for policy in pack.policies:
        for example in policy.examples:
            value = example.given.get(signal.name)
            title = " ".join(example.title.split())
            if value is None or not title or len(title) > LONGEST_EXAMPLE or not _turns_on(example, signal, pack):
                continue
            answers.setdefault(title, set()).add(key_of(value))
            known[title] = min(known.get(title, len(example.given)), len(example.given))
    # A title that stands for two answers would teach neither.
    plain = {title: next(iter(keys)) for title, keys in answers.items() if len(keys) == 1}
    return _balanced(plain, known)


def _turns_on(example: Example, signal: Signal, pack: Pack) -> bool:
    """Whether the rule that an example is about reads the signal; an exception's own example is about no rule."""
    rule = rule_of(example, pack)
    if rule is None:
        return True
    conditions = [rule.when, *((rule.unless,) if rule.unless is not None else ())]
    conditions += [exception.when for exception in pack.exceptions_of[rule.ref]]
    return any(signal.name in signals_of(each.expression) for each in conditions)


def _balanced(plain: Mapping[str, str], known: Mapping[str, int]) -> tuple[Shown, ...]:
    by_answer: dict[str, list[str]] = {}
    # Cases that say little else come first: they are the ones that turn on this question.
    for title in sorted(plain, key=lambda title: (known[title], title)):
        by_answer.setdefault(plain[title], []).append(title)
    if len(by_answer) < 2:
        # Cases that all have one answer would only lead to it.
        return ()
    turns = [
        Shown(by_answer[answer][turn], answer)
        for turn in range(MOST_OF_ONE_ANSWER)
        for answer in sorted(by_answer)
        if turn < len(by_answer[answer])
    ]
    return tuple(turns[:MOST_EXAMPLES])
