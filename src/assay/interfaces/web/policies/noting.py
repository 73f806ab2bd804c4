"""Notes in the ledger which bundle decides, whenever it is another than was noted last. It puts none in use."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.ledger.events import kind_of
from assay.governance.ledger.models import Entry, Head
from assay.governance.office.actor import SYSTEM, Actor
from assay.governance.office.operations import command
from assay.governance.office.references import Reference
from assay.interfaces.deciding.live.keeping import Keeping
from assay.interfaces.web.policies.events import BundleRolledBack, BundleSwapped
from assay.interfaces.web.policies.in_force import pack_in_force

_KINDS = tuple(kind_of(made).name for made in (BundleSwapped(), BundleRolledBack()))


@dataclass(frozen=True, slots=True)
class Decider:
    """The bundle that the service says decides, and whether by a rollback."""

    digest: str
    rolled_back: bool

    @property
    def reference(self) -> Reference:
        """Its name in the ledger, where a colon stands for something else."""
        return Reference("bundle", self.digest.replace(":", "-"))

    @property
    def event(self) -> BundleSwapped | BundleRolledBack:
        """What is noted of it."""
        return BundleRolledBack() if self.rolled_back else BundleSwapped()


def decider_now() -> Decider | None:
    """What the service's own notes say; None where it keeps none, or they cannot be read."""
    keeping = Keeping(settings.ASSAY_BUNDLES_STATE)
    if settings.ASSAY_BUNDLES_STATE is None or keeping.open() is not None:
        return None
    notes = keeping.notes
    if notes.pinned is not None:
        return Decider(notes.pinned.digest, rolled_back=True)
    return None if notes.good is None else Decider(notes.good.current, rolled_back=False)


def note_if_changed(at: datetime) -> int:
    """Note what decides where it is another than was noted last; 1 where it was. Several processes may ask at once."""
    now = decider_now()
    if now is None or _noted() == now:
        return 0
    done = note_decider(decider=now, by=SYSTEM, at=at)
    return 0 if isinstance(done, list) else 1


@command("bundles.note-decider", words="note which bundle decides", system=True)
def note_decider(*, decider: Decider, by: Actor, at: datetime) -> Entry | list[Fault]:
    """Once for each change, whoever notices it first."""
    # Held before it is looked at: of two processes that notice the same, the second finds it noted.
    Head.objects.select_for_update().filter(pk=1).first()
    if _noted() == decider:
        return [Fault("noted-already", "this was noted already; there is nothing to do")]
    return append(decider.event, subject=decider.reference, by=by, at=at)


def names_of_bundles(keys: Collection[str]) -> Mapping[str, str]:
    """What people call bundles, by their keys in the ledger: title and version where it is the one that decides."""
    found = pack_in_force()
    known = {found.digest.replace(":", "-"): f"{found.pack.title} {found.pack.version}"} if found is not None else {}
    return {key: known.get(key, f"bundle {key.removeprefix('sha256-')[:12]}") for key in keys}


def place_of_bundle(key: str) -> str | None:
    """The page of a bundle."""
    try:
        return reverse("bundles:one", args=[key.replace("sha256-", "sha256:", 1)])
    except NoReverseMatch:
        return None


def _noted() -> Decider | None:
    last = Entry.objects.filter(kind__in=_KINDS).order_by("-number").values_list("kind", "subject").first()
    if last is None:
        return None
    kind, subject = last
    digest = Reference.read(subject).key.replace("sha256-", "sha256:", 1)
    return Decider(digest, rolled_back=kind == _KINDS[1])
