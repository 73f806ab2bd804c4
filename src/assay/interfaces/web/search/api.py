"""Search for programs: the same hits as on the page, for whoever the token or session is of."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Query, Router, Schema

from assay.governance.office.requests import StaffRequest
from assay.interfaces.web.search.queries import LONGEST, find

router = Router(tags=["search"])


class HitOut(Schema):
    """One hit."""

    kind: str
    title: str
    url: str
    context: str
    score: float


@router.get("/", response=list[HitOut], operation_id="search", summary="Search what one may see")
def search(request: HttpRequest, q: str = Query(max_length=LONGEST), most: int = Query(8, ge=1, le=40)) -> list[HitOut]:  # type: ignore[type-arg]
    """What fits some words, the best of each kind first."""
    staff: StaffRequest = request  # type: ignore[assignment]  # the middleware has made it one
    groups = find(text=q, by=staff.actor, at=staff.at, most=most)
    return [
        HitOut(kind=hit.kind, title=hit.title, url=hit.url, context=hit.context, score=round(hit.score, 3))
        for group in groups
        for hit in group.hits
    ]
