"""The second change: what nobody has checked about a candidate is not recommended. It waits for a signature."""

from __future__ import annotations

from datetime import timedelta

from assay.governance.office.roles import Role
from assay.governance.policies.consulting.rules.asking import Engagement
from assay.governance.policies.signing.commands.signing import Asked
from assay.governance.policies.signing.rules.counting import Verdict
from assay.interfaces.demo.workbench.cast import BO, FAY, RAE
from assay.interfaces.demo.workbench.making.assessing import assessments
from assay.interfaces.demo.workbench.making.texts import CIVIC, with_candidates
from assay.interfaces.demo.workbench.making.walking import Walk
from assay.interfaces.demo.workbench.telling import Telling


class Candidates:
    """From the idea to the first of two signatures."""

    def __init__(self, telling: Telling) -> None:
        """Opened a week ago."""
        telling.until(days=7)
        self._telling = telling
        self._walk = Walk(
            telling,
            title="Do not recommend unchecked speeches of candidates",
            why="In the last days before a vote, invented speeches travel for hours before anybody can say whether the "
            "candidate said it. Until then we neither remove nor hold back, and recommend them like any other.",
            policy="civic",
        )

    def ask(self) -> None:
        """The draft is written and laid before an expert."""
        walk = self._walk
        walk.on()
        walk.describe(
            "While nobody has found out whether a candidate said something, we do not recommend it to anybody.",
            wanted_in=21,
        )
        walk.on()
        walk.read(
            ("case", "An invented concession speech (made up)", "Recommended 210,000 times before it was checked."),
            ("law", "Duties before elections, by market", "None asks for this; none forbids it."),
        )
        walk.on()
        walk.write(with_candidates(walk.now.draft_files()[CIVIC]))
        walk.on()
        self._asked = walk.ask(
            "Unchecked speeches of candidates",
            "Would holding back what is unchecked hit one side harder, and how would we notice?",
            days=5,
        )
        walk.invite(self._asked, RAE, Engagement("election observation", "research", "EU"))

    def hear(self) -> None:
        """The expert answers, and what was done with it is written down."""
        self._telling.until(days=4)
        view = self._walk.says(
            self._asked, RAE, "for", "high",
            "Smaller parties are faked less, and checked later. Count by party how long it takes to check.",
        )  # fmt: skip
        self._telling.until(days=3, hours=12)
        self._walk.close(self._asked, "the view is in")
        self._walk.answer(view, "adopted", "The time to check is counted by party, and read every day before a vote.")
        self._walk.on()

    def weigh(self) -> None:
        """Proof, difference and rehearsal, and what people assess."""
        self._walk.work()
        self._walk.assess(
            assessments(
                who="people who speak about candidates before a vote",
                aim="voters are not misled about what a candidate said",
                hours=("2", "4", "8"),
                group="small parties",
                why="their speeches are checked later than others'",
            )
        )
        self._walk.on()

    def begin_to_sign(self) -> None:
        """Legal signs, on one condition; the policy lead has not yet."""
        fay, day = self._telling.people[FAY.name], self._telling.ends.date() + timedelta(days=12)
        condition = Asked("A night shift that can check a speech within the hour is staffed before the launch.", fay)
        self._walk.signed(
            BO, Role.LEGAL, Verdict.ON_CONDITIONS, f"Fit to be launched once that is done, and that by {day:%-d %B}.",
            (condition,),
        )  # fmt: skip
