"""Texts: TLSH is the reference's, MinHash finds shared runs of words, and neither minds how a text is spelled."""

from __future__ import annotations

import random
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.detection.copies.hashing import minhash, tlsh
from assay.detection.copies.hashing.words import MOST_BYTES, plain, text_of, words_of
from assay.detection.media import Media
from tests.conftest import Golden
from tests.detection.copies.hashing.made import OTHER_PROSE, PROSE

CHINESE = (
    "清晨的港口很安静，只有一位老人坐在木船旁边修补渔网。" * 2
    + "他说今年的鱼比往年少，可是海还是同一片海，风也还是同样的风，所以他每天都来。"
)


def contents() -> dict[str, bytes]:
    """Bytes of many lengths, among them both sides of where the length's class is reckoned otherwise."""
    dice = random.Random(6)
    made = {f"{length} bytes": dice.randbytes(length) for length in (49, 50, 255, 656, 657, 3199, 3200, 60_001)}
    made["prose"] = PROSE.encode()
    made["one letter"] = b"x" * 500
    made["four letters"] = bytes(dice.choices(b"abc ", k=2000))
    made["a sequence, again and again"] = bytes(range(97, 114)) * 30
    made["a number of words"] = " ".join(dice.choices(PROSE.split(), k=900)).encode()
    return made


def apart(one: str, other: str, *, near: bool = True) -> tuple[int, float]:
    """Distance by TLSH (where `near` asks for it) and similarity by MinHash of two texts that are long enough."""
    close = [tlsh.tlsh_of(text) or "" for text in (one, other)] if near else []
    shared = [minhash.minhash_of(text) or "" for text in (one, other)]
    return tlsh.tlsh_distance(*close) if near else 0, minhash.minhash_similarity(*shared)


def test_tlsh_is_what_the_reference_gave(golden: Golden) -> None:
    """The golden text holds what py-tlsh 5.0.0 gives; the next test compares again where it is installed."""
    values = {name: tlsh.tlsh_of_bytes(content) for name, content in contents().items()}
    lines = [f"{name}: {value}" for name, value in values.items()]
    kept = [value for value in values.values() if value is not None]
    lines += [f"from the first: {tlsh.tlsh_distance(kept[0], value)}" for value in kept]
    golden("copies/tlsh.txt", "\n".join(lines) + "\n")


def test_tlsh_and_its_distances_are_the_references_where_it_is_installed() -> None:
    reference = pytest.importorskip("tlsh")
    values = []
    for name, content in contents().items():
        wanted = reference.hash(content)
        value = tlsh.tlsh_of_bytes(content)
        assert value == (None if wanted in ("", "TNULL") else wanted), name
        values += [value] if value else []
    for one in values:
        for other in values:
            assert tlsh.tlsh_distance(one, other) == reference.diff(one, other)


@settings(max_examples=30)
@given(st.binary(max_size=700))
def test_tlsh_of_any_bytes_is_the_references_where_it_is_installed(content: bytes) -> None:
    reference = pytest.importorskip("tlsh")
    wanted = reference.hash(content)
    assert tlsh.tlsh_of_bytes(content) == (None if wanted in ("", "TNULL") else wanted)


def test_more_bytes_than_can_be_told_exactly_have_no_tlsh() -> None:
    with pytest.raises(ValueError, match="no more than"):
        tlsh.tlsh_of_bytes(bytes(tlsh.MOST_BYTES + 1))


def test_a_tlsh_without_its_version_or_in_small_letters_is_the_same_hash() -> None:
    value = tlsh.tlsh_of(PROSE)
    assert value is not None
    assert tlsh.canonical(value[2:].lower()) == value
    assert tlsh.tlsh_distance(value, value[2:]) == 0


@pytest.mark.parametrize("text", ["", "T1", "T1" + "G" * 70, "T2" + "0" * 70, "T1" + "0" * 71])
def test_what_is_no_tlsh_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="TLSH"):
        tlsh.tlsh_distance(text, "T1" + "0" * 70)


def test_minhash_is_the_same_for_ever(golden: Golden) -> None:
    golden("copies/minhash.txt", f"{minhash.minhash_of(PROSE)}\n{minhash.minhash_of(CHINESE)}\n")


@pytest.mark.parametrize("text", [PROSE, CHINESE])
def test_spelling_of_the_same_words_changes_neither_hash(text: str) -> None:
    disguised = f"\ufeff  {unicodedata.normalize('NFD', text).upper()}\n".replace(" ", " \u200b\u00a0 ")
    assert plain(disguised) == plain(text)
    assert minhash.minhash_of(disguised) == minhash.minhash_of(text)
    assert tlsh.tlsh_of(disguised) == tlsh.tlsh_of(text)


def test_full_width_letters_are_the_narrow_ones() -> None:
    wide = "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in PROSE)
    assert plain(wide) == plain(PROSE)


def test_scripts_without_spaces_are_compared_by_their_characters() -> None:
    assert words_of("我爱 Python 编程") == ["我", "爱", "python", "编", "程"]
    assert words_of("สวัสดี") != ["สวัสดี"]


def test_minhash_estimates_the_share_of_common_runs() -> None:
    words = words_of(PROSE)
    shortened = " ".join(words[: len(words) // 2])
    whole, half = (
        {" ".join(each[at : at + 5]) for at in range(len(each) - 4)} for each in (words, words_of(shortened))
    )
    share = len(whole & half) / len(whole | half)
    assert abs(apart(PROSE, shortened, near=False)[1] - share) < 0.15


def test_a_text_of_other_words_is_far_by_both() -> None:
    distance, similarity = apart(PROSE, OTHER_PROSE)
    assert distance > tlsh.USUAL_DISTANCE
    assert similarity < 0.05


def test_a_text_with_one_word_changed_stays_near_by_both() -> None:
    whole = PROSE + OTHER_PROSE
    distance, similarity = apart(whole, whole.replace("coffee", "tobacco"))
    assert 0 < distance <= tlsh.USUAL_DISTANCE
    assert 0.7 <= similarity < 1


def test_a_short_text_has_no_hash() -> None:
    assert minhash.minhash_of(" ".join(["word"] * (minhash.FEWEST_WORDS - 1))) is None
    assert tlsh.tlsh_of("A short remark about nothing at all.") is None
    assert minhash.minhash_of(" ".join(f"word{each}" for each in range(minhash.FEWEST_WORDS))) is not None


def test_a_text_that_grows_a_thousandfold_by_compatible_forms_stays_bounded() -> None:
    assert len(plain("\ufdfa" * (MOST_BYTES // 8))) <= MOST_BYTES


def test_only_a_text_file_has_a_text() -> None:
    assert text_of(Media.from_bytes(PROSE.encode(), name="a.txt")) == PROSE
    assert text_of(Media.from_bytes(b"\x89PNG\r\n\x1a\n", name="a.txt")) is None
