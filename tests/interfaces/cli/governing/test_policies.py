"""`assay policies`: acts as the person of the token and nobody else, and takes a team that lives in git both ways."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner, Result

from assay.interfaces.cli.app import app
from assay.interfaces.cli.governing.policies import acting
from tests.governance.policies.releasing.desks import LIKENESS, Desk, desk
from tests.governance.policies.releasing.test_three_ways_in import token_of

if TYPE_CHECKING:
    from assay.governance.people.models import Person

__all__ = ["desk"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ada: Person) -> None:
    # Django is started already, with the store of the tests.
    monkeypatch.setattr(acting, "open_workbench", lambda *_: None)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("ASSAY_TOKEN", token_of(ada))
    monkeypatch.chdir(tmp_path)


def assay(*words: object, code: int = 0) -> Result:
    ended = CliRunner().invoke(app, ["policies", *map(str, words)])
    assert ended.exit_code == code, (ended.exit_code, ended.output)
    return ended


def test_a_change_is_taken_forward_and_back_at_the_terminal(desk: Desk) -> None:
    change = desk.change()
    assert "Pilot" in assay("list").output
    assert json.loads(assay("list", "--json").output)[0]["number"] == change.number
    assert "open: The bundle has looked on" in assay("show", change.number, code=1).output
    built = assay("build", change.number).output
    assert "edition 2 is built and signed" in built
    assert "edition 2 looks on 100 % of the items" in assay("pilot", change.number).output
    assert "releasing.shadow" not in assay("advance", change.number, code=1).stdout
    desk.published()
    desk.stands(change, "launch")
    assert "decides 10 %" in assay("launch", change.number, "10%").output
    desk.published()
    assert "other edition" not in assay("stop", change.number, "--reason", "Later.").output
    assert "decides 100 %" in assay("launch", change.number, "100%").output
    desk.published()
    assert "edition 1 decides again" in assay("roll-back", "--reason", "It was wrong.").output
    desk.published()
    shown = assay("releases").output
    assert "decides   edition 1" in shown
    assert "rolled back" in shown
    assert "looks on at 100 %" in shown
    assert "None" not in shown
    assert json.loads(assay("releases", "--json").output)[0]["kind"] == "roll-back"
    assert "edition 1" in assay("as-of", datetime.now(UTC).date()).output
    assert json.loads(assay("as-of", datetime.now(UTC).date(), "--json").output)["number"] == 1
    assay("as-of", "2020-01-01", code=1)
    assay("as-of", "yesterday", code=2)
    assay("launch", change.number, "some", code=2)
    assert "no-change" in assay("show", 99, code=1).output
    assert "no-edition" in assay("roll-back", "--to", 99, "--reason", "why", code=1).output
    assert "sign-off" in assay("list", "--stage", "signoff", code=1).output
    assert "--policy" in assay("open", "--title", "t", "--why", "w", code=2).output
    assert "drafting" in assay("back", change.number, "--to", "nowhere", "--words", "why", code=1).output


def test_a_token_that_does_not_hold_or_was_not_made_for_it_does_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, cy: Person, tmp_path: Path
) -> None:
    change = desk.change()
    token = token_of(cy)
    monkeypatch.setenv("ASSAY_TOKEN", token)
    assert "not-allowed" in assay("build", change.number, code=1).output
    assert "not-allowed" in assay("roll-back", "--reason", "why", code=1).output
    for wrong in ("x", token[:-1], f"assay_me_{'0' * 12}_{'A' * 43}"):
        monkeypatch.setenv("ASSAY_TOKEN", wrong)
        refused = assay("list", code=1).output
        assert "unknown-token" in refused
        assert wrong not in refused or wrong == "x"
    monkeypatch.delenv("ASSAY_TOKEN")
    assert "say who you are" in assay("list", code=2).output
    assert "cannot be read" in assay("list", "--token-file", tmp_path / "none", code=2).output
    (tmp_path / "token").write_text(f"{token}\n")
    assay("list", "--token-file", tmp_path / "token")


def test_a_team_that_lives_in_git_goes_out_and_comes_back_byte_for_byte(desk: Desk, tmp_path: Path) -> None:
    from assay.governance.policies.life.models import Edition

    desk.shipped(desk.change())
    house = tmp_path / "house"
    assert "2 releases committed to `main`" in assay("export", "--git", house, "--path", "policy").output
    assert "0 releases committed" in assay("export", "--git", house, "--path", "policy").output
    second = Edition.objects.get(number=2)
    for number in (1, 2):
        assay("export", tmp_path / f"plain-{number}", "--edition", number)
    assert (tmp_path / "plain-2" / LIKENESS).read_bytes() == (house / "policy" / LIKENESS).read_bytes()
    # What is merged there becomes a draft here, where its life goes on.
    same = assay("import", house / "policy", "--title", "From git").output
    assert "no change was opened" in same
    text = (house / "policy" / LIKENESS).read_text()
    (house / "policy" / LIKENESS).write_text(
        text.replace("We mark what is fake.", "We mark every fake."), newline="\r\n"
    )
    done = assay("import", house / "policy", "--title", "From git", "--why", "Merged there.").output
    assert "change 2 holds the texts" in done
    assert "holds these texts already" in assay("import", house / "policy", "--title", "From git").output
    change = desk.stands(opened(2), "drafting")
    assert [each.path for each in change.revisions.filter(kind="imported")] == [LIKENESS]
    assay("export", tmp_path / "draft", "--change", 2)
    assert (tmp_path / "draft" / LIKENESS).read_text() == text.replace("We mark what is fake.", "We mark every fake.")
    # And an older one too: back to what the first release said.
    assay("import", "assay/release-1:policy", "--change", 2, "--pack", house)
    change.refresh_from_db()
    assert dict(change.draft_files()) == dict(Edition.objects.get(number=1).texts)
    assay("import", tmp_path / "plain-2", "--change", 2)
    change.refresh_from_db()
    assert change.draft_digest == second.digest
    assay("import", house, "--change", 2, "--title", "both", code=2)
    assay("import", tmp_path / "nowhere", "--change", 2, code=2)


def opened(number: int):  # type: ignore[no-untyped-def]  # a model, which is imported once Django runs
    from assay.governance.policies.life.models import Change

    return Change.objects.get(number=number)


def test_what_people_say_does_not_go_into_git_unless_the_house_wants_their_names(desk: Desk, tmp_path: Path) -> None:
    import subprocess

    desk.shipped(desk.change())
    for name, words in (("plain", ()), ("named", ("--names",))):
        assay("export", "--git", tmp_path / name, *words)
        said = subprocess.run(
            ["git", "-C", str(tmp_path / name), "log", "--format=%an %B"], capture_output=True, text=True, check=True
        ).stdout
        assert ("Bo" in said) is (name == "named")
        assert "Say it better" not in said
