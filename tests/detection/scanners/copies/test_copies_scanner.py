"""A file is compared with every bank on that bank's terms, and what a match means is the bank's own word."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from assay.detection.copies.bank.bank import Bank
from assay.detection.copies.bank.entry import Entry
from assay.detection.copies.bank.settings import BankSettings
from assay.detection.copies.hashing.fingerprints import Hashed, fingerprints_of, hashed
from assay.detection.copies.kinds import HashKind
from assay.detection.copies.opening import UnusableBanks, refusals
from assay.detection.evidence import Claim, Integrity, Kind, Tier
from assay.detection.judgement import assertions, judge
from assay.detection.media import Media
from assay.detection.registry import load_scanner
from assay.detection.result import ScanResult
from assay.detection.scanner import Inspecting, Requested, ScanFailed, Scanner, Settings, State, readiness_of, verify
from assay.detection.scanners.copies import scanner as scanner_module
from assay.detection.scanners.copies.examples import examples
from assay.detection.scanners.copies.findings import MOST_MATCHES
from assay.detection.worker import Duty, begin, scan_one

AT = datetime(2026, 11, 23, tzinfo=UTC)
SAVED_AGAIN, _, MIRRORED, ANOTHER, TEXT = [Media.from_bytes(each.content, name=each.name) for each in examples()]


def bank(folder: Path, name: str, known: Iterable[Media] = (SAVED_AGAIN,), note: str = "", **terms: object) -> None:
    told = {"kind": HashKind.PDQ, "purpose": "tests", "words": f"It is in {name}.", "tier": Tier.OPERATOR, **terms}
    settings = BankSettings(name=name, **told)  # type: ignore[arg-type]
    with Bank.create(folder / name, settings) as new:
        for media in known:
            made = fingerprints_of(media, [settings.kind])
            new.add([Entry(each.value, each.quality, ("first", "second"), note) for each in made], at=AT)


def scanner(folder: Path | None) -> Scanner:
    return load_scanner("copies", Settings(banks=folder))


def test_a_copy_is_told_in_the_banks_own_words(tmp_path: Path) -> None:
    bank(tmp_path, "made", claim=Claim.GENERATED, dihedral=True, source="our log", asserts=(("topic", "x"),))
    (found,) = scanner(tmp_path).scan(MIRRORED)
    assert (found.kind, found.claim, found.integrity, found.tier) == (
        Kind.COPY, Claim.GENERATED, Integrity.UNSIGNED, Tier.OPERATOR,
    )  # fmt: skip
    assert found.source == "copies:made"
    told = found.details
    assert (told["means"], told["entry"], told["labels"]) == ("It is in made.", "1", "first; second")
    assert (told["place"], told["exact"], told["from"]) == ("mirrored", "no", "our log")
    assert (told["asserts:topic"], told["threshold"]) == ("x", "31")
    assert told["near"].endswith("bits apart, where at most 31 count as a copy")
    assert "note" not in told


def test_one_banks_wish_for_edits_adds_no_match_to_another(tmp_path: Path) -> None:
    bank(tmp_path, "as-is")
    bank(tmp_path, "turned", dihedral=True)
    assert [each.source for each in scanner(tmp_path).scan(MIRRORED)] == ["copies:turned"]
    assert [each.source for each in scanner(tmp_path).scan(SAVED_AGAIN)] == ["copies:as-is", "copies:turned"]


def test_a_miss_says_that_somebody_looked_and_nothing_else(tmp_path: Path) -> None:
    bank(tmp_path, "known")
    (found,) = scanner(tmp_path).scan(ANOTHER)
    assert (found.claim, found.found) == (Claim.NONE, False)
    assert scanner(tmp_path).scan(TEXT) == []


def test_of_many_near_entries_the_nearest_are_told_and_the_others_counted(tmp_path: Path) -> None:
    with Image.open(io.BytesIO(examples()[0].content)) as opened:
        pictures = [opened.rotate(step / 3, expand=False, resample=Image.Resampling.BICUBIC) for step in range(9)]
    known = []
    for picture in pictures:
        stream = io.BytesIO()
        picture.save(stream, "PNG")
        known.append(Media.from_bytes(stream.getvalue(), name="turned a little"))
    bank(tmp_path, "crowded", known)
    found = scanner(tmp_path).scan(SAVED_AGAIN)
    assert len(found) == MOST_MATCHES
    distances = [float(each.details["distance"]) for each in found]
    assert distances == sorted(distances)
    assert int(found[-1].details["more"]) >= 1
    assert all("more" not in each.details for each in found[:-1])


def test_parts_of_one_item_are_told_as_one(tmp_path: Path) -> None:
    bank(tmp_path, "known", [])
    (whole,) = fingerprints_of(SAVED_AGAIN, [HashKind.PDQ])
    parts = [whole.value, f"{int(whole.value, 16) ^ 1:064x}", f"{int(whole.value, 16) ^ 3:064x}"]
    notes = ["hills.jpg [crop:centre90]", "hills.jpg", "other.jpg [crop:content]"]
    with Bank.open(tmp_path / "known", writing=True) as known:
        known.add([Entry(value, 100, note=note) for value, note in zip(parts, notes, strict=True)], at=AT)
    assert [each.details["entry"] for each in scanner(tmp_path).scan(SAVED_AGAIN)] == ["1", "3"]


def test_whoever_names_banks_has_every_file_compared_and_not_only_in_deep_scans(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assay.detection.worker._limit", lambda which, most: None)
    bank(tmp_path, "known")
    path = tmp_path / "upload.jpg"
    path.write_bytes(examples()[0].content)
    begin(Duty(("copies",), Settings(), 1024, deep=False))
    nobody_asked = scan_one(path)
    assert (nobody_asked.evidence, nobody_asked.faults) == ((), ())
    # The same process with another duty: nothing of the last one holds.
    begin(Duty(("copies",), Settings(banks=tmp_path), 1024, deep=False))
    assert [each.source for each in scan_one(path).evidence] == ["copies:known"]


def test_a_file_is_hashed_once_for_all_banks_with_one_wish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bank(tmp_path, "a")
    bank(tmp_path, "b", kind=HashKind.SHA256)
    bank(tmp_path, "c", crops=True)
    bank(tmp_path, "d", dihedral=True)
    wishes: list[tuple[set[HashKind], bool, bool]] = []

    def remembering(media: Media, kinds: set[HashKind], *, dihedral: bool, crops: bool) -> Hashed:
        wishes.append((kinds, dihedral, crops))
        return hashed(media, kinds, dihedral=dihedral, crops=crops)

    monkeypatch.setattr(scanner_module, "hashed", remembering)
    assert len(scanner(tmp_path).scan(SAVED_AGAIN)) == 4
    pdq, both = {HashKind.PDQ}, {HashKind.PDQ, HashKind.SHA256}
    assert wishes == [(both, False, False), (pdq, False, True), (pdq, True, False)]


def test_items_that_share_a_note_are_told_one_by_one(tmp_path: Path) -> None:
    bank(tmp_path, "known", [])
    (whole,) = fingerprints_of(SAVED_AGAIN, [HashKind.PDQ])
    values = [whole.value, f"{int(whole.value, 16) ^ 1:064x}"]
    with Bank.open(tmp_path / "known", writing=True) as known:
        known.add([Entry(value, 100, note="from the May case", source="ada") for value in values], at=AT)
    assert [each.details["entry"] for each in scanner(tmp_path).scan(SAVED_AGAIN)] == ["1", "2"]


def test_the_same_bytes_are_exact_and_a_broken_picture_is_still_known_by_them(tmp_path: Path) -> None:
    broken = Media.from_bytes(examples()[0].content[:900], name="broken.jpg")
    bank(tmp_path, "bytes", [broken], kind=HashKind.SHA256)
    bank(tmp_path, "looks")
    with pytest.raises(ScanFailed) as failed:
        scanner(tmp_path).scan(broken)
    (found,) = failed.value.evidence
    assert (found.source, found.details["exact"], found.details["near"]) == ("copies:bytes", "yes", "the same bytes")


def test_a_near_copy_of_an_authentic_original_makes_nothing_authentic(tmp_path: Path) -> None:
    bank(tmp_path, "newsroom", claim=Claim.CAPTURED)
    found = tuple(scanner(tmp_path).scan(SAVED_AGAIN))
    assert [each.claim for each in found] == [Claim.CAPTURED]
    judged = judge(found)
    assert (judged.ai_extent, judged.synthetic_status) == (None, None)
    assert assertions(ScanResult(Path("x"), evidence=found)) == ()


def test_a_copy_of_a_removed_item_says_nothing_of_ai(tmp_path: Path) -> None:
    bank(tmp_path, "removed", asserts=(("mark_tampering", "covered"),))
    result = ScanResult(Path("x"), evidence=tuple(scanner(tmp_path).scan(SAVED_AGAIN)))
    assert [(each.signal, each.value, each.source) for each in assertions(result)] == [
        ("mark_tampering", "covered", "copies:removed")
    ]


def test_a_reviewer_sees_every_bank_and_what_was_not_looked_for(tmp_path: Path) -> None:
    bank(tmp_path, "a-known", note="a note")
    bank(tmp_path, "b-texts", [], kind=HashKind.TLSH)
    looked = scanner(tmp_path)
    assert isinstance(looked, Inspecting)
    first, second = looked.inspect(SAVED_AGAIN)
    assert (first.title, first.state, first.rows[0]) == (
        "Bank a-known", "found", ("what a match means", "It is in a-known."),
    )  # fmt: skip
    assert ("recognised", "as it is") in first.children[0].rows
    assert ("note", "a note") in first.children[0].rows
    assert (second.state, second.children) == ("not checked", ())
    assert [each.state for each in looked.inspect(ANOTHER)] == ["absent", "not checked"]


def test_it_runs_where_banks_are_named_and_keeps_its_word_on_its_own_examples(tmp_path: Path) -> None:
    bank(tmp_path, "known", [])
    named, unnamed = scanner(tmp_path), scanner(None)
    assert isinstance(named, Requested)
    assert isinstance(unnamed, Requested)
    assert (named.is_requested(), unnamed.is_requested()) == (True, False)
    assert readiness_of(unnamed).state is State.NO_BANKS
    assert unnamed.scan(SAVED_AGAIN) == []
    assert verify(named) == []


def test_a_bank_that_cannot_be_used_stops_the_scan_before_it_begins(tmp_path: Path) -> None:
    assert "assay bank create" in refusals(tmp_path)[0]
    assert "there is no folder" in refusals(tmp_path / "none")[0]
    (tmp_path / "upload.jpg").write_bytes(b"a picture")
    assert "is a file; name a bank" in refusals(tmp_path / "upload.jpg")[0]
    bank(tmp_path, "sound")
    assert refusals(tmp_path) == refusals(tmp_path / "sound") == []
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / "bank.toml").write_text('name = "torn"\npurpos = "x"\n')
    told = " ".join(refusals(tmp_path))
    assert "did you mean `purpose`" in told
    with pytest.raises(UnusableBanks, match="torn"):
        scanner(tmp_path)
