"""A label stands alone, small and at an edge; a line of a text does not."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from assay.detection.scanners.visible.layout import MOST_CANDIDATES, MOST_LINES, Box, layout_of

WIDE, HIGH = 1000, 800


def line(left: float, top: float, *, wide: float = 200, high: float = 30) -> Box:
    return Box(left, top, left + wide, top + high)


def candidates(*boxes: Box) -> Sequence[Box]:
    return layout_of(boxes, WIDE, HIGH).candidates


def test_a_corner_and_an_edge_are_places_for_a_label() -> None:
    for place in (line(780, 750), line(10, 10), line(400, 760), line(780, 20)):
        assert candidates(place) == (place,)


def test_the_middle_is_not() -> None:
    assert candidates(line(400, 380)) == ()


def test_a_headline_and_a_speck_are_none() -> None:
    assert candidates(line(10, 10, wide=300, high=130)) == ()
    assert candidates(line(10, 780, wide=20, high=4)) == ()
    assert candidates(line(10, 760, wide=950)) == ()


def test_a_line_of_a_paragraph_is_none() -> None:
    paragraph = [line(100, 640 + 40 * number, wide=500) for number in range(4)]
    assert candidates(*paragraph) == ()


def test_a_name_above_a_label_makes_no_paragraph() -> None:
    name, label = line(780, 715), line(780, 750)
    assert candidates(name, label) == (name, label)


def test_pieces_side_by_side_are_one_line() -> None:
    assert candidates(line(100, 750, wide=120), line(230, 752, wide=160)) == (Box(100, 750, 390, 782),)


def test_a_page_has_no_label() -> None:
    page = [line(40, 10 + 80 * number) for number in range(MOST_LINES)]
    layout = layout_of([*page, line(700, 760)], WIDE, HIGH)
    assert layout.candidates == ()
    assert "9 lines of text" in layout.reason


@given(
    st.lists(
        st.builds(
            line,
            st.floats(0, 900),
            st.floats(0, 790),
            wide=st.floats(1, 400),
            high=st.floats(1, 100),
        ),
        max_size=30,
    ),
)
def test_whatever_is_found_is_bounded_and_does_not_depend_on_order(boxes: list[Box]) -> None:
    layout = layout_of(boxes, WIDE, HIGH)
    assert len(layout.candidates) <= MOST_CANDIDATES
    assert set(layout.candidates) <= set(layout.lines)
    assert layout == layout_of(boxes[::-1], WIDE, HIGH)
