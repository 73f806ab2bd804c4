"""What stands around the demonstration's changes: questions, features, translations, an idea. It invents no entry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO

from babel.messages.pofile import read_po, write_po

from assay.governance.policies.questions.commands import answer_question, ask_question
from assay.governance.policies.questions.rules import About
from assay.governance.policies.readiness.commands.features import begin_features as register_what_decides
from assay.governance.policies.readiness.commands.features import save_feature
from assay.governance.policies.readiness.rules.registering import Wish
from assay.governance.policies.readiness.rules.standing import State
from assay.governance.policies.writing.commands import import_strings
from assay.governance.policies.writing.queries import strings_file
from assay.interfaces.demo.workbench.cast import ADA, GUS, HANA, KIM, MAX, Member
from assay.interfaces.demo.workbench.making.walking import Walk
from assay.interfaces.demo.workbench.telling import NotTold, Telling

# By what a string begins with: its words in German.
_GERMAN: Mapping[str, str] = {
    "Saying that AI was used": "Angeben, dass KI verwendet wurde",
    "People should not have to guess": (
        "Niemand soll raten müssen, ob echt ist, was man sieht und hört. Das meiste, was mit KI entsteht, ist hier "
        "willkommen. Wir verlangen, dass wirklichkeitsnahe Inhalte sagen, was sie sind, und zwar dort, wo man es "
        "bemerkt, und dass niemand allein auf die Vermutung einer Maschine hin beschuldigt wird, etwas zu verbergen."
    ),
    "Content that says itself that AI made it": "Inhalte, die selbst sagen, dass KI sie gemacht hat",
    "Realistic content made or changed with AI": "Wirklichkeitsnahe Inhalte, mit KI gemacht oder verändert",
    "Content that we only suspect": "Inhalte, bei denen wir es nur vermuten",
    "Detectors err.": (
        "Detektoren irren. Wo wir nur einen Detektor haben, fragen wir nach und tun sonst nichts: kein Hinweis, der "
        "eine Tatsache behauptet, keine geringere Reichweite, keine Verwarnung. Wir erproben das an jedem zehnten "
        "Beitrag, um zu lernen, wie oft die Frage berechtigt ist."
    ),
}


def open_idea(telling: Telling) -> None:
    """Somebody has noticed something, and nobody has begun."""
    telling.until(hours=12)
    Walk(
        telling,
        title="Companions that say they are human",
        why="Accounts that a model runs tell people who fall in love with them that they are human. No policy speaks "
        "of it; two users have asked us to.",
        name="companions",
    )


def begin_features(telling: Telling) -> None:
    """The product can do what the policies in force need."""
    telling.done(register_what_decides(by=telling.actor(MAX), at=telling.later(30)))


def miss_feature(telling: Telling) -> None:
    """One thing that policies ask for cannot be done everywhere yet."""
    wish = Wish(
        "high-risk-label-on-live-video",
        "The label for high risk on live video",
        "label",
        ("label:high_risk",),
        {"*": (State.READY, None), "KR": (State.MISSING, None)},
        team="Live video",
        note="The player in Korea is an older one; nobody works on it yet.",
    )
    telling.done(save_feature(wish=wish, seen=0, by=telling.actor(MAX), at=telling.later(50)))


def translate(telling: Telling) -> None:
    """Some of the policy on disclosure in German, before its first change: of what changes, the words grow stale."""
    by, at = telling.actor(KIM), telling.later(90)
    strings = strings_file(catalogue="disclosure", language="de", by=by, at=at)
    if strings is None:
        raise NotTold("the policy on disclosure has nothing to translate")
    catalogue = read_po(BytesIO(strings))
    for message in catalogue:
        german = next((words for begins, words in _GERMAN.items() if str(message.id).startswith(begins)), None)
        if german is not None:
            message.string = german
    file = BytesIO()
    write_po(file, catalogue)
    telling.done(import_strings(catalogue="disclosure", language="de", content=file.getvalue(), by=by, at=at))


def rule_on_questions(telling: Telling) -> None:
    """What reviewers met and no policy answers: three were ruled on, one waits."""
    _ruled(
        telling, GUS, About("likeness", "private-person", markets=("PH",)),
        "A karaoke app puts the singer's own face on a film star. Is that the likeness of a real person?",
        "The star's, yes: the scene is theirs. The singer agreed by using the app; the star did not.",
        "Consent is asked of everybody who can be recognised, and a body in a known scene is recognised.",
    )  # fmt: skip
    _ruled(
        telling, HANA, About("disclosure", "realistic", markets=("JP",)),
        "A virtual streamer whose face is a drawing speaks with a voice made from her own. Does it need a label?",
        "No: what is seen is not lifelike, and the voice is hers.",
        "A label tells viewers what they could mistake; nobody takes a drawn face for real.",
    )  # fmt: skip
    _ruled(
        telling, GUS, About("intimate", "intimate"),
        "Somebody reports a picture of herself that she made with an app and sold. May she take her consent back?",
        "Yes, from the day on which she says so.",
        "Consent can be withdrawn; what was sold before is between her and the buyer.",
    )  # fmt: skip
    telling.later(45)
    done = ask_question(
        about=About("civic", "fabricated-candidate", markets=("TW",)),
        question="A candidate's team posts a made-up speech of their own candidate, a day before they give it.",
        context="Twice this week. The team says that it is a rehearsal.",
        by=telling.actor(GUS), at=telling.now,
    )  # fmt: skip
    telling.done(done)


def _ruled(telling: Telling, member: Member, about: About, question: str, ruling: str, why: str) -> None:
    by, at = telling.actor(member), telling.later(40)
    asked = telling.done(ask_question(about=about, question=question, context="", by=by, at=at))
    ends = (telling.ends + timedelta(days=90)).date()
    by, at = telling.actor(ADA), telling.later(120)
    telling.done(answer_question(asked=asked, ruling=ruling, rationale=why, expires_on=ends, by=by, at=at))
