"""The register of duties with what was proved of each, by jurisdiction. It is not legal advice, and judges no law."""

from __future__ import annotations

from dataclasses import dataclass

from assay.engine.analysis.proof.finding import Checked, Kind, Proof
from assay.engine.kernel.instants import day_of
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.promises.obligations import Obligation
from assay.interfaces.look.markets import title_of

DUTIES = (Kind.BROKEN_OBLIGATION, Kind.WOULD_BREAK, Kind.VACUOUS_OBLIGATION)
_STATUSES = {
    "in_force": "In force",
    "enacted": "Enacted",
    "proposed": "Proposed",
    "voluntary": "Voluntary",
    "struck_down": "Struck down",
    "lapsed": "Lapsed",
    "unverified": "Status not verified",
}
_CONFIDENCES = {
    "verified": "checked against its source",
    "partly-verified": "partly checked against its source",
    "unverified": "not checked against its source",
}
# What is worst is what a reader looks for.
_ORDER = ("broken", "vacuous", "undecided", "would-break", "proved", "not-formal", "not-looked-into")
_WORDS = {
    "broken": "Broken",
    "vacuous": "No item falls under it",
    "undecided": "Undecided",
    "would-break": "Would be broken",
    "proved": "Proved",
    "not-formal": "Not formal",
    "not-looked-into": "Not looked into",
}


@dataclass(frozen=True, slots=True)
class DutyView:
    """A duty with what became of it. `link` is empty where the source is no address on the web."""

    id: str
    title: str
    duty: str
    instrument: str
    status: str
    dates: str
    outcome: str
    outcome_words: str
    reason: str
    source: str
    link: str
    confidence: str
    clock: str
    note: str


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """The duties of one jurisdiction, and how many of them ended how."""

    anchor: str
    title: str
    counts: tuple[tuple[str, str, int], ...]
    duties: tuple[DutyView, ...]


def register_of(proof: Proof, pack: Pack) -> tuple[Jurisdiction, ...]:
    """Every duty of the pack, by jurisdiction in the order of their titles."""
    checked: dict[str, list[Checked]] = {}
    for claim in proof.checked:
        if claim.check in DUTIES and claim.subjects:
            checked.setdefault(claim.subjects[0], []).append(claim)
    groups: dict[str, list[DutyView]] = {}
    for duty in pack.obligations:
        groups.setdefault(duty.jurisdiction, []).append(_view(duty, checked.get(duty.id, [])))
    made = [_jurisdiction(code, duties) for code, duties in groups.items()]
    return tuple(sorted(made, key=lambda place: place.title))


def _jurisdiction(code: str, duties: list[DutyView]) -> Jurisdiction:
    outcomes = [duty.outcome for duty in duties]
    counts = tuple((name, _WORDS[name], outcomes.count(name)) for name in _ORDER if name in outcomes)
    return Jurisdiction(f"law-{code.lower()}", title_of(code), counts, tuple(duties))


def _view(duty: Obligation, claims: list[Checked]) -> DutyView:
    outcome, reason = _outcome(duty, claims)
    return DutyView(
        id=duty.id,
        title=duty.title,
        duty=" ".join(duty.duty.split()),
        instrument=", ".join(part for part in (duty.instrument, duty.provision) if part),
        status=_STATUSES[duty.status],
        dates=_dates(duty),
        outcome=outcome,
        outcome_words=_WORDS[outcome],
        reason=reason,
        source=duty.source,
        link=duty.source if duty.source.startswith(("https://", "http://")) else "",
        confidence=_CONFIDENCES[duty.confidence],
        clock=duty.clock,
        note=" ".join(duty.note.split()),
    )


def _dates(duty: Obligation) -> str:
    parts = [f"from {day_of(duty.effective)}"] if duty.effective is not None else []
    parts += [f"until {day_of(duty.until)}"] if duty.until is not None else []
    return " ".join(parts)


def _outcome(duty: Obligation, claims: list[Checked]) -> tuple[str, str]:
    """What became of a duty, the worst of what was said of it, and the reason where one was given."""
    if not claims:
        return ("not-formal", duty.not_formal) if duty.property is None else ("not-looked-into", "")
    found = [(_of(claim), claim.reason) for claim in claims]
    return min(found, key=lambda pair: _ORDER.index(pair[0]))


def _of(claim: Checked) -> str:
    if claim.outcome != "refuted":
        return claim.outcome
    return {Kind.VACUOUS_OBLIGATION: "vacuous", Kind.WOULD_BREAK: "would-break"}.get(claim.check, "broken")
