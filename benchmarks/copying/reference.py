"""Are our hashes those of the reference programs on the same input, and how fast are they. It searches no bank."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from time import process_time

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from assay.detection.copies.hashing import chromaprint, tlsh
from assay.detection.copies.hashing.pdq import BITS, LONGEST_SIDE, dihedral_of, pdq_distance, pdq_of
from assay.detection.copies.hashing.sound_text import numbers_of
from assay.detection.decoding.borrowed import is_installed
from assay.detection.decoding.pictures import picture
from assay.detection.media import Media
from assay.detection.scanner import State
from benchmarks.copying.edits import Edits
from benchmarks.copying.pictures import FOLDER
from benchmarks.material.table import table

GENERATED, BYTES_HASHED = 40, 300
MOST_PIXELS = 100_000_000
# The reference's order of the eight turned forms, by our names.
TURNS = ("", "rotate270", "rotate180", "rotate90", "flip-upright", "flip", "transpose", "transverse")

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Compared:
    """How many hashes were compared with a reference's, how many are the same, and CPU milliseconds of both for one."""

    what: str
    reference: str
    same: int
    all: int
    ours_ms: float
    theirs_ms: float

    def row(self) -> tuple[str, ...]:
        """The line of the table."""
        ratio = "-" if not self.ours_ms or not self.theirs_ms else f"{self.theirs_ms / self.ours_ms:.2f}"
        times = [f"{each:.2f}" if each else "-" for each in (self.ours_ms, self.theirs_ms)]
        return self.what, self.reference, f"{self.same} of {self.all}", *times, ratio


def reference_table(*, quick: bool, files: Path) -> Edits:
    """Our hashes beside those of pdqhash, py-tlsh and fpcalc, where these are installed."""
    step = 6 if quick else 1
    made: list[Compared] = []
    absent: list[str] = []
    for package, compare in (("pdqhash", _pdq), ("tlsh", _tlsh), ("fpcalc", _chromaprint)):
        there = shutil.which(package) is not None if package == "fpcalc" else is_installed(package)
        if there:
            made += compare(files, step)
        else:
            absent.append(f"{package} is not installed: not compared")
    head = ("hashes", "reference", "the same", "ms ours", "ms theirs", "times as fast")
    text = table(head, [each.row() for each in made], words=2)
    text = "\n".join([text, "", *_downscaled(files, step), *absent])
    short = [f"{each.what}: {each.all - each.same} differ from {each.reference}'s" for each in made]
    short = [words for words, each in zip(short, made, strict=True) if each.same != each.all]
    return Edits(text, tuple(short + ([] if quick else absent)))


