"""A release is read only after its signature holds, and comes back as it was written."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.kernel.errors import Fault
from assay.interfaces.packs.channel.release import LARGEST_RELEASE, Part, Release, read_release, sign_release
from tests.interfaces.packs.signing import NOW, a_key, trusted

DIGEST, OTHER = f"sha256:{'a' * 64}", f"sha256:{'b' * 64}"
PLAIN = Release("default", 1, NOW, None, DIGEST, None, None, (), "a reason", "ada")
PARTS = st.none() | st.builds(Part, st.sampled_from([DIGEST, OTHER]), st.floats(0, 1))
RELEASES = st.builds(
    Release,
    channel=st.sampled_from(["default", "production-eu"]),
    sequence=st.integers(1, 2**53 - 1),
    issued=st.just(NOW),
    expires=st.none() | st.just(NOW),
    current=st.sampled_from([DIGEST, OTHER]),
    staged=PARTS,
    shadow=PARTS,
    before=st.lists(st.sampled_from([DIGEST, OTHER]), max_size=3).map(tuple),
    reason=st.text(max_size=20),
    by=st.text(max_size=20),
)


@given(release=RELEASES)
def test_a_release_is_read_as_it_was_written(release: Release, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("release")
    key = a_key(folder)
    try:
        content = sign_release(release, key)
    except UnicodeEncodeError:
        return
    assert read_release(content, "it", trusted(folder)) == (release, "ada")


Change = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("change", "slug"),
    [
        (lambda r: r.update(format="assay-release/2"), "bad-release"),
        (lambda r: r.pop("signature"), "unsigned-release"),
        (lambda r: r.update(algorithm="none"), "bad-release"),
        (lambda r: r["release"].update(sequence=2), "bad-signature"),
        (lambda r: r["release"].update(extra=2), "bad-signature"),
        (lambda r: r.update(signature="=" * 10), "bad-signature"),
        (lambda r: r.update(key="0" * 32), "unknown-key"),
        (lambda r: r.update(key=None), "bad-signature"),
    ],
)
def test_tampering_is_named(change: Change, slug: str, tmp_path: Path) -> None:
    given = json.loads(sign_release(PLAIN, a_key(tmp_path)))
    change(given)
    found = read_release(json.dumps(given).encode(), "it", trusted(tmp_path))
    assert isinstance(found, Fault)
    assert found.slug == slug


@pytest.mark.parametrize("sequence", [0, -1, True, 1.0, 2**53, "1", None])
def test_a_signed_release_of_another_form_is_refused_too(sequence: object, tmp_path: Path) -> None:
    content = sign_release(PLAIN.__class__(**{**fields(PLAIN), "sequence": sequence}), a_key(tmp_path))
    found = read_release(content, "it", trusted(tmp_path))
    assert isinstance(found, Fault)
    assert found.slug == "bad-release"


@pytest.mark.parametrize("digest", ["sha256:", "../../etc/passwd", f"sha256:{'A' * 64}", f"{DIGEST}\n", None])
def test_what_is_no_digest_names_no_file(digest: object, tmp_path: Path) -> None:
    content = sign_release(PLAIN.__class__(**{**fields(PLAIN), "current": digest}), a_key(tmp_path))
    assert isinstance(read_release(content, "it", trusted(tmp_path)), Fault)


def test_a_signature_of_a_bundles_statement_is_none_of_a_release(tmp_path: Path) -> None:
    from assay.interfaces.packs.signed.statements import DOMAIN

    key = a_key(tmp_path)
    given = json.loads(sign_release(PLAIN, key))
    import base64

    from assay.engine.kernel.digest import canonical_json

    given["signature"] = base64.b64encode(key.sign(DOMAIN, canonical_json(given["release"]))).decode()
    found = read_release(json.dumps(given).encode(), "it", trusted(tmp_path))
    assert isinstance(found, Fault)
    assert found.slug == "bad-signature"


def test_a_huge_release_is_refused(tmp_path: Path) -> None:
    a_key(tmp_path)
    found = read_release(b" " * (LARGEST_RELEASE + 1), "it", trusted(tmp_path))
    assert isinstance(found, Fault)
    assert found.slug == "too-large"


def fields(release: Release) -> dict[str, Any]:
    return {name: getattr(release, name) for name in Release.__slots__}
