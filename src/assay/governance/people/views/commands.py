"""Save a view, rename, share and delete it. Only its owner changes it."""

from __future__ import annotations

from datetime import datetime

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.office.actor import Actor
from assay.governance.office.operations import command
from assay.governance.office.roles import Role
from assay.governance.people.models import Person
from assay.governance.people.queries.naming import key_of
from assay.governance.people.views import rules
from assay.governance.people.views.events import ViewDeleted, ViewRenamed, ViewSaved, ViewShared
from assay.governance.people.views.models import SavedView

NO_SUCH = Fault("no-such-view", "you have no such saved view; it may have been deleted")


@command("views.save", words="save a view of a list", own=True)
def save_view(*, page: str, name: str, query: str, by: Actor, at: datetime) -> SavedView | list[Fault]:
    """Keep the filters of a list under a name, for oneself."""
    plain = rules.plain_query(query)
    mine = SavedView.objects.filter(owner__key=by.who.key)
    taken = list(mine.filter(page=page).values_list("name", flat=True))
    faults = rules.faults_of(name, page, plain, taken, mine.count())
    if faults:
        return faults
    owner = Person.of(by.who)
    view = SavedView.objects.create(owner=owner, page=page, name=name.strip(), query=plain, made_at=at, changed_at=at)
    append(ViewSaved(), subject=view.reference, by=by, at=at)
    return view


@command("views.rename", words="rename a saved view of their own", own=True)
def rename_view(*, key: str, name: str, by: Actor, at: datetime) -> SavedView | list[Fault]:
    """Give it another name."""
    view = _own(key, by)
    if view is None:
        return [NO_SUCH]
    others = SavedView.objects.filter(owner=view.owner_id, page=view.page).exclude(pk=view.pk)
    faults = rules.faults_of_name(name, list(others.values_list("name", flat=True)))
    if faults:
        return faults
    view.name, view.changed_at = name.strip(), at
    view.save(update_fields=["name", "changed_at"])
    append(ViewRenamed(), subject=view.reference, by=by, at=at)
    return view


@command("views.share", words="share a saved view of their own", own=True)
def share_view(*, key: str, roles: frozenset[str], by: Actor, at: datetime) -> SavedView | list[Fault]:
    """Show it to whoever holds one of some roles; to nobody else where there are none."""
    view = _own(key, by)
    if view is None:
        return [NO_SUCH]
    faults = rules.faults_of_roles(roles)
    if faults:
        return faults
    view.roles, view.changed_at = sorted(roles), at
    view.save(update_fields=["roles", "changed_at"])
    append(ViewShared(tuple(Role(role) for role in view.roles)), subject=view.reference, by=by, at=at)
    return view


@command("views.delete", words="delete a saved view of their own", own=True)
def delete_view(*, key: str, by: Actor, at: datetime) -> SavedView | list[Fault]:
    """Forget it."""
    view = _own(key, by)
    if view is None:
        return [NO_SUCH]
    append(ViewDeleted(), subject=view.reference, by=by, at=at)
    view.delete()
    return view


def _own(key: str, by: Actor) -> SavedView | None:
    """A view of one's own; that of somebody else is as one that is not there."""
    wanted = key_of(key)
    if wanted is None:
        return None
    return SavedView.objects.select_for_update().filter(key=wanted, owner__key=by.who.key).first()
