"""JSON from strangers has one meaning or is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.kernel.errors import Fault
from assay.interfaces.packs.strict import read_strictly

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.text(), VALUES, max_size=4))
def test_an_object_is_read_as_it_was_written(value: dict[str, object]) -> None:
    assert read_strictly(json.dumps(value).encode(), "it") == value


@pytest.mark.parametrize(
    ("content", "slug"),
    [
        (b'{"a":1,"a":1}', "repeated-name"),
        (b'{"a":{"b":1,"c":2,"b":1}}', "repeated-name"),
        (b'{"a":1,"\\u0061":1}', "repeated-name"),
        (b'{"a":NaN}', "not-json"),
        (b'{"a":1} x', "not-json"),
        (b"[]", "not-json"),
        (b"", "not-json"),
        (b"\xff", "not-json"),
        (b'{"a":' * 100_000, "not-json"),
    ],
)
def test_what_could_be_read_in_two_ways_or_in_none_is_refused(content: bytes, slug: str) -> None:
    found = read_strictly(content, "it")
    assert isinstance(found, Fault)
    assert found.slug == slug
    assert found.words.isprintable()
