"""A pack that is checked again after an edit is told the same as one that is checked for the first time."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.language.checker import check_pack
from assay.engine.language.remembered import Remembered
from tests.makers import a_pack, a_rule, a_signal, a_vocabulary
from tests.makers_text import files_of

WORDS = a_vocabulary(a_signal("disclosed"), a_signal("caption", "text"))
FILES = files_of(a_pack(a_rule("p/a"), a_rule("q/b"), vocabulary=WORDS))
# What somebody types or takes out, and where it is done; some of it breaks the file, some mends it again.
EDITS = st.lists(
    st.tuples(
        st.sampled_from(sorted(FILES)),
        st.floats(0, 1),
        st.integers(0, 12),
        st.sampled_from(["", "x", ": ", "\n", "- [", "removed"]),
    ),
    min_size=1,
    max_size=6,
)


@given(edits=EDITS)
def test_whatever_was_typed_before_the_answer_is_that_of_a_first_reading(
    edits: list[tuple[str, float, int, str]],
) -> None:
    memory, files = Remembered(most=4_000), dict(FILES)
    for path, place, gone, come in edits:
        at = int(place * len(files[path]))
        files[path] = files[path][:at] + come + files[path][at + gone :]
        again, first = check_pack(files, memory=memory), check_pack(files)
        assert again.problems == first.problems
        assert again.pack == first.pack
        assert again.pack.digest == first.pack.digest


@pytest.mark.parametrize("path", ["measures.yaml", "policies/context.md"])
def test_the_starter_pack_is_told_the_same_when_it_is_edited(path: str, starter: Mapping[str, str]) -> None:
    memory = Remembered()
    assert check_pack(starter, memory=memory).problems == ()
    for old, new in (("id:", "ID:"), ("e", "E")):
        files = {**starter, path: starter[path].replace(old, new, 1)}
        assert check_pack(files, memory=memory).problems == check_pack(files).problems
    assert check_pack(starter, memory=memory).problems == ()


def test_what_is_remembered_has_its_bounds() -> None:
    memory = Remembered(most=2_000)
    for number in range(40):
        check_pack({**FILES, "policies/p.md": f"{FILES['policies/p.md']}\n{number}\n"}, memory=memory)
    assert len(memory._kept) < 40


@pytest.fixture(scope="module")
def starter() -> Mapping[str, str]:
    """The texts of the starter pack."""
    from tests.conftest import ROOT

    folder = ROOT / "packs" / "starter"
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".yaml", ".md")
    }
