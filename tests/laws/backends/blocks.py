"""Cases as blocks of columns, in any of the forms that a column can have. It tests nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from assay.engine.kernel.values import MaybeValue
from assay.engine.language.meaning import Case
from assay.engine.language.pack.vocabulary import Signal, SignalType, Vocabulary
from assay.engine.program.columnar.planes import pack
from assay.engine.program.columnar.table.block import EVERYWHERE, Block, ListedIds
from assay.engine.program.columnar.table.columns import Coded, Column, Dictionary, Flags, Numbers, Sets, column_of

Form = Callable[[Signal, Sequence[MaybeValue]], Column]


def coded(signal: Signal, values: Sequence[MaybeValue]) -> Column:
    return column_of(values)


def raw(signal: Signal, values: Sequence[MaybeValue]) -> Column:
    """Numbers, flags and sets as they are, and everything else as codes beside a plane of what is known."""
    known = pack(np.array([value is not None for value in values], np.bool_))
    match signal.type:
        case SignalType.FLAG:
            return Flags(pack(np.array([value is True for value in values], np.bool_)), known)
        case SignalType.SET:
            members = {
                name: pack(np.array([isinstance(value, frozenset) and name in value for value in values], np.bool_))
                for name in signal.value_names
            }
            return Sets(members, known)
        case SignalType.NUMBER | SignalType.SCORE if not signal.integer:
            # What stands where nothing is known must not matter.
            return Numbers(np.array([0.5 if value is None else value for value in values], np.float64), known)
        case SignalType.NUMBER | SignalType.TIME | SignalType.DURATION:
            return Numbers(np.array([7 if value is None else value for value in values], np.int64), known)
        case _:
            kept = sorted({value for value in values if isinstance(value, str)}) or [""]
            codes = [kept.index(value) if isinstance(value, str) else 0 for value in values]
            return Coded(np.array(codes, np.int32), Dictionary(tuple(kept)), known)


def with_nan(signal: Signal, values: Sequence[MaybeValue]) -> Column:
    """Fractions with NaN for what is missing; all else as it is."""
    if signal.type in (SignalType.NUMBER, SignalType.SCORE) and not signal.integer:
        return Numbers(np.array([np.nan if value is None else value for value in values], np.float64))
    return raw(signal, values)


def block_of(cases: Sequence[Case], vocabulary: Vocabulary, forms: Sequence[Form] = (coded,)) -> Block:
    """A row for each case; signals take turns in the forms given.

    Of a market-scoped signal, every second row says something of all markets, and the others of the case's market; a
    signal of the calendar is left to the calendar.
    """
    told = [(case, EVERYWHERE if row % 2 else case.market) for row, case in enumerate(cases)]
    columns: dict[str, Column] = {}
    by_market: dict[str, dict[str, Column]] = {}
    for number, signal in enumerate(vocabulary.signals):
        form = forms[number % len(forms)]
        if signal.calendar is not None:
            continue
        if not signal.by_market:
            columns[signal.name] = form(signal, [case.signals.get(signal.name) for case in cases])
            continue
        by_market[signal.name] = {
            code: form(signal, [case.signals.get(signal.name) if place == code else None for case, place in told])
            for code in sorted({code for _, code in told})
        }
    as_of = np.array([case.as_of for case in cases], np.int64)
    ids = ListedIds([case.item for case in cases])
    return Block(len(cases), columns, as_of, by_market, column_subject(cases), ids)


def column_subject(cases: Sequence[Case]) -> str | Coded:
    """What every case is, or a column of it."""
    subjects = {case.subject for case in cases}
    return subjects.pop() if len(subjects) == 1 else column_of([case.subject for case in cases])
