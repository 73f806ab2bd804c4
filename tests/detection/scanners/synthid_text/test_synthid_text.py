"""Text that was sampled with the operator's keys is told from every other, and the keys are never shown."""

from __future__ import annotations

import json
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.detection.evidence import Claim, Integrity, Tier
from assay.detection.judgement import judge
from assay.detection.media import Media
from assay.detection.registry import load_scanner
from assay.detection.scanner import ScanFailed, Scanner, Settings, State, readiness_of
from assay.detection.scanners.synthid_text.keys import UnusableKeys, read_keys
from assay.detection.scanners.synthid_text.values import Keys, g_values, is_new, score
from assay.detection.weighing.standing import Standing, standing_of
from tests.detection.decoding import standins

SECRET = tuple(int(each) for each in np.random.default_rng(7).integers(1, 2**31, 30))
KEYS = Keys(SECRET)
# The CRC-32 of what the reference's own program (torch) gives for the keys and tokens of the first test.
REFERENCE = 2950738512
WORDS = [f"w{number}" for number in range(3000)]


def sampled(length: int, keys: Keys, seed: int = 1) -> list[int]:
    """Tokens as a model would sample them: of a few likely ones, that which wins the tournament of g-values."""
    chance = np.random.default_rng(seed)
    tokens = [int(each) for each in chance.integers(0, len(WORDS), keys.ngram_length - 1)]
    while len(tokens) < length:
        context = tokens[len(tokens) - keys.ngram_length + 1 :]
        likely = [int(each) for each in chance.integers(0, len(WORDS), 16)]
        tokens.append(max(likely, key=lambda token: int(g_values([*context, token], keys).sum())))
    return tokens


def plain(length: int, seed: int = 1) -> list[int]:
    return [int(each) for each in np.random.default_rng(seed).integers(0, len(WORDS), length)]


def test_the_values_are_those_of_the_reference() -> None:
    tokens = [zlib.crc32(bytes([number])) % 50_000 for number in range(24)]
    values = g_values(tokens, Keys((654, 400, 836, 123), table_seed=0))
    assert values.shape == (20, 4)
    assert zlib.crc32(values.tobytes()) == REFERENCE
    assert set(np.unique(values)) == {0, 1}


def test_marked_text_stands_far_out_and_plain_text_does_not() -> None:
    marked, unmarked = score(sampled(80, KEYS), KEYS), score(plain(80), KEYS)
    assert marked is not None
    assert unmarked is not None
    assert marked.deviations > 10
    assert abs(unmarked.deviations) < 5
    assert marked.counted == 76


def test_other_keys_see_nothing_in_it() -> None:
    other = score(sampled(80, KEYS), Keys(tuple(key + 1 for key in SECRET)))
    assert other is not None
    assert abs(other.deviations) < 5


@given(st.lists(st.integers(0, 5), max_size=120), st.integers(2, 6), st.integers(1, 40))
def test_contexts_count_once_within_the_history(tokens: list[int], length: int, history: int) -> None:
    keys = Keys(SECRET, ngram_length=length, history_size=history)
    new = is_new(tokens, keys)
    contexts = [tuple(tokens[at : at + length - 1]) for at in range(len(tokens) - length + 1)]
    assert new.tolist() == [context not in contexts[max(0, at - history) : at] for at, context in enumerate(contexts)]
    assert len(g_values(tokens, keys)) == len(contexts)


@given(st.lists(st.integers(0, 2**31), max_size=40))
def test_repeating_a_text_adds_nothing_to_its_score(tokens: list[int]) -> None:
    once, twice = score(tokens, KEYS), score([*tokens, *tokens], KEYS)
    if once is not None:
        assert twice is not None
        # Only the n-grams that lie across the seam are new.
        assert once.counted <= twice.counted <= once.counted + KEYS.ngram_length - 1


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    folder = tmp_path / "synthid_text"
    folder.mkdir()
    (folder / "keys.json").write_text(json.dumps({"keys": list(SECRET), "ngram_len": 5}), encoding="utf-8")
    tokenizers = pytest.importorskip("tokenizers")
    vocabulary = {word: number for number, word in enumerate([*WORDS, "?"])}
    model = tokenizers.models.WordLevel(vocabulary, unk_token="?")
    tokenizer = tokenizers.Tokenizer(model)
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    return tmp_path


