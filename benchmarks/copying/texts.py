"""Which edits of a text its hashes survive. It reads what people wrote in the shared test data."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np

from assay.detection.copies.hashing import minhash, tlsh
from benchmarks.copying.edits import Edits, cell
from benchmarks.material.table import table

MOST, QUICK = 200, 40
FEWEST_CHARACTERS = 600

_FILLERS = "actually honestly basically simply really quite rather perhaps maybe indeed".split()


def _dropped(share: float) -> Callable[[str, random.Random], str]:
    return lambda text, dice: " ".join(word for word in text.split() if dice.random() >= share)


def _replaced(text: str, dice: random.Random) -> str:
    return " ".join(dice.choice(_FILLERS) if dice.random() < 0.05 else word for word in text.split())


def _disguised(text: str, dice: random.Random) -> str:
    """Capitals, doubled spaces and zero-width marks inside words."""
    return "  ".join(f"{word[:2]}\u200b{word[2:]}".upper() for word in text.split())


EDITS: tuple[tuple[str, Callable[[str, random.Random], str]], ...] = (
    ("other capitals, spaces, unseen marks", _disguised),
    ("one word in 20 dropped", _dropped(0.05)),
    ("one word in 10 dropped", _dropped(0.1)),
    ("one word in 5 dropped", _dropped(0.2)),
    ("one word in 20 replaced", _replaced),
    ("a sentence put before and behind", lambda text, dice: f"Shared by a friend of mine. {text} Please pass it on!"),
    ("first half only", lambda text, dice: text[: len(text) // 2]),
)


def texts_table(*, quick: bool, files: Path) -> Edits:
    """Shares of edited texts that are still within each hash's usual bound."""
    texts = _texts(files)[: QUICK if quick else MOST]
    dice = random.Random(5)
    known = [_hashes(text) for text in texts]
    rows: list[tuple[str, ...]] = []
    for name, edit in EDITS:
        edited = [_hashes(edit(text, dice)) for text in texts]
        rows.append((name, *_cells([_apart(*pair) for pair in zip(edited, known, strict=True)])))
    others = [_apart(one, other) for place, one in enumerate(known) for other in known[place + 1 :]]
    near = (sum(far <= tlsh.USUAL_DISTANCE for far, _ in others), _alike([alike for _, alike in others]))
    rows.append(("another text matches", *(f"{count} of {len(others):,}" for count in near)))
    nearest, most_alike = min(far for far, _ in others), max(alike for _, alike in others)
    rows.append(("nearest two different texts", f"{nearest}", f"{most_alike:.2f}"))
    words = (
        f"{len(texts)} texts of {FEWEST_CHARACTERS} characters and more: share within the usual bound, its 95 % "
        "interval, and the median."
    )
    head = ("edit", f"TLSH, at most {tlsh.USUAL_DISTANCE}", f"MinHash, at least {minhash.USUAL_SIMILARITY}")
    short = [f"{count} pairs of different texts match by {kind}" for kind, count in zip(head[1:], near, strict=True)]
    return Edits(f"{words}\n\n{table(head, rows)}", tuple(each for each in short if not each.startswith("0 ")))


def _hashes(text: str) -> tuple[str, str]:
    near, shared = tlsh.tlsh_of(text), minhash.minhash_of(text)
    if near is None or shared is None:
        raise ValueError("a text of the benchmark is too short to be hashed")
    return near, shared


def _apart(one: tuple[str, str], other: tuple[str, str]) -> tuple[int, float]:
    return tlsh.tlsh_distance(one[0], other[0]), minhash.minhash_similarity(one[1], other[1])


def _cells(pairs: list[tuple[int, float]]) -> tuple[str, str]:
    far, alike = [each for each, _ in pairs], [each for _, each in pairs]
    near = sum(each <= tlsh.USUAL_DISTANCE for each in far)
    return (
        cell(near, len(pairs), f"{np.median(far):.0f}"),
        cell(_alike(alike), len(pairs), f"{np.median(alike):.2f}"),
    )


def _alike(similarities: list[float]) -> int:
    return sum(each >= minhash.USUAL_SIMILARITY for each in similarities)


def _texts(files: Path) -> list[str]:
    """What people wrote, each beginning once; made of random words where there is no test data."""
    found: dict[str, str] = {}
    for path in sorted((files / "text").glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            told = json.loads(line)
            for name, value in told.items():
                if name in ("original", "human") and isinstance(value, str) and len(value) >= FEWEST_CHARACTERS:
                    found.setdefault(value[:80], value)
    return list(found.values()) or [_made(random.Random(place)) for place in range(MOST)]


def _made(dice: random.Random) -> str:
    letters = "aeioubcdfghlmnprst"
    words = ["".join(dice.choices(letters, k=dice.randint(2, 9))) for _ in range(400)]
    return " ".join(dice.choices(words, k=200))
