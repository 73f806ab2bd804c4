"""Markets resolve to single codes: groups, groups of groups, subdivisions, and what is taken out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.kernel.markets import COUNTRIES, Markets

MARKETS = Markets({"EU": ("DE", "FR"), "EEA": ("EU", "NO"), "LOOP": ("LOOP", "SE")}, ("US-CA", "US-TX"))


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("FR",), {"FR"}),
        (("EU",), {"DE", "FR"}),
        (("EEA",), {"DE", "FR", "NO"}),
        (("EEA", "not:EU"), {"NO"}),
        (("EU", "not:FR", "SE"), {"DE", "SE"}),
        (("US",), {"US", "US-CA", "US-TX"}),
        (("US-CA",), {"US-CA"}),
        (("US", "not:US-CA"), {"US", "US-TX"}),
        (("LOOP",), {"SE"}),
    ],
)
def test_names_stand_for_single_markets(names: tuple[str, ...], expected: set[str]) -> None:
    assert MARKETS.resolve(names) == expected


def test_only_exclusions_start_from_everywhere() -> None:
    assert MARKETS.resolve(("not:US",)) == MARKETS.codes - {"US", "US-CA", "US-TX"}
    assert MARKETS.resolve(("not:EU", "not:NO")) == MARKETS.codes - {"DE", "FR", "NO"}


def test_norway_is_a_market() -> None:
    assert "NO" in COUNTRIES
    assert MARKETS.knows("NO")


@pytest.mark.parametrize("name", ["UK", "EL", "no", "US-NY", "", "ZZ"])
def test_what_is_no_market_is_not_known(name: str) -> None:
    assert not MARKETS.knows(name)


def test_there_are_the_countries_of_iso_3166_and_kosovo() -> None:
    assert len(COUNTRIES) == 249 + 1
    assert all(len(code) == 2 and code.isupper() for code in COUNTRIES)


@given(st.lists(st.sampled_from(("EU", "EEA", "US", "US-CA", "FR", "NO", "BR")), min_size=1, max_size=4))
def test_naming_and_taking_out_the_same_leaves_nothing(names: list[str]) -> None:
    assert not MARKETS.resolve(tuple(names) + tuple(f"not:{name}" for name in names))
    assert MARKETS.resolve(tuple(names)) | MARKETS.resolve(tuple(f"not:{name}" for name in names)) == MARKETS.codes
