"""Witnesses, places and moments in words, for every kind of report. It decides nothing and prints nothing."""

from __future__ import annotations

import json
import shlex

from assay.engine.analysis.difference.change import Change, Region
from assay.engine.analysis.situations.witness import Witness
from assay.engine.kernel.instants import DAY, day_of, format_instant
from assay.engine.kernel.markets import Markets
from assay.engine.kernel.truth import YES
from assay.engine.kernel.values import Value
from assay.engine.language.pack.classes import REST
from assay.engine.language.pack.vocabulary import Signal, SignalType, Vocabulary
from assay.engine.language.phrases import (
    amount_clause,
    enumerate_words,
    flag_clause,
    moment_clause,
    number_words,
    quoted,
    size_clause,
    value_clause,
)

REST_WORDS = "all other markets"
_MOST_EXCEPTED = 4


def moment(instant: int) -> str:
    """A date where it is the first moment of a day, as policies are dated; else the time as well."""
    return day_of(instant) if instant % DAY == 0 else format_instant(instant)


def reach(change: Change, markets: Markets) -> str:
    """Where a change takes place: everywhere, everywhere but in a few markets, or in some."""
    left = set(markets.codes) - set(change.codes)
    if not left:
        return "everywhere"
    names = [REST_WORDS if name == REST else name for name in change.markets]
    if REST in change.markets:
        # The largest class is all that no rule tells apart; with it, the exceptions are the shorter list.
        but = [group for group in markets.groups if markets.reach(group) == left] or sorted(left)
        if len(but) <= _MOST_EXCEPTED:
            return f"everywhere but in {enumerate_words(but, 'and')}"
    return f"in {enumerate_words(names, 'and')}"


def value_written(signal: Signal, value: Value) -> str:
    """A value as a policy's example writes it: a word, a number, yes or no, a list."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    written = signal.write(value)
    if isinstance(written, list):
        return f"[{', '.join(written)}]"
    if isinstance(written, int | float):
        return number_words(written).replace(",", "")
    return json.dumps(written, ensure_ascii=False) if signal.type is SignalType.TEXT else str(written)


def value_phrase(signal: Signal, value: Value) -> str:
    """A value as the vocabulary says it to people, as a clause."""
    if isinstance(value, bool):
        return flag_clause(signal, value)
    if isinstance(value, frozenset):
        members = [member for member in signal.value_names if member in value]
        clauses = [value_clause(signal, signal.by_name[member]) for member in members]
        return enumerate_words(clauses, "and") if clauses else "none of these"
    if isinstance(value, str):
        return value_clause(signal, signal.by_name[value]) if value in signal.by_name else quoted(value)
    if signal.type in (SignalType.TIME, SignalType.DURATION):
        return moment_clause(signal, "==", str(signal.write(value)))
    return amount_clause(signal, "==", value)


def facts_of(witness: Witness, vocabulary: Vocabulary) -> list[tuple[Signal, Value]]:
    """What is known of a witness, in the vocabulary's order."""
    known = witness.signals
    return [(signal, value) for signal in vocabulary.signals if (value := known.get(signal.name)) is not None]


def written_facts(witness: Witness, vocabulary: Vocabulary) -> list[str]:
    """What is known of a witness, each as `name = value`."""
    facts = [f"{signal.name} = {value_written(signal, value)}" for signal, value in facts_of(witness, vocabulary)]
    return facts or ["nothing is known of it"]


def told_facts(witness: Witness, vocabulary: Vocabulary) -> str:
    """What is known of a witness in words, as clauses in a row."""
    facts = [
        size_clause(signal, "==", 0) if value == frozenset() else value_phrase(signal, value)
        for signal, value in facts_of(witness, vocabulary)
    ]
    # Two signals may say the same of an item, such as that nobody is shown.
    return enumerate_words(list(dict.fromkeys(facts)), "and") if facts else "nothing is known of it"


def subject_of(witness: Witness) -> str:
    """What a witness is, with its article."""
    return f"an {witness.subject}" if witness.subject[:1] in "aeiou" else f"a {witness.subject}"


def reproduced(witness: Witness, vocabulary: Vocabulary, pack: str) -> str:
    """A command that decides a witness, so that nobody has to believe a report."""
    record = witness.record(vocabulary)
    text = json.dumps(record, ensure_ascii=False)
    # What a terminal cannot show is written as JSON escapes it; some shells' `echo` would read these as its own.
    text = text if text.isprintable() else json.dumps(record)
    say = "printf '%s\\n'" if "\\" in text else "echo"
    when = f"--markets {shlex.quote(witness.market)} --as-of {moment(witness.as_of)}"
    return f"{say} {shlex.quote(text)} | assay decide - --pack {shlex.quote(pack)} {when}"


def region_words(region: Region) -> str:
    """The items of a region, as a clause."""
    return f"when {region.words}" if region.complete else region.words


def left_out(region: Region, change: Change) -> str:
    """The items that look as if they were of a region and are not, in words; empty where there are none."""
    parts = []
    if region.already:
        parts.append(f"those on which {_listed(region.already)} imposes it in both versions")
    if region.otherwise:
        in_old = change.after is YES
        verb, version = ("imposed", "old") if in_old else ("imposes", "new")
        parts.append(f"those on which {_listed(region.otherwise)} {verb} it in the {version} version")
    if region.above:
        parts.append(f"those of {enumerate_words(list(region.above), 'and')}, counted above")
    return f"leaving out {'; and '.join(parts)}" if parts else ""


def _listed(rules: tuple[str, ...]) -> str:
    return enumerate_words(list(rules), "or")


def turn(change: Change) -> str:
    """What a change does to items, before and after."""
    meanwhile = " while it is open" if change.meanwhile else ""
    return f"{change.before.value} → {change.after.value}{meanwhile}"
