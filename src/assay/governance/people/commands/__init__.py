"""What can be changed in the room of people: each command is checked, one transaction, one ledger entry."""

from assay.governance.people.commands.accounts import (
    change_person,
    change_profile,
    close_account,
    create_first_administrator,
    export_people,
    invite,
    invite_again,
    reopen_account,
)
from assay.governance.people.commands.approvals import approve, decline, withdraw
from assay.governance.people.commands.closing import sign_out_everywhere
from assay.governance.people.commands.roles import grant_role, propose_in_emergency, propose_role, revoke_role
from assay.governance.people.commands.standing_in import delegate, end_absence, end_delegation, record_absence

__all__ = [
    "approve", "change_person", "change_profile", "close_account", "create_first_administrator", "decline", "delegate",
    "end_absence", "end_delegation", "export_people", "grant_role", "invite", "invite_again", "propose_in_emergency",
    "propose_role", "record_absence", "reopen_account", "revoke_role", "sign_out_everywhere", "withdraw",
]  # fmt: skip
