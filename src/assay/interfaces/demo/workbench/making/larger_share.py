"""The first change: more uploads are asked for disclosure. It goes through every stage, and decides today."""

from __future__ import annotations

from assay.governance.office.roles import Role
from assay.governance.policies.consulting.rules.asking import Engagement
from assay.governance.policies.life.commands import arrive_due
from assay.governance.policies.releasing import commands as releasing
from assay.governance.policies.releasing.publishing import publish_due
from assay.governance.policies.signing.rules.counting import Verdict
from assay.interfaces.demo.workbench.cast import ADA, BO, FAY, GUS, LEA, RAE
from assay.interfaces.demo.workbench.making.assessing import assessments
from assay.interfaces.demo.workbench.making.readying import pass_checklist
from assay.interfaces.demo.workbench.making.texts import DISCLOSURE, with_larger_share, with_plainer_words
from assay.interfaces.demo.workbench.making.walking import Walk
from assay.interfaces.demo.workbench.telling import NotTold, Telling

_SOURCES = (
    ("data", "Answers to the first 4,000 questions (made up)", "Seven in ten uploaders say that AI was used."),
    ("peer", "What other platforms ask of realistic content", "Most ask for a label; few ask before they apply one."),
)


def tell_larger_share(telling: Telling) -> None:
    """From the idea until it decides everything."""
    telling.until(days=44)
    walk = Walk(
        telling,
        title="Ask for disclosure on a larger share of uploads",
        why="Where only a detector speaks, one upload in ten is asked about. The answers show that the question is "
        "justified far more often than not, and creators who label their work ask why others are not even asked.",
        policy="disclosure",
    )
    walk.on()
    walk.describe(
        "We now ask about AI on a quarter of the uploads where only a detector suspects it. Nothing else changes.",
        wanted_in=30,
    )
    walk.on()
    walk.read(*_SOURCES)
    walk.on()
    walk.write(with_larger_share(walk.now.draft_files()[DISCLOSURE]))
    walk.on()
    _consult(telling, walk)
    walk.on()
    walk.work()
    walk.assess(
        assessments(
            who="uploaders whose realistic content a detector takes for AI",
            aim="people can tell what is real from what is not",
            hours=("6", "9", "13"),
            group="photographers who use heavy noise removal",
            why="detectors score smoothed pictures higher",
        )
    )
    walk.on()
    _sign(walk)
    walk.on()
    pass_checklist(walk)
    walk.on()
    _launch(telling, walk)


def _consult(telling: Telling, walk: Walk) -> None:
    asked = walk.ask(
        "Asking more uploaders whether they used AI",
        "Whom would the question reach who should not have to answer it, and what should it say?",
        days=6,
    )
    engagement = Engagement("how creators meet labels on platforms", "creators", "EU")
    walk.invite(asked, RAE, engagement)
    walk.invite(asked, GUS, Engagement("asks these questions every day", "inside", "PH"))
    telling.later(days=1)
    first = walk.says(
        asked, RAE, "with-changes", "high",
        "Ask it once an upload and never again. And do not promise a number in the policy: people count, and will say "
        "that you broke your word.", named=True,
    )  # fmt: skip
    telling.later(days=1)
    second = walk.says(asked, GUS, "for", "moderate", "The answers save us the slow cases. A quarter is bearable.")
    telling.later(days=2)
    walk.close(asked, "both views are in")
    walk.write(with_plainer_words(walk.now.draft_files()[DISCLOSURE]))
    walk.answer(first, "in-part", "The policy promises no number any more. Once an upload is how it works already.")
    walk.answer(second, "adopted", "The share is a quarter.")


def _sign(walk: Walk) -> None:
    walk.signed(LEA, Role.PUBLIC_POLICY, Verdict.DISSENTS, "Two regulators have asked for fewer questions, not more.")
    walk.signed(BO, Role.LEGAL, Verdict.SIGNS, "No duty is touched; the question names its purpose.")
    walk.signed(ADA, Role.POLICY_LEAD, Verdict.SIGNS, "The dissent is known to me; we look at the answers in March.")


def _launch(telling: Telling, walk: Walk) -> None:
    """It looks on for days, decides a quarter of items, then everything."""
    by = telling.actor(FAY)
    telling.done(releasing.build_bundle(change=walk.now, by=by, at=telling.later(20)))
    telling.done(releasing.start_pilot(change=walk.now, by=by, at=telling.later(10)))
    tell_channel(telling)
    telling.later(days=4)
    walk.on()
    telling.done(releasing.launch(change=walk.now, share=0.25, by=telling.actor(FAY), at=telling.later(30)))
    tell_channel(telling)
    telling.later(days=3)
    telling.done(releasing.launch(change=walk.now, share=1.0, by=telling.actor(FAY), at=telling.later(30)))
    tell_channel(telling)
    arrive_due(telling.later(1))
    if walk.now.stage != "in-force":
        raise NotTold(f"change {walk.now.number} did not come in force")


def tell_channel(telling: Telling) -> None:
    """What the clerk does every second: tell the channel what was released."""
    if not publish_due(telling.later(1)):
        raise NotTold("the channel took no release")
