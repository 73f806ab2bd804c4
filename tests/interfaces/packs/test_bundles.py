"""A bundle gives back the pack that it was made of, and a file that is no bundle is refused in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assay.engine.kernel.errors import Fault
from assay.interfaces.packs import load_pack
from assay.interfaces.packs.bundles import bundle_of, read_bundle
from assay.interfaces.packs.texts import Texts, check_texts
from tests.interfaces import small
from tests.interfaces.running import assay


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small.write(tmp_path / "pack")


def test_a_bundle_is_the_pack_and_nothing_else(folder: Path, tmp_path: Path) -> None:
    built = assay("bundle", "build", folder, "-o", tmp_path / "deep" / "pack.json")
    assert built.code == 0
    found = read_bundle(tmp_path / "deep" / "pack.json")
    assert isinstance(found, Texts)
    pack = load_pack(folder)
    assert check_texts(found).checked.pack.digest == pack.digest
    assert pack.digest in built.out
    assert found.files == pack.files


def test_the_same_pack_is_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    other = small.write(tmp_path / "other")
    (other / "notes.txt").write_text("none of the pack", encoding="utf-8")
    assert bundle_of(load_pack(folder)) == bundle_of(load_pack(other))


Change = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda bundle: bundle.update(format="assay-bundle/9"), "does not begin as"),
        (lambda bundle: bundle.pop("digest"), "`digest` is missing"),
        (lambda bundle: bundle["files"].update({"pack.yaml": "pack: small\n"}), "damaged or changed"),
        (lambda bundle: bundle["files"].pop("harms.yaml"), "damaged or changed"),
        (lambda bundle: bundle["files"].update({"../pack.yaml": "x"}), "is no text of a pack"),
        (lambda bundle: bundle["files"].update({"policies/a/b.md": "x"}), "is no text of a pack"),
        (lambda bundle: bundle["files"].update({"pack.yaml": 3}), "is no text of a pack"),
        (lambda bundle: bundle["files"].update({"pack.yaml": "\ud800"}), "half a character"),
        (lambda bundle: bundle.update(version="2.0.0"), "of another pack or version"),
    ],
)
def test_a_bundle_that_is_not_what_it_says_is_refused(change: Change, words: str, folder: Path, tmp_path: Path) -> None:
    bundle = json.loads(bundle_of(load_pack(folder)))
    change(bundle)
    path = tmp_path / "changed.json"
    path.write_text(json.dumps(bundle), encoding="utf-8")
    found = read_bundle(path)
    assert isinstance(found, Fault)
    assert words in found.words


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[]", b"[" * 200_000, b"null"])
def test_what_is_no_json_object_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    found = read_bundle(path)
    assert isinstance(found, Fault)
    assert "is no bundle" in found.words


def test_an_unsound_pack_makes_no_bundle(tmp_path: Path) -> None:
    built = assay("bundle", "build", small.write(tmp_path / "pack", small.UNSOUND), "-o", tmp_path / "pack.json")
    assert built.code == 1
    assert not (tmp_path / "pack.json").exists()
