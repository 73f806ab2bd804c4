"""The last records are known again after a restart, and never more than were asked for."""

from __future__ import annotations

from assay.interfaces.stream.remembered import Kept, Remembered

RECORD = b'{"as_of":"2026-12-15T00:00:00Z","bundle":"sha256:%d","item":"upload-%d"}'


def test_what_a_store_kept_is_known_with_its_bytes() -> None:
    remembered = Remembered(10)
    assert remembered.read([(f"nats:ITEMS:{number}", RECORD % (number, number)) for number in range(3)]) == 3
    assert remembered.find("nats:ITEMS:1") == Kept((RECORD % (1, 1),), "upload-1", "sha256:1")
    assert remembered.find("nats:ITEMS:7") is None


def test_the_oldest_is_forgotten_first() -> None:
    remembered = Remembered(2)
    for number in range(5):
        remembered.add(f"k{number}", Kept((b"",), "a", "b"))
    assert len(remembered) == 2
    assert [remembered.find(f"k{number}") is not None for number in range(5)] == [False, False, False, True, True]


def test_what_is_no_record_is_passed_over() -> None:
    remembered = Remembered(10)
    assert remembered.read([("a", b"{"), ("b", b'{"item": 7}'), ("c", b""), ("d", RECORD % (1, 1))]) == 1
