"""Exchanged files are read record by record, whatever their form, and nothing in them is dropped in silence."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.detection.copies.exchange import documents
from assay.detection.copies.exchange.given import Given, Read, Reject
from assay.detection.copies.exchange.reading import LONGEST_LINE, read_hashes
from assay.detection.copies.kinds import HashKind

ONE, OTHER = "ab" * 32, "0f" * 32
FRAME = f"{ONE},87,1.000"


def read(text: str | bytes, default: HashKind | None = HashKind.PDQ) -> list[Read]:
    return list(read_hashes(io.BytesIO(text.encode() if isinstance(text, str) else text), default))


def values(records: list[Read]) -> list[str]:
    return [each.value for each in records if isinstance(each, Given)]


def slugs(records: list[Read]) -> list[tuple[int, str]]:
    return [(each.number, each.fault.slug) for each in records if isinstance(each, Reject)]


@pytest.mark.parametrize(
    "text",
    [
        f"{ONE}\n{OTHER}\n",
        f"\ufeff{ONE.upper()}\r\n\r\n  {OTHER}",
        f"# a comment after the first line is passed over\n{OTHER}".replace("# a comment", f"{ONE}\n# a comment"),
        f"pdq {ONE}\nHASH_PDQ {OTHER}\n",
        f"signal_type,hash\npdq,{ONE}\nImagePDQ,{OTHER}\n",
        f"Hash Value;Hash Type\n{ONE};PDQ\n{OTHER};pdq\n",
        f'["{ONE}", "{OTHER}"]',
        f'{{"hash": "{ONE}"}}\n{{"hashValue": "{OTHER}", "signalType": "ImagePDQ"}}\n',
        f'{{"data": [{{"type": "HASH_PDQ", "indicator": "{ONE}"}}, {{"indicator": "{OTHER}"}}], "paging": {{}}}}',
        json.dumps({"count": 2, "hashRecords": [{"hashValue": ONE}, {"hashValue": OTHER}]}, indent=2),
        json.dumps({"results": [{"algorithm": "PDQ", "hash_digest": ONE}, {"algorithm": "pdq", "hash_digest": OTHER}]}),
        json.dumps([{"fingerprints": {"pdq": ONE}}, {"member_id": 7, "fingerprints": {"PDQ": OTHER}}]),
    ],
)
def test_every_form_gives_the_same_two_hashes(text: str) -> None:
    found = read(text)
    assert values(found) == [ONE, OTHER]
    assert slugs(found) == []


def test_what_stands_beside_a_hash_comes_along() -> None:
    (listed,) = read(f"{ONE},87,cat on a mat.jpg\n")
    assert listed == Given(1, HashKind.PDQ, ONE, 87, note="cat on a mat.jpg")
    (row,) = read(f'hash,quality,tags,source\n{ONE},90,"a;b| c",the exchange\n')
    assert row == Given(2, HashKind.PDQ, ONE, 90, ("a", "b", "c"), source="the exchange")
    nested = {"type": "HASH_PDQ", "indicator": ONE, "tags": {"data": [{"text": "x"}, {"text": "y"}]}}
    assert read(json.dumps({"data": [nested]})) == [Given(1, HashKind.PDQ, ONE, labels=("x", "y"))]
    feedback = {"hashValue": ONE, "signalType": "ImagePDQ", "CSPFeedbacks": [{"tags": ["n"], "source": "s"}]}
    assert read(json.dumps({"hashRecords": [feedback]})) == [Given(1, HashKind.PDQ, ONE, labels=("n",))]


def test_types_that_nobody_can_compare_here_are_named() -> None:
    record = {"classification": "A1", "fingerprints": {"pdq": ONE, "pdna": "q", "md5": "m"}}
    found = read(json.dumps([record]))
    assert values(found) == [ONE]
    assert sorted(each.of_type for each in found if isinstance(each, Reject)) == ["MD5", "PhotoDNA"]
    assert all('"pdna": "q"' in each.raw for each in found if isinstance(each, Reject))
    (strange,) = read("signal_type,hash\nx\x1b[31mnew_kind,zz\n")
    assert isinstance(strange, Reject)
    assert strange.fault.slug == "unsupported-hash"
    assert strange.fault.words.isprintable()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{ONE[:-1]}\n{OTHER}\n", [(1, "malformed-hash")]),
        (f'hash\n"{ONE}\n{OTHER}\n', [(2, "malformed-csv")]),
        (f"hash,quality\n{ONE},101\n{OTHER},100\n", [(2, "bad-quality")]),
        (f"hash,quality\n,5\n{OTHER},100\n", [(2, "no-hash")]),
        (f"hash\n{ONE},too,many\n{OTHER}\n", [(2, "malformed-csv")]),
        (f'{{"hash": "{OTHER}"}}\n{{broken\n', [(2, "malformed-json")]),
        (f'{{"hash": "{OTHER}"}}\n[1]\n', [(2, "no-hash")]),
        (f'[{{"hash": "{OTHER}"}}, {{"hash": "x"}}]', [(2, "malformed-hash")]),
        (f'[{{"hash": "{OTHER}"}}, {{"ha', [(2, "malformed-json")]),
        (f'["{OTHER}"] and more', [(2, "malformed-json")]),
        (f'[{{"hash": "{OTHER}"}}, {"[" * 100_000}', [(2, "malformed-json")]),
        (f'{{"hashRecords": ["{OTHER}"], "hasMoreRecords": true}}', [(2, "more-pages")]),
        ('{"other": 1}', [(1, "no-hash")]),
        ("[]", []),
        ("", []),
    ],
)
def test_a_bad_record_costs_itself_and_is_told_with_its_place(text: str, expected: list[tuple[int, str]]) -> None:
    found = read(text)
    assert slugs(found) == expected
    assert values(found) == ([OTHER] if OTHER in text else [])


def test_bytes_that_are_no_text_cost_their_line() -> None:
    found = read(b"\xff\xfe\n" + OTHER.encode())
    assert (slugs(found), values(found)) == ([(1, "not-utf-8")], [OTHER])


@pytest.mark.parametrize(
    "start", [b"\xff\xd8\xff\xe0\0\x10JFIF", b"\x89PNG\r\n\x1a\n\0\0\0\r", "hash\n".encode("utf-16")]
)
def test_a_picture_given_in_place_of_hashes_is_told_once(start: bytes) -> None:
    (told,) = read_hashes(io.BytesIO(start + b"\n\xff\n" * 50), HashKind.PDQ)
    assert isinstance(told, Reject)
    assert told.fault.slug == "no-text"


def test_a_line_without_end_is_never_held() -> None:
    found = read(b"a" * (LONGEST_LINE * 2) + b"\n" + OTHER.encode())
    assert (slugs(found), values(found)) == ([(1, "long-line")], [OTHER])


def test_a_record_that_is_taken_back_says_so() -> None:
    records = [
        {"hashValue": ONE, "signalType": "ImagePDQ", "hashStatus": "Withdrawn"},
        {"hash_digest": OTHER, "algorithm": "PDQ", "deleted": True},
        {"hashValue": ONE, "hashStatus": "Active"},
    ]
    found = read(json.dumps({"results": records}))
    assert [each.withdrawn for each in found if isinstance(each, Given)] == [True, True, False]


def test_films_are_read_in_their_new_and_in_their_old_form() -> None:
    wanted = values(read(json.dumps([{"vpdq": 1, "hash": [FRAME], "type": "vpdq"}])))
    old = json.dumps({"0": {"hash": ONE, "quality": 87, "timestamp": 1.0}})
    assert len(wanted) == 1
    for record in ({"type": "HASH_VPDQ", "indicator": json.dumps([FRAME])}, {"type": "video_vpdq", "hash": old}):
        assert values(read(json.dumps([record]))) == wanted


@pytest.mark.parametrize("block", [1, 2, 7, 64])
def test_a_document_reads_the_same_in_pieces_of_any_size(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "_CHUNK", block)
    text = json.dumps({"count": 12345, "data": [{"indicator": ONE, "quality": 87, "note": "ü"}] * 3, "ratio": 1.25})
    document = documents.Document(io.BytesIO(text.encode()))
    assert list(document.records()) == [{"indicator": ONE, "quality": 87, "note": "ü"}] * 3
    assert document.beside == {"count": 12345, "ratio": 1.25}


@pytest.mark.parametrize("depth", [900, 960, 980, 990, 3_000])
@pytest.mark.parametrize("kind", HashKind)
def test_a_record_nested_as_deep_as_can_be_read_is_rejected(depth: int, kind: HashKind) -> None:
    deep = "[" * depth + "]" * depth
    assert [slug for _, slug in slugs(read(f'{{"hash": {deep}}}\n', kind))]
    assert [slug for _, slug in slugs(read(f"[{deep}]", kind))]


def test_half_a_character_in_a_reject_can_be_written() -> None:
    (reject,) = read('["\\ud800"]')
    assert isinstance(reject, Reject)
    assert reject.raw.encode("utf-8") == b"?"


def test_without_a_type_in_the_file_and_none_given_the_next_step_is_said() -> None:
    (told,) = read(f"{ONE}\n", None)
    assert isinstance(told, Reject)
    assert "--kind" in told.fault.words


@given(st.binary(max_size=300))
def test_no_bytes_make_it_fail(content: bytes) -> None:
    for each in read(content):
        assert isinstance(each, Given | Reject)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=9), st.lists))
def test_no_value_of_json_makes_it_fail(value: object) -> None:
    for name in ("hash", "type", "tags", "quality", "CSPFeedbacks", "fingerprints", "hashStatus"):
        record = {"hash": ONE, name: value}
        assert read(json.dumps([record, record]))
