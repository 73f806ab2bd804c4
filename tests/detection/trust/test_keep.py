"""Trust lists are taken whole or not at all, and what was taken is known ever after."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assay.detection.scanner import UnusableTrust
from assay.detection.scanners.c2pa.examples.authority import make_authority
from assay.detection.trust.folder import RECORD, load_lists, read_record, told_by_name
from assay.detection.trust.keep import Outcome, examine, keep_lists
from assay.detection.trust.lists import Keeper, Purpose, UnreadableList, parse_list
from assay.detection.trust.sources import (
    PLACES,
    Taken,
    Unreachable,
    fetch_over_https,
    from_package,
    from_path,
    from_places,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ADA, BO = make_authority("Ada"), make_authority("Bo")


def taken(*roots: bytes, file: str = "ours.pem", **changes: str) -> Taken:
    return Taken(file, Keeper.OPERATOR, Purpose.SIGNERS, "file ours.pem", b"".join(roots), **changes)


def keep(folder: Path, *lists: Taken, accept_removal: bool = False) -> Sequence[Outcome]:
    return keep_lists(folder, lists, now=NOW, accept_removal=accept_removal)


def test_a_list_is_kept_with_where_it_came_from(tmp_path: Path) -> None:
    (outcome,) = keep(tmp_path, taken(ADA.root, BO.root))
    assert (outcome.outcome, outcome.certificates, outcome.added) == ("taken", 2, 2)
    kept = read_record(tmp_path)["ours.pem"]
    assert (kept.keeper, kept.purpose, kept.source) == (Keeper.OPERATOR, Purpose.SIGNERS, "file ours.pem")
    assert (kept.fetched, kept.certificates) == ("2026-11-22", 2)
    (loaded,) = load_lists(tmp_path)
    assert (loaded.sha256, len(loaded.anchors)) == (kept.sha256, 2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ours.pem", RECORD]


def test_the_same_list_again_changes_nothing_but_the_day(tmp_path: Path) -> None:
    keep(tmp_path, taken(ADA.root))
    before = (tmp_path / "ours.pem").stat().st_mtime_ns
    (outcome,) = keep(tmp_path, taken(ADA.root))
    assert (outcome.outcome, outcome.added) == ("unchanged", 0)
    assert (tmp_path / "ours.pem").stat().st_mtime_ns == before


def test_a_list_that_lost_a_signer_is_refused_by_name(tmp_path: Path) -> None:
    keep(tmp_path, taken(ADA.root, BO.root))
    (outcome,) = keep(tmp_path, taken(ADA.root))
    assert outcome.outcome == "refused"
    assert outcome.words == "it lacks 1 unexpired of the certificates that are kept: `Bo Root`"
    assert "--accept-removal" in outcome.hint
    assert len(load_lists(tmp_path)[0].anchors) == 2
    (accepted,) = keep(tmp_path, taken(ADA.root), accept_removal=True)
    assert (accepted.outcome, len(load_lists(tmp_path)[0].anchors)) == ("taken", 1)


def test_a_certificate_that_has_expired_may_go(tmp_path: Path) -> None:
    keep(tmp_path, taken(ADA.root, BO.root))
    later = datetime(2046, 1, 1, tzinfo=UTC)
    (outcome,) = keep_lists(tmp_path, [taken(ADA.root)], now=later)
    assert outcome.outcome == "taken"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "it holds no certificate"),
        (b"<html>sign in</html>", "it holds no certificate"),
        (ADA.root[:-30], "begins and does not end"),
        (ADA.root.replace(b"MII", b"AAA"), "certificate no. 1 cannot be read"),
        (b"x" * (4 * 1024 * 1024 + 1), "larger than any true trust list"),
    ],
)
def test_a_list_that_does_not_parse_is_refused_and_the_old_one_stays(
    tmp_path: Path, content: bytes, words: str
) -> None:
    keep(tmp_path, taken(ADA.root))
    outcomes = keep(tmp_path, taken(content), taken(BO.root, file="more.pem"))
    assert [each.outcome for each in outcomes] == ["refused", "taken"]
    assert words in outcomes[0].words
    assert [each.file for each in load_lists(tmp_path)] == ["more.pem", "ours.pem"]
    with pytest.raises(UnreadableList, match=words):
        parse_list(content)


def test_a_place_that_cannot_be_reached_costs_only_its_own_list(tmp_path: Path) -> None:
    def fetch(address: str) -> bytes:
        if "TSA" in address:
            raise Unreachable("the place answered with 503")
        return ADA.root

    outcomes = keep_lists(tmp_path, from_places(fetch), now=NOW)
    assert [(each.file, each.outcome) for each in outcomes] == [
        ("C2PA-TRUST-LIST.pem", "taken"),
        ("C2PA-TSA-TRUST-LIST.pem", "refused"),
        ("interim-anchors.pem", "taken"),
    ]
    assert outcomes[1].words == "the place answered with 503"
    lists = {each.file: (each.keeper, each.purpose) for each in load_lists(tmp_path)}
    assert lists["interim-anchors.pem"] == (Keeper.INTERIM, Purpose.SIGNERS)


def test_every_official_place_is_asked_over_https_and_nothing_else_is() -> None:
    assert all(place.address.startswith("https://") for place in PLACES)
    for address in ("http://example.org/list.pem", "file:///etc/passwd", "ftp://example.org/a"):
        with pytest.raises(Unreachable, match="not HTTPS"):
            fetch_over_https(address)


def test_who_keeps_a_list_is_told_by_its_published_name() -> None:
    assert {name: told_by_name(name) for name in ("C2PA-TRUST-LIST.pem", "C2PA-TSA-TRUST-LIST.pem", "our-tsa.pem")} == {
        "C2PA-TRUST-LIST.pem": (Keeper.OFFICIAL, Purpose.SIGNERS),
        "C2PA-TSA-TRUST-LIST.pem": (Keeper.OFFICIAL, Purpose.TIMES),
        "our-tsa.pem": (Keeper.OPERATOR, Purpose.TIMES),
    }
    assert told_by_name("interim-CAI-anchors.pem") == (Keeper.INTERIM, Purpose.SIGNERS)
    assert told_by_name("artsale.pem") == (Keeper.OPERATOR, Purpose.SIGNERS)


def test_what_a_person_says_of_a_file_counts_before_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.pem").write_bytes(ADA.root)
    (one,) = from_path(tmp_path / "a.pem", Keeper.OFFICIAL, Purpose.TIMES)
    assert (one.keeper, one.purpose, one.problem) == (Keeper.OFFICIAL, Purpose.TIMES, "")
    (gone,) = from_path(tmp_path / "gone.pem")
    assert gone.problem == "it cannot be opened"


def test_a_package_is_read_as_files_and_only_where_it_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = tmp_path / "bonafide" / "signals" / "data" / "trust"
    inside.mkdir(parents=True)
    (inside / "c2pa-trust-list.pem").write_bytes(ADA.root)
    (tmp_path / "bonafide-9.9.dist-info").mkdir()
    (tmp_path / "bonafide-9.9.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: bonafide\nVersion: 9.9\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    official, interim = from_package("bonafide")
    assert (official.source, official.keeper, official.content) == ("package bonafide 9.9", Keeper.OFFICIAL, ADA.root)
    assert interim.problem
    with pytest.raises(Unreachable, match="no package `os` is known"):
        list(from_package("os"))


def test_a_folder_is_examined_list_by_list(tmp_path: Path) -> None:
    keep(tmp_path, taken(ADA.root), taken(BO.root, file="gone.pem"), taken(BO.root, file="changed.pem"))
    (tmp_path / "gone.pem").unlink()
    (tmp_path / "changed.pem").write_bytes(ADA.root)
    (tmp_path / "broken.pem").write_bytes(b"nothing")
    (tmp_path / "unrecorded.pem").write_bytes(ADA.root)
    found = {each.file: each for each in examine(tmp_path, datetime(2046, 1, 1, tzinfo=UTC))}
    assert {name: each.fault for name, each in found.items() if each.fault} == {
        "broken.pem": "it holds no certificate",
        "changed.pem": "it is not what was taken on 2026-11-22 from file ours.pem",
        "gone.pem": "the record names it, and it is not there",
    }
    assert found["ours.pem"].expired[0].startswith("Ada Root (")
    assert found["unrecorded.pem"].kept is None


def test_a_folder_without_a_usable_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableTrust, match="is no folder"):
        load_lists(tmp_path / "absent")
    with pytest.raises(UnusableTrust, match="holds no trust list"):
        load_lists(tmp_path)
    (tmp_path / "a.pem").write_text("nothing")
    with pytest.raises(UnusableTrust, match="holds no certificate"):
        load_lists(tmp_path)


@pytest.mark.parametrize(
    "record",
    [
        "not JSON",
        "[]",
        json.dumps({"version": 2, "lists": []}),
        json.dumps({"version": 1, "lists": [{"file": "../a.pem"}]}),
        "[" * 9_000,
    ],
)
def test_a_record_that_cannot_be_read_trusts_nobody(tmp_path: Path, record: str) -> None:
    (tmp_path / "ours.pem").write_bytes(ADA.root)
    (tmp_path / RECORD).write_text(record)
    with pytest.raises(UnusableTrust, match="is not the record"):
        load_lists(tmp_path)


def test_the_official_lists_are_read_whole(shared_test_data: Path) -> None:
    lists = {each.file: each for each in load_lists(shared_test_data / "trust")}
    counts = {name: len(each.anchors) for name, each in lists.items()}
    assert counts == {"C2PA-TRUST-LIST.pem": 30, "C2PA-TSA-TRUST-LIST.pem": 22, "interim-CAI-anchors.pem": 26}
    signers = {anchor.sha256 for anchor in lists["C2PA-TRUST-LIST.pem"].anchors}
    # Who is on the list of times alone may issue nothing else, so that none of them can stand above a signer.
    alone = [anchor for anchor in lists["C2PA-TSA-TRUST-LIST.pem"].anchors if anchor.sha256 not in signers]
    assert alone
    assert all(anchor.stamps_only for anchor in alone)
