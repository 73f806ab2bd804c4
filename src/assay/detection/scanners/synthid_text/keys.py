"""The operator's keys and sampling settings, from `keys.json`. It never repeats a key in what it says."""

from __future__ import annotations

import json
from pathlib import Path

from assay.detection.scanners.synthid_text.values import Keys

KEYS = "keys.json"
TOKENIZER = "tokenizer.json"
MOST_BYTES = 64 * 1024
MOST_KEYS = 128
_LARGEST = 2**63 - 1
_OPTIONAL = {
    # As the reference names them in its configuration; the second is ours, the third and fourth its bounds.
    "ngram_len": ("ngram_length", 2, 32),
    "sampling_table_size": ("table_size", 2, 2**24),
    "sampling_table_seed": ("table_seed", 0, 2**32 - 1),
    "context_history_size": ("history_size", 1, 2**20),
}


class UnusableKeys(ValueError):
    """The file of keys cannot be used; the text says why, and names no key."""


def read_keys(folder: Path) -> Keys:
    """Reads `{"keys": [654, 400, ...], "ngram_len": 5, ...}`; only `keys` must be there."""
    try:
        with (folder / KEYS).open("rb") as stream:
            raw = json.loads(stream.read(MOST_BYTES + 1))
    except (OSError, ValueError, RecursionError):
        raise UnusableKeys(f"`{KEYS}` is not there, or is not JSON") from None
    if not isinstance(raw, dict) or set(raw) - {"keys", *_OPTIONAL}:
        raise UnusableKeys(f"`{KEYS}` must hold an object with `keys`, and at most {', '.join(_OPTIONAL)}")
    keys = raw.get("keys")
    if not isinstance(keys, list) or not 1 <= len(keys) <= MOST_KEYS or not all(_is_whole(each) for each in keys):
        raise UnusableKeys(f"`keys` must be a list of 1 to {MOST_KEYS} whole numbers")
    settings = {}
    for name, (ours, least, most) in _OPTIONAL.items():
        if name in raw:
            if not _is_whole(raw[name]) or not least <= raw[name] <= most:
                raise UnusableKeys(f"`{name}` must be a whole number from {least} to {most}")
            settings[ours] = raw[name]
    return Keys(tuple(keys), **settings)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST
