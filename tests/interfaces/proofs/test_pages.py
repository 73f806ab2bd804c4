"""Both reports stand alone in a file, show all that was found, and let no given text become markup."""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape
from pathlib import Path

import pytest

from assay.engine.analysis.difference.change import Difference, Doubt
from assay.engine.analysis.difference.compare import compare
from assay.engine.analysis.proof.finding import Finding, Kind, Proof, Weight
from assay.engine.analysis.proof.prove import prove
from assay.engine.kernel.instants import parse_instant
from assay.engine.kernel.span import Span
from assay.engine.language.pack.pack import Pack
from assay.interfaces.look import page as look
from assay.interfaces.packs import load_pack
from assay.interfaces.packs.texts import Texts
from assay.interfaces.proofs.kinds import PROVED, TITLES
from assay.interfaces.proofs.page import proof_page
from assay.interfaces.proofs.page.difference_page import render_difference
from assay.interfaces.proofs.page.duties import register_of
from assay.interfaces.proofs.page.proof_page import render_proof
from tests.conftest import ROOT
from tests.interfaces import small
from tests.interfaces.pages import assert_every_link_arrives, assert_self_contained, contrast, tokens_of

HOSTILE = "<script>alert(1)</script>"
AS_OF = parse_instant(small.DAY) or 0
BASE = Path(look.__file__).parent / "templates" / "base.css"
OWN = Path(proof_page.__file__).parent / "templates" / "style.css"


def pack_of(folder: Path, *changes: dict[str, tuple[str, str]]) -> Pack:
    return load_pack(small.write(folder, *changes))


def page_of(old: Pack, new: Pack, found: Difference | None = None) -> str:
    texts = (Texts("old", "old/", old.files), Texts("new", "new/", new.files))
    return render_difference(found or compare(old, new, AS_OF), (old, new), texts)


def visible(text: str) -> str:
    """What a reader sees of a page, on one line."""
    body = text.partition("<body>")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


@pytest.fixture
def broken(tmp_path: Path) -> tuple[Pack, Proof]:
    pack = pack_of(tmp_path / "pack", small.DEAD)
    return pack, prove(pack, AS_OF)


def test_the_proof_stands_alone_and_every_link_arrives(broken: tuple[Pack, Proof]) -> None:
    pack, proof = broken
    text = render_proof(proof, pack, "pack")
    assert_self_contained(text, links=True)
    assert_every_link_arrives(text)


def test_the_proof_shows_every_finding_claim_and_duty(broken: tuple[Pack, Proof]) -> None:
    pack, proof = broken
    text = visible(render_proof(proof, pack, "pack"))
    assert "2 errors keep this pack from being released." in text
    for found in proof.findings:
        assert TITLES[found.kind] in text
        assert str(found.span) in text
    assert "AI made or altered it" not in text
    assert "AI altered it" in text
    assert "Label what AI made" in text
    assert PROVED[Kind.FALLEN_SCENARIO] in text
    assert "A nude portrait that everybody agreed to is left alone." in text
    assert "it is about a year and not about one decision" in text
    assert "not legal advice" in text
    assert "assay decide - --pack pack --markets DE" in text


def test_duties_stand_by_jurisdiction_with_the_worst_that_was_found(broken: tuple[Pack, Proof]) -> None:
    pack, proof = broken
    places = {place.title: [(duty.id, duty.outcome) for duty in place.duties] for place in register_of(proof, pack)}
    assert places == {
        "Brazil": [("br-bill", "would-break"), ("br-report", "not-formal")],
        "European Union": [("eu-label", "broken")],
    }


def test_only_an_address_on_the_web_becomes_a_link(broken: tuple[Pack, Proof]) -> None:
    pack, proof = broken
    duties = (replace(pack.obligations[0], source="javascript:alert(1)"), *pack.obligations[1:])
    text = render_proof(proof, replace(pack, obligations=duties), "pack")
    assert 'href="javascript' not in text
    assert "javascript:alert(1)" in text
    assert 'href="https://example.org/act"' in text


def test_a_pack_without_a_fault_has_a_seal(tmp_path: Path) -> None:
    pack = pack_of(tmp_path / "pack")
    proof = replace(prove(pack, AS_OF), findings=())
    assert "Nothing was found." in visible(render_proof(proof, pack, "pack"))


def test_what_is_undecided_is_never_called_proved(tmp_path: Path) -> None:
    pack = pack_of(tmp_path / "pack")
    doubt = Finding(Kind.UNDECIDED, ("gap", "x"), "undecided", Span("a", 1, 1), weight=Weight.WARNING)
    text = visible(render_proof(replace(prove(pack, AS_OF), findings=(doubt,)), pack, "pack"))
    assert "No error was found, but 1 question is undecided, so this pack is not proved." in text


