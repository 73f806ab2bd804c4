"""Bundles on pages: which decides, who signed them, what was refused, what differs; from files alone."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from assay.engine.kernel.instants import parse_instant
from assay.governance.office.contributions import SEARCHES
from assay.governance.office.roles import Role
from assay.governance.people.models import Person
from assay.interfaces.deciding.events import EventLog
from assay.interfaces.deciding.live.settings import BundleSettings
from assay.interfaces.deciding.live.status import Pin
from assay.interfaces.packs.bundles import Bundle, bundle_in, bundle_of
from assay.interfaces.packs.channel.places import FolderPlace
from assay.interfaces.packs.channel.pushing import Signing, push
from assay.interfaces.packs.channel.release import Release
from assay.interfaces.packs.signed.keys import SigningKey, make_key, read_keys, read_signing_key
from assay.interfaces.packs.signed.statements import Proved, sign_bundle
from assay.interfaces.web.bundles.overview import EVENTS, overview_of
from tests.interfaces.web.decisions.recorded import a_pack, keep_bundles
from tests.workbench.people import ActorOf, ClientOf, a_person

NOON = parse_instant("2026-12-15T12:00:00Z") or 0


@pytest.fixture
def given(tmp_path: Path, settings: Settings) -> BundleSettings:
    """Two bundles in a state folder, of which the newer one decides."""
    packs = [a_pack(tmp_path / version, version) for version in ("2.0.0", "1.0.0")]
    keep_bundles(tmp_path / "state", *packs)
    log = EventLog(tmp_path / "state" / EVENTS)
    log.write("bundle-swapped", "small 2.0.0 decides", digest=packs[0].digest)
    log.write("bundle-refused", "nobody signed <b>it</b>", slug="unsigned-bundle")
    found = BundleSettings(source="https://channel.example", state=tmp_path / "state")
    settings.ASSAY_BUNDLES = found
    return found


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return str(response.content.decode())


def test_the_list_says_which_decides_and_what_was_refused(
    given: BundleSettings, ada: Person, client_of: ClientOf, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(ada)
    with django_assert_max_num_queries(11):
        found = page(client, reverse("bundles:list"))
    assert found.index("small 2.0.0") < found.index("small 1.0.0")
    assert found.count("Decides now") == 1
    assert "Decided before" in found
    assert "nobody signed &lt;b&gt;it&lt;/b&gt;" in found
    assert "The channel is at an address, which no page asks" in found


def test_a_rollback_is_said_with_who_did_it(
    given: BundleSettings, ada: Person, client_of: ClientOf, tmp_path: Path
) -> None:
    from assay.interfaces.deciding.live.keeping import Keeping

    keeping = Keeping(given.state)
    assert keeping.open() is None
    good, (former,) = keeping.notes.good, keeping.notes.former
    assert good is not None
    assert keeping.change(pinned=Pin(former, good.current, None, "Fay", time.time_ns() // 1_000)) is None
    overview = overview_of(given)
    assert overview.deciding == former
    stages = {row.version: [stage.words for stage in row.stages] for row in overview.bundles}
    assert stages == {"1.0.0": ["Decides, rolled back to"], "2.0.0": ["Put aside by the rollback"]}
    assert "Fay rolled back" in page(client_of(ada), reverse("bundles:list"))


def test_a_bundle_shows_its_policies_and_what_differs(given: BundleSettings, ada: Person, client_of: ClientOf) -> None:
    client, (new, old) = client_of(ada), [row.digest for row in overview_of(given).bundles]
    found = page(client, f"{reverse('bundles:one', args=[new])}?before={old}")
    assert "Decides now" in found
    assert "2 texts differ" in found
    assert "<del>" in found
    policy = page(client, reverse("bundles:policy", args=[new, "likeness"]))
    assert "We remove nude imagery that AI made" in policy
    assert "Another version may be in force now" in policy
    gone = page(client, f"{reverse('bundles:one', args=[new])}?before=sha256:{'0' * 64}")
    assert "That bundle is not kept here" in gone


@pytest.mark.parametrize("digest", ["sha256:" + "0" * 64, "x", "..%2f..%2fetc", "sha256:../../../etc/passwd"])
def test_a_bundle_that_is_not_kept_is_not_found(
    given: BundleSettings, ada: Person, client_of: ClientOf, digest: str
) -> None:
    page(client_of(ada), f"/bundles/{digest}/", 404)


def test_a_channels_releases_are_shown_with_their_signers(
    ada: Person, client_of: ClientOf, tmp_path: Path, settings: Settings
) -> None:
    private = tmp_path / "fay.key"
    assert isinstance(make_key("fay", private), tuple)
    keys, key = read_keys(tmp_path), read_signing_key(private)
    assert isinstance(key, SigningKey)
    assert not isinstance(keys, list)
    pack = a_pack(tmp_path / "pack")
    bundle = bundle_in(bundle_of(pack), "it")
    assert isinstance(bundle, Bundle)
    proved = Proved(NOON, 41, 0, 0, "assay")
    content = sign_bundle(bundle, key, proved, signed=NOON, unproved=None)
    place = FolderPlace(tmp_path / "channel")
    released = push(place, content, "current", Signing(key, keys, "Fay", "the <i>first</i> one", NOON))
    assert isinstance(released, Release)
    settings.ASSAY_BUNDLES = BundleSettings(source=str(tmp_path / "channel"), keys=tmp_path)
    found = page(client_of(ada), reverse("bundles:list"))
    assert "the &lt;i&gt;first&lt;/i&gt; one" in found
    assert "Released" in found
    one = page(client_of(ada), reverse("bundles:one", args=[pack.digest]))
    assert '<td class="number">41</td>' in one


def test_a_damaged_bundle_is_none(given: BundleSettings, ada: Person, client_of: ClientOf) -> None:
    new = overview_of(given).bundles[0].digest
    assert given.state is not None
    path = given.state / "bundles" / f"{new.replace(':', '-')}.json"
    path.write_bytes(path.read_bytes().replace(b"nude imagery", b"rude imagery"))
    page(client_of(ada), reverse("bundles:one", args=[new]), 404)
    assert "small 1.0.0" in page(client_of(ada), reverse("bundles:list"))


def test_a_search_finds_a_bundle_by_its_digest_or_version(
    given: BundleSettings, ada: Person, actor_of: ActorOf
) -> None:
    new = overview_of(given).bundles[0].digest
    assert [hit.title for hit in SEARCHES["bundles"](actor_of(ada), new[:20], 5)] == ["small 2.0.0"]
    assert [hit.title for hit in SEARCHES["bundles"](actor_of(ada), "small 1.0", 5)] == ["small 1.0.0"]


def test_an_expert_from_outside_sees_no_bundle(
    given: BundleSettings, db: None, client_of: ClientOf, actor_of: ActorOf
) -> None:
    eli = a_person("Eli", Role.EXTERNAL_EXPERT)
    page(client_of(eli), reverse("bundles:list"), 403)
    assert list(SEARCHES["bundles"](actor_of(eli), "small", 5)) == []
