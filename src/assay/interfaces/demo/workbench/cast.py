"""The made-up people of the demonstration. Every name says that it is one, and no address can receive mail."""

from __future__ import annotations

from dataclasses import dataclass

from assay.governance.office.actor import Scope
from assay.governance.office.roles import Role

# A domain that is set aside for examples.
DOMAIN = "demo.example"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody made up.

    name   how they are called in the story
    roles  what they hold at the end of it, each with how far it reaches
    """

    name: str
    roles: tuple[tuple[Role, Scope], ...]
    zone: str = "UTC"

    @property
    def full_name(self) -> str:
        """As the pages show them."""
        return f"{self.name} Sample"

    @property
    def email(self) -> str:
        """Their login."""
        return f"{self.name.lower()}@{DOMAIN}"


def _member(name: str, *roles: Role, zone: str = "UTC") -> Member:
    return Member(name, tuple((role, Scope()) for role in roles), zone)


DEE = _member("Dee", Role.ADMINISTRATOR, zone="Europe/Dublin")
ELI = _member("Eli", Role.ADMINISTRATOR, zone="America/New_York")
ADA = _member("Ada", Role.POLICY_LEAD, zone="Europe/Paris")
BO = _member("Bo", Role.LEGAL, zone="Europe/Dublin")
CY = _member("Cy", Role.AUDITOR)
FAY = _member("Fay", Role.OPERATIONS_LEAD, zone="Asia/Singapore")
GUS = _member("Gus", Role.REVIEWER, zone="Asia/Manila")
HANA = Member("Hana", ((Role.REVIEWER, Scope(markets=frozenset({"JP", "KR"}))),), "Asia/Tokyo")
IVO = _member("Ivo", Role.ANALYST, zone="Europe/Paris")
JUN = _member("Jun", Role.DATA)
KIM = _member("Kim", Role.COMMUNICATIONS)
LEA = _member("Lea", Role.PUBLIC_POLICY, zone="Europe/Brussels")
MAX = _member("Max", Role.PRODUCT)
NIA = _member("Nia", Role.EXECUTIVE)
OTO = Member("Oto", ((Role.EXTERNAL_EXPERT, Scope(policies=frozenset({"intimate"}))),))
PAT = _member("Pat")
RAE = Member("Rae", ((Role.EXTERNAL_EXPERT, Scope(policies=frozenset({"civic", "disclosure", "intimate"}))),))
UMA = _member("Uma", Role.POLICY_LEAD, zone="Europe/Lisbon")
INVITED = (ELI, ADA, BO, CY, FAY, GUS, HANA, IVO, JUN, KIM, LEA, MAX, NIA, OTO, PAT, RAE, UMA)
CAST = (DEE, *INVITED)
