"""Writing, choosing between words, remarking. One transaction and one ledger entry each."""

from assay.governance.policies.drafting.commands.remarks import (
    answer_remark,
    close_remark,
    decline_suggestion,
    make_remark,
    reopen_remark,
)
from assay.governance.policies.drafting.commands.saving import Saved, choose_wording, restore_revision, save_draft
from assay.governance.policies.drafting.commands.suggestions import accept_suggestion

__all__ = [
    "Saved", "accept_suggestion", "answer_remark", "choose_wording", "close_remark", "decline_suggestion",
    "make_remark", "reopen_remark", "restore_revision", "save_draft",
]  # fmt: skip
