"""Addresses of this part. It holds no page."""

from __future__ import annotations

from django.urls import path

from assay.governance.policies.life.pages import asking, board, change

app_name = "changes"
urlpatterns = [
    path("changes/", board.board_page, name="board"),
    path("changes/list", board.list_page, name="list"),
    path("changes/export", board.export, name="export"),
    path("changes/new", board.new, name="new"),
    path("changes/begin", board.begin, name="begin"),
    path("changes/<int:number>/", change.change, name="change"),
    path("changes/<int:number>/advance", change.advance, name="advance"),
    path("changes/<int:number>/describe", asking.describe, name="describe"),
    path("changes/<int:number>/people", asking.people, name="people"),
    path("changes/<int:number>/sources", asking.sources, name="sources"),
    path("changes/<int:number>/sources/<uuid:key>/remove", asking.remove_source, name="remove_source"),
    path("changes/<int:number>/back", asking.back, name="back"),
    path("changes/<int:number>/withdraw", asking.withdraw, name="withdraw"),
    path("changes/<int:number>/waive/<str:requirement>", asking.waive, name="waive"),
    path("changes/<int:number>/review", asking.review, name="review"),
    path("changes/<int:number>/confirm", asking.confirm, name="confirm"),
    path("changes/<int:number>/rebase", asking.rebase, name="rebase"),
]
