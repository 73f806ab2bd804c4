"""The roles that people hold, and the function in the house that each speaks for. It grants none."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Function(StrEnum):
    """A part of the house; what needs two of them cannot be done by one department alone."""

    POLICY = "policy"
    OPERATIONS = "operations"
    LEGAL = "legal"
    PUBLIC_POLICY = "public-policy"
    COMMUNICATIONS = "communications"
    PRODUCT = "product"
    DATA = "data"
    LEADERSHIP = "leadership"
    OUTSIDE = "outside"
    AUDIT = "audit"
    ADMINISTRATION = "administration"


class Role(StrEnum):
    """What somebody is here for. A person may hold several, each for some rooms, policies and markets."""

    POLICY_LEAD = "policy-lead"
    ANALYST = "analyst"
    OPERATIONS_LEAD = "operations-lead"
    REVIEWER = "reviewer"
    LEGAL = "legal"
    PUBLIC_POLICY = "public-policy"
    COMMUNICATIONS = "communications"
    PRODUCT = "product"
    DATA = "data"
    EXECUTIVE = "executive"
    EXTERNAL_EXPERT = "external-expert"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"

    @property
    def words(self) -> str:
        """As people read it: `policy lead`."""
        return self.value.replace("-", " ")


FUNCTION_OF: Mapping[Role, Function] = {
    Role.POLICY_LEAD: Function.POLICY,
    Role.ANALYST: Function.POLICY,
    Role.OPERATIONS_LEAD: Function.OPERATIONS,
    Role.REVIEWER: Function.OPERATIONS,
    Role.LEGAL: Function.LEGAL,
    Role.PUBLIC_POLICY: Function.PUBLIC_POLICY,
    Role.COMMUNICATIONS: Function.COMMUNICATIONS,
    Role.PRODUCT: Function.PRODUCT,
    Role.DATA: Function.DATA,
    Role.EXECUTIVE: Function.LEADERSHIP,
    Role.EXTERNAL_EXPERT: Function.OUTSIDE,
    Role.AUDITOR: Function.AUDIT,
    Role.ADMINISTRATOR: Function.ADMINISTRATION,
}

EVERYONE = frozenset(Role)
# An external expert sees what they were asked about and nothing of the house.
INSIDE = EVERYONE - {Role.EXTERNAL_EXPERT}
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
