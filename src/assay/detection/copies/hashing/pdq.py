"""PDQ, the exchange's hash of pictures, in 32-bit floats as the reference computes it. It decodes no file.

Source: "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm", Facebook 2019.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL.Image import Image

BITS = 256
BYTES = BITS // 8
# Within this many differing bits, two hashes are taken for the same picture by those who exchange them.
USUAL_DISTANCE = 31
# What has less to tell it by (a plain wall, a black frame) is near to everything else that has.
USUAL_QUALITY = 50
# A larger picture is made smaller first: the filter costs as many steps as the picture has pixels.
LONGEST_SIDE = 512

_SIDE, _FREQUENCIES, _PASSES, _LEAST_SIDE = 64, 16, 2, 5
# The eight ways to turn and mirror a square, told by the signs of the odd and even frequencies and by an exchange of
# the two axes: name, exchanged, sign of odd rows, of even rows, of odd columns, of even columns. The first row of the
# sixteen is the frequency 1, so that index 0 is odd.
_TURNS = (
    ("rotate90", True, 1, 1, -1, 1),
    ("rotate180", False, -1, 1, -1, 1),
    ("rotate270", True, -1, 1, 1, 1),
    ("flip", False, 1, 1, -1, 1),
    ("flip-upright", False, -1, 1, 1, 1),
    ("transpose", True, 1, 1, 1, 1),
    ("transverse", True, -1, 1, -1, 1),
)

Luma = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Pdq:
    """One hash: 32 bytes, most significant first, and how much the picture has to tell it by, 0 to 100."""

    bits: bytes
    quality: int

    @property
    def text(self) -> str:
        """As it is exchanged: 64 hexadecimal characters."""
        return self.bits.hex()


def pdq_of(image: Image | NDArray[np.uint8]) -> Pdq:
    """The hash of a picture as it stands; make one that is larger than `LONGEST_SIDE` smaller before.

    image  RGB or grey, rows first; with a side under 5 pixels the hash is all zeros and the quality 0
    """
    small = _reduced(_luma(image))
    if small is None:
        return Pdq(bytes(BYTES), 0)
    return Pdq(_bits(_frequencies(small)), _quality(small))


def dihedral_of(image: Image | NDArray[np.uint8]) -> dict[str, Pdq]:
    """The hash of a picture (under its empty place), and of its seven turned and mirrored forms by name.

    The frequencies of a turned picture are those of the upright one with their signs or axes exchanged, so that one
    transform serves all eight.
    """
    small = _reduced(_luma(image))
    if small is None:
        return {"": Pdq(bytes(BYTES), 0)}
    quality, upright = _quality(small), _frequencies(small)
    found = {"": Pdq(_bits(upright), quality)}
    for name, exchanged, odd_rows, even_rows, odd_columns, even_columns in _TURNS:
        turned = upright.T.copy() if exchanged else upright.copy()
        turned[0::2] *= np.float32(odd_rows)
        turned[1::2] *= np.float32(even_rows)
        turned[:, 0::2] *= np.float32(odd_columns)
        turned[:, 1::2] *= np.float32(even_columns)
        found[name] = Pdq(_bits(turned), quality)
    return found


def pdq_distance(one: bytes | str, other: bytes | str) -> int:
    """In how many of 256 bits two hashes differ; raises ValueError for what is no hash."""
    return (_number(one) ^ _number(other)).bit_count()


def _number(value: bytes | str) -> int:
    raw = bytes.fromhex(value) if isinstance(value, str) else value
    if len(raw) != BYTES:
        raise ValueError("a PDQ hash has 32 bytes")
    return int.from_bytes(raw, "big")


def _luma(image: Image | NDArray[np.uint8]) -> Luma:
    pixels = np.asarray(image)
    if pixels.ndim == 2:
        pixels = np.broadcast_to(pixels[:, :, None], (*pixels.shape, 3))
    if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != np.uint8:
        raise ValueError("a picture to hash has three channels of 8 bits, or one")
    # Summed in 64 bits and rounded once, as the reference's own binding does.
    luma = pixels[:, :, 0] * 0.299 + pixels[:, :, 1] * 0.587 + pixels[:, :, 2] * 0.114
    return luma.astype(np.float32)


def _reduced(luma: Luma) -> Luma | None:
    """The picture blurred and thinned out to 64 by 64."""
    rows, columns = luma.shape
    if min(rows, columns) < _LEAST_SIDE:
        return None
    if rows == columns == _SIDE:
        return luma
    across, down = _window(columns), _window(rows)
    for _ in range(_PASSES):
        luma = _box(np.ascontiguousarray(luma.T), across).T
        luma = _box(np.ascontiguousarray(luma), down)
    thinned: Luma = luma[np.ix_(_centres(rows), _centres(columns))]
    return thinned


def _window(length: int) -> int:
    return (length + 2 * _SIDE - 1) // (2 * _SIDE)


def _centres(length: int) -> NDArray[np.intp]:
    return ((np.arange(_SIDE) + 0.5) * length / _SIDE).astype(np.intp)


def _box(lines: Luma, window: int) -> Luma:
    """The mean of a moving window over the lines of an array, which is cut short at both ends.

    The sum is carried along, adding before subtracting, in the reference's order: another order would round otherwise,
    and now and then flip a bit.
    """
    length = len(lines)
    ahead = (window + 2) // 2 - 1
    total = np.zeros(lines.shape[1], np.float32)
    result = np.empty_like(lines)
    for line in range(min(ahead, length)):
        total += lines[line]
    for line in range(length):
        enters, leaves = line + ahead, line + ahead - window
        if enters < length:
            total += lines[enters]
        if leaves >= 0:
            total -= lines[leaves]
        held = min(enters, length - 1) - max(leaves, -1)
        np.divide(total, np.float32(held), out=result[line])
    return result


@cache
def _transform() -> Luma:
    row, column = np.arange(1, _FREQUENCIES + 1)[:, None], np.arange(_SIDE)[None, :]
    angle = np.pi / 2.0 / _SIDE * row * (2 * column + 1)
    matrix: Luma = (np.float64(np.float32(np.sqrt(2.0 / _SIDE))) * np.cos(angle)).astype(np.float32)
    return matrix


def _frequencies(small: Luma) -> Luma:
    """Frequencies 1 to 16 both ways of the 64 by 64 picture, summed term by term as the reference does."""
    matrix = _transform()
    half = np.zeros((_FREQUENCIES, _SIDE), np.float32)
    for term in range(_SIDE):
        half += matrix[:, term, None] * small[None, term]
    whole = np.zeros((_FREQUENCIES, _FREQUENCIES), np.float32)
    for term in range(_SIDE):
        whole += half[:, term, None] * matrix[None, :, term]
    return whole


def _bits(frequencies: Luma) -> bytes:
    flat = frequencies.reshape(-1)
    middle = np.partition(flat, BITS // 2 - 1)[BITS // 2 - 1]
    return np.packbits((flat > middle)[::-1]).tobytes()


def _quality(small: Luma) -> int:
    """A sum of the steep places of the 64 by 64 picture; slight ones are rounded away."""
    total = 0
    for axis in (0, 1):
        steps = -np.diff(small, axis=axis) * np.float32(100) / np.float32(255)
        total += int(np.abs(steps.astype(np.int32)).sum())
    return min(100, total // 90)
