"""China's implicit label (GB 45438-2025, Annex E): its text, its keys and how two are made one. It reads no file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

KEY = "AIGC"
NAMESPACE = "http://www.tc260.org.cn/ns/AIGC/1.0/"
MAXIMUM_LABEL = 16 * 1024
MEANINGS = {"1": "is", "2": "may_be", "3": "suspected"}
STANDARD_KEYS = (
    "Label", "ContentProducer", "ProduceID", "ReservedCode1", "ContentPropagator", "PropagateID", "ReservedCode2",
)  # fmt: skip
# A large provider's own names for the same two parties.
VARIANT_KEYS = frozenset({"ServiceProvider", "ServiceUser"})
SPEAKERS = frozenset({"ContentProducer", "ContentPropagator", *VARIANT_KEYS})

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# What the standard lets a value hold: printable, no quotation mark and no backslash, so that no JSON has to escape it.
_ALLOWED = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]*\Z")
# 001, then 1 for a company and its credit code of 18, or 2 for a person with 18 zeros and more; then the service.
_PROVIDER = re.compile(r"001[12][0-9A-Z]{18}[0-9A-Za-z]{5}\Z")


@dataclass(frozen=True, slots=True)
class Label:
    """One label as its keys and values stand in the file."""

    value: str
    keys: tuple[tuple[str, str], ...]

    def as_mapping(self) -> dict[str, str]:
        return dict(self.keys)


def parse_label(text: str, *, wrapped_only: bool = False) -> Label | None:
    """A label in either form, `{"AIGC": {…}}` or bare, or None where the text has not the standard's form."""
    if len(text) > MAXIMUM_LABEL:
        return None
    try:
        raw = json.loads(text.strip("\x00 \r\n\t"), object_pairs_hook=_unrepeated)
    except (ValueError, RecursionError):
        return None
    if not isinstance(raw, dict):
        return None
    if KEY in raw:
        raw = raw[KEY] if len(raw) == 1 else None
        if isinstance(raw, str):
            return parse_label(raw)
    elif wrapped_only:
        return None
    return _checked(raw)


def _checked(raw: object) -> Label | None:
    if not isinstance(raw, dict) or not raw.keys() & SPEAKERS or len(raw) > 2 * len(STANDARD_KEYS):
        return None
    keys = tuple((key, str(value)) for key, value in raw.items() if isinstance(value, (str, int)))
    value = dict(keys).get("Label", "").strip()
    return Label(value, keys) if len(keys) == len(raw) and value in MEANINGS else None


def _unrepeated(pairs: list[tuple[str, object]]) -> dict[str, object]:
    # Two readers of a repeated key see two labels, which is a way to show each what it wants.
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key is repeated")
    return result


def departures(label: Label) -> tuple[str, ...]:
    """Where a label leaves the standard's key set and characters, in a few words each; it is a label all the same."""
    keys = label.as_mapping()
    found = [f"{key}: no key of the standard" for key in keys if key not in STANDARD_KEYS and key not in VARIANT_KEYS]
    if not keys.keys() & VARIANT_KEYS:
        found += [f"{key}: missing" for key in STANDARD_KEYS if key not in keys]
    found += [f"{key}: holds a character the standard excludes" for key, value in keys.items() if not is_allowed(value)]
    found += [
        f"{key}: no provider's code"
        for key in ("ContentProducer", "ContentPropagator")
        if keys.get(key) and not is_provider_code(keys[key])
    ]
    return tuple(found)


def is_allowed(value: str) -> bool:
    """Whether the standard lets a value be written so."""
    return bool(_ALLOWED.match(value))


def is_provider_code(value: str) -> bool:
    """Whether a text has the form of a registered provider's code."""
    return bool(_PROVIDER.match(value))


def detail_name(key: str) -> str:
    """A key of the label as evidence names it: `ContentProducer` is `content_producer`."""
    return _HUMP.sub("_", key[:40]).lower()


def merge(found: Sequence[Label], given: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """The keys of the label to write, and the keys on which the labels found disagree and nothing was given.

    What is given counts before what was found; a key the standard does not name is kept.
    """
    mappings = [label.as_mapping() for label in found]
    merged: dict[str, str] = {}
    disagreed: list[str] = []
    for key in dict.fromkeys((*STANDARD_KEYS, *(key for mapping in mappings for key in mapping))):
        said = {mapping[key] for mapping in mappings if mapping.get(key)}
        if key in given:
            merged[key] = given[key]
        elif len(said) > 1:
            disagreed.append(key)
        else:
            merged[key] = next(iter(said), "")
    return merged, tuple(disagreed)


def label_text(keys: Mapping[str, str], *, wrapped: bool) -> str:
    """The label as JSON in the standard's order, without blanks, in ASCII."""
    order = (*STANDARD_KEYS, *(key for key in keys if key not in STANDARD_KEYS))
    ordered = {key: keys[key] for key in order if key in keys}
    return json.dumps({KEY: ordered} if wrapped else ordered, ensure_ascii=True, separators=(",", ":"))
