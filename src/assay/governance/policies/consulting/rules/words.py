"""The choices of a consultation in words, and how much may be written. It reads no store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

Position: TypeAlias = Literal["for", "with-changes", "against", "cannot-say"]
Confidence: TypeAlias = Literal["low", "moderate", "high"]
Outcome: TypeAlias = Literal["adopted", "in-part", "not-adopted"]
Conflict: TypeAlias = Literal["none", "paid", "employed", "personal", "advocates", "other"]

POSITIONS: Mapping[str, str] = {
    "for": "For it as it stands",
    "with-changes": "For it with changes",
    "against": "Against it",
    "cannot-say": "Cannot say",
}
CONFIDENCES: Mapping[str, str] = {
    "low": "Low: an impression",
    "moderate": "Moderate: I know the field",
    "high": "High: I have evidence or long practice",
}
OUTCOMES: Mapping[str, str] = {
    "adopted": "Adopted",
    "in-part": "Adopted in part",
    "not-adopted": "Not adopted",
}
CONFLICTS: Mapping[str, str] = {
    "none": "None that I know of",
    "paid": "I am paid by somebody whom the policy touches",
    "employed": "I work for a company or authority whom the policy touches",
    "personal": "It touches me or somebody close to me",
    "advocates": "I speak for an organisation with a public position on it",
    "other": "Another interest",
}
VIEWPOINTS: Mapping[str, str] = {
    "research": "Research",
    "civil-society": "Civil society",
    "affected": "People affected",
    "creators": "Creators",
    "industry": "Industry",
    "law": "Law and human rights",
    "safety": "Child safety and well-being",
    "authority": "Public authority",
    "inside": "This house",
    "other": "Other",
}
# Longest texts, in characters.
TITLE_MOST = 200
QUESTION_MOST = 2_000
BACKGROUND_MOST = 20_000
VIEW_MOST = 20_000
ANSWER_MOST = 4_000
SUMMARY_MOST = 8_000
SHORT_MOST = 600
DECLARATION_MOST = 1_000
