"""Whoever writes at the same time, in whatever order it is saved: every word that anybody typed can be found again."""

from __future__ import annotations

import re
import threading
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.governance.policies.drafting.drafts import drafting, stands, written
from tests.governance.policies.life.houses import FILES, LIKENESS
from tests.workbench.people import SOME_MOMENT, ActorOf, a_person

if TYPE_CHECKING:
    from assay.governance.office.actor import Actor
    from assay.governance.people.models import Person
    from assay.governance.policies.drafting.commands import Saved
    from assay.governance.policies.life.models import Change

TEXT = FILES[LIKENESS]
WRITERS = 3
_WORD = re.compile(r"\bw\d+\b")
# Who does something; what: type a word at a place, take words out, or save. Places are shares of the text.
STEPS = st.lists(
    st.tuples(
        st.integers(0, WRITERS - 1),
        st.sampled_from(["type", "type", "cut", "save", "typing on"]),
        st.floats(0, 1),
        st.integers(1, 30),
    ),
    min_size=4,
    max_size=24,
)


class Page:
    """What one person has in front of them, as the editor's script keeps it."""

    def __init__(self, by: Actor) -> None:
        self.by, self.text, self.revision = by, TEXT, 0
        self.typed: list[str] = []

    def type(self, place: float, word: str) -> None:
        """Type a word between two others."""
        at = int(place * len(self.text))
        while at < len(self.text) and self.text[at].isalnum():
            at += 1
        self.text = f"{self.text[:at]} {word} {self.text[at:]}"
        self.typed.append(word)

    def cut(self, place: float, length: int) -> None:
        """Take letters out, but none that anybody typed here."""
        at = int(place * len(self.text))
        if not _WORD.search(self.text[max(0, at - 8) : at + length + 8]):
            self.text = self.text[:at] + self.text[at + length :]

    def took(self, saved: Saved, sent: str) -> None:
        """Go on with what stands; or, where something was typed meanwhile, with one's own words."""
        if self.text == sent:
            self.text, self.revision = saved.text, saved.revision
        else:
            self.revision = saved.own


def save(change: Change, page: Page, then: tuple[float, str] | None = None) -> None:
    """Save what is in front of somebody, who may type on before the answer comes."""
    from assay.governance.policies.drafting.commands import save_draft

    sent = page.text
    made = save_draft(change=change, path=LIKENESS, text=sent, started_from=page.revision, by=page.by, at=SOME_MOMENT)
    if then is not None:
        page.type(*then)
    if not isinstance(made, list):
        page.took(made, sent)
    else:
        assert [fault.slug for fault in made] == ["nothing-changed"]


def reachable(change: Change) -> str:
    """All that a person sees: the text, and the words that are kept beside it to choose from."""
    from assay.governance.policies.drafting.queries.drafts import asides_of

    beside = [clash.theirs for each in asides_of(change) for clash in each.clashes]
    return "\n".join([stands(change), *beside])


@pytest.mark.django_db
@given(steps=STEPS)
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_every_word_that_was_saved_stands_in_the_text_or_beside_it(
    steps: list[tuple[int, str, float, int]], drawn: tuple[Change, list[Actor]]
) -> None:
    change, writers = drawn
    change.revisions.all().delete()
    change.files.all().delete()
    pages = [Page(by) for by in writers]
    for number, (who, what, place, length) in enumerate(steps):
        page = pages[who]
        if what == "type":
            page.type(place, f"w{number}")
        elif what == "cut":
            page.cut(place, length)
        elif what == "save":
            save(change, page)
        else:
            save(change, page, then=(place, f"w{number}"))
    for page in pages:
        save(change, page)
    # Nobody took out a word that was typed here, so each is there: merged, or beside what another wrote.
    found = set(_WORD.findall(reachable(change)))
    assert {word for page in pages for word in page.typed} <= found
    # And whatever came of it, each text that was saved is kept as it was.
    kept = {revision.text.content for revision in change.revisions.select_related("text") if revision.text is not None}
    assert stands(change) in kept | {TEXT}


@pytest.fixture
def drawn(ada: Person, actor_of: ActorOf) -> tuple[Change, list[Actor]]:
    """A change, and those who write in it."""
    from assay.governance.office.roles import Role

    change = drafting(actor_of(ada), SOME_MOMENT)
    others = [a_person(name, Role.ANALYST) for name in ("Eve", "Gus")]
    return change, [actor_of(person) for person in (ada, *others)]


@pytest.mark.django_db(transaction=True)
def test_two_who_save_at_the_very_same_moment_both_have_their_words(
    ada: Person, actor_of: ActorOf, at: datetime
) -> None:
    from assay.governance.office.roles import Role

    eve = a_person("Eve", Role.ANALYST)
    change = drafting(actor_of(ada), at)
    ready, failed = threading.Barrier(2), []

    def write(by: Actor, name: str) -> None:
        try:
            text, revision = TEXT, 0
            for turn in range(6):
                # Each writes at a place of their own, as two people do in two sections.
                spot = "Nobody's face" if name == "ada" else "We mark"
                text = text.replace(spot, f"{name}{turn} {spot}", 1)
                ready.wait(10)
                saved = written(change, text, revision, by=by, at=at)
                text, revision = saved.text, saved.revision
        except Exception as error:  # noqa: BLE001 (the test's own thread: what it met fails the test)
            ready.abort()
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(actor_of(one), one.name.lower())) for one in (ada, eve)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    for turn in range(6):
        assert f"ada{turn} " in stands(change)
        assert f"eve{turn} " in stands(change)
    numbers = list(change.revisions.filter(path=LIKENESS).order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
