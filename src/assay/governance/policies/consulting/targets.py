"""What a command of a consultation is about, as far as a grant can be limited by it. It reads no store of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assay.governance.office.actor import Target
from assay.governance.office.roles import Role
from assay.governance.policies.consulting.models import Consultation, View
from assay.governance.policies.life.targets import MAKERS, ROOM, target_of

# Consultation is the step of public policy, together with those who write.
CONSULTERS = MAKERS | {Role.PUBLIC_POLICY}


def consulted(given: Mapping[str, Any]) -> Target:
    """The policy of the argument `consultation`, `view` or `change`."""
    consultation = given.get("consultation")
    view = given.get("view")
    if isinstance(view, View):
        consultation = view.invitation.consultation
    if isinstance(consultation, Consultation):
        return Target(ROOM, policy=consultation.change.policy)
    return target_of(given)
