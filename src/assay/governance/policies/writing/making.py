"""Documents of the house's own policies: the right texts, their versions, translations and rulings put together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from assay.governance.policies.life.models import Version, contents_of
from assay.governance.policies.questions.precedents import precedents_for
from assay.governance.policies.writing.catalogues import standings, strings_in, wording_of
from assay.governance.policies.writing.documents.changelog import sections_changed
from assay.governance.policies.writing.documents.explanation import Explanation, explanation_of
from assay.governance.policies.writing.documents.facts import Changed, Facts, Wording
from assay.governance.policies.writing.documents.guidance import Guidance, KnownQuestion, Rulings, guidance_of
from assay.governance.policies.writing.documents.public import PublicPage, public_page
from assay.governance.policies.writing.sources import Texts, document_of
from assay.governance.policies.writing.strings.sources import SOURCE_LANGUAGE
from assay.governance.policies.writing.strings.standing import LanguageStanding

_MOST_VERSIONS = 200
# The public page tells of a few; the change log of all.
_MOST_TOLD = 6


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document that somebody asks for.

    texts   it is made of
    upto    the newest version that its changes tell of; None is all
    market  of guidance
    """

    policy: str
    texts: Texts
    day: date
    language: str = SOURCE_LANGUAGE
    market: str | None = None
    upto: int | None = None

    @property
    def wording(self) -> Wording:
        """What is translated for its reader."""
        return wording_of(self.policy, self.language)

    @property
    def facts(self) -> Facts:
        """What is said beside the text."""
        changes = tuple(changes_of(self.policy, upto=self.upto, most=_MOST_TOLD))
        since = changes[0].day if changes and not self.texts.draft else None
        return Facts(self.day, self.texts.digest, self.texts.draft, since, changes)


def public_of(wanted: Wanted) -> PublicPage | None:
    """The public page; None where there is no such policy, or its texts have errors."""
    pack = wanted.texts.pack
    return None if pack is None else public_page(pack, wanted.policy, wanted.facts, wanted.wording)


def guidance_for(wanted: Wanted) -> Guidance | None:
    """The guidance; None where there is no such policy or market, or its texts have errors."""
    pack = wanted.texts.pack
    if pack is None:
        return None
    return guidance_of(
        pack,
        wanted.policy,
        Facts(wanted.day, wanted.texts.digest, wanted.texts.draft),
        market=wanted.market,
        wording=wanted.wording,
        rulings=_rulings(wanted.policy, wanted.day),
    )


def explanation_for(wanted: Wanted) -> Explanation | None:
    """What creators are told."""
    pack = wanted.texts.pack
    return None if pack is None else explanation_of(pack, wanted.policy, wanted.facts, wanted.wording)


def changes_of(policy: str, *, upto: int | None = None, most: int = _MOST_VERSIONS) -> Iterator[Changed]:
    """What each version of a policy changed, the newest first."""
    document = document_of(policy)
    if document is None:
        return
    rows = document.history.order_by("-number")
    rows = rows if upto is None else rows.filter(number__lte=upto)
    yield from islice(changed_by(list(rows[: most + 1])), most)


def changed_by(versions: Sequence[Version]) -> Iterator[Changed]:
    """Versions of one document, the newest first, each against the one before it."""
    texts = contents_of(row.text_id for row in versions if row.text_id)
    for row, before in zip(versions, [*versions[1:], None], strict=True):
        parts = sections_changed(
            None if before is None or before.text_id is None else texts.get(before.text_id),
            None if row.text_id is None else texts.get(row.text_id),
        )
        day = _since(row)
        yield Changed(row.label, day, row.note, row.number, parts.added, parts.altered, parts.removed)


def _since(version: Version) -> date:
    """From when on a version holds: from the day it names or, where it came later, from when it came.

    The first was in force elsewhere before it was taken over here.
    """
    made = version.made_at.date()
    if version.number == 1:
        return version.effective_on or made
    return max(version.effective_on or made, made)


def languages_for(policy: str, texts: Texts) -> tuple[LanguageStanding, ...]:
    """How far each language of a policy has come, for these texts."""
    return standings(policy, strings_in(policy, texts) or ())


def _rulings(policy: str, day: date) -> Rulings:
    """Rulings by rule; those of a market are read once, and those of the whole policy stand by themselves."""
    held: dict[str, dict[str, list[KnownQuestion]]] = {}

    def found(rule: str, market: str) -> Sequence[KnownQuestion]:
        if market not in held:
            held[market] = {}
            for row in precedents_for(policy=policy, market=market, day=day):
                known = KnownQuestion(row.number, row.question, row.ruling, row.rationale, row.expires_on, row.url)
                held[market].setdefault(row.rule.rpartition("/")[2], []).append(known)
        return held[market].get(rule, ())

    return found
