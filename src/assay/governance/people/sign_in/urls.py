"""Addresses of signing in: allauth's views that this house uses, by name, and ours. What is not listed is closed."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as keys
from django.urls import URLPattern, URLResolver, include, path, re_path

from assay.governance.people.sign_in import pages
from assay.governance.people.sign_in.recovery import pages as recovery
from assay.governance.people.sign_in.wiring.recorded import recorded

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    # Closed: it says that people are invited here.
    path("signup/", account.signup, name="account_signup"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", recorded(account.password_change), name="account_change_password"),
    path("password/set/", recorded(account.password_set), name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        recorded(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path("password/reset/key/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("2fa/totp/activate/", recorded(app.activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", recorded(app.deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/webauthn/add/", recorded(keys.add_webauthn), name="mfa_add_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/remove/", recorded(pages.remove_key), name="mfa_remove_webauthn"),
    path("2fa/recovery-codes/generate/", recorded(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    # What changes no factor: the list, the second step of signing in, names of keys. Above comes first.
    path("2fa/", include("allauth.mfa.urls")),
    path("sso/", include("assay.governance.people.sign_in.single.urls")),
    path("second-factor/", pages.second_factor, name="sign_in_second_factor"),
    path("begin/", pages.begin, name="sign_in_begin"),
    path("sessions/", pages.sessions, name="usersessions_list"),
    path("recovery/", recovery.ask, name="sign_in_ask_recovery"),
    path("recovery/use/", recovery.use, name="sign_in_recover"),
    path("recoveries/", recovery.waiting, name="sign_in_recoveries"),
    path("recoveries/<int:number>/", recovery.decide, name="sign_in_decide_recovery"),
]
