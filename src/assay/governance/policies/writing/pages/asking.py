"""What an address asks for: a language, a market, a version, a day, a change's draft. What it says is not trusted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import Http404

from assay.governance.office.requests import StaffRequest
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.shell import found_change
from assay.governance.policies.writing.documents.languages import Language, language_of
from assay.governance.policies.writing.making import Wanted, languages_for
from assay.governance.policies.writing.queries import Asked, read_document
from assay.governance.policies.writing.strings.sources import SOURCE_LANGUAGE
from assay.governance.policies.writing.strings.standing import LanguageStanding

_LARGEST_NUMBER = 1_000_000
_FURTHEST = timedelta(days=20 * 366)


@dataclass(frozen=True, slots=True)
class Reading:
    """A document that is read on a page.

    languages  into which the policy was translated, with how far each has come
    day        whether the address names one
    query      what of the address other forms of the same document keep
    """

    wanted: Wanted
    change: Change | None
    languages: tuple[tuple[Language, LanguageStanding], ...]
    day: bool
    query: str

    @property
    def context(self) -> dict[str, object]:
        """For templates."""
        return {
            "wanted": self.wanted,
            "change": self.change,
            "languages": self.languages,
            "day": self.day,
            "query": self.query,
        }


def reading_of(request: StaffRequest, policy: str) -> Reading:
    """What a page is asked for; raises Http404 where there is nothing of the kind."""
    language = request.GET.get("language") or SOURCE_LANGUAGE
    if language_of(language) is None:
        raise Http404
    change, day = change_of(request), _day(request)
    if change is not None and change.policy != policy:
        raise Http404
    asked = Asked(policy, language, request.GET.get("market") or None, _number(request, "version"), day, change)
    wanted = read_document(asked=asked, by=request.actor, at=request.at)
    if wanted is None or wanted.texts.pack is None:
        raise Http404
    standings = languages_for(policy, wanted.texts)
    named = ((language_of(each.language), each) for each in standings)
    shown = tuple((found, each) for found, each in named if found is not None)
    return Reading(wanted, change, shown, day is not None, _query(request))


def change_of(request: StaffRequest) -> Change | None:
    """The change whose draft is asked for, for whoever may read it."""
    number = _number(request, "change")
    return None if number is None else found_change(request, number)


def _number(request: StaffRequest, name: str) -> int | None:
    given = request.GET.get(name, "")
    if not given:
        return None
    if not given.isascii() or not given.isdigit() or int(given[:9]) > _LARGEST_NUMBER:
        raise Http404
    return int(given)


def _day(request: StaffRequest) -> date | None:
    given = request.GET.get("day", "")
    if not given:
        return None
    try:
        found = date.fromisoformat(given)
    except ValueError:
        raise Http404 from None
    if abs(found - request.at.date()) > _FURTHEST:
        raise Http404
    return found


def _query(request: StaffRequest) -> str:
    kept = request.GET.copy()
    for name in list(kept):
        if name not in {"language", "market", "version", "day", "change"}:
            del kept[name]
    return f"?{kept.urlencode()}" if kept else ""
