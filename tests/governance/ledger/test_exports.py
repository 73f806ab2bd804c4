"""Whatever is done to an export, any byte of it, is found and said where."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.engine.kernel.digest import canonical_json
from assay.governance.ledger.checking.chain import Chain
from assay.governance.ledger.checking.exports import export_lines
from assay.governance.ledger.rules import Record
from tests.governance.ledger.making import KEY, a_chain, a_head, an_export, checked, root_over

COUNT = 21
SIZES = (1, 8, 13, 20)
CHAIN = a_chain(COUNT)
LINES = an_export(CHAIN, SIZES)
# The header, the entries, the heads, the end.
FIRST, LAST = 1, COUNT


def lines_told(chain: Chain) -> set[int]:
    """The lines that findings name."""
    return {
        int(finding.place.split()[1]) for finding in chain.findings if finding.place.split()[0] in ("line", "lines")
    }


def test_an_export_as_it_was_written_has_no_fault() -> None:
    chain = checked(LINES)
    assert (chain.count, chain.expected, chain.compared) == (0, COUNT, len(SIZES))
    assert checked(an_export([], [])).count == 0


@given(st.data())
@settings(max_examples=150)
def test_any_byte_that_was_changed_is_found_and_placed(data: st.DataObject) -> None:
    line = data.draw(st.integers(0, len(LINES) - 1))
    place = data.draw(st.integers(0, len(LINES[line]) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda each: each != LINES[line][place]))
    changed = LINES[line][:place] + bytes([byte]) + LINES[line][place + 1 :]
    chain = checked([*LINES[:line], changed, *LINES[line + 1 :]])
    # A byte that ends a line early, or joins two, is told at one of them.
    assert chain.count
    assert lines_told(chain) & {line, line + 1, line + 2}, (chain.findings, changed)


@given(st.integers(0, sum(map(len, LINES)) - 1))
def test_an_export_that_was_cut_anywhere_is_found_and_placed_at_its_end(length: int) -> None:
    cut = b"".join(LINES)[:length].splitlines(keepends=True)
    for signatures in (True, False):
        chain = checked(cut, signatures=signatures)
        assert lines_told(chain) & {len(cut), len(LINES)}


@pytest.mark.parametrize("place", [0, 3, LAST + 1, len(LINES) - 1])
def test_whatever_stands_behind_the_end_is_found_there(place: int) -> None:
    [finding, *_] = checked([*LINES, LINES[place]], signatures=False).findings
    assert finding.place == f"line {len(LINES) + 1}"


def test_an_end_that_states_another_root_is_found() -> None:
    root = root_over(CHAIN, COUNT - 1)
    lines = list(export_lines(CHAIN, [], size=COUNT, last=CHAIN[-1][1], root=root))
    [finding] = checked(lines).findings
    assert (finding.slug, finding.place) == ("wrong-root", f"line {len(lines)}")


@given(st.data())
def test_without_keys_a_changed_head_is_placed_among_the_heads(data: st.DataObject) -> None:
    line = data.draw(st.integers(LAST + 1, len(LINES) - 2))
    place = data.draw(st.integers(LINES[line].index(b"signature") + 12, len(LINES[line]) - 20))
    letter = data.draw(st.sampled_from(b"0123456789abcdef").filter(lambda each: each != LINES[line][place]))
    changed = LINES[line][:place] + bytes([letter]) + LINES[line][place + 1 :]
    [finding] = checked([*LINES[:line], changed, *LINES[line + 1 :]], signatures=False).findings
    assert finding.slug == "changed-file"
    assert finding.place == f"lines {LAST + 2} to {len(LINES) - 1} or {len(LINES)}"


@given(st.data())
def test_an_entry_that_was_dropped_is_found_and_placed(data: st.DataObject) -> None:
    line = data.draw(st.integers(FIRST, LAST))
    chain = checked([*LINES[:line], *LINES[line + 1 :]])
    assert any(finding.slug == "missing-entries" and finding.number == line - 1 for finding in chain.findings)


@given(st.data())
def test_an_entry_that_was_inserted_is_found_and_placed(data: st.DataObject) -> None:
    source, line = data.draw(st.integers(FIRST, LAST)), data.draw(st.integers(FIRST, LAST + 1))
    chain = checked([*LINES[:line], LINES[source], *LINES[line:]])
    assert lines_told(chain) & {line + 1, line + 2}


@given(st.data())
def test_entries_in_another_order_are_found_and_placed(data: st.DataObject) -> None:
    one = data.draw(st.integers(FIRST, LAST - 1))
    other = data.draw(st.integers(one + 1, LAST))
    moved = list(LINES)
    moved[one], moved[other] = moved[other], moved[one]
    assert lines_told(checked(moved)) & {one + 1, one + 2}


@given(st.integers(0, COUNT - 1), st.integers(1, 2**40))
def test_an_entry_that_was_rewritten_with_all_hashes_after_it_is_caught_by_the_next_signed_head(
    number: int, content: int
) -> None:
    chain = checked([*forged(CHAIN, number, content)])
    covering = [size for size in SIZES if size > number]
    wrong = [finding for finding in chain.findings if finding.slug == "wrong-root"]
    assert len(wrong) == len(covering)
    assert [finding.number for finding in wrong] == [size - 1 for size in covering]


def forged(chain: Sequence[tuple[Record, bytes]], number: int, content: int) -> list[bytes]:
    """An export that somebody made who can work out every hash, and cannot sign."""
    made = list(chain[:number])
    previous = chain[number][0].previous
    for record, _ in chain[number:]:
        said = canonical_json({"count": -content}).decode() if record.number == number else record.content
        again = Record(record.number, record.at, record.actor, record.way, record.kind, record.subject, said, previous)
        previous = again.hash()
        made.append((again, previous))
    heads = [a_head(CHAIN, size) for size in SIZES]
    return list(export_lines(made, heads, size=len(made), last=previous, root=root_over(made, len(made))))


def test_a_ledger_that_was_cut_short_is_caught_by_a_signed_head() -> None:
    cut = a_chain(COUNT)[:15]
    heads = [a_head(CHAIN, 20)]
    lines = list(export_lines(cut, heads, size=15, last=cut[-1][1], root=root_over(cut, 15)))
    [finding] = checked(lines).findings
    assert (finding.slug, finding.number) == ("missing-entries", 15)


def test_a_head_by_another_key_is_found_where_keys_are_given() -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from assay.governance.ledger.proofs.signing import SigningKey, key_id

    private = Ed25519PrivateKey.generate()
    stranger = SigningKey(key_id(private.public_key()), private)
    forger = SigningKey(KEY.id, private)
    for key, slug in ((stranger, "unknown-key"), (forger, "bad-signature")):
        heads = [a_head(CHAIN, 8, key)]
        lines = list(export_lines(CHAIN, heads, size=COUNT, last=CHAIN[-1][1], root=root_over(CHAIN, COUNT)))
        assert [finding.slug for finding in checked(lines).findings] == [slug]
        assert not checked(lines, signatures=False).count


@pytest.mark.parametrize(
    "line", [b"", b"\n", b"{}\n", b"[" * 5000, b"\xff\xfe\n", b'{"entry":1}\n', b'{"head":{}}\n', b'{"end":[]}\n']
)
@pytest.mark.parametrize("place", [0, 5, len(LINES)])
def test_rubbish_is_a_finding_and_no_crash(line: bytes, place: int) -> None:
    if line:
        assert checked([*LINES[:place], line, *LINES[place:]]).count
    assert checked([line]).count
    assert checked([]).count
