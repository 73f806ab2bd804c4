"""An account for somebody whom the provider knows and we did not. It asks the provider nothing."""

from __future__ import annotations

from datetime import datetime

from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.office.actor import Actor
from assay.governance.office.operations import command
from assay.governance.office.roles import Role
from assay.governance.people.models import Grant, Person
from assay.governance.people.sign_in.configuring import PROVIDER_ID
from assay.governance.people.sign_in.events import Joined
from assay.governance.people.sign_in.rules import POWERFUL


@command("people.join", words="join at their first single sign-on, where the settings let them", system=True)
def join(*, email: str, name: str, role: str | None, subject_id: str, by: Actor, at: datetime) -> Person | list[Fault]:
    """Make the account; a role with power is never given this way.

    subject_id  the person's id at the provider, by which they are found from now on
    """
    given = Role(role) if role else None
    if given in POWERFUL:
        return [Fault("role-with-power", f"`{role}` is never given at a first sign-in; grant it to the person")]
    try:
        validate_email(email)
    except ValidationError:
        return [Fault("no-address", "the provider gave no address that mail can go to")]
    if Person.objects.filter(email=email).exists():
        return [Fault("address-taken", "an account has this address already; ask an administrator")]
    try:
        with transaction.atomic():
            person = Person.objects.create_user(email, None, name=name)
            SocialAccount.objects.create(user=person, provider=PROVIDER_ID, uid=subject_id)
    except IntegrityError:
        return [Fault("joined-already", "another sign-in of the same person came first; sign in once more")]
    if given is not None:
        Grant.objects.create(person=person, role=given.value, starts=at, granted_at=at, way="granted")
    append(Joined(given), subject=person.reference, by=by, at=at)
    return person
