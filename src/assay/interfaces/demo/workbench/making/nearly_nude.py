"""The third change: nearly nude imagery counts too. Experts are being asked about it: one has answered, one has not."""

from __future__ import annotations

from assay.governance.policies.consulting.rules.asking import Engagement
from assay.interfaces.demo.workbench.cast import OTO, RAE
from assay.interfaces.demo.workbench.making.texts import INTIMATE, with_drawings
from assay.interfaces.demo.workbench.making.walking import Walk
from assay.interfaces.demo.workbench.telling import Telling


class NearlyNude:
    """From the idea to an open consultation."""

    def __init__(self, telling: Telling) -> None:
        """Opened some days ago."""
        self._telling = telling
        self._walk = Walk(
            telling,
            title="Treat nearly nude imagery like nude imagery",
            why="People whose faces were put onto underwear pictures ask why we act only on full nudity. What "
            "harms them is the same, and the line we draw is one that the makers of such pictures know.",
            policy="intimate",
        )

    def ask(self) -> None:
        """The draft is laid before two experts."""
        walk = self._walk
        walk.on()
        walk.describe("We now also remove nearly nude imagery that AI made of a real person without their consent.")
        walk.on()
        walk.read(("research", "Interviews with 40 people who were shown (made up)", "Half of it was not nude."))
        walk.on()
        walk.write(with_drawings(walk.now.draft_files()[INTIMATE]))
        walk.on()
        self._asked = walk.ask(
            "Nearly nude imagery of real people",
            "Where would you draw the line, and whom would the new one hit who should not be hit?",
            days=12,
        )
        walk.invite(self._asked, OTO, Engagement("support of people who were shown", "affected", "EU"))
        walk.invite(self._asked, RAE, Engagement("fashion, sports and art on platforms", "creators", "US"))

    def hear(self) -> None:
        """One of the two has answered."""
        self._telling.until(days=3)
        self._walk.says(
            self._asked, OTO, "with-changes", "high",
            "The line is right. Say plainly that swimming and sports pictures which nobody altered are not meant, or "
            "women athletes will be reported for being visible.",
            interest=("advocates", "I speak for a made-up association of people who were shown."),
        )  # fmt: skip
