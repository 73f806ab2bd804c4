"""Each kind of hash is found in a bank as comparing it with every entry would find it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.detection.copies.bank.bank import Bank
from assay.detection.copies.bank.entry import Entry
from assay.detection.copies.bank.finding import Finder
from assay.detection.copies.bank.settings import BankSettings
from assay.detection.copies.bank.ways import Films, Texts
from assay.detection.copies.hashing.minhash import minhash_of, minhash_similarity
from assay.detection.copies.hashing.sound_text import text_of
from assay.detection.copies.hashing.tlsh import tlsh_distance
from assay.detection.copies.kinds import Fingerprint, HashKind

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
HASHES = st.binary(min_size=35, max_size=35).map(lambda content: f"T1{content.hex().upper()}")


def made(folder: Path, kind: HashKind, values: list[str], **terms: float) -> Bank:
    bank = Bank.create(folder / "bank", BankSettings("known", "p", kind, "w", **terms))  # type: ignore[arg-type]
    told = bank.add(map(Entry, values), at=AT)
    assert (told.added, told.stopped) == (len(values), None)
    return bank


def found(bank: Bank, value: str) -> dict[int, float]:
    return {match.entry: match.distance for match in bank.search([Fingerprint(bank.settings.kind, value)])}


def text(*, words: int, changed: float, seed: int = 1) -> str:
    chance = np.random.default_rng(seed)
    chosen = chance.integers(0, 5000, words)
    other = np.random.default_rng(seed + 1000)
    lost = other.random(words) < changed
    return " ".join(f"word{number}" for number in np.where(lost, other.integers(5000, 9000, words), chosen))


def test_a_file_is_known_by_its_sha256_to_the_bit(tmp_path: Path) -> None:
    values = [bytes([number] * 32).hex() for number in range(50)]
    with made(tmp_path, HashKind.SHA256, values) as bank:
        assert found(bank, values[7].upper()) == {8: 0}
        assert found(bank, values[7][:-1] + "0") == {}


@given(HASHES, st.lists(st.tuples(st.integers(3, 34), st.integers(1, 255)), max_size=5))
def test_a_text_hash_is_never_farther_in_bits_than_in_points(one: str, changes: list[tuple[int, int]]) -> None:
    content = bytearray.fromhex(one[2:])
    for place, flips in changes:
        content[place] ^= flips
    way, other = Texts(), f"T1{content.hex().upper()}"
    bits = int(np.bitwise_count(way.hashes(one) ^ way.hashes(other)).sum())
    assert bits <= tlsh_distance(one, other)


def test_texts_are_found_by_tlsh_as_by_comparing_all(tmp_path: Path) -> None:
    chance = np.random.default_rng(6)
    centre = chance.integers(0, 256, 35, dtype=np.uint8)
    near = [centre ^ np.packbits(chance.random(280) < share, axis=0) for share in np.linspace(0, 0.4, 200)]
    values = list(dict.fromkeys(f"T1{each.tobytes().hex().upper()}" for each in near))
    with made(tmp_path, HashKind.TLSH, values, distance=90) as bank:
        wanted = {number: tlsh_distance(values[0], value) for number, value in enumerate(values, 1)}
        within = {number: far for number, far in wanted.items() if far <= 90}
        assert 3 < len(within) < len(values)
        assert found(bank, values[0]) == within


def test_texts_are_found_by_minhash_where_they_share_enough(tmp_path: Path) -> None:
    changed = (0.0, 0.02, 0.05, 0.08, 0.6)
    values = [str(minhash_of(text(words=400, changed=share))) for share in changed]
    others = [str(minhash_of(text(words=400, changed=0, seed=seed))) for seed in range(2, 20)]
    with made(tmp_path, HashKind.MINHASH, values + others, similarity=0.5) as bank:
        wanted = {number: minhash_similarity(values[0], value) for number, value in enumerate(values, 1)}
        assert found(bank, values[0]) == {number: share for number, share in wanted.items() if share >= 0.5}
        assert len(found(bank, values[0])) >= 3
        bank.delete([1], at=AT)
        assert 1 not in found(bank, values[0])
        assert bank._store._connection.execute("SELECT count(*) FROM pieces WHERE id = 1").fetchone() == (0,)


def test_sounds_are_found_where_most_of_their_bits_agree(tmp_path: Path) -> None:
    chance = np.random.default_rng(7)
    songs = chance.integers(0, 2**32, (6, 300), dtype=np.uint32)
    with made(tmp_path, HashKind.CHROMAPRINT, [text_of(song) for song in songs], similarity=0.8) as bank:
        heard = songs[2][60:].copy()
        heard[::3] ^= chance.integers(0, 2**32, 80, dtype=np.uint32)
        agreed = found(bank, text_of(heard))
        assert list(agreed) == [3]
        assert agreed[3] == pytest.approx(1 - 1 / 6, abs=0.02)


def film(frames: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], quality: int = 90) -> str:
    return json.dumps([f"{frame.tobytes().hex()},{quality},{second}.000" for second, frame in enumerate(frames)])


def test_films_are_found_where_enough_of_their_frames_are(tmp_path: Path) -> None:
    frames = np.random.default_rng(8).integers(0, 256, (4, 10, 32), dtype=np.uint8)
    with made(tmp_path, HashKind.VPDQ, [film(each) for each in frames], agreement=0.6) as bank:
        cut = np.concatenate([frames[1][:6], frames[2][:4]])
        cut[:, 0] ^= 0b1011
        assert found(bank, film(cut)) == {2: 0.6}
        assert found(bank, film(frames[0][:3])) == {1: 1.0}
        assert found(bank, film(np.concatenate([frames[1][:5], frames[2][:5]]))) == {}
        assert found(bank, film(frames[0], quality=10)) == {}
        assert bank.verify() == ()
        told = bank.add([Entry(film(frames[3] ^ 255, quality=10))], at=AT)
        assert [fault.slug for _, fault in told.faults] == ["nothing-to-find"]
        bank.delete([2], at=AT)
        bank.compact()
        assert found(bank, film(cut)) == {}
        assert bank.verify() == ()


def test_films_that_share_most_come_first_and_are_compared_first(tmp_path: Path) -> None:
    frames = np.random.default_rng(9).integers(0, 256, (4, 10, 32), dtype=np.uint8)
    # The oldest entry shares a title only, the next most of the film, the last all of it.
    shared = (1, 8, 10)
    films = [film(np.concatenate([frames[0][:many], frames[1 + place][many:]])) for place, many in enumerate(shared)]
    with made(tmp_path, HashKind.VPDQ, films, agreement=0.5) as bank:
        asked = [Fingerprint(HashKind.VPDQ, film(frames[0]))]
        assert [(match.entry, match.distance) for match in bank.search(asked)] == [(3, 1.0), (2, 0.8)]
        hurried = Finder(bank.settings, Films(31, 50, most=2), bank._store, bank._indexed)
        assert [match.entry for match in hurried.search(asked, 100)] == [3, 2]
