"""The names that exchanges give to kinds of hash, ours and those that nobody can search here. It checks no value."""

from __future__ import annotations

import re
from functools import lru_cache

from assay.detection.copies.kinds import HashKind

_NAMES = {
    HashKind.SHA256: ("sha256", "hash_sha256", "file_sha256", "image_sha256", "video_sha256"),
    HashKind.PDQ: ("pdq", "hash_pdq", "image_pdq", "pdq_hash", "photo_pdq"),
    HashKind.VPDQ: ("vpdq", "hash_vpdq", "video_vpdq", "hash_video_vpdq"),
    HashKind.CHROMAPRINT: ("chromaprint", "fpcalc", "audio_chromaprint", "acoustid_fingerprint"),
    HashKind.TLSH: ("tlsh", "text_tlsh", "hash_text_tlsh", "hash_tlsh"),
    HashKind.MINHASH: ("minhash", "text_minhash", "minhash128"),
}
_KINDS = {name.replace("_", ""): kind for kind, names in _NAMES.items() for name in names}
# What exchanges carry and nobody can compare here: for the first two there is no free program, the rest tell only
# whether bytes are equal, which SHA-256 does without collisions that somebody can make.
_OTHERS = {
    "PhotoDNA": ("photodna", "pdna", "hash_photodna", "image_photodna"),
    "TMK": ("tmk", "hash_tmk", "video_tmk"),
    "MD5": ("md5", "hash_md5", "video_md5", "image_md5", "hash_video_md5"),
    "SHA-1": ("sha1", "hash_sha1"),
    "raw text": ("raw_text", "text", "debug_string"),
    "URL": ("url", "uri"),
    "trend query": ("trend_query",),
}
_OTHER_TYPES = {name.replace("_", ""): title for title, names in _OTHERS.items() for name in names}


@lru_cache(maxsize=1_024)
def kind_named(name: str) -> HashKind | None:
    """The kind of hash behind a name such as `HASH_PDQ` or `ImagePDQ`, or None where it is none of ours."""
    return _KINDS.get(_plain(name))


def title_of(name: str) -> str:
    """How a type that is none of ours is called when it is counted: `PhotoDNA` for `pdna`, else as it was given."""
    return _OTHER_TYPES.get(_plain(name), name[:40])


def is_type(name: str) -> bool:
    """Whether a word names a type of hash at all."""
    return _plain(name) in _KINDS or _plain(name) in _OTHER_TYPES


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name[:60].lower())
