"""Renders a proof as one HTML page: findings with items that show them, what was proved, the register of duties."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assay.engine.analysis.proof.finding import Checked, Finding, Kind, Proof, Weight
from assay.engine.language.pack.pack import Pack
from assay.interfaces.look.markets import title_of
from assay.interfaces.look.page import anchor_of, environment_of, footer_of, style_of
from assay.interfaces.proofs.kinds import PROVED, TITLES
from assay.interfaces.proofs.page.duties import DUTIES, Jurisdiction, register_of
from assay.interfaces.proofs.page.parts import WitnessView, witness_view
from assay.interfaces.proofs.verdicts import proof_verdict
from assay.interfaces.proofs.words import moment

PACKAGE = "assay.interfaces.proofs.page"
_OUTCOMES = ("refuted", "undecided", "proved", "not-formal")


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding as a card; `weight` is `error`, `warning`, `note` or `undecided`, `about` the promise it is about."""

    anchor: str
    weight: str
    title: str
    slug: str
    words: str
    about: str
    hint: str
    place: str
    markets: tuple[str, ...]
    witnesses: tuple[WitnessView, ...]


@dataclass(frozen=True, slots=True)
class CheckView:
    """The claims of one kind; `counts` has only what there is any of."""

    anchor: str
    title: str
    counts: tuple[tuple[str, int], ...]
    claims: tuple[Checked, ...]


def render_proof(proof: Proof, pack: Pack, named: str) -> str:
    """The whole page.

    named  how the pack is named in commands that decide a witness again
    """
    template = environment_of(PACKAGE).get_template("proof.html")
    return template.render(
        pack=pack,
        proof=proof,
        **proof_parts(proof, pack, named),
        style=style_of(PACKAGE),
        footer=footer_of(f"{pack.title} {pack.version} · {proof.digest[:19]} · {moment(proof.as_of)}"),
    )


def proof_parts(proof: Proof, pack: Pack, named: str) -> dict[str, object]:
    """What the page says, as values by name; `named` as for the page, or empty for no commands."""
    undecided = sum(found.kind is Kind.UNDECIDED for found in proof.findings)
    register = register_of(proof, pack)
    return {
        "verdict": proof_verdict(proof),
        "as_of": moment(proof.as_of),
        "figures": (
            (sum(checked.outcome == "proved" for checked in proof.checked), "claims proved", "proved"),
            (proof.count(Weight.ERROR), "errors", "error"),
            (proof.count(Weight.WARNING) - undecided, "warnings", "warning"),
            (undecided, "undecided in time", "undecided"),
            (proof.count(Weight.NOTE), "notes on proposed law", "note"),
        ),
        "findings": tuple(_finding(number, found, pack, named) for number, found in enumerate(proof.findings, 1)),
        "checks": tuple(_checks(proof)),
        "register": register,
        "totals": _totals(register),
    }


def _finding(number: int, found: Finding, pack: Pack, named: str) -> FindingView:
    several = len(found.witnesses) > 1
    views = tuple(
        witness_view(witness, pack.vocabulary, called=f"item {place}" if several else "", pack=named)
        for place, witness in enumerate(found.witnesses, 1)
    )
    return FindingView(
        anchor=f"finding-{number}",
        weight="undecided" if found.kind is Kind.UNDECIDED else found.weight.value,
        title=TITLES[found.kind],
        slug=found.kind.value,
        words=found.words,
        about=_promise(found, pack),
        hint=found.hint,
        place=str(found.span),
        markets=tuple(map(title_of, found.markets)),
        witnesses=views,
    )


def _promise(found: Finding, pack: Pack) -> str:
    """What a promise of the pack says, where a finding is about one."""
    said = {duty.id: duty.title for duty in pack.obligations}
    said |= {invariant.id: invariant.text for invariant in pack.measures.invariants}
    said |= {harm.id: harm.title for harm in pack.harms.harms}
    said |= {scenario.id: scenario.title for scenario in pack.protected}
    return next((said[name] for name in found.subjects if name in said), "")


def _checks(proof: Proof) -> Iterator[CheckView]:
    """The claims by kind, without those on duties, which have a part of their own."""
    for kind in Kind:
        claims = tuple(checked for checked in proof.checked if checked.check is kind)
        if claims and kind not in DUTIES:
            yield CheckView(anchor_of("check", kind.value), PROVED[kind], _counts(claims), claims)


def _counts(claims: tuple[Checked, ...]) -> tuple[tuple[str, int], ...]:
    outcomes = [claim.outcome for claim in claims]
    return tuple((name, outcomes.count(name)) for name in _OUTCOMES if name in outcomes)


def _totals(register: tuple[Jurisdiction, ...]) -> tuple[tuple[str, str, int], ...]:
    outcomes = [(duty.outcome, duty.outcome_words) for place in register for duty in place.duties]
    return tuple((name, words, outcomes.count((name, words))) for name, words in dict.fromkeys(outcomes))
