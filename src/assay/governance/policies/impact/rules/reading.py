"""Which rules read which assessment. It reads none itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assay.engine.kernel.errors import Fault
from assay.governance.policies.impact.rules.assessing import About, Assessed
from assay.governance.policies.impact.rules.burdens import read_cost, read_equity, read_exposure
from assay.governance.policies.impact.rules.rights import read_rights


def read_assessment(about: About, given: Mapping[str, Any]) -> Assessed | list[Fault]:
    """What somebody assessed, or everything that is missing of it."""
    if about is About.RIGHTS:
        return read_rights(given)
    if about is About.EQUITY:
        return read_equity(given)
    return read_cost(given) if about is About.COST else read_exposure(given)
