"""What a command on a known question is about, as far as a grant can be limited by it. It reads no store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assay.governance.office.actor import Target
from assay.governance.policies.life.targets import ROOM
from assay.governance.policies.questions.models import KnownQuestion


def asked_about(given: Mapping[str, Any]) -> Target:
    """The policy of the argument `asked`, and its market where there is a single one."""
    asked = given.get("asked")
    if not isinstance(asked, KnownQuestion):
        return Target(ROOM)
    return Target(ROOM, policy=asked.policy, market=asked.markets[0] if len(asked.markets) == 1 else None)
