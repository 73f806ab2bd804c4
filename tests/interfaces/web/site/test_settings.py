"""What an operator writes about the workbench is taken as it is meant, or refused in words without a secret."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.interfaces.cli.running.configuring import with_database
from assay.interfaces.settings.listing import Room
from assay.interfaces.settings.reading import Settings, read_settings
from assay.interfaces.web.settings import WorkbenchSettings
from assay.interfaces.web.site.databases import NoSuchDatabase, database_of, sqlite_file
from assay.interfaces.web.site.given import as_browsers_call
from assay.interfaces.web.site.keys import UnusableKey, read_or_make_key
from assay.interfaces.web.site.middleware.proxies import first_untrusted, is_in, networks

ROOMS = (Room("workbench", WorkbenchSettings),)


def fields_of(**given: object) -> list[str | None]:
    return [fault.field for fault in WorkbenchSettings(**given).faults()]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("database", "mysql://ada:sesame@db/assay"),
        ("database", "sqlite:///"),
        ("database", "workbench.sqlite3"),
        ("public_address", "assay.example.org"),
        ("public_address", "https://assay.example.org/below"),
        ("public_address", "https://ada:sesame@assay.example.org"),
        ("public_address", "https://assay.example.org:99999"),
        ("public_address", "javascript:alert(1)"),
        ("proxies", ("10.0.0.0/8", "the-proxy")),
        ("threads", 0),
        ("body_bytes", 10),
        ("idle_minutes", 0.0),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(name: str, value: object) -> None:
    assert fields_of(**{name: value}) == [name]


def test_defaults_and_what_the_documentation_shows_are_taken() -> None:
    assert fields_of() == []
    assert fields_of(public_address="https://assay.example.org", proxies=("127.0.0.1", "fd00::/8")) == []
    assert fields_of(database="postgresql:///assay?host=/run/postgresql") == []


def test_no_fault_repeats_a_password() -> None:
    faults = WorkbenchSettings(database="mysql://ada:sesame@db/assay").faults()
    assert "sesame" not in repr(faults)
    with pytest.raises(NoSuchDatabase) as refused:
        database_of("postgresql://ada:sesame@db/%zz")
    assert "sesame" not in str(refused.value)
    assert "sesame" not in repr(WorkbenchSettings(database="postgresql://ada:sesame@db/assay"))


def test_nested_tables_tell_their_faults_with_the_place() -> None:
    environment = {
        "ASSAY_WORKBENCH__MAIL__PORT": "0",
        "ASSAY_WORKBENCH__OIDC__ISSUER": "http://login.example.org",
        "ASSAY_WORKBENCH__OIDC__FIRST_ROLE": "administrator",
    }
    found = read_settings(ROOMS, None, environment)
    assert isinstance(found, list)
    places = {fault.field for fault in found}
    assert places == {f"workbench.{name}" for name in ("mail.port", "oidc.issuer", "oidc.client_id", "oidc.first_role")}


def test_the_platforms_variable_names_the_database_unless_ours_does() -> None:
    url = "postgresql://assay@db/assay"
    found = read_settings(ROOMS, None, with_database({"DATABASE_URL": url}))
    assert isinstance(found, Settings)
    assert found.of(WorkbenchSettings).database_url == url
    ours = {"DATABASE_URL": url, "ASSAY_WORKBENCH__DATABASE": "sqlite:///ours.sqlite3"}
    found = read_settings(ROOMS, None, with_database(ours))
    assert isinstance(found, Settings)
    assert found.of(WorkbenchSettings).database_url == "sqlite:///ours.sqlite3"


def test_addresses_of_databases_become_djangos_description() -> None:
    assert sqlite_file("sqlite:////var/lib/assay/people%20here.sqlite3") == "/var/lib/assay/people here.sqlite3"
    sqlite = database_of("sqlite:///workbench.sqlite3")
    assert (sqlite["NAME"], sqlite["OPTIONS"]["transaction_mode"]) == ("workbench.sqlite3", "IMMEDIATE")
    postgresql = database_of("postgresql://ada:s%40same@db:5433/assay?sslmode=verify-full")
    assert [postgresql[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == [
        *("ada", "s@same", "db", "5433", "assay"),
    ]
    assert postgresql["OPTIONS"]["sslmode"] == "verify-full"


@pytest.mark.parametrize(
    ("listens", "opens"),
    [
        ("http://127.0.0.1:8600", "http://localhost:8600"),
        ("http://[::]:8600", "http://localhost:8600"),
        ("http://192.0.2.7:8600", "http://192.0.2.7:8600"),
        ("unix:/run/assay.sock", ""),
    ],
)
def test_a_browser_on_this_machine_calls_it_by_name(listens: str, opens: str) -> None:
    assert as_browsers_call(listens) == opens


def test_the_key_is_made_once_for_its_owner_alone_and_a_broken_one_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "workbench.key"
    made = read_or_make_key(path)
    assert len(made) >= 80
    assert read_or_make_key(path) == made
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text("short", encoding="ascii")
    with pytest.raises(UnusableKey, match="holds no key"):
        read_or_make_key(path)
    assert path.read_text(encoding="ascii") == "short"


TRUSTED = networks(("10.0.0.0/8", "::1"))
STRANGERS = st.ip_addresses().map(str).filter(lambda address: not is_in(address, TRUSTED))
PROXIES = st.sampled_from(("10.0.0.1", "10.200.3.4", "::1", "::ffff:10.0.0.9"))


@given(st.lists(STRANGERS | PROXIES | st.just("unknown")), STRANGERS, st.lists(PROXIES), PROXIES)
def test_whatever_a_stranger_writes_before_it_the_address_is_what_our_own_proxy_saw(
    made_up: list[str], stranger: str, behind: list[str], nearest: str
) -> None:
    forwarded = ", ".join([*made_up, stranger, *behind])
    assert first_untrusted(forwarded, nearest, TRUSTED) == stranger


def test_without_a_word_of_the_proxy_the_proxy_itself_called() -> None:
    assert first_untrusted("", "10.0.0.1", TRUSTED) == "10.0.0.1"
    assert first_untrusted("198.51.100.7, not an address", "10.0.0.1", TRUSTED) == "10.0.0.1"
