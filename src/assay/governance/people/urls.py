"""Addresses of the room of people. It holds no page."""

from __future__ import annotations

from django.urls import path

from assay.governance.people.pages import accounts, approvals, matrix, me, people, roles

app_name = "people"
urlpatterns = [
    path("people/", people.people, name="people"),
    path("people/export", people.export, name="export"),
    path("people/invite", accounts.invite, name="invite"),
    path("people/matrix", matrix.matrix, name="matrix"),
    path("people/matrix.csv", matrix.matrix_file, name="matrix_file"),
    path("people/approvals", approvals.approvals, name="approvals"),
    path("people/approvals/<uuid:key>", approvals.approval, name="approval"),
    path("people/approvals/<uuid:key>/approve", approvals.approve, name="approve"),
    path("people/approvals/<uuid:key>/decline", approvals.decline, name="decline"),
    path("people/approvals/<uuid:key>/withdraw", approvals.withdraw, name="withdraw"),
    path("people/roles/<uuid:key>/revoke", roles.revoke, name="revoke"),
    path("people/delegations/<uuid:key>/end", me.end_delegation, name="end_delegation"),
    path("people/absences/<uuid:key>/end", me.end_absence, name="end_absence"),
    path("people/<uuid:key>", people.person, name="person"),
    path("people/<uuid:key>/give", roles.give, name="give"),
    path("people/<uuid:key>/emergency", roles.emergency, name="emergency"),
    path("people/<uuid:key>/change", accounts.change, name="change"),
    path("people/<uuid:key>/away", accounts.away, name="away"),
    path("people/<uuid:key>/close", accounts.close, name="close"),
    path("people/<uuid:key>/reopen", accounts.reopen, name="reopen"),
    path("people/<uuid:key>/sign-out", accounts.sign_out, name="sign_out"),
    path("people/<uuid:key>/invite-again", accounts.invite_again, name="invite_again"),
    path("me/", me.me, name="me"),
    path("me/profile", me.profile, name="profile"),
    path("me/delegate", me.delegate, name="delegate"),
]
