"""Keys, signed bundles and channels for tests, made quickly: no prover runs. It holds no test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from assay.engine.kernel.errors import Fault
from assay.interfaces.packs import load_pack
from assay.interfaces.packs.bundles import Bundle, bundle_in, bundle_of
from assay.interfaces.packs.channel.places import FolderPlace
from assay.interfaces.packs.channel.pushing import Role, Signing, push
from assay.interfaces.packs.channel.release import Release
from assay.interfaces.packs.signed.keys import Keys, SigningKey, make_key, read_keys, read_signing_key
from assay.interfaces.packs.signed.statements import Proved, sign_bundle
from tests.interfaces import small

Wanted = TypeVar("Wanted")
NOW = 1_800_000_000_000_000
HOLDS = Proved(NOW, 12, 0, 0, "assay 0.1.0")
FAILS = Proved(NOW, 11, 1, 0, "assay 0.1.0")


def a_key(folder: Path, name: str = "ada") -> SigningKey:
    """A new key; its public half lies in `folder/keys`, where it is trusted."""
    private = folder / f"{name}.key"
    made = make_key(name, private)
    assert not isinstance(made, Fault)
    (folder / "keys").mkdir(exist_ok=True)
    made[1].rename(folder / "keys" / made[1].name)
    return found(read_signing_key(private))


def trusted(folder: Path) -> Keys:
    """The keys that `a_key` made."""
    keys = read_keys(folder / "keys")
    assert isinstance(keys, Keys)
    return keys


def a_bundle(folder: Path, *changes: Mapping[str, tuple[str, str]], version: str = "1.0.0") -> Bundle:
    """The small pack as a bundle, with words put in for others."""
    text = small.FILES["pack.yaml"]
    numbered = {"pack.yaml": ("version: 1.0.0", f"version: {version}")} if version not in text else {}
    pack = load_pack(small.write(folder / f"pack-{version}-{len(changes)}", *changes, numbered))
    return found(bundle_in(bundle_of(pack), "a bundle"))


def signed(bundle: Bundle, *keys: SigningKey, proof: Proved = HOLDS, unproved: str | None = None) -> bytes:
    """The file of a bundle that all these keys have signed."""
    content = b""
    for key in keys:
        content = sign_bundle(bundle, key, proof, signed=NOW, unproved=unproved)
        bundle = found(bundle_in(content, "a bundle"))
    return content


def signing(folder: Path, key: SigningKey, **changes: object) -> Signing:
    """How `ada` releases."""
    return replace(Signing(key, trusted(folder), "ada", "a test", NOW), **changes)  # type: ignore[arg-type]


def released(
    folder: Path, key: SigningKey, content: bytes, role: Role = "current", share: float = 1.0, **changes: object
) -> Release:
    """A push to the channel in `folder/channel`."""
    place = FolderPlace(folder / "channel")
    return found(push(place, content, role, signing(folder, key, **changes), share=share))


def found(given: Wanted | Fault) -> Wanted:
    """What was found, which is no fault."""
    assert not isinstance(given, Fault), given
    return given
