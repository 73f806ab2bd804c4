"""The cases of the defect suite: each a small policy in one text, written out in full as a pack. It proves nothing.

A case is a file below `cases/<kind>/`. Its first part is a pack in short form with one seeded defect and `expect`, the
findings that it must give. After a line `---` come the near misses: the same text but for one change, and sound.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from assay.engine.kernel.instants import parse_instant
from assay.engine.language.checker import check_pack
from assay.engine.language.pack.pack import Pack
from assay.engine.language.problems.examples import missing_example

CASES = Path(__file__).parent / "cases"
# A day on which every case is proved that names no other.
TODAY = "2026-11-22"
MEASURES: Mapping[str, Any] = {
    "ladders": {
        "visibility": {
            "base": {"id": "visible"},
            "steps": [{"id": step} for step in "not_recommended behind_warning held blocked removed".split()],
        }
    },
    "sets": {"label": {"members": {label: {} for label in ("ai", "possibly_ai", "context_note")}}},
    "counters": {"strike": {"after_grace": "yes", "kinds": {"minor": {}, "severe": {}}}},
    "single": {
        measure: {}
        for measure in "copies_removed reported_to_authority preserved account_restricted escalated warned".split()
    },
    "incompatible": [["label:ai", "label:possibly_ai"]],
}
WITH_VALUES = ("choice", "scale", "set")

Texts: TypeAlias = Mapping[str, Any]
Found: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A pack and what must be found in it.

    name    `kind/name`, for a near miss with `~` and its number
    title   what is the matter, or why nothing is
    expect  the findings, each its kind and what it is about
    change  for a near miss, what was written and what it became
    """

    name: str
    title: str
    expect: frozenset[Found]
    as_of: int
    text: str
    change: tuple[str, str] | None = None

    @property
    def kind(self) -> str:
        """The kind of defect that the case is about."""
        return self.name.partition("/")[0]

    def pack(self) -> Pack:
        """The pack, read as any other."""
        checked = check_pack(files_of(words_of(self.text)), examples=False)
        # Examples would be the longest part of a case, and no proof looks at them.
        faults = [fault for fault in checked.errors if fault.slug != missing_example.SLUG]
        assert not faults, "\n".join(f"{self.name}: {fault.slug}: {fault.words}" for fault in faults)
        return checked.pack


@cache
def all_cases() -> tuple[Case, ...]:
    """Every defect and every near miss, by name."""
    return tuple(case for path in sorted(CASES.glob("*/*.yaml")) for case in _cases_in(path))


def _cases_in(path: Path) -> list[Case]:
    text, _, near = path.read_text(encoding="utf-8").partition("\n---\n")
    name = f"{path.parent.name}/{path.stem}"
    words = words_of(text)
    expect = frozenset(tuple(found) for found in words["expect"])
    cases = [Case(name, words["title"], expect, _day(words), text)]
    for number, miss in enumerate(words_of(near) or (), 1):
        before, after = miss["from"], miss["to"]
        assert text.count(before) == 1, f"{name}: `{before}` stands in the text {text.count(before)} times"
        changed = text.replace(before, after)
        case = Case(f"{name}~{number}", miss["title"], frozenset(), _day(words_of(changed)), changed, (before, after))
        cases.append(case)
    return cases


def words_of(text: str) -> Any:
    """YAML with every scalar as the words that were written."""
    return yaml.load(text, Loader=yaml.BaseLoader)


def _day(words: Texts) -> int:
    day = parse_instant(words.get("as_of", TODAY))
    assert day is not None
    return day


# ------------------------------------------------------------- written in full


def files_of(words: Texts) -> dict[str, str]:
    """The files of the pack that a case says in short form."""
    groups = {"EU": ["DE", "FR", "IE"], **words.get("groups", {})}
    top = {"pack": "case", "title": words["title"], "market_groups": groups}
    parts: dict[str, Any] = {
        "pack.yaml": {**top, "subdivisions": words.get("subdivisions", ["US-CA", "US-NY"])},
        "signals.yaml": {"signals": {name: _signal(given) for name, given in words["signals"].items()}},
        "measures.yaml": _measures(words),
    }
    if "harms" in words:
        harms = {name: {"title": name, "severity": "S3", **given} for name, given in words["harms"].items()}
        parts["harms.yaml"] = {"level": words.get("level", "S3"), "harms": harms}
    if "scenarios" in words:
        protected = [{"id": name, "title": name, **given} for name, given in words["scenarios"].items()]
        parts["scenarios.yaml"] = {"protected": protected}
    if "obligations" in words:
        duties = {name: _obligation(name, given) for name, given in words["obligations"].items()}
        parts["obligations.yaml"] = {"obligations": duties}
    if "windows" in words:
        windows = [{"id": name, **_SOURCE, **given} for name, given in words["windows"].items()]
        parts["calendar.yaml"] = {"windows": windows}
    files = {name: written(part) for name, part in parts.items()}
    for name, given in words["policies"].items():
        files[f"policies/{name}.md"] = _policy(name, given)
    return files


_SOURCE = {"source": "https://example.org/source", "confidence": "verified"}


def written(part: object) -> str:
    """YAML in which every word is written as it was."""
    return str(yaml.safe_dump(part, sort_keys=False, allow_unicode=True, width=10_000))


def _signal(given: str | Texts) -> Texts:
    """`scale low high` or, with more keys, `{type: scale low high, precedence: [detector]}`."""
    if isinstance(given, str):
        given = {"type": given}
    kind, *values = given["type"].split()
    listed = {"values": {value: value.replace("_", " ") for value in values}} if kind in WITH_VALUES else {}
    bounds = {"minimum": "0", "integer": "yes"} if kind == "count" else {}
    return {**given, "type": "number" if kind == "count" else kind, **listed, **bounds}


def _measures(words: Texts) -> Texts:
    single = {**MEASURES["single"], **{measure: {} for measure in words.get("measures", ())}}
    incompatible = words.get("incompatible", MEASURES["incompatible"])
    promised = words.get("invariants", {})
    invariants = [{"id": name, "text": name, "holds": holds} for name, holds in promised.items()]
    cure = {"label_never_cures": words["label_never_cures"]} if "label_never_cures" in words else {}
    return {**MEASURES, "single": single, "incompatible": incompatible, "invariants": invariants, **cure}


def _obligation(name: str, given: Texts) -> Texts:
    shared = {"title": name, "jurisdiction": given["markets"][0].removeprefix("not:"), "instrument": "An act"}
    rest = {key: value for key, value in given.items() if key not in ("when", "requires")}
    formal = {"property": {"when": given["when"], "requires": given["requires"]}}
    return {**shared, "duty": name, "status": "in_force", "kind": "decision", **_SOURCE, **rest, **formal}


def _policy(name: str, given: Texts) -> str:
    front = {key: value for key, value in given.items() if key not in ("rules", "exceptions")}
    head = written({"policy": name, "title": name, "version": "1.0.0", "owner": "policy", **front})
    blocks = [("rule", {"severity": "S2", **rule}) for rule in given.get("rules", ())]
    blocks += [("exception", exception) for exception in given.get("exceptions", ())]
    written_blocks = [f"## {block['id']}\n\n```yaml {kind}\n{written(block)}```\n" for kind, block in blocks]
    return "\n".join([f"---\n{head}---\nWhat this policy is about.\n", *written_blocks])
