"""Makes a view of allauth one transaction with its ledger entries. It changes nothing that the view does."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase

from assay.governance.people.actors import actor_of
from assay.governance.people.models import Person
from assay.governance.people.sign_in.commands import Factor, note_factor_added, note_factor_removed
from assay.governance.people.sign_in.wiring.adapter import FACTOR
from assay.governance.people.sign_in.wiring.noting import instant_of

View = Callable[..., HttpResponseBase]
FACTORS: dict[str, Factor] = {"totp": "app", "webauthn": "key", "recovery_codes": "recovery-codes"}


def recorded(view: View) -> View:
    """The same view; when it is posted to, what it changes and the ledger's word of it come together or not at all.

    Factors are compared before and after: allauth tells of some only after the change is committed, too late for that.
    """

    @wraps(view)
    def in_one(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        with transaction.atomic():
            person = request.user if isinstance(request.user, Person) else None
            before = _factors(person)
            answer = view(request, *args, **kwargs)
            if person is not None:
                _note(request, person, before, _factors(person))
        return answer

    return in_one


def _factors(person: Person | None) -> dict[int, Factor]:
    if person is None:
        return {}
    return {pk: FACTORS[kind] for pk, kind in Authenticator.objects.filter(user=person).values_list("pk", "type")}


def _note(request: HttpRequest, person: Person, before: dict[int, Factor], after: dict[int, Factor]) -> None:
    at = instant_of(request)
    by = actor_of(person, at)
    added = [after[pk] for pk in sorted(after.keys() - before.keys())]
    for factor in added:
        note_factor_added(factor=factor, by=by, at=at)
    request.session.pop(FACTOR, None)
    for pk in sorted(before.keys() - after.keys()):
        # New recovery codes take the place of the old ones: that is one thing.
        if before[pk] not in added:
            note_factor_removed(factor=before[pk], by=by, at=at)
