"""Packs that shall read one history have to agree on their signals; what is likely is worked out from them."""

from __future__ import annotations

from datetime import date

import pytest

from assay.engine.language.pack.vocabulary import SignalType, Vocabulary
from assay.engine.program.core import atoms_of
from assay.engine.program.lower import lower_pack
from assay.interfaces.histories.synth.audience import Audience, markets_for, slots
from assay.interfaces.histories.synth.kinds.kind import all_kinds
from assay.interfaces.histories.synth.kinds.menus import menu_of
from assay.interfaces.histories.synth.plan import joined_vocabulary, most_read
from assay.interfaces.packs import load_pack
from tests.interfaces.histories.synth.made_up import EDITIONS, STARTER
from tests.makers import a_pack, a_rule, a_signal, a_vocabulary

DAY = date(2026, 10, 1)


def test_a_signal_of_two_types_is_named() -> None:
    packs = [a_pack(vocabulary=a_vocabulary(a_signal("x", kind))) for kind in ("flag", "number")]
    (fault,) = joined_vocabulary(packs)  # type: ignore[misc]
    assert (fault.field, fault.words) == ("x", "`x` is a flag in one pack and a number in another")


def test_a_choice_without_a_common_value_is_named() -> None:
    packs = [a_pack(vocabulary=a_vocabulary(a_signal("x", "choice", values))) for values in (("a", "b"), ("c",))]
    (fault,) = joined_vocabulary(packs)  # type: ignore[misc]
    assert fault.words == "the packs have no value of `x` in common"


def test_only_values_that_every_pack_knows_are_drawn() -> None:
    signals = [a_signal("x", "set", values) for values in (("a", "b"), ("b", "c"))]
    joined = joined_vocabulary([a_pack(vocabulary=a_vocabulary(one)) for one in signals])
    assert isinstance(joined, Vocabulary)
    menu = menu_of(signals[0], signals, (), all_kinds(), DAY)
    assert menu.values == (None, frozenset(), frozenset({"b"}))


@pytest.mark.parametrize("kind", list(SignalType))
def test_every_menu_has_a_likely_value_for_every_kind_of_upload(kind: SignalType) -> None:
    signal = a_signal("x", kind)
    menu = menu_of(signal, [signal], (), all_kinds(), DAY)
    assert menu.values[0] is None
    assert None not in menu.values[1:]
    assert all(len(row) == len(menu.values) - 1 and sum(row) > 0 for row in menu.weights)
    assert len(menu.weights) == (len(all_kinds()) if menu.by_kind else 2)


def test_numbers_lie_on_both_sides_of_what_rules_ask() -> None:
    signal = a_signal("x", "number", integer=True, minimum=0)
    program = lower_pack(a_pack(a_rule("p/r", "x >= 20"), vocabulary=a_vocabulary(signal)))
    atoms = [atom for rule in program.rules for atom in atoms_of(rule.condition)]
    values = menu_of(signal, [signal], atoms, all_kinds(), DAY).values[1:]
    numbers = [value for value in values if isinstance(value, int)]
    assert {19, 20, 21} <= set(numbers) or (min(numbers) < 20 < max(numbers) and 20 in numbers)
    assert min(numbers) >= 0


def test_what_kinds_say_names_signals_and_values_that_the_packs_have() -> None:
    """A slip of the pen in `kinds.toml` would be passed over in silence."""
    packs = [load_pack(folder) for folder in (STARTER, *(EDITIONS / str(year) for year in range(2022, 2026)))]
    known: dict[str, set[str]] = {}
    for pack in packs:
        for signal in pack.vocabulary.signals:
            known.setdefault(signal.name, set()).update(signal.value_names or ("yes", "no"))
    said = {(name, value) for kind in all_kinds() for name, line in kind.signals.items() for value in line}
    assert not {f"{name}={value}" for name, value in said if value not in known.get(name, set())}
    assert len({kind.name for kind in all_kinds()}) == len(all_kinds())


def test_markets_are_those_that_packs_tell_apart_and_the_large_ones() -> None:
    starter = markets_for([load_pack(STARTER)])
    assert {"US-CA", "KR", "CN", "IN", "BR"} <= set(starter)
    assert starter[0] == "IN"
    assert len(markets_for([load_pack(EDITIONS / "2025")])) == 5
    assert "KR" in markets_for([load_pack(EDITIONS / "2024"), load_pack(EDITIONS / "2025")])
    audience = Audience.of(starter)
    assert audience.markets[-1] == "*"
    assert audience.spread.shape == (len(audience.languages) - 1, len(audience.markets))


def test_every_upload_has_its_hour() -> None:
    for rows in (0, 1, 7, 100_000):
        starts = slots(3, 2, rows)
        assert (starts[0], starts[-1], starts.size) == (0, rows, 3 * 24 + 1)
        assert (starts[1:] >= starts[:-1]).all()


def test_the_signals_of_most_rules_come_first() -> None:
    rules = [a_rule("p/r1", "a && b"), a_rule("p/r2", "b"), a_rule("p/r3", "c && b && a && a")]
    pack = a_pack(*rules, vocabulary=a_vocabulary(*[a_signal(name) for name in "abcd"]))
    assert most_read(lower_pack(pack)) == ["b", "a", "c"]
