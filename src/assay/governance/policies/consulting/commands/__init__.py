"""What people do in a consultation: ask, invite, declare, say, close, answer. Each writes one ledger entry."""

from assay.governance.policies.consulting.commands.answering import answer_view, sum_up
from assay.governance.policies.consulting.commands.inviting import (
    invite_expert,
    remind_invited,
    withdraw_invitation,
)
from assay.governance.policies.consulting.commands.opening import (
    close_consultation,
    extend_consultation,
    open_consultation,
)
from assay.governance.policies.consulting.commands.saying import declare, decline_invitation, give_view

__all__ = [
    "answer_view", "close_consultation", "declare", "decline_invitation", "extend_consultation", "give_view",
    "invite_expert", "open_consultation", "remind_invited", "sum_up", "withdraw_invitation",
]  # fmt: skip
