"""Whom the operator trusts: PEM lists in a folder, kept apart by tier. It never fetches a list, and ships none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assay.detection.evidence import Tier
from assay.detection.scanner import UnusableTrust

MAXIMUM_LIST = 4 * 1024 * 1024
_BEGIN = "-----BEGIN CERTIFICATE-----"
# Lists whose file name says so are the frozen interim ones; every other list is official, time stamps included.
_INTERIM = "interim"


@dataclass(frozen=True, slots=True)
class Anchors:
    """The certificates of both tiers, as PEM text."""

    official: str
    interim: str


def load_anchors(folder: Path) -> Anchors:
    """Every `*.pem` in the folder; raises UnusableTrust where there is none or one holds no certificate."""
    if not folder.is_dir():
        raise UnusableTrust(f"`{folder.name}` is no folder of trust lists")
    lists = sorted(folder.glob("*.pem"))
    if not lists:
        raise UnusableTrust(f"`{folder.name}` holds no trust list (*.pem)")
    texts = {path: _read(path) for path in lists}
    interim = [text for path, text in texts.items() if _INTERIM in path.name.lower()]
    official = [text for path, text in texts.items() if _INTERIM not in path.name.lower()]
    return Anchors("\n".join(official), "\n".join(interim))


def tier_of(trust_list: str | None) -> Tier:
    """The tier of the list by which the signer was found, in the library's words for its two lists."""
    return Tier.INTERIM if trust_list == "user_anchors" else Tier.TRUSTED


def _read(path: Path) -> str:
    if path.stat().st_size > MAXIMUM_LIST:
        raise UnusableTrust(f"`{path.name}` is larger than any true trust list")
    text = path.read_text(encoding="utf-8", errors="replace")
    if _BEGIN not in text:
        raise UnusableTrust(f"`{path.name}` holds no certificate")
    return text
