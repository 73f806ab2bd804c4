"""Six weeks of a made-up house: invitations, roles, approvals, absences, each by its command. It invents no entry."""

from __future__ import annotations

from datetime import datetime, timedelta

from assay.governance.ledger.commands import sign_head
from assay.governance.office.actor import SYSTEM, Scope
from assay.governance.office.roles import Role
from assay.governance.people import commands
from assay.governance.people.models import Grant, Person, Proposal
from assay.governance.people.rules.granting import SIGNING, Wish
from assay.governance.people.views.commands import save_view, share_view
from assay.interfaces.demo.workbench.cast import (
    ADA,
    BO,
    DEE,
    ELI,
    FAY,
    GUS,
    INVITED,
    IVO,
    KIM,
    LEA,
    MAX,
    NIA,
    OTO,
    PAT,
    UMA,
    Member,
)
from assay.interfaces.demo.workbench.making.story import PolicyStory
from assay.interfaces.demo.workbench.telling import Telling

LENGTH = timedelta(days=46)


class Story(Telling):
    """What happens, one thing after the other."""

    def __init__(self, ends: datetime) -> None:
        """It ends now, and nothing of it happens later."""
        super().__init__(ends - LENGTH, ends)

    def tell(self) -> dict[str, Person]:
        """Everything, from the first administrator to what waits today. Returns the people by name."""
        self._beginning()
        self._roles()
        policies = PolicyStory(self)
        policies.past()
        self.until(days=14)
        self._days()
        policies.present()
        self._today()
        return self.people

    # ------------------------------------------------------------- the parts

    def _beginning(self) -> None:
        first = self.done(
            commands.create_first_administrator(email=DEE.email, name=DEE.full_name, by=SYSTEM, at=self.later(0))
        )
        self.people[DEE.name] = first.person
        for member in INVITED:
            wish = None if member in (ELI, PAT) or member.roles[0][0] in SIGNING else Wish(*member.roles[0])
            made = commands.invite(
                email=member.email, name=member.full_name, wish=wish, by=self.actor(DEE), at=self.later(7)
            )
            self.people[member.name] = self.done(made).person
        self.done(sign_head(by=SYSTEM, at=self.later(20)))

    def _roles(self) -> None:
        """The second administrator by the only one there is; from then on, two for every role that signs."""
        wish = Wish(Role.ADMINISTRATOR)
        self.done(commands.grant_role(person=self.people[ELI.name], wish=wish, by=self.actor(DEE), at=self.later(60)))
        for member in (ADA, BO, FAY, KIM, LEA, NIA, UMA):
            proposal = self._propose(member, member.roles[0][0], "the role that they were hired for")
            self.approve(proposal, ELI, minutes=95)
        self.done(sign_head(by=SYSTEM, at=self.later(60)))

    def _days(self) -> None:
        """What happens in any house: a role too many, somebody who leaves, somebody who is away."""
        limited = Scope(policies=frozenset({"civic"}), markets=frozenset({"TW"}))
        wish = Wish(Role.ANALYST, limited, ends=self.ends + timedelta(days=20))
        self.done(
            commands.grant_role(person=self.people[LEA.name], wish=wish, by=self.actor(DEE), at=self.later(days=2))
        )
        refused = self._propose(MAX, Role.LEGAL, "to sign terms of service faster")
        self.done(commands.decline(proposal=refused, by=self.actor(ELI), at=self.later(200)))
        self.done(
            commands.grant_role(
                person=self.people[GUS.name], wish=Wish(Role.DATA), by=self.actor(ELI), at=self.later(days=1)
            )
        )
        grant = Grant.objects.get(person=self.people[GUS.name], role=Role.DATA.value)
        self.done(commands.revoke_role(grant=grant, by=self.actor(DEE), at=self.later(days=2)))
        self.done(commands.close_account(person=self.people[PAT.name], by=self.actor(DEE), at=self.later(30)))
        for member in (ADA, BO, FAY, LEA):
            by, at = self.actor(member), self.later(11)
            self.done(
                commands.change_profile(name=member.full_name, time_zone=member.zone, language="en", by=by, at=at)
            )
        self.done(
            commands.delegate(
                taker=self.people[IVO.name], roles=frozenset({Role.POLICY_LEAD}), by=self.actor(ADA),
                starts=self.ends - timedelta(hours=30), ends=self.ends + timedelta(days=4), at=self.later(days=1),
            )
        )  # fmt: skip
        self.done(sign_head(by=SYSTEM, at=self.later(60)))

    def _today(self) -> None:
        """What waits: a role for one more administrator, one in an emergency that has one of two approvals."""
        self.until(hours=9)
        self._propose(IVO, Role.POLICY_LEAD, "leads the election policies from next month")
        self._propose(OTO, Role.ADMINISTRATOR, "asked for by mistake", withdrawn=True)
        emergency = self.done(
            commands.propose_in_emergency(
                person=self.people[GUS.name], role=Role.OPERATIONS_LEAD, scope=Scope(markets=frozenset({"TW"})),
                hours=48, reason="a wave of made-up candidates two days before the vote, and Fay is on a plane",
                by=self.actor(ADA), at=self.later(60),
            )
        )  # fmt: skip
        self.approve(emergency, BO, minutes=25)
        self.done(
            commands.record_absence(
                person=self.people[FAY.name], stand_in=self.people[NIA.name], by=self.actor(FAY),
                starts=self.ends - timedelta(hours=5), ends=self.ends + timedelta(days=2), at=self.later(30),
            )
        )  # fmt: skip
        saved = self.done(
            save_view(page="decisions", name="Open questions", query="state=open", by=self.actor(ADA), at=self.later(5))
        )
        shared = frozenset({Role.REVIEWER.value, Role.OPERATIONS_LEAD.value})
        self.done(share_view(key=str(saved.key), roles=shared, by=self.actor(ADA), at=self.later(1)))
        self.done(sign_head(by=SYSTEM, at=self.later(10)))

    # ------------------------------------------------------------ the manner

    def approve(self, proposal: Proposal, member: Member, *, minutes: int) -> None:
        """Somebody reads it and approves what they read."""
        at = self.later(minutes)
        self.done(commands.approve(proposal=proposal, digest=proposal.digest, by=self.actor(member), at=at))

    def _propose(self, member: Member, role: Role, reason: str, *, withdrawn: bool = False) -> Proposal:
        person = self.people[member.name]
        made = self.done(
            commands.propose_role(person=person, wish=Wish(role), reason=reason, by=self.actor(DEE), at=self.later(45))
        )
        if withdrawn:
            self.done(commands.withdraw(proposal=made, by=self.actor(DEE), at=self.later(4)))
        return made
