"""The tables of a policy's life. They hold no rule."""

from assay.governance.policies.life.models.changes import (
    Change,
    DraftFile,
    Hand,
    Revision,
    Source,
    StageOwner,
    Step,
    Waiver,
)
from assay.governance.policies.life.models.documents import Document, Edition, Release, Version
from assay.governance.policies.life.models.texts import Text, contents_of, keep_text, keep_texts

__all__ = [
    "Change", "Document", "DraftFile", "Edition", "Hand", "Release", "Revision", "Source", "StageOwner", "Step",
    "Text", "Version", "Waiver", "contents_of", "keep_text", "keep_texts",
]  # fmt: skip
