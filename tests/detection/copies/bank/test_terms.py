"""bank.toml is read with every fault at once, and what is written reads back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.detection.copies.bank.settings import LIMITS, NAME, BankSettings
from assay.detection.copies.bank.terms import MAXIMUM_BYTES, faults_of, parse_settings, text_of
from assay.detection.copies.kinds import HashKind
from assay.detection.evidence import Claim, Tier

LINES = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]).filter(str.isprintable), max_size=60)
WHOLE = """
name = "known-fakes"
purpose = "pictures that were shown to be made"
kind = "pdq"
words = "A copy of a picture that was shown to be made."
"""


@st.composite
def settings(draw: st.DrawFn) -> BankSettings:
    kind = draw(st.sampled_from(HashKind))
    limits = LIMITS[kind]
    share = draw(st.floats(0.01, 1)) if limits.share else None
    return BankSettings(
        name=draw(st.from_regex(NAME, fullmatch=True)),
        purpose=draw(LINES.filter(str.strip)),
        kind=kind,
        words=draw(LINES.filter(str.strip)),
        claim=draw(st.sampled_from([claim for claim in Claim if claim is not Claim.NONE])),
        tier=draw(st.sampled_from([Tier.OPERATOR, Tier.UNVERIFIED])),
        source=draw(LINES),
        distance=draw(st.integers(0, limits.most)) if limits.most is not None else None,
        agreement=share if limits.share == "agreement" else None,
        similarity=share if limits.share == "similarity" else None,
        quality_at_least=draw(st.integers(0, 100)) if limits.graded else None,
        on_quality_below=draw(st.sampled_from(["skip", "unclear"])),
        dihedral=draw(st.booleans()) and limits.turns,
        asserts=tuple(sorted(draw(st.dictionaries(st.text(max_size=9), st.text(max_size=9), max_size=3)).items())),
    )


@given(settings())
def test_settings_read_back_as_they_were_written(given: BankSettings) -> None:
    assert parse_settings(text_of(given).encode()) == given


def test_what_is_left_out_is_the_usual_of_its_kind() -> None:
    read = parse_settings(WHOLE.encode())
    assert isinstance(read, BankSettings)
    assert (read.distance, read.quality_at_least, read.measure, read.threshold) == (31, 50, "distance", 31)
    assert (read.claim, read.tier, read.on_quality_below) == (Claim.UNCLEAR, Tier.UNVERIFIED, "skip")
    film = parse_settings(WHOLE.replace('"pdq"', '"vpdq"').encode())
    assert isinstance(film, BankSettings)
    assert (film.distance, film.measure, film.threshold) == (31, "agreement", 0.8)


@pytest.mark.parametrize(
    ("more", "slug", "words"),
    [
        ("distanse = 3", "unknown-key", "did you mean `distance`?"),
        ('claim = "generatd"', "unknown-value", "did you mean `generated`? known are"),
        ('claim = "none"', "unknown-value", "`none` is no claim"),
        ("claim = 3", "unknown-value", "`3` is no claim"),
        ('tier = "trusted"', "unknown-value", "choose one of operator, unverified"),
        ('on_quality_below = "guess"', "unknown-value", "`guess` is no on quality below"),
        ("distance = 65", "out-of-range", "a whole number from 0 to 64, not `65`"),
        ("distance = -1", "out-of-range", "not `-1`"),
        ("distance = true", "out-of-range", "not `True`"),
        ("distance = 3.5", "out-of-range", "a whole number"),
        ("quality_at_least = 101", "out-of-range", "from 0 to 100"),
        ("similarity = 0.5", "does-not-apply", "hashes of kind `pdq` have no `similarity`"),
        ("agreement = 0.5", "does-not-apply", "have no `agreement`"),
        ('dihedral = "yes"', "wrong-type", "`true` or `false`"),
        ('source = "a\\nb"', "wrong-text", "one line"),
        ("source = 3", "wrong-type", "`source` is a text"),
        ('asserts = {depicts = ["a"]}', "wrong-type", "a table of signals"),
        ("=", "unreadable-bank-file", "no TOML"),
    ],
)
def test_each_fault_names_its_key_and_the_next_step(more: str, slug: str, words: str) -> None:
    faults = parse_settings((WHOLE + more).encode())
    assert isinstance(faults, list)
    assert [fault.slug for fault in faults] == [slug]
    assert words in faults[0].words


@pytest.mark.parametrize(
    ("kind", "refused"),
    [
        ("pdq", []),
        ("vpdq", ["crops"]),
        ("sha256", ["dihedral", "crops"]),
        ("tlsh", ["dihedral", "crops"]),
        ("minhash", ["dihedral", "crops"]),
        ("chromaprint", ["dihedral", "crops"]),
    ],
)
def test_only_what_has_sides_is_turned_and_only_pictures_are_cropped(kind: str, refused: list[str]) -> None:
    read = parse_settings((WHOLE.replace('"pdq"', f'"{kind}"') + "dihedral = true\ncrops = true").encode())
    faults = read if isinstance(read, list) else []
    assert [(fault.slug, fault.field) for fault in faults] == [("does-not-apply", key) for key in refused]


def test_all_faults_are_told_together() -> None:
    faults = parse_settings(b'name = "A Bank"\nkind = "phash"\nwords = " "\nclam = 1\n')
    assert isinstance(faults, list)
    assert {fault.field for fault in faults} == {"name", "kind", "words", "clam", "purpose"}


@given(st.binary(max_size=200))
def test_no_bytes_make_it_fail(content: bytes) -> None:
    assert isinstance(parse_settings(content), list | BankSettings)


def test_a_file_of_settings_is_never_large() -> None:
    faults = parse_settings(WHOLE.encode() + b"#" * MAXIMUM_BYTES)
    assert isinstance(faults, list)
    assert faults[0].slug == "bank-file-too-large"


def test_a_program_is_told_its_faults_as_a_person_is() -> None:
    faults = faults_of(BankSettings("x y", "", HashKind.TLSH, "words", similarity=0.4, distance=400))
    assert {fault.field for fault in faults} == {"name", "purpose"}
    faults = faults_of(BankSettings("x", "p", HashKind.TLSH, "words", similarity=0.4, distance=400, quality_at_least=0))
    assert {fault.field for fault in faults} == {"similarity", "distance"}


@pytest.mark.parametrize("number", ["0x" + "f" * 6_000, "9" * 6_000, "nan", "-inf"])
@pytest.mark.parametrize("key", ["distance", "quality_at_least", "name"])
def test_a_number_without_end_is_a_fault(key: str, number: str) -> None:
    found = parse_settings((WHOLE.replace('name = "known-fakes"', "") + f"{key} = {number}\n").encode())
    assert isinstance(found, list)
    assert found
