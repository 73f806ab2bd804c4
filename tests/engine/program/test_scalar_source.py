"""The generated text holds nothing that a person wrote, is the same every time, and its memories have a bound."""

from __future__ import annotations

import inspect
import json
import re

import pytest

from assay.engine.kernel.truth import NO, UNKNOWN, YES
from assay.engine.program import core, scalar
from tests.engine.program.compiled import compiled, planes_of, truth_of_rule
from tests.makers import a_pack, a_rule, a_signal, a_vocabulary

HOSTILE = '"); import os; os.system("true") #'
ATTACK = ["__import__", 'x"""', "\\", "os", "import", HOSTILE]
VOCABULARY = a_vocabulary(
    a_signal("caption", "text"),
    a_signal("kind", "choice", ("import_os", "exec_it")),
    a_signal("technique", "set", ("system_call", "lambda_x")),
    a_signal("copies", "number", integer=True),
    a_signal("width", "number"),
    a_signal("os.path", "number"),
    a_signal("__class__", "flag"),
)
CONDITIONS = (
    f"caption.contains({json.dumps(HOSTILE)})",
    f'caption in [{json.dumps(HOSTILE)}, "__import__"]',
    'kind == "import_os"',
    '"system_call" in technique',
    "copies > 31337",
    "width > 0.31337 && os.path < width",
    "__class__",
)


PACK = a_pack(
    *(a_rule(f"exec-os/import-{number}", text) for number, text in enumerate(CONDITIONS)),
    a_rule("exec-os/rolled", "__class__", rollout=0.31337),
    vocabulary=VOCABULARY,
)


