"""The library's pages: what decides, every version, what differs, what stood on a day."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assay.governance.office.roles import Role
from tests.governance.policies.library.houses import decides, policy, released
from tests.workbench.people import JOINED, ClientOf, a_person

if TYPE_CHECKING:
    from django.test import Client

    from assay.governance.people.models import Person

pytestmark = pytest.mark.django_db
LIKENESS = "policies/likeness.md"
FIRST, SECOND = JOINED + timedelta(days=10, hours=9), JOINED + timedelta(days=20, hours=9)


@pytest.fixture
def client(ada: Person, client_of: ClientOf) -> Client:
    return client_of(ada)


def seen(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def two_versions() -> None:
    released({LIKENESS: policy(), "signals.yaml": "signals: {}\n"}, FIRST)
    released({LIKENESS: policy(version="1.1.0", severity="S4"), "signals.yaml": "signals: {}\n"}, SECOND)


def test_the_list_shows_what_decides_and_shared_files_apart(client: Client) -> None:
    two_versions()
    page = seen(client, "/policies/")
    assert "Likeness" in page
    assert "1.1.0" in page
    assert "2 of 2" in page
    assert "in force" in page
    assert "signals.yaml" not in page
    assert "signals.yaml" in seen(client, "/policies/?shared=yes")


def test_after_a_roll_back_the_former_version_is_shown_as_what_decides(client: Client) -> None:
    two_versions()
    from assay.governance.policies.life.models import Edition

    decides(Edition.objects.get(number=1), SECOND + timedelta(days=1))
    page = seen(client, "/policies/")
    assert "1 of 2" in page
    assert "rolled back" in page
    versions = seen(client, "/policies/likeness/versions")
    assert versions.index("decides now") > versions.index("1.1.0")


def test_a_policy_that_was_taken_out_is_listed_as_retired_alone(client: Client) -> None:
    two_versions()
    released({"signals.yaml": "signals: {}\n"}, SECOND + timedelta(days=1))
    assert "Likeness" not in seen(client, "/policies/")
    assert "Likeness" in seen(client, "/policies/?standing=retired")
    assert "removed" in seen(client, "/policies/likeness/versions")
    assert "removed the file" in seen(client, "/policies/likeness/versions/3")


def test_two_versions_are_told_apart_rule_by_rule_and_word_by_word(client: Client) -> None:
    two_versions()
    page = seen(client, "/policies/likeness/difference")
    assert "condition and measures" in page
    assert "severity: <del>S3</del>" in page
    assert "severity: <ins>S4</ins>" in page
    # Which of the two is named first does not matter.
    turned = seen(client, "/policies/likeness/difference?from=2&to=1")
    assert page.partition("by-rule")[2] == turned.partition("by-rule")[2]
    seen(client, "/policies/likeness/difference?from=1&to=3", 404)


def test_any_day_shows_what_decided_at_its_end(client: Client) -> None:
    two_versions()
    for day, words in {
        FIRST - timedelta(days=1): "Before this house kept its policies here",
        FIRST: "Version 1.0.0 decided",
        SECOND - timedelta(days=1): "Version 1.0.0 decided",
        SECOND: "Version 1.1.0 decided",
    }.items():
        assert words in seen(client, f"/policies/likeness/as-of?day={day:%Y-%m-%d}")
    assert "Another edition began to decide" in seen(client, f"/policies/likeness/as-of?day={SECOND:%Y-%m-%d}")
    assert "today is shown" in seen(client, "/policies/likeness/as-of?day=9999-12-31")
    assert "today is shown" in seen(client, "/policies/likeness/as-of?day=soon")


def test_what_somebody_wrote_into_a_text_is_shown_and_never_obeyed(client: Client) -> None:
    evil = "<script>alert(1)</script>"
    text = policy(title=f"'{evil}'").replace("We do not", f"{evil} [press](javascript:alert(2)) We do not")
    released({LIKENESS: text}, FIRST)
    released({LIKENESS: text.replace("ask who", f"{evil} who").replace("id: private", f"id: '{evil}'")}, SECOND)
    for path in ("", "likeness/versions", "likeness/versions/2", "likeness/difference", "likeness/as-of"):
        page = seen(client, f"/policies/{path}")
        assert "alert(1)" in page
        assert evil not in page
        assert 'href="javascript' not in page


def test_an_expert_from_outside_sees_none_of_it(client_of: ClientOf) -> None:
    two_versions()
    outside = client_of(a_person("Eve", Role.EXTERNAL_EXPERT))
    for path in ("", "likeness/versions", "likeness/versions/1", "likeness/difference", "likeness/as-of"):
        assert outside.get(f"/policies/{path}").status_code == 403, path


def test_a_longer_list_asks_the_store_no_more(client: Client) -> None:
    counted = []
    for number in (2, 30):
        files = {f"policies/p{each}.md": policy(f"p{each}", title=f"Policy {each}") for each in range(number)}
        released(files, FIRST + timedelta(days=number))
        client.get("/policies/")
        with CaptureQueriesContext(connection) as captured:
            seen(client, "/policies/")
        counted.append(len(captured))
    assert counted[0] == counted[1] <= 12
