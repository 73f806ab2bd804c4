"""Addresses of single sign-on. There is one provider; connecting further accounts is closed."""

from __future__ import annotations

from allauth.socialaccount import views
from django.urls import URLPattern, path

from assay.governance.people.sign_in.single import provider
from assay.governance.people.sign_in.single.joining import refused

urlpatterns: list[URLPattern] = [
    path("<slug:provider_id>/login/", provider.begin, name="openid_connect_login"),
    path("<slug:provider_id>/login/callback/", provider.come_back, name="openid_connect_callback"),
    path("refused/", refused, name="sign_in_refused"),
    path("cancelled/", views.login_cancelled, name="socialaccount_login_cancelled"),
]
