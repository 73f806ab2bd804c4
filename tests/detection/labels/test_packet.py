"""A packet is edited where its own properties stand; every other byte of it stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.detection.labels.marking import IPTC
from assay.detection.labels.packet import Name, edited, new_packet, values_of
from assay.detection.labels.refused import CannotLabel

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SYSTEM, SOURCE = (IPTC, "AISystemUsed"), (IPTC, "DigitalSourceType")
NAMES: frozenset[Name] = frozenset({SYSTEM, SOURCE})
HEAD = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{RDF}">'
TAIL = "</rdf:RDF></x:xmpmeta>"
TEXTS = st.text(st.characters(blacklist_categories=("Cc", "Cs")), min_size=1, max_size=40).map(str.strip).filter(bool)


def packet(body: str) -> bytes:
    return (HEAD + body + TAIL).encode()


@given(TEXTS, TEXTS)
def test_what_was_set_is_read_and_setting_it_again_changes_nothing(first: str, second: str) -> None:
    made = new_packet({SYSTEM: first})
    changed = edited(made, {SYSTEM: second, SOURCE: first}, NAMES)
    assert values_of(changed, NAMES) == {SYSTEM: [second], SOURCE: [first]}
    assert values_of(edited(changed, {SYSTEM: second, SOURCE: first}, NAMES), NAMES) == values_of(changed, NAMES)


def test_an_attribute_and_an_element_give_way_and_their_neighbours_stay() -> None:
    body = (
        f'<rdf:Description rdf:about="" xmlns:i="{IPTC}" xmlns:d="urn:d" i:DigitalSourceType=\'old > "1"\' d:a="b>c"'
        f' d:e="f"/><!-- note --><rdf:Description rdf:about="" xmlns:i="{IPTC}"><i:AISystemUsed><rdf:Alt><rdf:li>old'
        "</rdf:li></rdf:Alt></i:AISystemUsed><i:Other>kept</i:Other></rdf:Description>"
    )
    changed = edited(packet(body), {SOURCE: "new"}, NAMES).decode()
    assert values_of(changed.encode(), NAMES) == {SOURCE: ["new"]}
    for kept in ('d:a="b>c"', 'd:e="f"', "<!-- note -->", "<i:Other>kept</i:Other>"):
        assert kept in changed
    assert "old" not in changed


def test_an_ingredients_source_type_is_left_alone() -> None:
    inner = f'<rdf:Description xmlns:i="{IPTC}" i:DigitalSourceType="theirs"/>'
    body = f'<rdf:Description rdf:about="" xmlns:m="urn:m"><m:From><rdf:Bag><rdf:li>{inner}</rdf:li></rdf:Bag></m:From>'
    changed = edited(packet(body + "</rdf:Description>"), {SOURCE: "ours"}, NAMES)
    assert inner.encode() in changed
    assert values_of(changed, NAMES) == {SOURCE: ["ours"]}


@pytest.mark.parametrize(
    "whole",
    [
        f'<rdf:RDF xmlns:rdf="{RDF}"/>',
        f'<rdf:RDF xmlns:rdf="{RDF}"></rdf:RDF>',
        f'<RDF xmlns="{RDF}"><Description about=""/></RDF>',
        f'<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/"><r:RDF xmlns:r="{RDF}" /></x:xmpmeta>',
    ],
)
def test_every_way_to_write_an_empty_packet_takes_a_property(whole: str) -> None:
    assert values_of(edited(whole.encode(), {SYSTEM: "a & b"}, NAMES), NAMES) == {SYSTEM: ["a & b"]}


def test_an_empty_element_of_ours_is_taken_out_whole() -> None:
    body = f'<rdf:Description rdf:about="" xmlns:i="{IPTC}"><i:AISystemUsed/><i:DigitalSourceType rdf:resource="a"/>'
    whole = packet(body + "</rdf:Description>")
    assert values_of(whole, NAMES) == {SYSTEM: [""], SOURCE: ["a"]}
    assert values_of(edited(whole, {SYSTEM: "b"}, NAMES), NAMES) == {SYSTEM: ["b"]}


def test_a_packet_in_another_encoding_becomes_utf_8() -> None:
    whole = (HEAD + '<rdf:Description rdf:about="" xmlns:d="urn:d" d:a="ü"/>' + TAIL).encode("utf-16")
    changed = edited(whole, {SYSTEM: "é"}, NAMES)
    assert 'd:a="ü"' in changed.decode("utf-8")


@pytest.mark.parametrize(
    "broken",
    [
        b"<broken",
        b"<a/>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        packet("<rdf:Description>" * 80 + "</rdf:Description>" * 80),
        b"\xff\xfe\x00",
    ],
)
def test_what_is_not_understood_is_not_rewritten(broken: bytes) -> None:
    with pytest.raises(CannotLabel, match="malformed-file"):
        edited(broken, {SYSTEM: "a"}, NAMES)
