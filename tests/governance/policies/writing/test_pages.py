"""The pages of documents and translations: what each reader gets, and what a hostile file or address gets."""

from __future__ import annotations

import json
from datetime import date, timedelta
from io import BytesIO
from typing import TYPE_CHECKING

import jsonschema
import pytest

from tests.conftest import ROOT
from tests.governance.policies.library.houses import released
from tests.governance.policies.writing.houses import FILES, LIKENESS
from tests.workbench.people import JOINED, ClientOf

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries as Asserted

    from assay.governance.people.models import Person

SCHEMA = ROOT / "docs" / "language" / "policy-document.schema.json"
pytestmark = pytest.mark.django_db
FIRST, SECOND = JOINED + timedelta(days=10, hours=9), JOINED + timedelta(days=20, hours=9)
LATER = date(2999, 1, 1)
MOST_READS = 15
SECOND_FILES = {**FILES, LIKENESS: FILES[LIKENESS].replace("1.0.0", "1.1.0").replace("We remove it.", "We hide it.")}


@pytest.fixture
def client(ada: Person, client_of: ClientOf) -> Client:
    released(FILES, FIRST)
    return client_of(ada)


def seen(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def test_the_public_page_says_what_is_done_and_nothing_that_is_ours_alone(client: Client) -> None:
    text = seen(client, "/policies/likeness/public")
    main = text[text.index("<article") : text.index("</article>")]
    assert "It is removed" in main
    assert "It is kept out of lists" in main
    assert "<strong>all</strong>" in main
    for ours in ("write it down", "nobody outside", "queue", "review_priority", "S3", "Only for us", "stranger&quot;"):
        assert ours not in main, ours


def test_guidance_has_the_moderators_words_the_steps_the_examples_and_the_questions(client: Client) -> None:
    text = seen(client, "/policies/likeness/guidance")
    for words in (
        "Ask who it shows", "Nobody outside reads this", "Who is shown?", "go to 2", "a neighbour who said no",
        "Since a stranger is shown and they did not agree", "Did they agree?", "<svg", "kept out of lists",
    ):  # fmt: skip
        assert words in text, words


def test_every_document_opens_also_of_a_version_and_a_day(client: Client) -> None:
    released(SECOND_FILES, SECOND)
    assert "We hide it." in seen(client, "/policies/likeness/public")
    assert "We remove it." in seen(client, "/policies/likeness/public?version=1")
    assert "We remove it." in seen(client, f"/policies/likeness/public?day={FIRST.date()}")
    assert "Strangers who did not agree" in seen(client, "/policies/likeness/changes")
    assert "show it if you can" in seen(client, "/policies/likeness/explanation")
    assert client.get("/policies/likeness/guidance.pdf").content.startswith(b"%PDF")
    document = json.loads(seen(client, "/policies/likeness/policy.json"))
    assert (document["schema"], document["version"]) == ("assay.policy-document/1", "1.1.0")
    assert document["changes"][0]["altered"] == ["Strangers who did not agree"]
    jsonschema.validate(document, json.loads(SCHEMA.read_text("utf-8")))


def test_a_document_is_made_with_few_reads(client: Client, django_assert_max_num_queries: Asserted) -> None:
    released(SECOND_FILES, SECOND)
    assert send(client, german(client, WORDS))[0] == 302
    for page in ("public", "guidance", "explanation", "changes", "translations", "translations/de/"):
        seen(client, f"/policies/likeness/{page}?language=de")
        with django_assert_max_num_queries(MOST_READS):
            seen(client, f"/policies/likeness/{page}?language=de")


def test_guidance_tells_what_was_ruled_and_is_in_force(client: Client) -> None:
    from assay.governance.policies.questions.models import KnownQuestion

    for number, (rule, expires) in enumerate((("stranger", LATER), ("", LATER), ("stranger", FIRST.date())), 1):
        KnownQuestion.objects.create(
            number=number, policy="likeness", rule=rule, question=f"What of mirrors {number}?", asked_at=FIRST,
            changed_at=FIRST, state="ruled", ruling=f"A mirror is {number}.", ruled_at=FIRST, expires_on=expires,
        )  # fmt: skip
    text = seen(client, "/policies/likeness/guidance")
    assert text.count("A mirror is 1.") == 1
    assert text.count("A mirror is 2.") == 1
    assert (
        text.index("A mirror is 1.") < text.index("Known questions of the whole policy") < text.index("A mirror is 2.")
    )
    assert "A mirror is 3." not in text


@pytest.mark.parametrize(
    "query", ["version=99", "version=x", "day=2026-13-01", "day=1000-01-01", "language=xx-1", "market=XX", "change=5"]
)
def test_an_address_that_names_nothing_is_not_found(client: Client, query: str) -> None:
    seen(client, f"/policies/likeness/guidance?{query}", 404)
    seen(client, "/policies/nothing/public", 404)


def send(client: Client, content: bytes, language: str = "de", **more: str) -> tuple[int, str]:
    file = BytesIO(content)
    file.name = "likeness.po"
    answer = client.post("/policies/likeness/translations", {"language": language, "file": file, **more})
    return answer.status_code, answer.content.decode()


def german(client: Client, words: dict[str, str]) -> bytes:
    """The file as it is exported, with some strings translated."""
    answer = client.get("/policies/likeness/translations/de/strings.po")
    text = answer.content.decode()
    for source, translation in words.items():
        assert f'msgid "{source}"\nmsgstr ""' in text, source
        text = text.replace(f'msgid "{source}"\nmsgstr ""', f'msgid "{source}"\nmsgstr "{translation}"')
    return text.encode()


WORDS = {
    "Likeness of people": "Abbild von Menschen",
    "Nobody's face is used without asking.": "Kein Gesicht ohne Frage.",
    "ask who it shows, and write it down.": "Fragt, wen es zeigt.",
}


def test_a_translated_file_is_read_by_readers_of_its_language(client: Client) -> None:
    assert send(client, german(client, WORDS))[0] == 302
    text = seen(client, "/policies/likeness/public?language=de")
    assert "Abbild von Menschen" in text
    assert "Kein Gesicht ohne Frage." in text
    assert "We remove it." in text  # Said to be untranslated, in its own words.
    assert "This part is being translated. The English text holds." in text
    assert "Fragt, wen es zeigt." in seen(client, "/policies/likeness/guidance?language=de")


def test_a_translation_of_words_that_have_changed_is_stale_and_never_shown_as_current(client: Client) -> None:
    source = "We remove it. Read **all** of it at [our help](https://example.org/help)."
    words = {source: "Weg damit. **Alles**: [Hilfe](https://example.org/help)."}
    assert send(client, german(client, words))[0] == 302
    assert "Weg damit." in seen(client, "/policies/likeness/public?language=de")
    released(SECOND_FILES, SECOND)
    now = seen(client, "/policies/likeness/public?language=de")
    assert "Weg damit." not in now
    assert "We hide it." in now
    assert "Of an earlier English text" in seen(client, "/policies/likeness/translations/de/?state=stale")
    # The words come back with their source.
    assert "Weg damit." in seen(client, "/policies/likeness/public?language=de&version=1")


def test_what_is_wrong_with_a_file_is_said_and_nothing_of_it_is_taken(client: Client) -> None:
    from assay.governance.policies.writing.models import Translation

    good = german(client, WORDS)
    script = good.replace(b"Kein Gesicht ohne Frage.", b"# Kein Gesicht")
    for content, words in (
        (b"\xff\xfe", "not UTF-8"),
        (b"msgid", "no PO file"),
        (good + b'\nmsgctxt "title"\nmsgid "Likeness of people"\nmsgstr "Anders"\n', "2 times"),
        (good.replace(b'msgctxt "title"', b'#, fuzzy\nmsgctxt "title"'), "marked fuzzy"),
        (script, "no longer be one paragraph"),
        (good.replace(b"Language: de", b"Language: fr"), "says that it is in"),
    ):
        status, text = send(client, content)
        assert (status, words in text) == (422, True), words
    assert not Translation.objects.exists()
    assert send(client, script, leave_out="on")[0] == 302
    assert Translation.objects.count() == len(WORDS) - 1


def test_a_translation_is_words_and_never_markup_of_the_page(client: Client) -> None:
    words = {**WORDS, "Likeness of people": "<script>alert(1)</script>"}
    words["Nobody's face is used without asking."] = "<img src=x onerror=alert(1)>"
    assert send(client, german(client, words))[0] == 302
    for page in ("public", "guidance", "explanation", "translations/de/"):
        text = seen(client, f"/policies/likeness/{page}?language=de")
        assert "<script>alert" not in text
        assert "<img src=x" not in text


def test_only_who_writes_to_people_may_send_translations(cy: Person, client_of: ClientOf, client: Client) -> None:
    content = german(client, WORDS)
    reader = client_of(cy)
    assert send(reader, content)[0] == 403
    assert "Send a translated file" not in seen(reader, "/policies/likeness/translations")


def test_a_language_can_be_dropped(client: Client) -> None:
    assert send(client, german(client, WORDS))[0] == 302
    assert client.post("/policies/likeness/translations/de/drop").status_code == 302
    assert "Nothing is translated yet" in seen(client, "/policies/likeness/translations")


def test_the_shared_catalogues_are_translated_as_well(client: Client) -> None:
    assert "Who is shown?" in seen(client, "/policies/shared-vocabulary/translations/de/")
    assert "Takes effect on {day}" in seen(client, "/policies/shared-page/translations/de/")
