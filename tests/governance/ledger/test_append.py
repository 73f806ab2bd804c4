"""An entry is written with what it records, or not at all; each follows the one before."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assay.engine.kernel.errors import Fault
from assay.governance.ledger import commands
from assay.governance.ledger.checking.stored import check_store
from assay.governance.ledger.commands import append, sign_head, sign_if_due
from assay.governance.ledger.events import NotAnEvent
from assay.governance.ledger.models import Entry, Head, TreeHead
from assay.governance.ledger.proofs.documents import check_document
from assay.governance.ledger.proofs.heads import sign
from assay.governance.ledger.proofs.made import gathered, prove_consistency, prove_inclusion
from assay.governance.ledger.tree import root_of
from assay.governance.office.actor import SYSTEM, Actor, Held
from assay.governance.office.operations import LedgerRule, NotAllowed
from assay.governance.office.references import Reference
from assay.governance.office.roles import Role
from tests.governance.ledger.making import NOW, ThingCounted, written

WRITERS, EACH = 50, 2


@pytest.fixture(autouse=True)
def _a_key(settings: Any, tmp_path: Any) -> None:
    settings.ASSAY_LEDGER_KEY = tmp_path / "new" / "ledger.key"


def one(number: int = 0) -> Entry:
    return append(ThingCounted(number), subject=Reference("thing", "a"), by=SYSTEM, at=NOW)


def test_an_entry_outside_a_transaction_is_refused(transactional_db: None) -> None:
    with pytest.raises(LedgerRule, match="transaction"):
        one()
    assert not Entry.objects.exists()


def test_an_entry_goes_with_the_transaction_that_wrote_it(transactional_db: None) -> None:
    written(2)
    with pytest.raises(RuntimeError, match="changed my mind"), transaction.atomic():
        one()
        raise RuntimeError("changed my mind")
    with transaction.atomic():
        one()
        undone = transaction.savepoint()
        one()
        transaction.savepoint_rollback(undone)
        assert one().number == 3
    assert check_store()[0].count == 0


def test_each_entry_says_who_what_and_when(db: None) -> None:
    made = one(7)
    kept = Entry.objects.get(number=0)
    assert kept.record == made.record
    assert (kept.moment, str(kept.by), kept.way, kept.content) == (NOW, "system:clerk", "system", '{"count":7}')
    assert kept.day == made.at // 86_400_000_000


def test_what_is_no_event_is_refused(db: None) -> None:
    with pytest.raises(NotAnEvent), transaction.atomic():
        append("ada was here", subject=Reference("thing", "a"), by=SYSTEM, at=NOW)
    with pytest.raises((TypeError, ValueError, AssertionError)):
        Reference("thing", "ada was here")


def test_entries_without_a_head_are_never_begun_again(db: None) -> None:
    written(2)
    Head.objects.all().delete()
    with pytest.raises(LedgerRule, match="no head"):
        one()


def test_fifty_writers_lose_and_double_no_number(transactional_db: None) -> None:
    ready = threading.Barrier(WRITERS)
    failed: list[BaseException] = []

    def write(writer: int) -> None:
        try:
            ready.wait(20)
            for number in range(EACH):
                with transaction.atomic():
                    one(writer * EACH + number)
        except Exception as error:  # noqa: BLE001 (shown by the test)
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failed, failed[:2]
    assert list(Entry.objects.order_by("number").values_list("number", flat=True)) == list(range(WRITERS * EACH))
    counts = sorted(
        int(each.removeprefix('{"count":').rstrip("}")) for each in Entry.objects.values_list("content", flat=True)
    )
    assert counts == list(range(WRITERS * EACH))
    assert check_store()[0].count == 0


def test_a_head_is_signed_by_a_key_that_is_made_at_its_first_use(db: None, settings: Any) -> None:
    assert isinstance(sign_head(by=SYSTEM, at=NOW), list)
    written(5)
    head = sign_head(by=SYSTEM, at=NOW)
    assert isinstance(head, TreeHead)
    assert settings.ASSAY_LEDGER_KEY.stat().st_mode & 0o777 == 0o600
    assert (head.size, Entry.objects.count()) == (5, 6)
    key = commands.signing_key()
    assert not isinstance(key, Fault)
    assert check_store({key.id: key.public})[1] == "6 entries; 1 of 1 signed head agrees; nothing is wrong"
    assert "PRIVATE" not in repr(key)


def test_a_ledger_without_entries_is_whole_and_has_nothing_to_prove(db: None) -> None:
    chain, summary = check_store()
    assert (chain.count, summary) == (0, "0 entries; 0 of 0 signed heads agree; nothing is wrong")
    assert all(isinstance(each, Fault) for each in (prove_inclusion(0), prove_consistency(0), prove_consistency(1)))
    assert sign_if_due(at=NOW) is None


def test_heads_that_a_former_key_signed_hold_as_long_as_it_is_trusted(db: None, settings: Any) -> None:
    keys = {}
    for size in (3, 8):
        written(size - Entry.objects.count())
        assert isinstance(sign_head(by=SYSTEM, at=NOW), TreeHead)
        key = commands.signing_key()
        assert not isinstance(key, Fault)
        keys[key.id] = key.public
        settings.ASSAY_LEDGER_KEY.unlink()
    assert len(keys) == 2
    assert check_store(keys)[0].count == 0
    former, latter = keys.items()
    for trusted, place in ((latter, 3), (former, 8)):
        [finding] = check_store(dict([trusted]))[0].findings
        assert (finding.slug, finding.place) == ("unknown-key", f"signed head of {place} entries")


def test_a_key_that_others_may_read_signs_nothing(db: None, settings: Any) -> None:
    written(1)
    sign_head(by=SYSTEM, at=NOW)
    settings.ASSAY_LEDGER_KEY.chmod(0o644)
    written(1)
    found = sign_head(by=SYSTEM, at=NOW)
    assert isinstance(found, list)
    assert [fault.slug for fault in found] == ["open-key"]
    assert TreeHead.objects.count() == 1


def test_it_is_signed_once_an_hour_and_only_where_something_came(db: None) -> None:
    def at(hour: int, minute: int = 0) -> datetime:
        return NOW.replace(hour=hour, minute=minute)

    assert sign_if_due(at=at(1)) is None
    written(3)
    assert isinstance(sign_if_due(at=at(1)), TreeHead)
    written(1)
    assert sign_if_due(at=at(1, 59)) is None
    assert isinstance(sign_if_due(at=at(2)), TreeHead)
    # The signing itself is an entry, and by itself no reason to sign again.
    assert sign_if_due(at=at(9)) is None


def test_a_clock_that_was_ahead_does_not_stop_the_signing(db: None) -> None:
    written(2)
    assert isinstance(sign_if_due(at=NOW.replace(year=2031)), TreeHead)
    written(1)
    assert isinstance(sign_if_due(at=NOW), TreeHead)
    written(1)
    assert sign_if_due(at=NOW) is None


def test_only_who_may_signs(db: None) -> None:
    written(1)
    reader = Actor(Reference("person", "cy"), (Held(Role.EXECUTIVE),))
    with pytest.raises(NotAllowed):
        sign_head(by=reader, at=NOW)


@pytest.mark.django_db
@given(st.data())
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_proof_from_the_store_holds_and_no_other(data: st.DataObject) -> None:
    undone = transaction.savepoint()
    size = data.draw(st.integers(1, 40))
    written(size)
    number, among = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    made = prove_inclusion(number, among)
    assert isinstance(made, Fault) is (number >= among)
    if not isinstance(made, Fault):
        assert check_document(made, None).faults == ()
        entry = dict(made["entry"])  # type: ignore[call-overload]
        assert check_document({**made, "entry": {**entry, "content": {"count": -1}}}, None).faults
    since = prove_consistency(among, size)
    assert not isinstance(since, Fault)
    assert check_document(since, None).faults == ()
    assert gathered(lambda nodes: root_of(among, nodes)).hex() == since["old"]["root"]  # type: ignore[index]
    transaction.savepoint_rollback(undone)


def test_a_proof_carries_the_signature_where_there_is_one(db: None) -> None:
    written(9)
    sign_head(by=SYSTEM, at=NOW)
    key = commands.signing_key()
    assert not isinstance(key, Fault)
    keys = {key.id: key.public}
    made = prove_inclusion(3)
    assert not isinstance(made, Fault)
    checked = check_document(made, keys)
    assert (checked.faults, checked.signed, made["size"]) == ((), True, 9)
    assert [fault.slug for fault in check_document(made, {}).faults] == ["unknown-key"]
    for other in ({**made, "size": 8}, {**made, "root": "0" * 64}, {**made, "path": []}, {**made, "more": 1}):
        assert check_document(other, keys).faults
    # A head that was truly signed, of as many entries with another root: a ledger that has two histories.
    for size, root in ((9, bytes(32)), (8, bytes.fromhex(str(made["root"])))):
        head = sign(key, size=size, root=root, at=0).written()
        assert [fault.slug for fault in check_document({**made, "head": head}, keys).faults] == ["wrong-head"]
    # Entry 9 is the signing; it is not in what was signed.
    unsigned = prove_inclusion(9)
    assert not isinstance(unsigned, Fault)
    assert [fault.slug for fault in check_document(unsigned, keys).faults] == ["not-signed"]
    for bad in ((99, None), (-1, None), (3, 99), (3, 3), (3, 0), (3, -1)):
        assert isinstance(prove_inclusion(*bad), Fault)
    for bad in ((0, None), (11, None), (3, 2), (-1, 3), (3, 99)):
        assert isinstance(prove_consistency(*bad), Fault)
