"""What the demonstration's changes write fits the starter pack as it is today."""

from __future__ import annotations

import pytest

from assay.engine.language.checker import check_pack
from assay.interfaces.demo.workbench.making import texts
from assay.interfaces.packs.folders import texts_of_folder
from tests.interfaces.running import STARTER

FILES = texts_of_folder(STARTER).files


def test_after_its_first_change_the_house_has_the_starter_pack() -> None:
    before = texts.former(FILES)
    assert [path for path, text in FILES.items() if before[path] != text] == [texts.DISCLOSURE]
    asked = texts.with_larger_share(before[texts.DISCLOSURE])
    assert asked != FILES[texts.DISCLOSURE]
    assert texts.with_plainer_words(asked) == FILES[texts.DISCLOSURE]


def test_the_drafts_that_wait_pass_the_check_with_their_examples() -> None:
    drafts = {
        **FILES,
        texts.CIVIC: texts.with_candidates(FILES[texts.CIVIC]),
        texts.INTIMATE: texts.with_drawings(FILES[texts.INTIMATE]),
    }
    assert [each.words for each in check_pack(drafts).problems if each.severity == "error"] == []


def test_a_starter_pack_that_says_something_else_is_not_written_over() -> None:
    with pytest.raises(texts.NotThere, match="rollout"):
        texts.former({texts.DISCLOSURE: FILES[texts.DISCLOSURE].replace("rollout: 25%", "rollout: 30%")})