def scanner(weights: Path | None) -> Scanner:
    return load_scanner("synthid_text", Settings(weights=weights))


def text(tokens: list[int]) -> Media:
    return Media.from_bytes(" ".join(WORDS[token] for token in tokens).encode(), name="a.txt")


def test_the_operators_own_mark_is_conclusive(weights: Path) -> None:
    assert readiness_of(scanner(weights)).state is State.READY
    (evidence,) = scanner(weights).scan(text(sampled(120, KEYS)))
    assert (evidence.claim, evidence.integrity, evidence.tier) == (
        Claim.AI_UNSPECIFIED,
        Integrity.OK,
        Tier.OPERATOR,
    )
    assert standing_of(evidence) is Standing.EVIDENCE
    assert judge([evidence]).synthetic_status == "confirmed"
    assert float(evidence.details["deviations"]) > 10


def test_plain_text_is_not_accused_and_a_short_one_not_judged(weights: Path) -> None:
    (evidence,) = scanner(weights).scan(text(plain(300)))
    assert evidence.claim is Claim.NONE
    assert scanner(weights).scan(text(sampled(40, KEYS))) == []
    assert scanner(weights).scan(standins.speech()) == []


def test_no_key_is_ever_shown(weights: Path) -> None:
    found = scanner(weights)
    (evidence,) = found.scan(text(sampled(120, KEYS)))
    shown = " ".join(evidence.details.values()) + str(readiness_of(found))
    assert not [key for key in SECRET if str(key) in shown]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("no JSON", "is not JSON"),
        ("[]", "must hold an object"),
        ('{"keys": []}', "a list of 1 to 128 whole numbers"),
        ('{"keys": [1, "2"]}', "a list of 1 to 128 whole numbers"),
        ('{"keys": [true]}', "a list of 1 to 128 whole numbers"),
        ('{"keys": [1], "ngram_len": 1}', "`ngram_len` must be a whole number from 2 to 32"),
        ('{"keys": [1], "sampling_table_size": 1e9}', "`sampling_table_size` must be"),
        ('{"keys": [12345678], "ngrams": 5}', "at most ngram_len"),
    ],
)
def test_keys_that_cannot_be_used_are_told_without_naming_one(weights: Path, content: str, words: str) -> None:
    (weights / "synthid_text" / "keys.json").write_text(content, encoding="utf-8")
    with pytest.raises(UnusableKeys) as caught:
        read_keys(weights / "synthid_text")
    assert words in str(caught.value)
    assert "12345678" not in str(caught.value)
    readiness = readiness_of(scanner(weights))
    assert (readiness.state, readiness.words) == (State.NO_WEIGHTS, str(caught.value))


def test_a_tokenizer_that_cannot_be_read_is_a_fault(weights: Path) -> None:
    (weights / "synthid_text" / "tokenizer.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ScanFailed, match="unusable-tokenizer"):
        scanner(weights).scan(text(plain(100)))


def test_a_tokenizer_that_answers_nonsense_is_a_fault(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Encoding:
        ids = ("one", "two")

    class Tokenizer:
        @staticmethod
        def from_file(path: str) -> Tokenizer:
            return Tokenizer()

        def encode(self, words: str, *, add_special_tokens: bool) -> Encoding:
            return Encoding()

    standins.module(monkeypatch, "tokenizers", Tokenizer=Tokenizer)
    with pytest.raises(ScanFailed, match="strange-answer"):
        scanner(weights).scan(text(plain(100)))
