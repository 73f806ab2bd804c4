"""bank.toml to settings and back, with every fault found at once. It touches no file."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from enum import StrEnum

from assay.detection.copies.bank.settings import LIMITS, NAME, SKIP, UNCLEAR, BankSettings
from assay.detection.copies.kinds import HashKind
from assay.detection.evidence import Claim, Tier
from assay.engine.kernel.errors import Fault
from assay.engine.kernel.identifiers import did_you_mean

MAXIMUM_BYTES = 64 * 1024
_MAXIMUM_TEXT = 400
_LARGEST_SHOWN = 10**40
_KEYS = tuple(each.name for each in fields(BankSettings))
_TEXTS = ("name", "purpose", "words", "source")
_NEEDED = ("name", "purpose", "kind", "words")
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "kind": tuple(HashKind),
    "claim": tuple(claim for claim in Claim if claim is not Claim.NONE),
    "tier": (Tier.OPERATOR, Tier.UNVERIFIED),
    "on_quality_below": (SKIP, UNCLEAR),
}


def parse_settings(content: bytes) -> BankSettings | list[Fault]:
    """The settings that a bank.toml holds, or everything that is wrong with it."""
    if len(content) > MAXIMUM_BYTES:
        return [Fault("bank-file-too-large", f"a bank's settings have at most {MAXIMUM_BYTES} bytes")]
    try:
        raw = tomllib.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        # What is no fault of TOML's form is a number of more digits than anybody reads.
        known = isinstance(error, (tomllib.TOMLDecodeError, UnicodeDecodeError))
        why = _lower(str(error)) if known else "it is nested too deeply, or holds a number of thousands of digits"
        return [Fault("unreadable-bank-file", f"it is no TOML: {why}")]
    faults = [fault for key, value in raw.items() if (fault := _fault_of(key, value))]
    missing = [key for key in _NEEDED if key not in raw]
    faults += [Fault("missing-key", f"`{key}` is not said; {_wanted(key)}", key) for key in missing]
    if not faults:
        faults = _faults_together(raw)
    return faults or _settings(raw)


def faults_of(settings: BankSettings) -> list[Fault]:
    """What is wrong with settings that were made by a program."""
    parsed = parse_settings(text_of(settings).encode("utf-8"))
    return parsed if isinstance(parsed, list) else []


def text_of(settings: BankSettings) -> str:
    """The settings as a bank.toml that reads back as the same."""
    lines = []
    for key in _KEYS:
        value = getattr(settings, key)
        if value is None or value in {(), ""}:
            continue
        if key != "asserts":
            lines.append(f"{key} = {_toml(value)}")
    if settings.asserts:
        lines += ["", "[asserts]", *(f"{_toml(signal)} = {_toml(value)}" for signal, value in settings.asserts)]
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    if isinstance(value, StrEnum):
        value = value.value
    # A JSON string is a TOML string, but for the one control character that JSON leaves as it is.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _fault_of(key: str, value: object) -> Fault | None:
    if key not in _KEYS:
        hint = did_you_mean(key, _KEYS) or f"known are {', '.join(_KEYS)}"
        return Fault("unknown-key", f"a bank has no `{_shown(key)}`; {hint}", _shown(key))
    if key in _CHOICES and (not isinstance(value, str) or value not in _CHOICES[key]):
        near = did_you_mean(value, _CHOICES[key]) if isinstance(value, str) else None
        known = f"{f'{near} known are' if near else 'choose one of'} {', '.join(_CHOICES[key])}"
        return Fault("unknown-value", f"`{_shown(value)}` is no {key.replace('_', ' ')}; {known}", key)
    if key in _TEXTS:
        return _text_fault(key, value)
    if key in {"dihedral", "crops"} and not isinstance(value, bool):
        return Fault("wrong-type", f"`{key}` is `true` or `false`", key)
    if key == "asserts":
        pairs = isinstance(value, dict) and all(isinstance(each, str) for each in value.values())
        return None if pairs else Fault("wrong-type", "`asserts` is a table of signals and their values as text", key)
    return None


def _text_fault(key: str, value: object) -> Fault | None:
    if not isinstance(value, str):
        return Fault("wrong-type", f"`{key}` is a text", key)
    if len(value) > _MAXIMUM_TEXT or not value.isprintable():
        return Fault("wrong-text", f"`{key}` is one line of at most {_MAXIMUM_TEXT} characters", key)
    if key == "name" and NAME.fullmatch(value) is None:
        return Fault("wrong-name", f"`{_shown(value)}` is no bank's name; use small letters, digits, `-` and `_`", key)
    if key in _NEEDED and not value.strip():
        return Fault("missing-key", f"`{key}` is empty; {_wanted(key)}", key)
    return None


def _faults_together(raw: Mapping[str, object]) -> list[Fault]:
    """What depends on the kind of hash."""
    kind = HashKind(str(raw["kind"]))
    limits, faults = LIMITS[kind], []
    allowed: dict[str, tuple[float, float]] = {}
    if limits.most is not None:
        allowed["distance"] = (0, limits.most)
    if limits.share:
        allowed[limits.share] = (0.01, 1)
    if limits.graded:
        allowed["quality_at_least"] = (0, 100)
    for key in ("distance", "agreement", "similarity", "quality_at_least"):
        if key in raw:
            faults += _number_faults(kind, key, raw[key], allowed.get(key))
    for key, can in (("dihedral", limits.turns), ("crops", limits.cuts)):
        if raw.get(key) and not can:
            words = f"`{key}` is not for hashes of kind `{kind}`; leave it out, or make the bank one of `pdq`"
            faults.append(Fault("does-not-apply", words, key))
    return faults


def _number_faults(kind: HashKind, key: str, value: object, allowed: tuple[float, float] | None) -> list[Fault]:
    if allowed is None:
        # Asking for no quality at all is true of hashes that have none.
        unasked = key == "quality_at_least" and value == 0
        return (
            [] if unasked else [Fault("does-not-apply", f"hashes of kind `{kind}` have no `{key}`; leave it out", key)]
        )
    whole = key in {"distance", "quality_at_least"}
    low, high = allowed
    fits = isinstance(value, (int, float)) and not isinstance(value, bool) and low <= value <= high
    if not fits or (whole and not isinstance(value, int)):
        number = "a whole number" if whole else "a number"
        return [Fault("out-of-range", f"`{key}` is {number} from {low:g} to {high:g}, not `{_shown(value)}`", key)]
    return []


def _settings(raw: Mapping[str, object]) -> BankSettings:
    given = dict(raw)
    asserts = given.pop("asserts", {})
    pairs = tuple(sorted(asserts.items())) if isinstance(asserts, dict) else ()
    kinds: dict[str, type[StrEnum]] = {"kind": HashKind, "claim": Claim, "tier": Tier}
    typed = {key: kinds[key](str(value)) if key in kinds else value for key, value in given.items()}
    for key in ("agreement", "similarity"):
        if key in typed:
            typed[key] = float(str(typed[key]))
    return BankSettings(**typed, asserts=pairs)  # type: ignore[arg-type]


def _wanted(key: str) -> str:
    return {
        "name": "give the bank a short name",
        "purpose": "say what the bank is for",
        "kind": f"choose one of {', '.join(HashKind)}",
        "words": "say in a sentence what a match means",
    }[key]


def _shown(value: object) -> str:
    large = isinstance(value, int) and abs(value) > _LARGEST_SHOWN
    text = "a number of many digits" if large else str(value)[:60]
    return "".join(each if each.isprintable() and each != "`" else " " for each in text)


def _lower(words: str) -> str:
    return (words[:1].lower() + words[1:]).rstrip(".")
