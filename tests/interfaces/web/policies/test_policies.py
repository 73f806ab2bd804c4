"""The policies in force: read from where the service keeps them, shown in plain words, to whoever may."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from django.urls import reverse
from pytest_django import Settings

from assay.engine.language.plain import plain_rule
from assay.governance.ledger.models import Entry
from assay.governance.ledger.subscribers import deliver
from assay.governance.office.roles import Role
from assay.governance.people.actors import actor_of
from assay.governance.people.models import Person
from assay.governance.people.notices.models import Notice
from assay.governance.people.notices.queries import notices_of
from assay.interfaces.deciding.live.keeping import Good, Keeping
from assay.interfaces.deciding.live.status import Pin
from assay.interfaces.packs import load_pack
from assay.interfaces.packs.bundles import bundle_of
from assay.interfaces.web.policies.dates import all_dates
from assay.interfaces.web.policies.in_force import pack_in_force
from assay.interfaces.web.policies.noting import note_if_changed
from tests.conftest import ROOT
from tests.interfaces.small import FILES
from tests.workbench.people import ClientOf, a_person

_STARTER = ROOT / "packs" / "starter"


@pytest.fixture
def starter(settings: Settings) -> None:
    settings.ASSAY_BUNDLES_STATE, settings.ASSAY_BUNDLES_SOURCE = None, str(_STARTER)


def a_folder(place: Path, title: str) -> Path:
    for name, text in FILES.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("A small pack", title), encoding="utf-8")
    return place


def kept(state: Path, *folders: Path) -> list[str]:
    keeping = Keeping(state)
    packs = [load_pack(folder) for folder in folders]
    assert all(keeping.keep_bundle(pack.digest, bundle_of(pack)) is None for pack in packs)
    assert keeping.change(good=Good(packs[0].digest)) is None
    return [pack.digest for pack in packs]


def test_what_the_service_keeps_is_in_force_before_any_folder(tmp_path: Path, settings: Settings) -> None:
    settings.ASSAY_BUNDLES_STATE, settings.ASSAY_BUNDLES_SOURCE = tmp_path / "state", str(_STARTER)
    from_folder = pack_in_force()
    assert from_folder is not None
    assert (from_folder.pack.name, from_folder.decides) == ("starter", False)
    one, other = kept(tmp_path / "state", a_folder(tmp_path / "a", "One"), a_folder(tmp_path / "b", "Other"))
    now = pack_in_force()
    assert now is not None
    assert (now.digest, now.pack.title, now.decides) == (one, "One", True)
    keeping = Keeping(tmp_path / "state")
    assert keeping.open() is None
    assert keeping.change(pinned=Pin(other, one, None, "bo", 0)) is None
    rolled_back = pack_in_force()
    assert rolled_back is not None
    assert rolled_back.digest == other


def test_what_cannot_be_read_is_no_policy_and_no_fault(tmp_path: Path, settings: Settings) -> None:
    settings.ASSAY_BUNDLES_STATE, settings.ASSAY_BUNDLES_SOURCE = tmp_path, "https://channel.example/releases"
    assert pack_in_force() is None
    (tmp_path / "live.json").write_text("{", encoding="utf-8")
    assert pack_in_force() is None


def test_a_saved_folder_is_read_again(tmp_path: Path, settings: Settings) -> None:
    settings.ASSAY_BUNDLES_STATE, settings.ASSAY_BUNDLES_SOURCE = None, str(a_folder(tmp_path, "Before"))
    before = pack_in_force()
    a_folder(tmp_path, "Afterwards")
    after = pack_in_force()
    assert before is not None
    assert after is not None
    assert (before.pack.title, after.pack.title) == ("Before", "Afterwards")


def test_every_date_of_the_pack_has_a_name_of_its_own() -> None:
    names = [(date.room, date.key) for date in all_dates(load_pack(_STARTER))]
    assert len(names) == len(set(names)) > 100


@pytest.mark.django_db
@pytest.mark.usefixtures("starter")
def test_a_policy_is_read_with_its_rules_in_plain_words(cy: Person, client_of: ClientOf) -> None:
    from django.utils.html import escape

    page = client_of(cy).get(reverse("policies:policy", args=["intimate"])).content.decode()
    pack = load_pack(_STARTER)
    for rule in pack.rules:
        if rule.policy == "intimate":
            assert f'id="rule-{rule.id}"' in page
            assert escape(plain_rule(rule, pack)) in page
    assert "It is not legal advice." in page
    assert "For moderators" in page


@pytest.mark.django_db
@pytest.mark.usefixtures("starter")
def test_every_page_of_the_pack_opens_for_the_inside_and_for_nobody_else(cy: Person, client_of: ClientOf) -> None:
    pack = load_pack(_STARTER)
    addresses = [reverse(f"policies:{name}") for name in ("policies", "questions", "measures", "duties", "windows")]
    addresses += [reverse("policies:policy", args=[policy.id]) for policy in pack.policies[:3]]
    addresses += [reverse("policies:question", args=[signal.name]) for signal in pack.vocabulary.signals[:2]]
    addresses += [reverse("policies:duty", args=[duty.id]) for duty in pack.obligations[:2]]
    inside, outside = client_of(cy), client_of(a_person("Flo", Role.EXTERNAL_EXPERT))
    assert {inside.get(address).status_code for address in addresses} == {200}
    assert {outside.get(address).status_code for address in addresses} == {403}
    for missing in ("/policies/nothing", "/policies/questions/nothing", "/policies/duties/nothing"):
        assert inside.get(missing).status_code == 404


@pytest.mark.django_db
def test_without_a_pack_the_pages_say_what_to_do(cy: Person, client_of: ClientOf, settings: Settings) -> None:
    settings.ASSAY_BUNDLES_STATE, settings.ASSAY_BUNDLES_SOURCE = None, ""
    page = client_of(cy).get(reverse("policies:policies")).content.decode()
    assert "No policy is in force here" in page
    assert client_of(cy).get(reverse("policies:policy", args=["intimate"])).status_code == 404


@pytest.mark.django_db
def test_markup_in_a_pack_is_shown_and_does_nothing(
    cy: Person, client_of: ClientOf, settings: Settings, tmp_path: Path
) -> None:
    folder = a_folder(tmp_path, "<script>alert(1)</script>")
    settings.ASSAY_BUNDLES_STATE, settings.ASSAY_BUNDLES_SOURCE = None, str(folder)
    policy = folder / "policies" / "likeness.md"
    policy.write_text(policy.read_text(encoding="utf-8") + "\n\n<img src=x onerror=alert(2)>\n", encoding="utf-8")
    client = client_of(cy)
    pages = client.get(reverse("policies:policies")).content + client.get("/policies/likeness").content
    assert b"<script>alert" not in pages
    assert b"<img src=x" not in pages
    assert b"&lt;script&gt;alert(1)" in pages


@pytest.mark.django_db
def test_what_decides_is_noted_once_each_time_it_is_another(
    ada: Person, cy: Person, tmp_path: Path, settings: Settings, at: datetime
) -> None:
    state = tmp_path / "state"
    settings.ASSAY_BUNDLES_STATE, settings.ASSAY_BUNDLES_SOURCE = state, ""
    assert note_if_changed(at) == 0
    one, other = kept(state, a_folder(tmp_path / "a", "One"), a_folder(tmp_path / "b", "Other"))
    assert [note_if_changed(at), note_if_changed(at)] == [1, 0]
    keeping = Keeping(state)
    assert keeping.open() is None
    assert keeping.change(good=Good(other), former=(one,)) is None
    assert [note_if_changed(at), note_if_changed(at)] == [1, 0]
    assert keeping.change(pinned=Pin(one, other, None, "bo", 0)) is None
    assert [note_if_changed(at), note_if_changed(at)] == [1, 0]
    noted = [(entry.kind, entry.subject) for entry in Entry.objects.order_by("number")]
    names = [f"bundle:{digest.replace(':', '-')}" for digest in (one, other, one)]
    assert noted == list(zip(("bundles.bundle-swapped",) * 2 + ("bundles.bundle-rolled-back",), names, strict=True))
    deliver(at)
    # The policy lead hears of each; somebody who may only read does not.
    assert [Notice.objects.filter(person=person).count() for person in (ada, cy)] == [3, 0]
    _, rows = notices_of(by=actor_of(ada, at), at=at)
    assert rows[0].words == "The clerk saw that One 1.0.0 decides again, by a rollback"
