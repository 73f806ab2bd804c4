"""Bad bundles are pushed to a running service, its database goes away, its brakes and tokens change while it works."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from assay.interfaces.packs.bundles import bundle_in, bundle_of_texts
from tests.engine.program.sql import tables
from tests.engine.program.sql.tables import a_postgres_server, why_no_postgres
from tests.interfaces import small
from tests.interfaces.deciding.live.releases import Desk, digest
from tests.interfaces.packs.signing import FAILS, a_bundle, found, signed
from tests.interfaces.running import assay
from tests.stories.serving.running import Served, Uploads, serving, until

pytestmark = [pytest.mark.story, pytest.mark.slow, pytest.mark.enable_socket]


def _corrupt(desk: Desk) -> None:
    desk.release(desk.bundle("1.2.0"))
    path = desk.folder / "channel" / "bundles" / f"{digest(desk.bundle('1.2.0')).replace(':', '-')}.json"
    path.write_bytes(path.read_bytes()[:-100])


def _unsigned(desk: Desk) -> None:
    content = json.loads(desk.release_file.read_text())
    del content["signature"]
    desk.release_file.write_text(json.dumps(content))


def _older(desk: Desk) -> None:
    shutil.copy(desk.folder / "channel" / "releases" / "000000000001.json", desk.release_file)


def _unproved(desk: Desk) -> None:
    desk.release(signed(a_bundle(desk.folder, version="1.3.0"), desk.key, proof=FAILS, unproved="in a hurry"))


def _misbehaving(desk: Desk) -> None:
    files = {
        name: text.replace("expect: {removed: yes}", "expect: {removed: no}") for name, text in small.FILES.items()
    }
    desk.release(signed(found(bundle_in(bundle_of_texts(files), "it")), desk.key))


def _gone(desk: Desk) -> None:
    desk.release_file.unlink()


# What was never signed is put back as it was; a release that was signed is followed by a better one.
BAD: tuple[tuple[Callable[[Desk], None], str, bool], ...] = (
    (_unsigned, "unsigned-release", False),
    (_older, "older-release", False),
    (_gone, "no-release", False),
    (_corrupt, "not-json", True),
    (_unproved, "unproved-bundle", True),
    (_misbehaving, "unsound-bundle", True),
)


def _fault(served: Served) -> str | None:
    fault = served.get("/v1/bundle").json()["last_fault"]
    return None if fault is None else str(fault["slug"])


def _version(served: Served) -> str:
    return str(served.get("/v1/bundle").json()["current"]["version"])


def _is_said(served: Served, slug: str) -> None:
    """It is ready all the same, and says what is wrong wherever somebody may look."""
    ready = served.get("/readyz")
    assert ready.status_code == 200
    assert slug in [note["slug"] for note in ready.json()["notes"]]
    assert served.metric("assay_bundle_fault") == 1


def test_a_bad_bundle_changes_nothing_but_what_the_service_says_of_itself(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.release(desk.bundle())
    desk.release(desk.bundle("1.1.0"))
    good = desk.release_file.read_bytes()
    where = {"SOURCE": "channel", "KEYS": "keys", "STATE": "service/state"}
    settings = {"BUNDLES__POLL": "0.2"} | {f"BUNDLES__{name}": str(tmp_path / path) for name, path in where.items()}
    with serving(tmp_path / "service", settings, source=True) as served:
        load = Uploads(served, clients=2)
        with load.running():
            for number, (happens, slug, is_signed) in enumerate(BAD):
                before = _version(served)
                happens(desk)
                until(lambda slug=slug: _fault(served) == slug)  # type: ignore[misc]
                _is_said(served, slug)
                assert _version(served) == before
                if is_signed:
                    desk.release(desk.bundle(f"2.{number}.0"))
                    until(lambda number=number: _version(served) == f"2.{number}.0")  # type: ignore[misc]
                else:
                    desk.release_file.write_bytes(good)
                until(lambda: _fault(served) is None)
                assert served.metric("assay_bundle_fault") == 0
            assert served.metric("assay_bundle_refusals_total") >= len(BAD) - 1
        assert (load.broken, load.refused) == (0, {})
        # Nothing bad decided anything: the first good bundle, and the three that followed.
        assert len({json.loads(record)["bundle"] for record in load.answered.values()}) == 4
        assert served.service.stop() == 0
        load.assert_kept([(each.item, each.record) for each in served.kept()])
    kept = served.folder / "state"
    assert assay("records", "replay", served.service.records, "--bundle", kept).code == 0


def test_a_database_that_is_restarted_in_mid_load_costs_no_answered_record(tmp_path: Path) -> None:
    why = why_no_postgres()
    if why is not None:
        pytest.skip(why)
    with a_postgres_server() as database:
        url = f"postgresql://assay@/postgres?host={database}"
        store = {"STORE__KIND": "postgres", "STORE__POSTGRES__URL": url, "STORE__POSTGRES__TIMEOUT": "1"}
        with serving(tmp_path / "service", store) as served:
            load = Uploads(served)
            with load.running():
                until(lambda: len(load.answered) > 100)
                _pg_ctl(database, "stop", "-m", "immediate")
                until(lambda: load.refused[503] > 3)
                until(lambda: served.get("/readyz").status_code == 503)
                assert load.retry[503] == "2"
                _pg_ctl(database, "start", "-o", _options(database), "-l", str(database / "log"))
                until(lambda: served.get("/readyz").status_code == 200)
                before = len(load.answered)
                until(lambda: len(load.answered) > before + 50)
            assert load.broken == 0
            load.send_again()
            assert not load.unanswered
            assert served.service.stop() == 0
        with psycopg.connect(url) as connection:
            rows = connection.execute("SELECT item, record FROM assay_records").fetchall()
        load.assert_kept([(item, record.encode()) for item, record in rows])


def _options(database: Path) -> str:
    return f"-c listen_addresses='' -c unix_socket_directories={database} -c fsync=off -c shared_buffers=16MB"


def _pg_ctl(database: Path, *words: str) -> None:
    command = [str(tables._server_tools() / "pg_ctl"), "-D", str(database / "data"), "-w", *words]
    user = database.owner()
    subprocess.run(command, check=True, capture_output=True, cwd=database, user=user if user != "root" else None)
