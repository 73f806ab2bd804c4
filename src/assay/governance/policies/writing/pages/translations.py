"""How far translations have come, PO files out and in. The pages take a stranger's file only through the command."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assay.engine.kernel.errors import Fault
from assay.governance.office.actor import Target
from assay.governance.office.listing import Key, Listing, Place, paged
from assay.governance.office.operations import may
from assay.governance.office.requests import StaffRequest
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.targets import ROOM
from assay.governance.policies.writing.catalogues import is_shared
from assay.governance.policies.writing.commands import drop_language, import_strings
from assay.governance.policies.writing.documents.languages import Language, language_of
from assay.governance.policies.writing.pages.asking import change_of
from assay.governance.policies.writing.queries import Catalogue, see_translations, strings_file, translations
from assay.governance.policies.writing.sources import document_of
from assay.governance.policies.writing.strings.catalogues import LARGEST
from assay.governance.policies.writing.strings.sources import SourceString
from assay.governance.policies.writing.strings.standing import State, Translations, standing_of

_MOST_ROWS = 50
_TITLES = {"shared-vocabulary": "Questions, answers and measures", "shared-page": "Words of the public page"}
_STATES: tuple[tuple[State, str], ...] = (("stale", "Stale"), ("missing", "Missing"), ("current", "Translated"))


class SendForm(forms.Form):
    """A translated file."""

    language = forms.CharField(label="Language", max_length=20, help_text="Its tag, such as `de` or `pt-BR`.")
    file = forms.FileField(label="PO file", help_text="As your translation tool exports it.")
    leave_out = forms.BooleanField(
        label="Leave out what is wrong", required=False, help_text="Take the other strings. Otherwise nothing is taken."
    )


@require_http_methods(["GET", "POST"])
def catalogue(request: StaffRequest, catalogue: str) -> HttpResponse:
    """The languages of a catalogue, and where a translated file is sent to."""
    change = change_of(request)
    form = SendForm(request.POST or None, request.FILES or None)
    faults: list[Fault] = []
    if request.method == "POST" and form.is_valid():
        done = _take(request, form, catalogue, change)
        if not isinstance(done, list):
            messages.success(request, f"{done} translations are taken. Readers get them from now on.")
            return redirect(f"{reverse('writing:translations', args=[catalogue])}{_query(change)}")
        faults = done
    found = _found(request, catalogue, change)
    named = ((language_of(each.language), each) for each in found.standings)
    given = {
        **_given(found, change),
        "standings": [(language, each) for language, each in named if language is not None],
        "form": form,
        "faults": faults,
        "may_import": may(request.actor, "policies.import-strings", _target(catalogue)),
    }
    return render(request, "writing/translations.html", given, status=422 if faults or form.errors else 200)


@require_GET
def language(request: StaffRequest, catalogue: str, language: str) -> HttpResponse:
    """Every string of a catalogue in one language, with its state."""
    change, known = change_of(request), _language(language)
    found = _found(request, catalogue, change)
    held = translations(catalogue, language).among(found.strings)
    state = request.GET.get("state", "")
    wanted = [each for each in found.strings if not state or held.state(each) == state]
    listing = _page(wanted, request.GET.get("after"))
    rows = [(each, held.state(each), _words(each, held)) for each in listing.rows]
    given = {
        **_given(found, change),
        "language": known,
        "standing": standing_of(found.strings, held),
        "states": _STATES,
        "state": state,
        "rows": rows,
        "listing": listing,
        "may_drop": bool(held.by_digest) and may(request.actor, "policies.drop-language", _target(catalogue)),
    }
    return render(request, "writing/language.html", given)


@require_GET
def strings(request: StaffRequest, catalogue: str, language: str) -> HttpResponse:
    """The PO file of a catalogue in a language."""
    _language(language)
    content = strings_file(
        catalogue=catalogue, language=language, change=change_of(request), by=request.actor, at=request.at
    )
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type="text/x-gettext-translation; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{catalogue}.{language}.po"'
    return response


@require_GET
def template(request: StaffRequest, catalogue: str) -> HttpResponse:
    """From a language that somebody typed to its file."""
    given = request.GET.get("language", "").strip().replace("_", "-")
    known = language_of(given)
    if known is None or known.is_source:
        messages.error(request, f"`{given[:20]}` is no language to translate into. Write a tag such as de or pt-BR.")
        return redirect("writing:translations", catalogue=catalogue)
    query = _query(change_of(request))
    return redirect(f"{reverse('writing:strings', args=[catalogue, known.tag])}{query}")


@require_POST
def drop(request: StaffRequest, catalogue: str, language: str) -> HttpResponse:
    """Forget a language of a catalogue."""
    done = drop_language(catalogue=catalogue, language=language, by=request.actor, at=request.at)
    if isinstance(done, list):
        raise Http404
    messages.success(request, f"{done} translations are dropped.")
    return redirect("writing:translations", catalogue=catalogue)


def _take(request: StaffRequest, form: SendForm, catalogue: str, change: Change | None) -> int | list[Fault]:
    sent = form.cleaned_data["file"]
    if sent.size > LARGEST:
        return [Fault("large-file", f"the file has {sent.size:,} bytes; at most {LARGEST:,} are taken", "file")]
    return import_strings(
        catalogue=catalogue,
        language=form.cleaned_data["language"].strip(),
        content=sent.read(),
        change=change,
        leave_out=form.cleaned_data["leave_out"],
        by=request.actor,
        at=request.at,
    )


def _words(string: SourceString, held: Translations) -> str:
    """What there is of a string, current or not."""
    older = held.older.get(string.context)
    return held.current(string) or (older.words if older else "")


def _found(request: StaffRequest, catalogue: str, change: Change | None) -> Catalogue:
    found = see_translations(catalogue=catalogue, change=change, by=request.actor, at=request.at)
    if found is None:
        raise Http404
    return found


def _given(found: Catalogue, change: Change | None) -> dict[str, object]:
    document = None if is_shared(found.name) else document_of(found.name)
    title = next((each.text for each in found.strings if each.kind == "title"), found.name)
    return {
        "catalogue": found.name,
        "title": _TITLES.get(found.name) or (document.title if document is not None and change is None else title),
        "shared": is_shared(found.name),
        "versions": document is not None,
        "strings": found.strings,
        "change": change,
        "query": _query(change),
    }


def _language(tag: str) -> Language:
    known = language_of(tag)
    if known is None or known.is_source:
        raise Http404
    return known


def _target(catalogue: str) -> Target:
    return Target(ROOM) if is_shared(catalogue) else Target(ROOM, policy=catalogue)


def _query(change: Change | None) -> str:
    return "" if change is None else f"?change={change.number}"


def _page(rows: Sequence[SourceString], after: str | None) -> Listing[SourceString]:
    """One page of strings in their order; a cursor is a place in it."""

    def fetch(place: Place | None, count: int) -> Sequence[int]:
        if place is None:
            return range(min(count, len(rows)))
        start = min(max(int(str(place.key[0])), 0), len(rows))
        if place.way == "next":
            return range(start + 1, min(start + 1 + count, len(rows)))
        return range(start - 1, max(start - 1 - count, -1), -1)

    found = paged(fetch, lambda place: (place,), _read_place, after=after, most=_MOST_ROWS)
    return Listing([rows[place] for place in found.rows], found.next, found.previous, found.note)


def _read_place(given: list[object]) -> Key | None:
    return (given[0],) if len(given) == 1 and isinstance(given[0], int) and 0 <= given[0] < 1 << 40 else None
