"""A policy's public page as JSON, for other programs: `assay.policy-document/1`. It holds no more than the page."""

from __future__ import annotations

from typing import TypeAlias

from assay.governance.policies.writing.documents.facts import Changed
from assay.governance.policies.writing.documents.public import PublicPage, PublicRule, PublicSection
from assay.governance.policies.writing.strings.standing import Passage

SCHEMA = "assay.policy-document/1"
Json: TypeAlias = dict[str, object]


def document_json(page: PublicPage) -> Json:
    """The page as JSON values; its schema is published with the documentation."""
    return {
        "schema": SCHEMA,
        "policy": page.policy,
        "title": _passage(page.title),
        "version": page.version,
        "bundle": page.digest,
        "draft": page.draft,
        "as_of": page.day.isoformat(),
        "language": page.language.tag,
        "direction": page.language.direction,
        "source_language": page.source.tag,
        "facts": [line.words for line in page.lines],
        "introduction": [_passage(each) for each in page.introduction],
        "sections": [_section(each) for each in page.sections],
        "exceptions": [{"title": each.title, "when": each.holds} for each in page.exceptions],
        "changes": [_changed(each.changed) for each in page.changes],
    }


def _section(section: PublicSection) -> Json:
    return {
        "number": section.number,
        "anchor": section.anchor,
        "level": section.level,
        "title": _passage(section.title),
        "prose": [_passage(each) for each in section.prose],
        "rules": [_rule(each) for each in section.rules],
    }


def _rule(rule: PublicRule) -> Json:
    return {
        "anchor": rule.anchor,
        "when": rule.holds,
        "does": [_passage(each) for each in rule.does],
        "meanwhile": [_passage(each) for each in rule.meanwhile],
        "not_when": list(rule.exceptions),
        "bars_exceptions": rule.bars_exceptions,
    }


def _passage(passage: Passage) -> Json:
    return {"markdown": passage.words, "state": passage.state}


def _changed(changed: Changed) -> Json:
    return {
        "version": changed.label,
        "day": None if changed.day is None else changed.day.isoformat(),
        "note": changed.note,
        "added": list(changed.added),
        "altered": list(changed.altered),
        "removed": list(changed.removed),
    }