def test_no_given_text_becomes_markup_in_a_proof(broken: tuple[Pack, Proof]) -> None:
    pack, proof = broken
    evil = tuple(replace(found, words=HOSTILE, hint=HOSTILE, subjects=(HOSTILE,)) for found in proof.findings)
    claims = tuple(replace(claim, title=HOSTILE, reason=HOSTILE) for claim in proof.checked)
    duties = tuple(replace(duty, title=HOSTILE, duty=HOSTILE, source=HOSTILE) for duty in pack.obligations)
    strange = replace(pack, title='"; } </style>' + HOSTILE, obligations=duties)
    text = render_proof(replace(proof, findings=evil, checked=claims, texts=(HOSTILE,)), strange, f"'; {HOSTILE}")
    assert "<script" not in text
    assert escape(HOSTILE) in text
    assert text.count("</style>") == 2


def test_the_comparison_stands_alone_and_every_link_arrives(tmp_path: Path) -> None:
    text = page_of(pack_of(tmp_path / "old"), pack_of(tmp_path / "new", small.NARROWED))
    assert_self_contained(text)
    assert_every_link_arrives(text)


def test_the_comparison_shows_conditions_items_and_clauses(tmp_path: Path) -> None:
    text = page_of(pack_of(tmp_path / "old"), pack_of(tmp_path / "new", small.NARROWED))
    seen = visible(text)
    assert "1 measure changes: removed." in seen
    assert "When AI made or altered it, the person did not agree, somebody is nude, and AI is disclosed." in seen
    assert "AI altered it, the person did not agree, somebody is nude, and AI is disclosed." in seen
    assert "While something is still unknown" in seen
    assert re.search(r"<del>[^<]*unless", text)
    assert "<ins>&amp;&amp;" in text
    assert "It holds for fewer items" in seen


def test_no_difference_is_shown_as_a_proof(tmp_path: Path) -> None:
    seen = visible(page_of(pack_of(tmp_path / "old"), pack_of(tmp_path / "new", small.REWORDED)))
    assert "Only words changed: no decision differs: proved." in seen
    assert "No decision differs: proved No item, known in full or in part" in seen


def test_what_is_undecided_is_named_and_bears_no_seal(tmp_path: Path) -> None:
    old, new = pack_of(tmp_path / "old"), pack_of(tmp_path / "new", small.REWORDED)
    found = replace(compare(old, new, AS_OF), doubts=(Doubt("whether `removed` changes", ""),), notes=("a window",))
    seen = visible(page_of(old, new, found))
    assert "1 question is undecided, so nothing is proved of it" in seen
    assert "whether removed changes" in seen
    assert "No decision differs: proved" not in seen


def test_no_given_text_becomes_markup_in_a_comparison(tmp_path: Path) -> None:
    old, new = pack_of(tmp_path / "old"), pack_of(tmp_path / "new", small.NARROWED)
    found = compare(old, new, AS_OF)
    clauses = tuple(replace(one, title=HOSTILE, before=HOSTILE, after=f"x {HOSTILE}") for one in found.clauses)
    evil = replace(found, clauses=clauses, notes=(HOSTILE,), old_title='"; } </style>', new_title=HOSTILE)
    text = page_of(old, new, evil)
    assert "<script" not in text
    assert text.count("</style>") == 2


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_finding_has_its_titles(kind: Kind) -> None:
    assert TITLES[kind]
    assert PROVED[kind]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_every_ink_and_mark_can_be_read(scheme: int) -> None:
    base, own = tokens_of(BASE), tokens_of(OWN)
    for ground in ("paper", "raised", "sunken"):
        assert contrast(own["good"][scheme], base[ground][scheme]) >= 4.5
    for mark in ("added", "removed"):
        assert contrast(base["ink"][scheme], own[mark][scheme]) >= 7


@pytest.mark.slow
def test_the_proof_of_the_starter_pack_shows_all_its_duties() -> None:
    pack = load_pack(ROOT / "packs" / "starter")
    proof = prove(pack, AS_OF, kinds=frozenset((Kind.BROKEN_OBLIGATION, Kind.WOULD_BREAK)))
    text = render_proof(proof, pack, "packs/starter")
    assert_self_contained(text, links=True)
    assert_every_link_arrives(text)
    assert not [duty.id for duty in pack.obligations if duty.id not in text]
    assert len(text) < 1_000_000
