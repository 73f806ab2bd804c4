"""Which edits a hash survives, with intervals, and what the further hashes gain and cost. It searches no bank."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from assay.detection.copies.hashing.fingerprints import of_picture
from assay.detection.copies.hashing.pdq import BYTES, LONGEST_SIDE, USUAL_DISTANCE
from assay.detection.copies.kinds import Fingerprint
from assay.engine.backtest.estimate.intervals import wilson_interval
from benchmarks.copying.pictures import EDITS, Edit, made_pictures, real_pictures
from benchmarks.material.table import table

QUICK_PICTURES = 10
QUICK_EDITS = 2
# An uploaded picture was compressed once more; so is every edited one here.
UPLOADED_QUALITY = 85


@dataclass(frozen=True, slots=True)
class Mode:
    """How a picture is hashed when it is asked about, and when it is put into a bank."""

    name: str
    dihedral: bool
    crops: bool

    def asked(self, made: Sequence[Fingerprint]) -> NDArray[np.uint8]:
        """The hashes of an upload."""
        return _bits([each for each in made if (self.dihedral or not _is_turned(each)) and self._cut(each)])

    def banked(self, made: Sequence[Fingerprint]) -> NDArray[np.uint8]:
        """The hashes of a known item; it is never turned, since the upload is."""
        return _bits([each for each in made if not _is_turned(each) and self._cut(each)])

    def _cut(self, each: Fingerprint) -> bool:
        return self.crops or not each.place.startswith("crop")


MODES = (
    Mode("plain", dihedral=False, crops=False),
    Mode("dihedral", dihedral=True, crops=False),
    Mode("crops", dihedral=False, crops=True),
    Mode("both", dihedral=True, crops=True),
)


@dataclass(frozen=True, slots=True)
class Edits:
    """Tables to print, and a sentence for each figure that falls short of what is promised."""

    text: str
    short: tuple[str, ...]


def edits_table(*, quick: bool, files: Path) -> Edits:
    """Pictures, films, sounds and texts, edited as uploaders edit them, against what they were.

    files  the shared test data; where it is absent, pictures and sounds that are made take its place
    """
    from benchmarks.copying.films import films_table
    from benchmarks.copying.sounds import sounds_table
    from benchmarks.copying.texts import texts_table

    parts = [make(quick=quick, files=files) for make in (pictures_table, films_table, sounds_table, texts_table)]
    return Edits("\n\n".join(each.text for each in parts), tuple(words for each in parts for words in each.short))


def pictures_table(*, quick: bool, files: Path) -> Edits:
    """Shares of edited pictures within the usual distance of what they were."""
    pictures = made_pictures(QUICK_PICTURES if quick else 16) + real_pictures(files, QUICK_PICTURES if quick else None)
    known = [_hashes(picture) for picture in pictures]
    edits = EDITS[::QUICK_EDITS] if quick else EDITS
    nearest = {name: _nearest(pictures, known, edit) for name, edit in edits}
    rows = [(name, *(_cell(distances[mode.name]) for mode in MODES)) for name, distances in nearest.items()]
    false = {mode.name: _false_matches(known, mode) for mode in MODES}
    pairs = len(known) * (len(known) - 1)
    rows.append(("another picture matches", *(f"{false[mode.name]} of {pairs:,}" for mode in MODES)))
    rows.append(("milliseconds of CPU a picture", *(f"{_cost(pictures, mode):.1f}" for mode in MODES)))
    rows.append(("hashes asked / kept in the bank", *(_counts(known, mode) for mode in MODES)))
    head = ("edit", *(mode.name for mode in MODES))
    words = (
        f"PDQ of {len(pictures)} pictures: share within {USUAL_DISTANCE} bits of what was edited, its 95 % interval, "
        "and the median distance."
    )
    return Edits(f"{words}\n\n{table(head, rows)}", tuple(_short(nearest, false)))


def _short(nearest: dict[str, dict[str, NDArray[np.int64]]], false: dict[str, int]) -> list[str]:
    """What the options are there for, they must do."""
    promised = (
        ("JPEG quality 80", "plain"),
        ("JPEG quality 20", "plain"),
        ("mirrored", "dihedral"),
        ("turned by 90 degrees", "dihedral"),
        ("cut 5 % of each side, evenly", "crops"),
        ("white border, 5 %", "crops"),
        ("mirrored, white border", "both"),
    )
    found = []
    for name, mode in promised:
        if name in nearest and (share := float((nearest[name][mode] <= USUAL_DISTANCE).mean())) < 0.95:
            found.append(f"{name}, {mode}: {share:.0%} found, less than 95 %")
    return found + [f"{mode}: {count} pairs of different pictures match" for mode, count in false.items() if count]


def cell(hits: int, trials: int, middle: str) -> str:
    """A share with its interval, and the median beside it."""
    low, high = wilson_interval(hits, trials)
    return f"{hits / trials:.0%} ({low:.0%}-{high:.0%}) {middle:>4}"


def _cell(distances: NDArray[np.int64]) -> str:
    return cell(int((distances <= USUAL_DISTANCE).sum()), len(distances), f"{np.median(distances):.0f}")


def _hashes(picture: Image.Image) -> list[Fingerprint]:
    return of_picture(_decoded(picture), dihedral=True, crops=True)


def _decoded(picture: Image.Image) -> NDArray[np.uint8]:
    small = picture.copy()
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return np.asarray(small)


def _uploaded(picture: Image.Image) -> Image.Image:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=UPLOADED_QUALITY)
    return Image.open(io.BytesIO(stream.getvalue())).convert("RGB")


def _nearest(
    pictures: Sequence[Image.Image], known: Sequence[Sequence[Fingerprint]], edit: Edit
) -> dict[str, NDArray[np.int64]]:
    edited = [_hashes(_uploaded(edit(picture))) for picture in pictures]
    return {
        mode.name: np.array(
            [_apart(mode.asked(asked), mode.banked(made)) for asked, made in zip(edited, known, strict=True)]
        )
        for mode in MODES
    }


def _false_matches(known: Sequence[Sequence[Fingerprint]], mode: Mode) -> int:
    asked, banked = [mode.asked(made) for made in known], [mode.banked(made) for made in known]
    return sum(
        _apart(asked[one], banked[other]) <= USUAL_DISTANCE
        for one in range(len(known))
        for other in range(len(known))
        if one != other
    )


def _apart(asked: NDArray[np.uint8], banked: NDArray[np.uint8]) -> int:
    return int(np.bitwise_count(asked[:, None, :] ^ banked[None, :, :]).sum(axis=2, dtype=np.int64).min())


def _cost(pictures: Sequence[Image.Image], mode: Mode) -> float:
    decoded = [_decoded(picture) for picture in pictures[:20]]
    start = process_time()
    for pixels in decoded:
        of_picture(pixels, dihedral=mode.dihedral, crops=mode.crops)
    return (process_time() - start) / len(decoded) * 1000


def _counts(known: Sequence[Sequence[Fingerprint]], mode: Mode) -> str:
    asked = np.mean([len(mode.asked(made)) for made in known])
    return f"{asked:.1f} / {np.mean([len(mode.banked(made)) for made in known]):.1f}"


def _is_turned(each: Fingerprint) -> bool:
    return bool(each.place) and not each.place.rpartition("/")[2].startswith("crop")


def _bits(made: Sequence[Fingerprint]) -> NDArray[np.uint8]:
    return np.frombuffer(b"".join(bytes.fromhex(each.value) for each in made), np.uint8).reshape(-1, BYTES)
