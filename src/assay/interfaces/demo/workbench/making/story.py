"""Six weeks in which a made-up house makes policy, from what was in force to what waits today. It invents no entry."""

from __future__ import annotations

from assay.governance.policies.life import commands as life
from assay.interfaces.demo.workbench.cast import ADA
from assay.interfaces.demo.workbench.making import around
from assay.interfaces.demo.workbench.making.candidates import Candidates
from assay.interfaces.demo.workbench.making.larger_share import tell_larger_share
from assay.interfaces.demo.workbench.making.nearly_nude import NearlyNude
from assay.interfaces.demo.workbench.telling import Telling


class PolicyStory:
    """What becomes of three changes and an idea."""

    def __init__(self, telling: Telling) -> None:
        """By the clock and the people of the whole story."""
        self.telling = telling

    def past(self) -> None:
        """The house takes over what decides, and makes its first change until that is in force."""
        telling = self.telling
        telling.done(life.begin(by=telling.actor(ADA), at=telling.later(30)))
        around.begin_features(telling)
        around.translate(telling)
        tell_larger_share(telling)
        around.miss_feature(telling)

    def present(self) -> None:
        """One change waits for a signature, one for an expert, and somebody has an idea."""
        candidates, nude = Candidates(self.telling), NearlyNude(self.telling)
        candidates.ask()
        nude.ask()
        around.rule_on_questions(self.telling)
        candidates.hear()
        nude.hear()
        candidates.weigh()
        candidates.begin_to_sign()
        around.open_idea(self.telling)
