"""What happens to saved views, as the ledger keeps it: never a name or a filter, which may name an item."""

from __future__ import annotations

from dataclasses import dataclass

from assay.governance.ledger.events import event
from assay.governance.office.roles import Role


@event("views.view-saved", words="saved {subject}")
@dataclass(frozen=True, slots=True)
class ViewSaved:
    """Filters were kept under a name."""


@event("views.view-renamed", words="renamed {subject}")
@dataclass(frozen=True, slots=True)
class ViewRenamed:
    """It has another name now."""


@event("views.view-shared", words="shared {subject} with {roles}")
@dataclass(frozen=True, slots=True)
class ViewShared:
    """Who else sees it from now on; nobody where there is no role."""

    roles: tuple[Role, ...]


@event("views.view-deleted", words="deleted {subject}")
@dataclass(frozen=True, slots=True)
class ViewDeleted:
    """It is gone."""
