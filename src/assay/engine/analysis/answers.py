"""Answers that lead to one place, in a few words: names, ranges, what a set has or has not. It decides nothing."""

from __future__ import annotations

from collections.abc import Iterable

from assay.engine.analysis.residual import Residuals
from assay.engine.kernel.values import Value
from assay.engine.language.pack.vocabulary import Signal, SignalType

_MOST_ANSWERS = 6


def answers_in_words(signal: Signal, answers: tuple[Value, ...], place: int, residuals: Residuals) -> str:
    """Answers that lead to one place, as a person would say them; `place` is the signal's in the vocabulary."""
    if signal.type in (SignalType.NUMBER, SignalType.SCORE, SignalType.TIME, SignalType.DURATION):
        return _ranges(signal, answers, place, residuals)
    sets = [answer for answer in answers if isinstance(answer, frozenset)]
    if len(sets) > 2:
        described = _sets_in_words(sets, place, residuals)
        if described is not None:
            return described
    words = [answer_in_words(signal, answer) for answer in answers]
    more = len(words) - _MOST_ANSWERS
    return " · ".join(words if more <= 1 else [*words[:_MOST_ANSWERS], f"and {more} more"])


def _sets_in_words(sets: list[frozenset[str]], place: int, residuals: Residuals) -> str | None:
    """Many sets in a few words, where all that they share is what they have or have not; None where it is not."""
    domain = residuals.domain(place)
    every = [value for value in domain.values if isinstance(value, frozenset)] if domain is not None else []
    given = set(sets)
    having = {name for one in every if len(one) == 1 and one in given for name in one}
    lacking = {name for one in every if len(one) == 1 and one not in given for name in one}
    shared = frozenset.intersection(*sets)
    if having and given == {one for one in every if one & having}:
        return f"any of: {_listed(having)}"
    if lacking and given == {one for one in every if not one & lacking}:
        return f"none of: {_listed(lacking)}"
    if shared and given == {one for one in every if shared <= one}:
        return f"all of: {_listed(shared)}"
    return None


def _listed(names: Iterable[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in sorted(names))


def answer_in_words(signal: Signal, answer: Value) -> str:
    """One answer as a person would say it."""
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    if isinstance(answer, frozenset):
        return " with ".join(name.replace("_", " ") for name in sorted(answer)) or "none of these"
    if isinstance(answer, str):
        return answer.replace("_", " ") if signal.by_name else answer
    written = signal.write(answer)
    return (
        f"{written:g}{f' {signal.unit}' if signal.unit else ''}" if isinstance(written, int | float) else str(written)
    )


def _ranges(signal: Signal, answers: tuple[Value, ...], place: int, residuals: Residuals) -> str:
    """Numbers that stand for all between two constants of the rules, as the ranges they stand for."""
    domain = residuals.domain(place)
    values = [value for value in domain.values if not isinstance(value, str | frozenset)] if domain is not None else []
    cuts = _constants(signal, residuals)
    runs: list[list[int]] = []
    for number, value in enumerate(values):
        if value in answers:
            if runs and runs[-1][1] == number - 1:
                runs[-1][1] = number
            else:
                runs.append([number, number])
    return " · ".join(_range(signal, values, cuts, first, last) for first, last in runs)


def _range(signal: Signal, values: list[int | float | bool], cuts: set[float], first: int, last: int) -> str:
    low, high = values[first], values[last]
    if first == last and low in cuts:
        return answer_in_words(signal, low)
    parts = []
    if first > 0:
        parts.append(f"at least {_say(signal, low)}" if low in cuts else f"more than {_say(signal, values[first - 1])}")
    if last < len(values) - 1:
        parts.append(f"at most {_say(signal, high)}" if high in cuts else f"less than {_say(signal, values[last + 1])}")
    return " and ".join(parts) or "any"


def _say(signal: Signal, value: int | float) -> str:
    return answer_in_words(signal, value)


def _constants(signal: Signal, residuals: Residuals) -> set[float]:
    found: set[float] = set()
    for atom in residuals.atoms_of_signal.get(signal.name, ()):
        constant = getattr(atom.test, "constant", None)
        listed = [constant] if constant is not None else getattr(atom.test, "values", ())
        found.update(value for value in listed if isinstance(value, int | float))
    return found
