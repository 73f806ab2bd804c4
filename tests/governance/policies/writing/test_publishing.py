"""The public site: whole, in every language that is fresh enough, and in no folder but its own."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assay.engine.kernel.errors import Fault
from assay.governance.policies.writing.strings.sources import digest_of
from tests.governance.policies.library.houses import released
from tests.governance.policies.writing.houses import FILES, LIKENESS, pack
from tests.workbench.people import JOINED, SOME_MOMENT

if TYPE_CHECKING:
    from assay.governance.policies.writing.publishing import Published

pytestmark = pytest.mark.django_db
FIRST = JOINED + timedelta(days=10, hours=9)


def published(folder: Path) -> Published:
    from assay.governance.policies.writing.publishing import publish_site

    done = publish_site(folder, at=SOME_MOMENT)
    assert not isinstance(done, Fault), done
    return done


def translate(language: str, catalogue: str, *, skip: int = 0) -> None:
    """Every string but a few, in words that tell the language."""
    from assay.governance.policies.writing.catalogues import known_strings
    from assay.governance.policies.writing.models import Translation

    for each in (known_strings(catalogue) or ())[skip:]:
        Translation.objects.create(
            catalogue=catalogue, language=language, context=each.context, digest=digest_of(each.text),
            source=each.text, text=f"[{language}] {each.text}", at=SOME_MOMENT,
        )  # fmt: skip


def test_every_policy_in_force_is_published_without_scripts_or_foreign_addresses(tmp_path: Path) -> None:
    released(FILES, FIRST)
    done = published(tmp_path / "site")
    assert set(done.files) == {
        "changes.html", "icon.svg", "index.html", "likeness.html", "likeness.json", "style.css",
    }  # fmt: skip
    for name in done.files:
        text = (tmp_path / "site" / name).read_text("utf-8")
        assert "<script" not in text
        assert " style=" not in text
        assert "http" not in text.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "").replace(
            "https://example.org/help", ""
        )
    page = (tmp_path / "site" / "likeness.html").read_text("utf-8")
    assert "It is removed" in page
    assert "write it down" not in page


def test_a_language_is_published_once_it_is_fresh_enough(tmp_path: Path) -> None:
    released(FILES, FIRST)
    for language, skip in (("ar", 0), ("de", 4)):
        translate(language, "likeness", skip=skip)
    translate("ar", "shared-page")
    done = published(tmp_path)
    assert {"likeness.ar.html", "likeness.ar.json", "index.ar.html"} <= set(done.files)
    assert done.left_out == {"likeness": ("de",)}
    text = (tmp_path / "likeness.ar.html").read_text("utf-8")
    assert '<html lang="ar" dir="rtl">' in text
    assert "[ar] In case of doubt" not in text
    assert "[ar] This is a translation. In case of doubt the English text decides." in text


def test_publishing_again_removes_its_own_files_and_never_anybody_elses(tmp_path: Path) -> None:
    released(FILES, FIRST)
    published(tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    other = FILES[LIKENESS].replace("policy: likeness", "policy: faces")
    files = {**{path: text for path, text in FILES.items() if path != LIKENESS}, "policies/faces.md": other}
    released(files, FIRST + timedelta(days=1))
    assert published(tmp_path).removed == ("likeness.html", "likeness.json")
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert not (tmp_path / "likeness.html").exists()
    assert not [each for each in tmp_path.iterdir() if each.name.endswith(".part")]


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    from assay.governance.policies.writing.publishing import MANIFEST, publish_site

    released(FILES, FIRST)
    (tmp_path / "index.html").write_text("mine")
    done = publish_site(tmp_path, at=SOME_MOMENT)
    assert isinstance(done, Fault)
    assert (tmp_path / "index.html").read_text() == "mine"
    # A manifest that somebody changed leads to no file outside.
    (tmp_path / "index.html").unlink()
    outside = tmp_path.parent / "outside.txt"
    outside.write_text("mine")
    (tmp_path / MANIFEST).write_text(json.dumps({"files": ["../outside.txt", "/etc/hostname"]}))
    assert published(tmp_path).removed == ()
    assert outside.exists()


def test_without_a_policy_in_force_nothing_is_written(tmp_path: Path) -> None:
    from assay.governance.policies.writing.publishing import publish_site, write_documents

    assert isinstance(publish_site(tmp_path / "site", at=SOME_MOMENT), Fault)
    assert isinstance(write_documents(tmp_path / "site", at=SOME_MOMENT), Fault)
    assert not (tmp_path / "site").exists()


def test_documents_are_written_for_one_policy_or_all(tmp_path: Path) -> None:
    from assay.governance.policies.writing.publishing import write_documents

    released(FILES, FIRST)
    done = write_documents(tmp_path, at=SOME_MOMENT)
    assert not isinstance(done, Fault)
    assert [each.name for each in done] == ["likeness.guidance-all.pdf", "likeness.json"]
    assert isinstance(write_documents(tmp_path, policy="nothing", at=SOME_MOMENT), Fault)
    assert isinstance(write_documents(tmp_path, market="XX", at=SOME_MOMENT), Fault)
    assert pack().policies
