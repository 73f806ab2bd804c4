"""Planes hold one bit a row, whatever the number of rows."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.program.columnar.planes import (
    codes_of,
    count,
    cut,
    everything,
    nothing,
    pack,
    union,
    unpack,
    words_for,
)

ROWS = st.sampled_from((0, 1, 7, 8, 63, 64, 65, 200))


@given(st.data())
def test_what_is_packed_comes_out_again(data: st.DataObject) -> None:
    rows = data.draw(ROWS)
    flags = np.array(data.draw(st.lists(st.booleans(), min_size=rows, max_size=rows)), np.bool_)
    plane = pack(flags)
    assert plane.shape == (words_for(rows),)
    assert unpack(plane, rows).tolist() == flags.tolist()
    assert count(plane) == flags.sum()


@given(ROWS)
def test_bits_beyond_the_last_row_are_cut_off(rows: int) -> None:
    planes = np.stack((everything(rows), nothing(rows)))
    assert [count(plane) for plane in cut(planes, rows)] == [rows, 0]


@given(st.data())
def test_a_code_says_which_planes_hold_a_row(data: st.DataObject) -> None:
    rows, width = data.draw(ROWS), data.draw(st.integers(0, 20))
    bits = data.draw(st.lists(st.integers(0, 2**width - 1), min_size=rows, max_size=rows))
    planes = [pack(np.array([bool(found >> place & 1) for found in bits], np.bool_)) for place in range(width)]
    codes, sets = codes_of(planes, rows)
    assert [sets[code] for code in codes] == bits
    assert len(set(sets)) == len(sets) <= max(1, rows)


def test_many_planes_need_no_more_codes_than_there_are_rows() -> None:
    planes = [pack(np.arange(1000) % (place + 2) == 0) for place in range(40)]
    codes, sets = codes_of(planes, 1000)
    assert codes.max() == len(sets) - 1 < 1000
    assert all(
        bool(sets[code] >> place & 1) == (row % (place + 2) == 0)
        for row, code in enumerate(codes.tolist())
        for place in range(40)
    )


def test_a_union_is_a_plane_of_its_own() -> None:
    one = pack(np.array([True, False]))
    found = union((one,), 2)
    found |= pack(np.array([False, True]))
    assert unpack(one, 2).tolist() == [True, False]
