"""A change of the demonstration and whoever takes it on: the commands of every stage, as people press them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from assay.governance.office.roles import Role
from assay.governance.policies.consulting import commands as consulting
from assay.governance.policies.consulting.models import Consultation, View
from assay.governance.policies.consulting.rules.asking import Asking, Engagement
from assay.governance.policies.consulting.rules.pieces import pieces_of
from assay.governance.policies.consulting.rules.redacting import USUALLY_WITHHELD, of_kinds
from assay.governance.policies.drafting import commands as drafting
from assay.governance.policies.impact import commands as impact
from assay.governance.policies.impact.rules.assessing import About
from assay.governance.policies.impact.rules.work import Work
from assay.governance.policies.impact.working import work_all
from assay.governance.policies.life import commands as life
from assay.governance.policies.life.commands.wishes import Wish
from assay.governance.policies.life.models import Change
from assay.governance.policies.signing.commands.signing import Asked, sign
from assay.governance.policies.signing.queries.evidence import evidence_of, seal_of
from assay.governance.policies.signing.rules.counting import Verdict
from assay.interfaces.demo.workbench.cast import ADA, IVO, JUN, Member
from assay.interfaces.demo.workbench.telling import NotTold, Telling


class Walk:
    """One change on its way."""

    def __init__(self, telling: Telling, *, title: str, why: str, policy: str = "", name: str = "") -> None:
        """Opened by the analyst, who writes it, answers for it, and so signs nothing of it."""
        self.telling = telling
        kind = "new" if name else "amend"
        self.change: Change = telling.done(
            life.open_change(
                kind=kind, title=title, why=why, policy=policy, name=name, by=telling.actor(IVO), at=telling.later(20)
            )
        )

    @property
    def now(self) -> Change:
        """The change as it stands."""
        self.change.refresh_from_db()
        return self.change

    def on(self, minutes: int = 30) -> None:
        """To its next stage, by the policy lead."""
        at = self.telling.later(minutes)
        self.telling.done(life.advance(change=self.now, by=self.telling.actor(ADA), at=at))

    def describe(self, note: str, markets: tuple[str, ...] = (), *, wanted_in: int = 0) -> None:
        """What it is for, and what the public is told."""
        now = self.now
        wanted = (self.telling.now + timedelta(days=wanted_in)).date() if wanted_in else None
        wish = Wish(now.title, now.why, tuple(now.harms), markets, now.risk, note, wanted_on=wanted)
        done = life.describe(change=now, wish=wish, by=self.telling.actor(IVO), at=self.telling.later(25))
        self.telling.done(done)

    def read(self, *sources: tuple[str, str, str]) -> None:
        """What was read for it: kind, title, what it says."""
        for kind, title, note in sources:
            by, at = self.telling.actor(IVO), self.telling.later(40)
            done = life.add_source(change=self.now, kind=kind, title=title, link="", note=note, by=by, at=at)
            self.telling.done(done)

    def write(self, text: str) -> None:
        """The policy's text, saved in the editor."""
        now = self.now
        last = now.files.filter(path=now.path).values_list("revision", flat=True).first()
        by, at = self.telling.actor(IVO), self.telling.later(90)
        done = drafting.save_draft(change=now, path=now.path, text=text, started_from=last or 0, by=by, at=at)
        self.telling.done(done)

    # ------------------------------------------------------------ consultation

    def ask(self, title: str, question: str, *, days: int) -> Consultation:
        """Lay the draft before people for so many days."""
        closes = self.telling.now + timedelta(days=days)
        now = self.now
        asking = Asking(
            title, question, closes, "Everybody who is asked is made up, as is what they say.",
            of_kinds(pieces_of(now.draft_files()[now.path]), USUALLY_WITHHELD), shows_changes=True,
        )  # fmt: skip
        by, at = self.telling.actor(ADA), self.telling.later(15)
        return self.telling.done(consulting.open_consultation(change=now, asking=asking, by=by, at=at))

    def invite(self, asked: Consultation, member: Member, engagement: Engagement) -> None:
        """Somebody of the cast."""
        person = self.telling.people[member.name]
        by, at = self.telling.actor(ADA), self.telling.later(5)
        done = consulting.invite_expert(consultation=asked, person=person, engagement=engagement, by=by, at=at)
        self.telling.done(done)

    def says(
        self, asked: Consultation, member: Member, position: str, confidence: str, words: str, *,
        interest: tuple[str, str] = ("none", ""), named: bool = False,
    ) -> View:  # fmt: skip
        """Somebody declares their interests, and gives their view."""
        by, at = self.telling.actor(member), self.telling.later(35)
        conflict, told = interest
        declared = consulting.declare(consultation=asked, conflict=conflict, words=told, named=named, by=by, at=at)
        self.telling.done(declared)
        given = consulting.give_view(
            consultation=asked, position=position, confidence=confidence, words=words, part=None, by=by,
            at=self.telling.later(50),
        )  # fmt: skip
        return self.telling.done(given)

    def close(self, asked: Consultation, words: str) -> None:
        """What was asked is asked no more."""
        by, at = self.telling.actor(ADA), self.telling.later(10)
        self.telling.done(consulting.close_consultation(consultation=asked, words=words, by=by, at=at))

    def answer(self, view: View, outcome: str, words: str) -> None:
        """What was done with a view, in the draft as it stands."""
        now, by, at = self.now, self.telling.actor(IVO), self.telling.later(20)
        newest = now.files.filter(path=now.path).values_list("revision", flat=True).first()
        done = consulting.answer_view(view=view, outcome=outcome, words=words, revision=newest, by=by, at=at)
        self.telling.done(done)

    # ------------------------------------------------------------------ impact

    def work(self) -> None:
        """Check, prove, compare and rehearse, and wait for it."""
        by, at = self.telling.actor(JUN), self.telling.later(15)
        asked = self.telling.done(impact.ask_work(change=self.now, works=tuple(Work), by=by, at=at))
        work_all(self.telling.later(5))
        for run in asked:
            run.refresh_from_db()
            if run.state != "done":
                raise NotTold(f"the {run.kind} of the draft came to no end: {run.outcome}")

    def assess(self, forms: Mapping[About, Mapping[str, object]]) -> None:
        """Rights, equity, cost, exposure."""
        for about, given in forms.items():
            by, at = self.telling.actor(JUN), self.telling.later(45)
            self.telling.done(impact.assess(change=self.now, about=about, given=given, by=by, at=at))

    # ---------------------------------------------------------------- sign-off

    def signed(
        self, member: Member, role: Role, verdict: Verdict, words: str = "", conditions: Sequence[Asked] = ()
    ) -> None:
        """Somebody reads what there is, and says what they say of it."""
        now, at = self.now, self.telling.later(55)
        seal = seal_of(now, evidence_of(now, at))
        by = self.telling.actor(member)
        done = sign(change=now, role=role, verdict=verdict, seal=seal, words=words, conditions=conditions, by=by, at=at)
        self.telling.done(done)
