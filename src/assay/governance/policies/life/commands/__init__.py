"""What people and the clerk do to changes. Each is one transaction with one ledger entry; none moves a stage."""

from assay.governance.policies.life.commands.describing import describe, name_owner
from assay.governance.policies.life.commands.due import arrive_due, look_at_gates
from assay.governance.policies.life.commands.opening import begin, open_change
from assay.governance.policies.life.commands.rebasing import rebase
from assay.governance.policies.life.commands.reviewing import call_review, confirm
from assay.governance.policies.life.commands.sources import add_source, remove_source
from assay.governance.policies.life.commands.steps import advance, send_back, waive, withdraw
from assay.governance.policies.life.commands.wishes import Wish

__all__ = [
    "Wish", "add_source", "advance", "arrive_due", "begin", "call_review", "confirm", "describe", "look_at_gates",
    "name_owner", "open_change", "rebase", "remove_source", "send_back", "waive", "withdraw",
]  # fmt: skip
