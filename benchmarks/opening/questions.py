"""Fills a workbench with known questions: asked by people, ruled on, found by their words. It measures nothing."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from benchmarks.opening.filling import SEED

QUESTIONS = 10_000
_AT_ONCE = 500
_NOUNS = (
    "voice likeness parody label speech drawing consent filter streamer candidate song portrait rumour advert app "
    "caption template detector watermark face crowd uniform logo interview recipe screenshot subtitle hologram"
).split()
_VERBS = "shows repeats hides invents sells quotes mocks borrows ages mirrors slows translates".split()


def fill_questions(number: int) -> None:
    """So many questions more, four in five with a ruling, each in the index of words as the program puts it there."""
    from assay.governance.people.models import Person
    from assay.governance.policies.questions.finding import put
    from assay.governance.policies.questions.models import KnownQuestion

    chance = random.Random(SEED)
    people = list(Person.objects.filter(is_active=True).order_by("pk")[:40])
    first = KnownQuestion.objects.count() + 1
    began = datetime.now(UTC) - timedelta(days=700)
    made = []
    for place in range(number):
        ruled = place % 5 > 0
        at = began + timedelta(hours=place)
        made.append(
            KnownQuestion(
                number=first + place,
                policy=f"house-{place % 300:03}",
                rule="realistic" if place % 3 else "",
                markets=[["DE", "FR", "JP", "BR"][place % 4]] if place % 2 else [],
                question=f"{_sentence(chance)}, and nobody objects. Is that the likeness of a real person?",
                context=_sentence(chance),
                asked_by=chance.choice(people),
                asked_at=at,
                state="ruled" if ruled else "open",
                ruling=f"No: {_sentence(chance)}." if ruled else "",
                rationale=f"{_sentence(chance)}, as {_sentence(chance)} before." if ruled else "",
                ruled_by=chance.choice(people) if ruled else None,
                ruled_at=at + timedelta(days=2) if ruled else None,
                expires_on=(at + timedelta(days=360)).date() if ruled else None,
                changed_at=at + timedelta(days=2),
            )
        )
    for start in range(0, number, _AT_ONCE):
        put(KnownQuestion.objects.bulk_create(made[start : start + _AT_ONCE]))


def _sentence(chance: random.Random) -> str:
    return f"a {chance.choice(_NOUNS)} {chance.choice(_VERBS)} the {chance.choice(_NOUNS)} of a {chance.choice(_NOUNS)}"
