"""What one comparison says in plain words, from the vocabulary's phrases. It never joins two conditions.

A clause can follow “when”. Where the vocabulary has no phrase for something, its title in quotes stands in.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from assay.engine.kernel.instants import DAY, EPOCH, SECOND, parse_duration, parse_instant
from assay.engine.language.expression.syntax import Call, Expression, Literal, Name
from assay.engine.language.pack.vocabulary import Signal, SignalType, SignalValue, Vocabulary

OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
MIRRORED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_AMOUNTS = {
    "==": "exactly {}",
    "!=": "other than {}",
    "<": "less than {}",
    "<=": "at most {}",
    ">": "more than {}",
    ">=": "at least {}",
}
_MOMENTS = {
    "==": "is exactly {}",
    "!=": "is not {}",
    "<": "is before {}",
    "<=": "is no later than {}",
    ">": "is after {}",
    ">=": "is no earlier than {}",
}
_LENGTHS = {
    "==": "is exactly {}",
    "!=": "is other than {}",
    "<": "is shorter than {}",
    "<=": "is {} or shorter",
    ">": "is longer than {}",
    ">=": "is {} or longer",
}
_SIDE_BY_SIDE = {
    "==": "is the same as",
    "!=": "differs from",
    "<": "is less than",
    "<=": "is at most",
    ">": "is more than",
    ">=": "is at least",
}
_MOMENTS_SIDE_BY_SIDE = {
    "<": "is before",
    "<=": "is no later than",
    ">": "is after",
    ">=": "is no earlier than",
}
_METHODS = {
    "contains": ("contains", "does not contain"),
    "startsWith": ("starts with", "does not start with"),
    "endsWith": ("ends with", "does not end with"),
}
# Ways to say that something has a size at all, or none.
_SOME = ((">", 0), (">=", 1), ("!=", 0))
_NONE = (("<=", 0), ("<", 1), ("==", 0))
_MONTHS = "January February March April May June July August September October November December".split()


def quoted(text: str) -> str:
    """A text between quotes, on one line."""
    return f"“{' '.join(text.split()) if text.strip() else text.replace(chr(10), ' ')}”"


def noun_of(signal: Signal) -> str:
    """What a signal is called inside a sentence: its phrase where that is a noun, else its title."""
    has_noun = signal.type in (SignalType.TEXT, SignalType.TIME, SignalType.DURATION)
    return signal.phrase if has_noun and signal.phrase else quoted(signal.title)


def enumerate_words(words: list[str], conjunction: str) -> str:
    """`a`, `a or b`, `a, b, or c`."""
    if len(words) <= 2:
        return f" {conjunction} ".join(words)
    return f"{', '.join(words[:-1])}, {conjunction} {words[-1]}"


# ---------------------------------------------------------------------- values


def named_words(names: Iterable[str]) -> str:
    """Names as people read them in a sentence: each in backticks, the last after “and”."""
    return enumerate_words([f"`{name}`" for name in names], "and")


def has_phrase(value: SignalValue) -> bool:
    """Whether somebody wrote a clause for a value, or only its name stands there."""
    return value.phrase != value.name.replace("_", " ")


def value_clause(signal: Signal, value: SignalValue) -> str:
    """The clause that a signal is, or a set has, a value."""
    if has_phrase(value):
        return value.phrase
    verb = "includes" if signal.type is SignalType.SET else "is"
    return f"{quoted(signal.title)} {verb} {quoted(value.phrase)}"


def negated_clause(signal: Signal, value: SignalValue) -> str | None:
    """The clause that a signal is not, or a set has not, a value; None where only other values could say it."""
    if value.negated:
        return value.negated
    if not has_phrase(value):
        verb = "does not include" if signal.type is SignalType.SET else "is not"
        return f"{quoted(signal.title)} {verb} {quoted(value.phrase)}"
    return None


def denied(clause: str) -> str:
    """The last resort for a clause that has no negative of its own."""
    return f"it is not the case that {clause}"


def flag_clause(signal: Signal, wanted: bool) -> str:
    """The clause that a flag is yes, or no."""
    if wanted:
        return signal.phrase or f"{quoted(signal.title)} applies"
    if signal.phrase_no:
        return signal.phrase_no
    return denied(signal.phrase) if signal.phrase else f"{quoted(signal.title)} does not apply"


# --------------------------------------------------------------------- amounts


def amount_clause(signal: Signal, operator: str, number: int | float) -> str:
    """The clause that compares a number or score with a constant."""
    return _with_amount(signal, _AMOUNTS[operator].format(number_words(number)))


def one_of_amounts(signal: Signal, numbers: list[int | float], wanted: bool) -> str:
    """The clause that a number is, or is not, one of a few."""
    words = enumerate_words([number_words(number) for number in numbers], "or")
    return _with_amount(signal, f"{'exactly' if wanted else 'other than'} {words}")


def _with_amount(signal: Signal, amount: str) -> str:
    if "{is}" in signal.phrase:
        return signal.phrase.replace("{is}", amount)
    unit = f" {signal.unit}" if signal.unit else ""
    return f"{signal.phrase or quoted(signal.title)} is {amount}{unit}"


def size_clause(signal: Signal, operator: str, number: int | float) -> str:
    """The clause that counts the values of a set or the characters of a text."""
    if (operator, number) in _SOME or (operator, number) in _NONE:
        return f"{noun_of(signal)} is {'empty' if (operator, number) in _NONE else 'not empty'}"
    one = "value" if signal.type is SignalType.SET else "character"
    amount = _AMOUNTS[operator].format(number_words(number))
    return f"{noun_of(signal)} has {amount} {one if number == 1 else one + 's'}"


def number_words(number: int | float) -> str:
    """A number in digits, never with an exponent; from 10,000 up in groups of three."""
    exact = Decimal(repr(number))
    whole = exact.to_integral_value()
    if exact == whole:
        return f"{int(whole):,}" if abs(whole) >= 10_000 else str(int(whole))
    return f"{exact:f}"


# ------------------------------------------------------------ texts and times


def text_clause(signal: Signal, operator: str, text: str) -> str:
    """The clause that a text is, or is not, some text."""
    if not text:
        return f"{noun_of(signal)} is {'' if operator == '==' else 'not '}empty"
    return f"{noun_of(signal)} {'is exactly' if operator == '==' else 'is not'} {quoted(text)}"


def one_of_texts(signal: Signal, texts: list[str], wanted: bool) -> str:
    """The clause that a text is, or is not, one of a few."""
    return f"{noun_of(signal)} {_one_of([quoted(text) if text else 'empty' for text in texts], wanted)}"


def one_of_values(signal: Signal, names: list[str], wanted: bool) -> str:
    """The clause that a choice or scale without phrases is, or is not, one of a few values."""
    return f"{quoted(signal.title)} {_one_of([quoted(signal.by_name[name].phrase) for name in names], wanted)}"


def _one_of(words: list[str], wanted: bool) -> str:
    if wanted:
        return f"is {enumerate_words(words, 'or')}"
    return f"is neither {enumerate_words(words, 'nor')}" if len(words) > 1 else f"is not {words[0]}"


def method_clause(signal: Signal, method: str, text: str, wanted: bool) -> str:
    """The clause that a text contains, starts or ends with some text."""
    return f"{noun_of(signal)} {_METHODS[method][0 if wanted else 1]} {quoted(text)}"


def moment_clause(signal: Signal, operator: str, constant: str) -> str:
    """The clause that compares a time or a duration with a constant."""
    if signal.type is SignalType.TIME:
        return f"{noun_of(signal)} {_MOMENTS[operator].format(instant_words(parse_instant(constant) or 0))}"
    return f"{noun_of(signal)} {_LENGTHS[operator].format(duration_words(parse_duration(constant) or 0))}"


def instant_words(instant: int) -> str:
    """A time as people write it, in UTC; a midnight is the day alone."""
    moment = EPOCH + timedelta(microseconds=instant)
    day = f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"
    if instant % DAY == 0:
        return day
    clock = f"{moment.hour:02d}:{moment.minute:02d}"
    if moment.second or moment.microsecond:
        clock += f":{moment.second:02d}" + (f".{moment.microsecond:06d}".rstrip("0") if moment.microsecond else "")
    return f"{day}, {clock} UTC"


def duration_words(length: int) -> str:
    """A length of time as people say it: in days where they come out even, else in hours, minutes and seconds."""
    if length < 0:
        return f"minus {duration_words(-length)}"
    if length and length % DAY == 0:
        return _counted(Decimal(length // DAY), "day")
    hours, rest = divmod(length, 3600 * SECOND)
    minutes, rest = divmod(rest, 60 * SECOND)
    parts = [(Decimal(hours), "hour"), (Decimal(minutes), "minute"), (Decimal(rest) / SECOND, "second")]
    words = [_counted(number, unit) for number, unit in parts if number]
    return enumerate_words(words, "and") if words else "0 seconds"


def _counted(number: Decimal, unit: str) -> str:
    return f"{number.normalize():f} {unit if number == 1 else unit + 's'}"


# ----------------------------------------------------------------- two signals


def side_by_side(left: Expression, operator: str, right: Expression, vocabulary: Vocabulary) -> str:
    """The clause that compares two signals, or how many values they have."""
    kind = vocabulary.by_name[left.path].type if isinstance(left, Name) else SignalType.NUMBER
    words = _SIDE_BY_SIDE
    if kind is SignalType.TIME:
        words = words | _MOMENTS_SIDE_BY_SIDE
    if kind is SignalType.DURATION:
        words = words | {"<": "is shorter than", ">": "is longer than"}
    return f"{_side(left, vocabulary)} {words[operator]} {_side(right, vocabulary)}"


def _side(node: Expression, vocabulary: Vocabulary) -> str:
    match node:
        case Name(path):
            return noun_of(vocabulary.by_name[path])
        case Call("size", (Name(path),)):
            signal = vocabulary.by_name[path]
            return f"the number of {'values' if signal.type is SignalType.SET else 'characters'} of {noun_of(signal)}"
        case Literal(value):
            return quoted(value) if isinstance(value, str) else str(value)
        case _:
            raise TypeError("the condition was not checked")
