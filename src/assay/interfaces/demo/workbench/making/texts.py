"""What the demonstration's changes write: the starter pack with some words otherwise. It saves none of it."""

from __future__ import annotations

from collections.abc import Mapping

DISCLOSURE, CIVIC, INTIMATE = "policies/disclosure.md", "policies/civic.md", "policies/intimate.md"
# What the policy said before the first change: a question is tried out on a smaller share of uploads.
_SHARE = {"version: 1.0.0": "version: 0.9.0", "rollout: 25%": "rollout: 10%"}
# It also promised a number, which an expert advised against.
_PROMISE = {"We are trying this out on a share of uploads,": "We are trying this out on one upload in ten,"}
_CANDIDATES = {
    "version: 1.0.0": "version: 1.1.0",
    "they never said or did.\n": (
        "they never said or did. While nobody has found out whether they did, we do not recommend it.\n"
    ),
    "then: [removed, copies_removed, strike:standard]\nseverity: S3\nharm: election-and-civic-deception\n```\n\n"
    "```yaml example\ntitle: a candidate's cloned voice": (
        "then: [removed, copies_removed, strike:standard]\nuntil_known: [not_recommended]\nseverity: S3\n"
        "harm: election-and-civic-deception\n```\n\n"
        "```yaml example\ntitle: a lifelike speech of a candidate that nobody has checked yet\n"
        "given: {person.kind: identifiable, person.status: official_or_candidate, realism: realistic, "
        "public_importance: [election], satire: none, context_kind: [], newsworthiness: not_considered}\n"
        "catches: unknown\nexpect: {removed: unknown}\n```\n\n"
        "```yaml example\ntitle: a candidate's cloned voice"
    ),
}
_DRAWINGS = {
    "version: 1.0.0": "version: 1.1.0",
    "We remove sexual or nude imagery of": "We remove sexual, nude or nearly nude imagery of",
    'person.kind == "identifiable" && intimacy.atLeast("nude")\nunless': (
        'person.kind == "identifiable" && intimacy.atLeast("near_nude")\nunless'
    ),
}


class NotThere(Exception):
    """A text that a change of the demonstration begins with says something else; the one argument says what."""


def former(files: Mapping[str, str]) -> dict[str, str]:
    """The pack as the house began with it: before its first change."""
    return {**files, DISCLOSURE: _with(files[DISCLOSURE], _SHARE | _PROMISE)}


def with_larger_share(text: str) -> str:
    """The policy on disclosure, as experts were asked about it."""
    return _with(text, {new: old for old, new in _SHARE.items()})


def with_plainer_words(text: str) -> str:
    """The policy on disclosure, after what they said: as the starter pack has it."""
    return _with(text, {new: old for old, new in _PROMISE.items()})


def with_candidates(text: str) -> str:
    """The policy on elections, after the change that waits for signatures."""
    return _with(text, _CANDIDATES)


def with_drawings(text: str) -> str:
    """The policy on intimate imagery, as experts are asked about it."""
    return _with(text, _DRAWINGS)


def _with(text: str, said: Mapping[str, str]) -> str:
    for old, new in said.items():
        if old not in text:
            raise NotThere(f"the starter pack does not say {old[:60]!r} any more")
        text = text.replace(old, new, 1)
    return text
