"""The g-values of SynthID-Text for a list of tokens, as its reference reckons them. It knows no text and no file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

# The constants of the reference's linear congruential step, in 64 bits that wrap around.
_MULTIPLIER = np.uint64(6364136223846793005)
_INCREMENT = np.uint64(1)


@dataclass(frozen=True, slots=True)
class Keys:
    """What a model was sampled with; `keys` are secret, one for each round of the tournament."""

    keys: tuple[int, ...]
    ngram_length: int = 5
    table_size: int = 65_536
    table_seed: int = 0
    history_size: int = 1024


@dataclass(frozen=True, slots=True)
class Score:
    """The mean g-value of the tokens that count, and how many standard deviations that is above one half."""

    mean: float
    deviations: float
    counted: int


def score(tokens: Sequence[int], keys: Keys) -> Score | None:
    """How strongly the tokens carry the mark of these keys, or None where none of them counts."""
    values = g_values(tokens, keys)
    counted = values[is_new(tokens, keys)]
    if not len(counted):
        return None
    # Without the mark every value is a fair coin's, so the deviation needs no fitting.
    mean = float(counted.mean())
    return Score(mean, (mean - 0.5) * 2 * float(np.sqrt(counted.size)), len(counted))


def g_values(tokens: Sequence[int], keys: Keys) -> NDArray[np.uint8]:
    """A bit for each n-gram of the tokens and each key, as an array of n-grams by keys."""
    grams = _windows(tokens, keys.ngram_length)
    if not len(grams):
        return np.zeros((0, len(keys.keys)), dtype=np.uint8)
    hashed = _hashed(grams)
    secrets = np.array(keys.keys, dtype=np.int64).view(np.uint64)
    with np.errstate(over="ignore"):
        mixed = (hashed[:, None] + secrets[None, :]) * _MULTIPLIER + _INCREMENT
    # The reference takes the remainder of a signed number, which is never negative there either.
    places = mixed.view(np.int64) % np.int64(keys.table_size)
    found: NDArray[np.uint8] = _table(keys.table_size, keys.table_seed)[places]
    return found


def is_new(tokens: Sequence[int], keys: Keys) -> NDArray[np.bool_]:
    """Which n-grams have a context that did not come lately; a repeated one was not marked anew."""
    contexts = _hashed(_windows(tokens, keys.ngram_length)[:, :-1]).tolist()
    # The reference's history begins filled with noughts.
    last_seen: dict[int, int] = {0: -1}
    new = np.zeros(len(contexts), dtype=bool)
    for at, context in enumerate(contexts):
        seen = last_seen.get(context)
        new[at] = seen is None or at - seen > keys.history_size
        last_seen[context] = at
    return new


def _windows(tokens: Sequence[int], length: int) -> NDArray[np.uint64]:
    row = np.array(tokens, dtype=np.int64).view(np.uint64)
    if len(row) < length:
        return np.zeros((0, length), dtype=np.uint64)
    return np.lib.stride_tricks.sliding_window_view(row, length)


def _hashed(rows: NDArray[np.uint64]) -> NDArray[np.uint64]:
    state = np.ones(len(rows), dtype=np.uint64)
    with np.errstate(over="ignore"):
        for column in range(rows.shape[1]):
            state = (state + rows[:, column]) * _MULTIPLIER + _INCREMENT
    return state


@cache
def _table(size: int, seed: int) -> NDArray[np.uint8]:
    """The reference draws its table with a Mersenne Twister; the same seed gives the same bits here."""
    twister = np.random.RandomState(seed)
    return (twister.randint(0, 2**32, size=size, dtype=np.uint64) & 1).astype(np.uint8)
