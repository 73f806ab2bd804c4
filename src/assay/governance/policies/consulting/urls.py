"""Addresses of this part. It holds no page."""

from __future__ import annotations

from django.urls import path

from assay.governance.policies.consulting.pages import asked, consultation, inviting, opening

app_name = "consulting"
_OF = "changes/<int:number>/consultation/"
_ONE = f"{_OF}<uuid:key>/"
urlpatterns = [
    path(_OF, consultation.change, name="change"),
    path(f"{_OF}new", opening.new, name="new"),
    path(f"{_OF}views/<uuid:view>", consultation.answer, name="answer"),
    path(_ONE, consultation.one, name="one"),
    path(f"{_ONE}preview", consultation.preview, name="preview"),
    path(f"{_ONE}summary", consultation.summary, name="summary"),
    path(f"{_ONE}extend", opening.extend, name="extend"),
    path(f"{_ONE}close", opening.close, name="close"),
    path(f"{_ONE}invite", inviting.invite, name="invite"),
    path(f"{_ONE}remind", inviting.remind, name="remind"),
    path(f"{_ONE}withdraw", inviting.withdraw, name="withdraw"),
    path("consultations/", asked.mine, name="mine"),
    path("consultations/<uuid:key>", asked.asked, name="asked"),
    path("consultations/<uuid:key>/declare", asked.declare_interest, name="declare"),
    path("consultations/<uuid:key>/view", asked.say, name="say"),
    path("consultations/<uuid:key>/decline", asked.decline, name="decline"),
]
