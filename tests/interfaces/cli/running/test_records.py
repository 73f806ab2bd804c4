"""`assay records`: a folder is verified, shown, exported, replayed and rehearsed on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from assay.engine.kernel.instants import parse_instant
from assay.interfaces.packs import load_pack
from assay.interfaces.packs.bundles import bundle_of
from assay.interfaces.stores.entry import Entry
from assay.interfaces.stores.segments.writer import Limits, SegmentWriter
from tests.interfaces import small
from tests.interfaces.running import SOME_DAY, STARTER, assay
from tests.interfaces.stores.making import write


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small.write(tmp_path_factory.mktemp("pack"))


@pytest.fixture(scope="module")
def records(pack: Path, tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """Decision records as `assay decide` writes them."""
    items = [
        {"id": f"upload-{number}", "signals": {"ai_extent": ("none", "altered", "generated")[number % 3], **more}}
        for number in range(30)
        for more in [({}, {"nudity": True}, {"nudity": True, "consent": "absent", "disclosed": False})[number % 7 % 3]]
    ]
    lines = "\n".join(map(json.dumps, items))
    found = assay("decide", "-", "--pack", pack, "--as-of", SOME_DAY, given=lines)
    assert found.code == 0
    return [line.encode() for line in found.out.splitlines()]


def keep(folder: Path, records: Sequence[bytes], *, days: Sequence[str] = ("2026-12-15",)) -> Path:
    """Records kept in a folder, some of them on each of some days."""
    folder.mkdir()
    share = len(records) // len(days)
    for number, day in enumerate(days):
        writer = SegmentWriter(folder, Limits("written"), number + 1, now=lambda day=day: parse_instant(day) or 0)  # type: ignore[misc]
        some = records[number * share : (number + 1) * share] if number < len(days) - 1 else records[number * share :]
        writer.write([Entry([record], json.loads(record)["item"]) for record in some])
        writer.close()
    return folder


def test_a_sound_folder_is_verified_and_a_damaged_one_is_not(tmp_path: Path, records: list[bytes]) -> None:
    folder = keep(tmp_path / "records", records)
    assert assay("records", "verify", folder).out == "30 records in 1 file: all sound\n"
    (path,) = folder.glob("*.segment")
    content = bytearray(path.read_bytes())
    content[content.index(b"upload-7")] ^= 1
    path.write_bytes(content)
    found = assay("records", "verify", folder)
    assert found.code == 1 and found.out.splitlines()[-1] == "29 records in 1 file: 1 fault"
    assert ": damaged-frame: the bytes are not those that were written" in found.out.splitlines()[0]


def test_a_torn_tail_is_named_and_is_no_fault(tmp_path: Path, records: list[bytes]) -> None:
    folder = keep(tmp_path / "records", records)
    (path,) = folder.glob("*.segment")
    path.write_bytes(path.read_bytes()[:-200])
    found = assay("records", "verify", folder)
    assert found.code == 0 and "torn-tail: the last " in found.out and "are put aside at the next start" in found.out


def test_a_folder_says_what_it_holds(tmp_path: Path, records: list[bytes], pack: Path) -> None:
    folder = keep(tmp_path / "records", records, days=("2026-12-15", "2026-12-16"))
    assert assay("records", "rotate", folder).out == "2 segments became Parquet\n"
    keep_more = SegmentWriter(folder, Limits("written"), 3)
    keep_more.write([Entry([records[0]], "upload-0")])
    keep_more.close()
    found = assay("records", "show", folder)
    assert found.code == 0 and load_pack(pack).digest in found.out and "2026-12-16T00:00:00Z" in found.out
    assert found.out.splitlines()[-1].startswith("31 records in 3 files, ")


@pytest.mark.parametrize("rotated", [False, True])
def test_an_export_has_the_exact_bytes(tmp_path: Path, records: list[bytes], *, rotated: bool) -> None:
    folder = keep(tmp_path / "records", records, days=("2026-12-15", "2026-12-16", "2026-12-17"))
    if rotated:
        assert assay("records", "rotate", folder).code == 0
    assert assay("records", "export", folder).out.encode().splitlines() == records
    some = (
        assay("records", "export", folder, "--since", "2026-12-16", "--until", "2026-12-17").out.encode().splitlines()
    )
    assert some == records[10:20]
    one = assay("records", "export", folder, "--item", "upload-7")
    assert one.out.encode().splitlines() == [records[7]] and one.err == "1 record written\n"
    out = tmp_path / "out.parquet"
    assert assay("records", "export", folder, "-o", out).code == 0
    assert [text.encode() for text in pq.read_table(out).column("record").to_pylist()] == records
    assert assay("records", "export", folder, "-o", tmp_path / "out.csv").code == 2


def test_a_replay_gives_the_same_bytes_for_every_record(tmp_path: Path, records: list[bytes], pack: Path) -> None:
    folder = keep(tmp_path / "records", records)
    assert assay("records", "replay", folder, "--pack", pack).out == "30 records: 30 the same, 0 not\n"
    assert assay("records", "rotate", folder).code == 0
    bundle = tmp_path / "bundles" / f"{load_pack(pack).digest.replace(':', '-')}.json"
    bundle.parent.mkdir()
    bundle.write_bytes(bundle_of(load_pack(pack)))
    for given in (bundle, bundle.parent):
        assert assay("records", "replay", folder, "--bundle", given).code == 0


def test_a_replay_names_what_differs_and_what_it_cannot_decide(
    tmp_path: Path, records: list[bytes], pack: Path
) -> None:
    wrong = [
        records[0].replace(b'"none"', b'"altered"', 1),
        *records[1:3],
        records[3].replace(b"sha256:", b"sha256:0", 1),
    ]
    folder = keep(tmp_path / "records", wrong)
    found = assay("records", "replay", folder, "--pack", pack)
    assert found.code == 1 and "4 records: 2 the same, 1 not, 1 of unknown bundles" in found.out
    assert "differs: " in found.out and "unknown-bundle: no pack given is `sha256:0" in found.out
    assert assay("records", "replay", folder).code == 2


def test_what_is_no_folder_is_wrong_use(tmp_path: Path) -> None:
    for command in ("verify", "show", "export", "replay", "rotate"):
        more: list[str | Path] = ["--pack", STARTER] if command == "replay" else []
        found = assay("records", command, tmp_path / "nowhere", *more)
        assert found.code == 2 and "there is no folder" in found.err


def test_a_strangers_id_forges_nothing_on_the_terminal(tmp_path: Path) -> None:
    write(tmp_path, [[Entry([b'{"bundle":"\x1b[31m"}'], "a")]])
    found = assay("records", "replay", tmp_path, "--pack", STARTER)
    assert found.code == 1 and "\x1b" not in found.out


def test_a_folder_of_records_is_a_history_to_rehearse_on(tmp_path: Path, records: list[bytes], pack: Path) -> None:
    folder = keep(tmp_path / "records", records)
    again = SegmentWriter(folder, Limits("written"), 2)
    again.write([Entry([records[4]], "upload-4")])
    again.close()
    assert assay("records", "rotate", folder).code == 0
    shown = assay("history", "show", folder, "--pack", pack)
    assert "30 rows" in shown.out and "duplicate-id" in shown.out and "unknown-column" not in shown.out
    narrowed = small.write(tmp_path / "narrowed", small.NARROWED)
    found = assay("backtest", "--base", pack, "--candidate", narrowed, "--history", folder)
    assert found.code == 0 and "30" in found.out
