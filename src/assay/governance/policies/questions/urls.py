"""Addresses of this part. It holds no page."""

from __future__ import annotations

from django.urls import path

from assay.governance.policies.questions.pages import doing, reading

app_name = "questions"
_ONE = "known-questions/<int:number>/"
urlpatterns = [
    path("known-questions/", reading.questions, name="list"),
    path("known-questions/export", reading.export, name="export"),
    path("known-questions/near", reading.near, name="near"),
    path("known-questions/new", doing.new, name="new"),
    path(_ONE, reading.one, name="one"),
    path(f"{_ONE}answer", doing.answer, name="answer"),
    path(f"{_ONE}confirm", doing.confirm, name="confirm"),
    path(f"{_ONE}supersede", doing.supersede, name="supersede"),
    path(f"{_ONE}withdraw", doing.withdraw, name="withdraw"),
]
