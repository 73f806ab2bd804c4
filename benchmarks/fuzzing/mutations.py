"""Ways to make a file wrong: the same number gives the same file for ever. It reads no file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

MAXIMUM_SIZE = 1 << 20
AT_ONCE = (1, 1, 1, 2, 2, 4)
REPEATS = (2, 3, 17, 257, 4_000)
# What a length, a count or an offset must survive.
EXTREMES = (
    0,
    1,
    2,
    0x7F,
    0x80,
    0xFF,
    0x7FFF,
    0x8000,
    0xFFFF,
    0x7FFFFFFF,
    0x80000000,
    0xFFFFFFFE,
    0xFFFFFFFF,
    (1 << 64) - 1,
)


def mutated(seeds: Sequence[bytes], number: int, salt: str) -> bytes:
    """The file of this number: one of the seeds, made wrong in one to four ways."""
    chance = Random(f"{salt}:{number}")
    content = bytearray(chance.choice(seeds))
    for _ in range(chance.choice(AT_ONCE)):
        if not content:
            break
        chance.choice(MUTATIONS)(content, seeds, chance)
    return bytes(content[:MAXIMUM_SIZE])


def _flip_bits(content: bytearray, _seeds: Sequence[bytes], chance: Random) -> None:
    for _ in range(chance.choice((1, 1, 2, 8, 32))):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def _cut_short(content: bytearray, _seeds: Sequence[bytes], chance: Random) -> None:
    del content[chance.randrange(len(content)) :]


def _change_length(content: bytearray, _seeds: Sequence[bytes], chance: Random) -> None:
    """A number of one to eight bytes anywhere, extreme or just beside what the file's own size allows."""
    width = chance.choice((1, 2, 4, 4, 4, 8))
    at = chance.randrange(len(content))
    near = (len(content), len(content) - at, len(content) - at + 1, chance.randrange(1 << 16))
    value = chance.choice((*EXTREMES, *near)) & (1 << 8 * width) - 1
    content[at : at + width] = value.to_bytes(width, chance.choice(("big", "little")))


def _repeat_slice(content: bytearray, _seeds: Sequence[bytes], chance: Random) -> None:
    start, end = _slice(content, chance)
    times = min(chance.choice(REPEATS), MAXIMUM_SIZE // max(1, end - start))
    content[end:end] = content[start:end] * times


def _drop_slice(content: bytearray, _seeds: Sequence[bytes], chance: Random) -> None:
    start, end = _slice(content, chance)
    del content[start:end]


def _move_slice(content: bytearray, _seeds: Sequence[bytes], chance: Random) -> None:
    start, end = _slice(content, chance)
    part = content[start:end]
    del content[start:end]
    at = chance.randrange(len(content) + 1)
    content[at:at] = part


def _splice(content: bytearray, seeds: Sequence[bytes], chance: Random) -> None:
    """The head of this file and the tail of another one."""
    other = chance.choice(seeds)
    content[chance.randrange(len(content)) :] = other[chance.randrange(len(other) + 1) :]


def _put_noise(content: bytearray, _seeds: Sequence[bytes], chance: Random) -> None:
    at = chance.randrange(len(content))
    content[at : at + chance.choice((0, 1, 16))] = chance.randbytes(chance.choice((1, 4, 64, 4_096)))


def _put_token(content: bytearray, _seeds: Sequence[bytes], chance: Random) -> None:
    """Words that open structures, where none belongs."""
    at = chance.randrange(len(content))
    content[at:at] = chance.choice(TOKENS) * chance.choice((1, 1, 2, 300))


def _slice(content: bytearray, chance: Random) -> tuple[int, int]:
    start = chance.randrange(len(content))
    return start, min(len(content), start + chance.choice((1, 4, 8, 12, 32, 100, 1_000, 20_000)))


TOKENS = (
    b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
    b'{"AIGC":',
    b"\xff\xe1\xff\xff",
    b"LIST\xff\xff\xff\xffINFO",
    b"\x00\x00\x00\x08moov",
    b"\x00\x00\x00\x01mdat",
    b"II*\x00\x08\x00\x00\x00",
    b"1 0 obj<</Type/ObjStm/First 9>>stream\n",
    b"endstream",
    b"PK\x05\x06",
    b"PK\x01\x02",
    b"OggS\x00",
    b"ID3\x04\x00\x00",
    b"\x1a\x45\xdf\xa3\xff",
    b"\x67\xc8\x80",
    b"8BIM\x04\x04\x00\x00",
    b"---\nAIGC:\n",
    b"[" * 64,
)
MUTATIONS: tuple[Callable[[bytearray, Sequence[bytes], Random], None], ...] = (
    _flip_bits, _flip_bits, _cut_short, _change_length, _change_length, _change_length, _repeat_slice, _drop_slice,
    _move_slice, _splice, _put_noise, _put_token,
)  # fmt: skip