def _pdq(files: Path, step: int) -> Iterator[Compared]:
    import pdqhash

    def theirs(pixels: Pixels) -> tuple[bytes, int]:
        vector, quality = pdqhash.compute(pixels)
        return np.packbits(vector.astype(bool)).tobytes(), quality

    def ours(pixels: Pixels) -> tuple[bytes, int]:
        made = pdq_of(pixels)
        return made.bits, made.quality

    groups = (("PDQ, edits of one photo", "copy/pdq_bridge_mods"), ("PDQ, stills", FOLDER))
    for what, folder in groups:
        pictures = [np.asarray(image) for image in _stills(files / folder, step)]
        if pictures:
            yield _compared(what, "pdqhash", ours, theirs, pictures)
    generated = list(_generated(GENERATED // step))
    yield _compared("PDQ, generated, odd sizes", "pdqhash", ours, theirs, generated)
    yield _compared("PDQ, eight turned forms", "pdqhash", _our_turns, _their_turns, generated)


def _our_turns(pixels: Pixels) -> list[bytes]:
    made = dihedral_of(pixels)
    return [made[turn].bits for turn in TURNS]


def _their_turns(pixels: Pixels) -> list[bytes]:
    import pdqhash

    vectors, _ = pdqhash.compute_dihedral(pixels)
    return [np.packbits(vector.astype(bool)).tobytes() for vector in vectors]


def _tlsh(files: Path, step: int) -> Iterator[Compared]:
    import tlsh as reference

    def theirs(content: bytes) -> str | None:
        found = str(reference.hash(content))
        return None if found in ("", "TNULL") else found

    dice = random.Random(8)
    contents = [_bytes(dice) for _ in range(BYTES_HASHED // step)]
    yield _compared("TLSH, bytes and words", "py-tlsh", tlsh.tlsh_of_bytes, theirs, contents)
    values = [found for found in map(theirs, contents) if found is not None]
    pairs = list(pairwise(values))
    yield _compared(
        "TLSH, distances",
        "py-tlsh",
        lambda pair: tlsh.tlsh_distance(*pair),
        lambda pair: int(reference.diff(*pair)),
        pairs,
    )


def _chromaprint(files: Path, step: int) -> Iterator[Compared]:
    if chromaprint.readiness().state is not State.READY:
        return
    same = count = 0
    for path in sorted((files / "audio").rglob("*.wav"))[::step]:
        done = subprocess.run(["fpcalc", "-raw", "-json", str(path)], capture_output=True, text=True, check=False)
        value = chromaprint.chromaprint_of(Media.from_path(path))
        # The program ends with an error where a file stops short, and prints what it had all the same.
        if not done.stdout.startswith("{") or value is None:
            continue
        raw = np.array(json.loads(done.stdout)["fingerprint"], np.int64).astype(np.uint32)
        made = numbers_of(value)
        count += 1
        same += np.array_equal(raw, made)
    if count:
        yield Compared("Chromaprint, speech", "fpcalc", same, count, 0.0, 0.0)


def _compared(
    what: str,
    reference: str,
    ours: Callable[..., object],
    theirs: Callable[..., object],
    inputs: list[Pixels] | list[bytes] | list[tuple[str, str]],
) -> Compared:
    start = process_time()
    made = [ours(each) for each in inputs]
    middle = process_time()
    wanted = [theirs(each) for each in inputs]
    end = process_time()
    same = sum(one == other for one, other in zip(made, wanted, strict=True))
    scale = 1000 / len(inputs)
    return Compared(what, reference, same, len(inputs), (middle - start) * scale, (end - middle) * scale)


def _downscaled(files: Path, step: int) -> Iterator[str]:
    """What it changes that large pictures are made smaller first."""
    apart = []
    for path in sorted((files / FOLDER).rglob("*.*"))[:: 3 * step]:
        whole = Image.open(path).convert("RGB")
        small = picture(Media.from_path(path), most_pixels=MOST_PIXELS, longest_side=LONGEST_SIDE)
        if max(whole.size) > LONGEST_SIDE and small is not None:
            apart.append(pdq_distance(pdq_of(np.asarray(whole)).bits, pdq_of(np.asarray(small)).bits))
    if apart:
        yield (
            f"A picture of more than {LONGEST_SIDE} pixels a side is made smaller as it is decoded: {len(apart)} such "
            f"hashes differ from those of all pixels by {np.median(apart):.0f} of {BITS} bits, {max(apart)} at most."
        )


def _stills(folder: Path, step: int) -> Iterator[Image.Image]:
    for path in sorted(folder.rglob("*.*"))[::step]:
        still = picture(Media.from_path(path), most_pixels=MOST_PIXELS, longest_side=LONGEST_SIDE)
        if still is not None:
            yield still


def _generated(count: int) -> Iterator[Pixels]:
    """Noise, ramps, blocks and plain pictures of sizes that divide by nothing, from 5 pixels a side."""
    dice = np.random.default_rng(12)
    for place in range(count):
        rows, columns = (int(each) for each in dice.integers(5, 400, 2))
        if place % 4 == 0:
            yield dice.integers(0, 256, (rows, columns, 3), np.uint8)
        elif place % 4 == 1:
            ramp = np.add.outer(np.arange(rows) * 255 / rows, np.arange(columns) * 255 / columns) / 2
            yield np.repeat(ramp[:, :, None], 3, axis=2).astype(np.uint8)
        elif place % 4 == 2:
            cells = Image.fromarray(dice.integers(0, 256, (7, 9, 3), np.uint8))
            yield np.asarray(cells.resize((columns, rows), Image.Resampling.BICUBIC))
        else:
            yield np.full((rows, columns, 3), dice.integers(0, 256), np.uint8)


def _bytes(dice: random.Random) -> bytes:
    length = dice.choice([dice.randint(0, 300), dice.randint(50, 5_000), dice.randint(1_000, 60_000)])
    if dice.random() < 0.5:
        return dice.randbytes(length)
    return " ".join(
        dice.choices(["label", "made", "by", "a", "machine", "voice", "copy", "of"], k=length // 5)
    ).encode()
