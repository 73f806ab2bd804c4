"""Renders a comparison as one HTML page for a lawyer: what changes for which items, and the clauses side by side."""

from __future__ import annotations

from dataclasses import dataclass

from assay.engine.analysis.difference.change import Change, ClauseEdit, Difference, Region
from assay.engine.language.pack.measures import Measure
from assay.engine.language.pack.pack import Pack
from assay.interfaces.look.page import anchor_of, environment_of, footer_of, style_of
from assay.interfaces.packs.texts import Texts
from assay.interfaces.proofs.page.marking import Block, side_by_side
from assay.interfaces.proofs.page.parts import WitnessView, witness_view
from assay.interfaces.proofs.page.proof_page import PACKAGE
from assay.interfaces.proofs.verdicts import difference_verdict
from assay.interfaces.proofs.words import left_out, moment, reach, region_words, told_facts


@dataclass(frozen=True, slots=True)
class RegionView:
    """Items that change: the condition, what is left out of it, one of them in a sentence and in full."""

    condition: str
    aside: str
    told: str
    witness: WitnessView


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A change with its regions; `when` is empty where it holds from the day of the comparison and for good."""

    anchor: str
    title: str
    measure: str
    before: str
    after: str
    meanwhile: bool
    direction: str
    subject: str
    where: str
    when: str
    rules: tuple[tuple[str, str], ...]
    regions: tuple[RegionView, ...]

    def is_by(self, clause: str) -> bool:
        """Whether a clause stands behind it."""
        return any(rule == clause for rule, _ in self.rules)


@dataclass(frozen=True, slots=True)
class ClauseView:
    """A clause before and after.

    effects  the changes that it is behind, for items of which all is known; `waiting` counts the others
    """

    anchor: str
    name: str
    title: str
    edits: tuple[str, ...]
    words: str
    place: str
    decides: bool
    before: tuple[Block, ...]
    after: tuple[Block, ...]
    effects: tuple[ChangeView, ...]
    waiting: int


def render_difference(difference: Difference, packs: tuple[Pack, Pack], texts: tuple[Texts, Texts]) -> str:
    """The whole page, for the old and the new version."""
    page = DifferenceParts(difference, packs)
    known = page.changes(complete=True)
    waiting = page.changes(complete=False)
    template = environment_of(PACKAGE).get_template("difference.html")
    return template.render(
        difference=difference,
        verdict=difference_verdict(difference),
        as_of=moment(difference.as_of),
        texts=texts,
        known=known,
        waiting=waiting,
        clauses=page.clauses(known, waiting),
        style=style_of(PACKAGE),
        footer=footer_of(f"{difference.old_title} - {difference.new_title} · {moment(difference.as_of)}"),
    )


@dataclass(frozen=True, slots=True)
class DifferenceParts:
    """What every part of the page is made from."""

    difference: Difference
    packs: tuple[Pack, Pack]

    def changes(self, *, complete: bool) -> tuple[ChangeView, ...]:
        """The changes for items of which all is known, or for those that wait for an answer."""
        found = [
            self._change(number, change, complete=complete)
            for number, change in enumerate(self.difference.changes, 1)
            if any(region.complete is complete for region in change.regions)
        ]
        return tuple(found)

    def clauses(self, known: tuple[ChangeView, ...], waiting: tuple[ChangeView, ...]) -> tuple[ClauseView, ...]:
        """The clauses, each with the changes it is behind."""
        return tuple(self._clause(clause, known, waiting) for clause in self.difference.clauses)

    def _change(self, number: int, change: Change, *, complete: bool) -> ChangeView:
        since = f"from {moment(change.since)} on" if change.since > self.difference.as_of else ""
        until = f"until {moment(change.until)}" if change.until is not None else ""
        cited = {clause.name for clause in self.difference.clauses}
        return ChangeView(
            anchor=f"change-{number}" + ("" if complete else "-open"),
            title=self._title(change.measure),
            measure=change.measure,
            before=change.before.value,
            after=change.after.value,
            meanwhile=change.meanwhile,
            direction=change.direction.value,
            subject=change.subject,
            where=reach(change, self.packs[1].markets),
            when=" ".join(part for part in (since, until) if part),
            rules=tuple((rule, anchor_of("clause", rule) if rule in cited else "") for rule in change.rules),
            regions=tuple(self._region(one, change) for one in change.regions if one.complete is complete),
        )

    def _title(self, measure: str) -> str:
        found: Measure | None = next(
            (pack.measures.by_id[measure] for pack in reversed(self.packs) if measure in pack.measures.by_id), None
        )
        return measure if found is None else found.title

    def _region(self, region: Region, change: Change) -> RegionView:
        words = self.difference.vocabulary
        said = region_words(region)
        return RegionView(
            condition=said[0].upper() + said[1:],
            aside=left_out(region, change),
            told=told_facts(region.witness, words),
            witness=witness_view(region.witness, words),
        )

    def _clause(self, clause: ClauseEdit, known: tuple[ChangeView, ...], waiting: tuple[ChangeView, ...]) -> ClauseView:
        before, after = side_by_side(clause.before, clause.after)
        return ClauseView(
            anchor=anchor_of("clause", clause.name),
            name=clause.name,
            title=clause.title,
            edits=tuple(edit.value for edit in clause.edits),
            words=clause.words,
            place=str(clause.span),
            decides=clause.decides,
            before=before,
            after=after,
            effects=tuple(change for change in known if change.is_by(clause.name)),
            waiting=sum(change.is_by(clause.name) for change in waiting),
        )
