"""The checker as a whole: what is said of a pack that lacks its words, and who may go on with it."""

from __future__ import annotations

import pytest

from assay.engine.kernel.errors import Refused
from assay.engine.language.checker import check_pack, load_checked
from tests.makers import a_pack, a_policy, a_rule, a_signal, a_vocabulary, an_exception
from tests.makers_text import files_of

VOCABULARY = a_vocabulary(a_signal("disclosed"), a_signal("caption", "text"))


def sound() -> dict[str, str]:
    return files_of(a_pack(a_rule("p/a"), vocabulary=VOCABULARY))


def slugs(files: dict[str, str]) -> set[str]:
    return {problem.slug for problem in check_pack(files).problems}


@pytest.mark.parametrize("name", ["signals.yaml", "measures.yaml"])
def test_words_are_not_called_unknown_where_their_file_cannot_be_read(name: str) -> None:
    absent = {key: text for key, text in sound().items() if key != name}
    assert slugs(absent) <= {"missing-file", "missing-example", "unused-signal"}
    assert slugs(sound() | {name: "a: [\n"}) <= {"malformed-block", "missing-example", "unused-signal"}


PROMISES = """\
obligations:
  a:
    title: a
    jurisdiction: US-TX
    markets: [US-TX]
    instrument: b
    duty: c
    status: in_force
    kind: decision
    source: d
    confidence: verified
    property: {when: disclosed, requires: '"removed" in measures && market == "US-TX"'}
"""


@pytest.mark.parametrize("name", ["pack.yaml", "signals.yaml", "measures.yaml"])
def test_promises_are_not_blamed_for_words_that_could_not_be_read(name: str) -> None:
    files = sound() | {"obligations.yaml": PROMISES}
    assert slugs(files) <= {"missing-example", "unused-signal"}
    broken = slugs(files | {name: "a: [\n"})
    assert broken <= {"malformed-block", "missing-example", "unused-signal"}


def test_a_warning_keeps_nobody_from_loading_a_pack() -> None:
    files = files_of(a_pack(a_policy("p"), vocabulary=VOCABULARY))
    checked = check_pack(files)
    assert [problem.slug for problem in checked.problems] == ["unused-signal", "unused-signal"]
    assert checked.errors == ()
    assert load_checked(files).vocabulary == VOCABULARY


def test_a_pack_with_errors_is_refused_with_all_of_them() -> None:
    files = sound()
    files["policies/p.md"] = files["policies/p.md"].replace("disclosed", "disclosd").replace("removed", "remove")
    with pytest.raises(Refused) as caught:
        load_checked(files)
    assert {"unknown-signal", "unknown-measure"} <= {problem.slug for problem in caught.value.diagnostics}


def test_places_carry_the_root() -> None:
    (first, *_) = check_pack({}, "packs/mine/").problems
    assert first.span.path.startswith("packs/mine/")


def test_examples_are_not_run_where_words_are_unknown() -> None:
    files = sound()
    files["policies/p.md"] += "\n```yaml example\ntitle: x\ngiven: {disclosed: no}\ncatches: yes\n```\n"
    assert "failing-example" in {problem.slug for problem in check_pack(with_near_miss(files)).problems}
    assert "failing-example" not in slugs(files | {"policies/q.md": "no front matter"})


def with_near_miss(files: dict[str, str]) -> dict[str, str]:
    return files | {
        "policies/p.md": files["policies/p.md"]
        + "\n```yaml example\ntitle: y\ngiven: {disclosed: no}\ncatches: no\n```\n"
    }


def test_an_exception_by_name_must_be_able_to_read_what_it_asks() -> None:
    vocabulary = a_vocabulary(a_signal("disclosed"), a_signal("strikes", "number", subject="account"))
    account = a_rule("p/account", "strikes > 2", subject="account")
    exception = an_exception("p/x", "disclosed", ("account",))
    files = files_of(a_pack(a_policy("p", (account,), (exception,)), vocabulary=vocabulary))
    assert "wrong-subject" in slugs(files)


@pytest.mark.parametrize("name", ["true", "in.x", "x.null", "for", "measures", "market"])
def test_a_signal_that_no_condition_could_name_is_refused(name: str) -> None:
    files = sound()
    files["signals.yaml"] += f"  {name}: {{type: flag}}\n"
    assert "bad-value" in slugs(files)


def test_the_empty_text_in_quotes_is_known_and_without_them_is_not() -> None:
    files = sound()
    text = "\n```yaml example\ntitle: x\ngiven: {caption: '', disclosed: '?'}\ncatches: unknown\n```\n"
    (example,) = check_pack(files | {"policies/p.md": files["policies/p.md"] + text}).pack.policies[0].examples
    assert example.given == {"caption": "", "disclosed": None}
