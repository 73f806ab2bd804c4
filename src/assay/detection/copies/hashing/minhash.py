"""MinHash of a text's runs of five words: equal numbers tell what share two texts have in common. It keeps none.

Source: Broder 1997, doi:10.1109/SEQUEN.1997.666900; the sketch is made by the library datasketch.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from assay.detection.copies.hashing.words import words_of

NUMBERS, WORDS_IN_A_RUN = 128, 5
# A text with fewer has too few runs to be told by: one changed word changes a third of them.
FEWEST_WORDS = 20
USUAL_SIMILARITY = 0.3

# Named, so that another default of the library cannot make old and new hashes incomparable.
_SCHEME, _SEED = "affine32", 1
_FORM = re.compile(rf"[0-9a-f]{{{NUMBERS * 8}}}")


def minhash_of(text: str) -> str | None:
    """The hash of a text as 128 numbers of 8 hexadecimal characters, or None where it has under `FEWEST_WORDS`."""
    words = words_of(text)
    if len(words) < FEWEST_WORDS:
        return None
    from datasketch import MinHash

    runs = {" ".join(words[start : start + WORDS_IN_A_RUN]) for start in range(len(words) - WORDS_IN_A_RUN + 1)}
    sketch = MinHash(num_perm=NUMBERS, seed=_SEED, scheme=_SCHEME)
    # Sorted, so that nothing depends on the order in which a set gives what it holds.
    sketch.update_batch([run.encode() for run in sorted(runs)])
    return np.asarray(sketch.hashvalues).astype(">u4").tobytes().hex()


def minhash_similarity(one: str, other: str) -> float:
    """The estimated share of common runs, 0 to 1; raises ValueError for what is no hash."""
    return float(np.mean(numbers_of(one) == numbers_of(other)))


def numbers_of(text: str) -> NDArray[np.uint32]:
    """The 128 numbers of a hash; raises ValueError for what is none."""
    return np.frombuffer(bytes.fromhex(canonical(text)), ">u4").astype(np.uint32)


def canonical(text: str) -> str:
    """The hash as it is written here; raises ValueError for what is none."""
    lower = text.strip().lower()
    if _FORM.fullmatch(lower) is None:
        raise ValueError(f"a MinHash is {NUMBERS} numbers of 8 hexadecimal characters each")
    return lower
