"""A bad line of JSON costs itself, whatever it is made of."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.interfaces.records.json_lines import json_records
from assay.interfaces.records.lines import LONGEST_LINE
from assay.interfaces.records.reading import Entry, Reject, read_entries
from tests.interfaces.records.vocabulary import PACK, items_of, known, outcome

GOOD = b'{"id": "good", "signals": {"age": "adult"}}'


def read(content: bytes) -> list[tuple[str, int, str]]:
    return outcome(json_records(io.BytesIO(content)))


@pytest.mark.parametrize(
    ("line", "slug"),
    [
        (b'{"id": "bad"', "broken-json"),
        (b"not json at all", "broken-json"),
        (b'{"id": "bad"} {"id": "second"}', "broken-json"),
        (b'{"id": "bad", "signals": {"detector": NaN}}', "not-a-number"),
        (b'{"id": "bad", "signals": {"detector": -Infinity}}', "not-a-number"),
        (b'{"id": "bad", "signals": {"followers": 1e999}}', "out-of-range"),
        (b'{"id": "bad", "signals": {"detector": 1.5}}', "out-of-range"),
        (b'{"id": "bad", "signals": {"followers": 12345678901234567890}}', "out-of-range"),
        (b'{"id": "bad", "signals": {"followers": ' + b"9" * 5000 + b"}}", "out-of-range"),
        (b'{"id": "bad", "signals": {"followers": "12"}}', "wrong-type"),
        (b'{"id": "bad", "signals": {"disclosed": "true"}}', "wrong-type"),
        (b'{"id": "bad", "signals": {"disclosed": 1}}', "wrong-type"),
        (b'{"id": "bad", "signals": {"technique": "face_swap"}}', "wrong-type"),
        (b'{"id": "bad", "signals": {"technique": ["face_swap", null]}}', "wrong-type"),
        (b'{"id": "bad", "signals": []}', "wrong-type"),
        (b'{"id": "bad", "signals": {"age": "adlt"}}', "unknown-value"),
        (b'{"id": "bad", "signals": {"colour": "red"}}', "unknown-signal"),
        (b'{"id": "bad", "verdict": "fine"}', "unknown-field"),
        (b'{"id": "bad", "signals": {"ordered": {"XX": "none"}}}', "unknown-market"),
        (b'{"id": "bad", "subject": "planet"}', "bad-subject"),
        (b'{"id": 7}', "bad-id"),
        (b'{"id": ""}', "bad-id"),
        (b'{"signals": {}}', "bad-id"),
        (b'["a", "list"]', "not-a-record"),
        (b'{"id": "bad", "signals": {"caption": "\xff\xfe"}}', "invalid-utf-8"),
        (b'{"id": "bad", "signals": {"age": "adult", "age": "minor"}}', "duplicate-key"),
        (b'{"id": "bad", "id": "bad"}', "duplicate-key"),
        (b'{"a":' * 50_000, "too-deep"),
        (b'{"id": "bad", "signals": {"technique": ' + b"[" * 900 + b"]" * 900 + b"}}", "too-deep"),
        (b'{"id": "bad", "signals": {"technique": [[["face_swap"]]]}}', "wrong-type"),
        (b'{"id": "' + b"x" * LONGEST_LINE + b'"}', "line-too-long"),
    ],
)
def test_a_bad_line_is_named_and_its_neighbours_are_read(line: bytes, slug: str) -> None:
    after = GOOD.replace(b"good", b"after")
    assert read(GOOD + b"\n" + line + b"\n" + after + b"\n") == [
        ("good", 1, "item"),
        (slug, 2, "reject"),
        ("after", 3, "item"),
    ]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"  \r\n", b"\xef\xbb\xbf"])
def test_nothing_is_read_from_an_empty_file(content: bytes) -> None:
    assert read(content) == []


def test_a_mark_of_byte_order_and_ends_of_lines_of_two_bytes_are_no_fault() -> None:
    assert read(b"\xef\xbb\xbf" + GOOD + b"\r\n\r\n" + GOOD.replace(b"good", b"two")) == [
        ("good", 1, "item"),
        ("two", 3, "item"),
    ]


def test_a_file_in_another_encoding_is_one_reject() -> None:
    assert read('{"id": "x"}\n{"id": "y"}\n'.encode("utf-16")) == [("invalid-utf-8", 1, "reject")]


def test_a_line_of_exactly_the_limit_is_read() -> None:
    line = GOOD + b" " * (LONGEST_LINE - len(GOOD))
    assert read(line + b"\r\n" + line + b" \n") == [("good", 1, "item"), ("line-too-long", 2, "reject")]


def test_a_line_that_never_ends_is_not_held() -> None:
    class Endless(io.RawIOBase):
        """Gives 64 MiB without an end of line, and remembers the most that was asked for at once."""

        left, most = 64 << 20, 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: object) -> int:
            view = memoryview(buffer)  # type: ignore[arg-type]
            size = min(self.left, len(view))
            self.most = max(self.most, len(view))
            view[:size] = b"x" * size
            self.left -= size
            return size

    endless = Endless()
    assert outcome(json_records(io.BufferedReader(endless))) == [("line-too-long", 1, "reject")]
    assert endless.left == 0
    assert endless.most <= 2 * LONGEST_LINE


def test_a_second_record_with_an_id_is_rejected_and_a_bad_one_takes_no_id() -> None:
    bad = b'{"id": "one", "signals": {"age": 3}}\n'
    good, again = b'{"id": "one"}\n', b'{"id": "one", "signals": {"age": "minor"}}\n'
    other = b'{"id": "one", "subject": "account"}\n'
    assert read(bad + good + again + other) == [
        ("wrong-type", 1, "reject"),
        ("one", 2, "item"),
        ("duplicate-id", 3, "reject"),
        ("one", 4, "item"),
    ]


def test_a_reject_names_place_id_field_and_every_fault() -> None:
    line = b'{"id": "u1", "signals": {"age": "adlt", "colour": 1}}'
    (reject,) = read_entries(json_records(io.BytesIO(line)), PACK)
    assert isinstance(reject, Reject)
    written = reject.as_mapping()
    assert (written["line"], written["id"], written["slug"], written["field"]) == (1, "u1", "unknown-value", "age")
    assert [other["slug"] for other in written["also"]] == ["unknown-signal"]  # type: ignore[attr-defined]


def test_the_field_that_holds_no_number_is_named() -> None:
    (reject,) = read_entries(json_records(io.BytesIO(b'{"id": "u1", "signals": {"detector": NaN}}')), PACK)
    assert isinstance(reject, Reject)
    assert (reject.id, reject.faults[0].field) == ("u1", "detector")


def test_a_text_with_colons_and_keys_in_it_is_no_second_key() -> None:
    record = {"id": "u1", "signals": {"caption": 'a: "caption": "b"', "uploaded": "2026-11-22T10:00:00Z"}}
    (item,) = items_of(json_records(io.BytesIO(json.dumps(record).encode())))
    assert known(item)["caption"] == 'a: "caption": "b"'


def test_absent_and_null_are_one() -> None:
    lines = b'{"id": "a"}\n{"id": "b", "signals": null, "assertions": null, "subject": null}\n'
    lines += b'{"id": "c", "signals": {"age": null, "technique": null, "ordered": {"FR": null}}}\n'
    assert [known(item) for item in items_of(json_records(io.BytesIO(lines)))] == [{}, {}, {"ordered": {}}]


def test_an_empty_set_is_known() -> None:
    (item,) = items_of(json_records(io.BytesIO(b'{"id": "a", "signals": {"technique": []}}')))
    assert known(item) == {"technique": frozenset()}


@given(st.binary(max_size=300))
def test_no_bytes_can_stop_the_reader(content: bytes) -> None:
    for reading in read_entries(json_records(io.BytesIO(content)), PACK):
        assert isinstance(reading, Entry | Reject)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("u1"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "signals", "assertions", "subject", "age", "technique", "by", "signal", "value", "FR"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["id", "signals", "assertions", "subject"]), JSON), st.randoms())
def test_no_json_can_stop_the_reader_and_whatever_passes_can_be_written(content: object, chance: object) -> None:
    lines = json.dumps(content).encode() + b"\n" + GOOD
    readings = list(read_entries(json_records(io.BytesIO(lines)), PACK))
    assert len(readings) == 2
    for reading in readings:
        if isinstance(reading, Reject):
            json.dumps(reading.as_mapping(), allow_nan=False).encode()