def test_no_word_of_a_person_reaches_the_generated_text() -> None:
    source = compiled(PACK).source
    words = [*VOCABULARY.index, "import", "system", "lambda", "exec", "31337", "caption", "rolled", HOSTILE, "os"]
    assert not [word for word in words if re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", source)]


def test_every_word_of_the_generated_text_is_our_own() -> None:
    source = compiled(PACK).source
    words = set(re.findall(r"[A-Za-z_]\w*", re.sub(r"0x[0-9a-f]+", "", source)))
    ours = set(re.findall(r"\w+", inspect.getsource(scalar))) | {"evaluate_market"}
    assert not {word for word in words - ours if not re.fullmatch(r"[a-z]\d+(_\d+)?", word)}
    assert not set(source) & set("\"'\\;#@")


def test_a_text_that_looks_like_code_is_compared_like_any_other() -> None:
    found = compiled(PACK)
    assert truth_of_rule(found, 0, {"caption": f"see {HOSTILE}!"}) is YES
    assert truth_of_rule(found, 1, {"caption": "__import__"}) is YES
    assert [truth_of_rule(found, 0, {"caption": text}) for text in ATTACK] == [NO, NO, NO, NO, NO, YES]


def test_compiling_twice_gives_the_same_text() -> None:
    assert compiled(PACK).source == compiled(PACK).source


def test_what_turns_on_markets_stands_in_a_function_of_its_own() -> None:
    vocabulary = a_vocabulary(
        a_signal("days", "number", scope="market", integer=True), a_signal("left", "number", integer=True), a_signal()
    )
    apart = compiled(a_pack(a_rule("p/r", "days < 7 && disclosed"), vocabulary=vocabulary))
    assert apart.evaluate_market is not None
    assert not apart.mixes_markets
    assert truth_of_rule(apart, 0, {"days": 3, "disclosed": True}) is YES
    mixed = compiled(a_pack(a_rule("p/r", "days < left"), vocabulary=vocabulary))
    assert mixed.mixes_markets
    assert truth_of_rule(mixed, 0, {"days": 3, "left": 4}) is YES
    assert truth_of_rule(mixed, 0, {"days": 3}) is UNKNOWN
    assert compiled(a_pack(a_rule("p/r", "disclosed"), vocabulary=vocabulary)).evaluate_market is None


def test_an_id_is_hashed_only_where_a_rolled_out_rule_may_still_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []

    def counted(identifier: str, salt: str) -> float:
        hashed.append(identifier)
        return 0.2

    monkeypatch.setattr(core, "share_of", counted)
    found = compiled(a_pack(a_rule("p/r", "disclosed", rollout=0.5), a_rule("p/s", "disclosed")))
    assert truth_of_rule(found, 0, {"disclosed": False}) is NO
    assert hashed == []
    assert truth_of_rule(found, 0, {"disclosed": True}) is YES
    assert hashed == ["item-1"]
    assert truth_of_rule(found, 0, {}) is UNKNOWN
    assert len(hashed) == 2


@pytest.mark.parametrize(("share", "truth"), [(0.0, NO), (0.3, NO), (0.3000001, YES), (0.9, YES)])
def test_a_rule_holds_for_items_below_its_share(monkeypatch: pytest.MonkeyPatch, share: float, truth: object) -> None:
    monkeypatch.setattr(core, "share_of", lambda identifier, salt: 0.3)
    found = compiled(a_pack(a_rule("p/r", "disclosed", rollout=share)))
    assert truth_of_rule(found, 0, {"disclosed": True}) is truth


def test_without_an_id_a_rollout_is_unknown_and_decides_no_more_than_that() -> None:
    found = compiled(a_pack(a_rule("p/r", "disclosed", rollout=0.5)))
    assert truth_of_rule(found, 0, {"disclosed": True}, item=None) is UNKNOWN
    assert truth_of_rule(found, 0, {"disclosed": False}, item=None) is NO


def test_rollouts_are_even_and_differ_from_rule_to_rule() -> None:
    found = compiled(a_pack(a_rule("p/r", "true", rollout=0.25), a_rule("p/s", "true", rollout=0.25)))
    planes = [planes_of(found, {}, f"item-{number}")[0] for number in range(2000)]
    assert 400 < sum(plane & 1 for plane in planes) < 600
    assert 400 < sum(plane >> 1 & 1 for plane in planes) < 600
    assert 50 < sum(plane == 3 for plane in planes) < 200


def test_a_table_that_fills_itself_stays_within_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scalar, "LARGEST_MEMO", 4)
    names = tuple(f"v{number}" for number in range(12))
    vocabulary = a_vocabulary(a_signal("technique", "set", names), *(a_signal(letter) for letter in "abcdefgh"))
    many = "(a || b) && (c || d) && (e || f) && (g || h)"
    found = compiled(a_pack(a_rule("p/r", '"v3" in technique'), a_rule("p/s", many), vocabulary=vocabulary))
    namespace = found.evaluate.__globals__
    for number in range(200):
        chosen = frozenset(name for place, name in enumerate(names) if number >> place & 1)
        letters = {letter: bool(number >> place & 1) for place, letter in enumerate("abcdefgh")}
        expected = YES if "v3" in chosen else NO
        assert truth_of_rule(found, 0, {"technique": chosen, **letters}) is expected
        assert truth_of_rule(found, 1, {"technique": chosen, **letters}) is (YES if pairs(number) else NO)
        assert all(len(table) <= 10 for name, table in namespace.items() if isinstance(table, dict) and name[0] == "t")


def pairs(number: int) -> bool:
    return all(number >> place & 3 for place in (0, 2, 4, 6))


def test_long_texts_are_not_remembered_and_short_ones_within_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scalar, "LARGEST_MEMO", 4)
    vocabulary = a_vocabulary(a_signal("caption", "text"))
    found = compiled(a_pack(a_rule("p/r", 'caption.contains("x")'), vocabulary=vocabulary))
    for number in range(50):
        assert truth_of_rule(found, 0, {"caption": f"{number}x"}) is YES
        assert truth_of_rule(found, 0, {"caption": "y" * 5000 + str(number)}) is NO
    tables = [value for value in found.evaluate.__globals__.values() if isinstance(value, dict) and None in value]
    assert tables
    assert all(len(table) <= 5 for table in tables)
    assert not [text for table in tables for text in table if isinstance(text, str) and len(text) > 1000]
