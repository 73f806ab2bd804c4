"""What the stream commands refuse, in words, before they reach any broker."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.interfaces.stream.publishing import Ready, partition_of, ready
from tests.interfaces import small
from tests.interfaces.running import assay


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return small.write(tmp_path / "pack")


def test_a_broker_nobody_knows_is_refused() -> None:
    for words in (("publish", "rabbit", "x"), ("dead", "list", "rabbit")):
        run = assay(*words)
        assert run.code == 2
        assert "`rabbit` is no broker we know; write nats or kafka" in run.err


def test_a_library_that_is_missing_is_named_with_how_to_get_it(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    run = assay("consume", "kafka", "--pack", pack)
    assert run.code == 2
    assert "`pip install 'assay[kafka]'` brings it" in run.err


def test_settings_are_shown_with_where_they_come_from(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_STREAM__KAFKA__PASSWORD", "hidden-password")
    run = assay(
        "consume", "kafka", "--pack", pack, "--server", "a:1", "--server", "b:2", "--topic", "uploads", "--check"
    )
    assert run.code == 0, run.err
    assert "[a:1, b:2]" in run.out
    assert "the command line" in run.out
    assert "hidden-password" not in run.out + run.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--only", "1"), "`only` needs `partitions`"),
        (("--partitions", "4", "--only", "7"), "`only` names partitions from 0 to 3"),
        (("--subject", "items.>"), "`subject` is a subject without spaces and wildcards"),
    ],
)
def test_what_does_not_go_together_is_refused(pack: Path, words: tuple[str, ...], said: str) -> None:
    run = assay("consume", "nats", "--pack", pack, *words)
    assert run.code == 2
    assert said in run.err


def test_without_bundles_nothing_is_consumed(tmp_path: Path) -> None:
    run = assay("consume", "nats")
    assert run.code == 2
    assert "bundles.source: no-source" in run.err
    assert assay("consume", "nats", "--pack", tmp_path).code == 2


def test_a_security_nobody_knows_is_refused(pack: Path) -> None:
    run = assay("consume", "kafka", "--pack", pack, "--security", "tsl")
    assert run.code == 2
    assert "write plaintext, tls, sasl or sasl-tls" in run.err


def test_retrying_names_what_to_send_again() -> None:
    assert assay("dead", "retry", "nats").code == 2
    assert assay("dead", "retry", "nats", "1", "--all").code == 2


def test_lines_are_published_as_they_are_with_the_id_they_are_kept_together_by() -> None:
    found = list(ready([b'{"id": "a", "signals": {}}\n', b"\n", b"{broken\r\n", b'{"id": 7}']))
    assert found == [Ready(b'{"id": "a", "signals": {}}', "a"), Ready(b"{broken", None), Ready(b'{"id": 7}', None)]


def test_an_id_has_one_partition_and_ids_spread_over_all() -> None:
    found = [partition_of(f"upload-{number}", 8) for number in range(400)]
    assert found == [partition_of(f"upload-{number}", 8) for number in range(400)]
    assert set(found) == set(range(8))
    assert min(map(found.count, range(8))) > 25
