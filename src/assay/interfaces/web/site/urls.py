"""The addresses of the site: each room's own, under its name. It holds no page."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("assay.interfaces.web.home.urls")),
    path("", include("assay.interfaces.web.search.urls")),
    path("", include("assay.interfaces.web.calendar.urls")),
    path("", include("assay.governance.people.urls")),
    path("", include("assay.governance.policies.life.urls")),
    path("", include("assay.governance.policies.drafting.urls")),
    path("", include("assay.governance.policies.consulting.urls")),
    path("", include("assay.governance.policies.impact.urls")),
    path("", include("assay.governance.policies.signing.urls")),
    path("", include("assay.governance.policies.readiness.urls")),
    path("", include("assay.governance.policies.releasing.urls")),
    path("", include("assay.governance.policies.questions.urls")),
    path("", include("assay.governance.policies.library.urls")),
    path("", include("assay.governance.policies.writing.urls")),
    path("policies/", include("assay.interfaces.web.policies.urls")),
    path("decisions/", include("assay.interfaces.web.decisions.urls")),
    path("bundles/", include("assay.interfaces.web.bundles.urls")),
    path("views/", include("assay.interfaces.web.views.urls")),
    path("ledger/", include("assay.governance.ledger.urls")),
    path("notices/", include("assay.governance.people.notices.urls")),
    path("account/tokens/", include("assay.governance.people.tokens.urls")),
    path("account/", include("assay.governance.people.sign_in.urls")),
    path("api/", include("assay.interfaces.web.api.urls")),
    path("look/", include("assay.interfaces.web.look.urls")),
]

handler400 = "assay.interfaces.web.site.errors.bad_request"
handler403 = "assay.interfaces.web.site.errors.forbidden"
handler404 = "assay.interfaces.web.site.errors.not_found"
handler500 = "assay.interfaces.web.site.errors.broken"
