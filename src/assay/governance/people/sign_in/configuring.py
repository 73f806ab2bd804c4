"""Django's and allauth's settings for signing in, made from ours. It reads no file and imports no Django."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

# Between Django's sessions and the page: allauth's own, and the list of sessions.
ALLAUTH_MIDDLEWARE = (
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
)
# After the one that says who acts.
SIGN_IN_MIDDLEWARE = (
    "assay.governance.people.sign_in.middleware.SessionLifetime",
    "assay.governance.people.sign_in.middleware.SecondFactor",
)
PROVIDER_ID = "sso"
# Counted by address and by account, in the database: neither a restart nor a second process forgets an attempt.
RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "20/5m/ip,5/5m/key",
    "reset_password": "10/m/ip,3/10m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
    "signup": "5/m/ip",
    "begin": "20/m/ip",
    "ask_recovery": "5/m/ip,3/h/key",
    "recover": "20/m/ip",
    "try_recovery": "5/5m/key",
    "manage_email": "10/m/user",
    "confirm_email": "1/3m/key",
}
PASSWORD_LENGTH = 12
WORDING = "assay.governance.people.sign_in.wiring.wording"
ACCOUNT_FORMS = (
    ("login", "SignInForm"),
    ("reauthenticate", "ShowPasswordForm"),
    ("change_password", "ChangePasswordForm"),
    ("set_password", "SetPasswordForm"),
    ("reset_password", "ForgottenForm"),
    ("reset_password_from_key", "ResetPasswordForm"),
)
FACTOR_FORMS = (("authenticate", "CodeForm"), ("reauthenticate", "CodeAgainForm"), ("activate_totp", "UseAppForm"))
PASSWORD_HINT = (
    f"At least {PASSWORD_LENGTH} characters. A few words that nobody would put together are easy to keep in mind."
)


@dataclass(frozen=True, slots=True)
class SingleSignOn:
    """The provider of single sign-on.

    name           as people know it, on the button
    issuer         its address, the `iss` of every token that it signs
    domains        e-mail domains that are let in; empty lets every one in whose address the provider has verified
    create         whether somebody unknown gets an account at their first sign-in
    first_role     the role that such a person gets, by its slug; None gives none, and an administrator grants one
    second_factor  whether the provider asks for a second factor itself, so that ours is not asked for
    """

    name: str
    issuer: str
    client_id: str
    secret: str = field(repr=False)
    domains: tuple[str, ...] = ()
    create: bool = False
    first_role: str | None = None
    second_factor: bool = False


@dataclass(frozen=True, slots=True)
class SignIn:
    """What the house decides about signing in.

    require_second_factor  from everybody; somebody with a role of power needs one in any case
    idle, longest          after so long without a request, and in any case, a session ends
    proxies                how many proxies of ours stand in front, whose word on a stranger's address is taken
    secure                 whether people come by https
    """

    product: str = "Assay"
    require_second_factor: bool = True
    idle: timedelta = timedelta(hours=8)
    longest: timedelta = timedelta(days=7)
    proxies: int = 0
    secure: bool = True
    single: SingleSignOn | None = None


def sign_in_apps() -> list[str]:
    """Django apps that signing in needs, besides Django's own."""
    return [
        "allauth",
        "allauth.account",
        "allauth.socialaccount",
        "allauth.socialaccount.providers.openid_connect",
        "allauth.mfa",
        "allauth.usersessions",
        "assay.governance.people.sign_in",
        "assay.governance.people.tokens",
    ]


def sign_in_settings(sign_in: SignIn) -> dict[str, Any]:
    """Every setting of Django and allauth about accounts, sessions and cookies, by name."""
    return {
        **_accounts(sign_in),
        **_second_factors(sign_in),
        **_sessions(sign_in),
        **_single(sign_in.single),
        "ASSAY_SIGN_IN": sign_in,
        "CACHES": {
            "default": {
                "BACKEND": "django.core.cache.backends.db.DatabaseCache",
                "LOCATION": "workbench_cache",
                # The default of 300 would let anybody push the counts of attempts out by making others.
                "OPTIONS": {"MAX_ENTRIES": 1_000_000},
            }
        },
    }


def _accounts(sign_in: SignIn) -> dict[str, Any]:
    return {
        "AUTH_USER_MODEL": "people.Person",
        "AUTHENTICATION_BACKENDS": ["allauth.account.auth_backends.AuthenticationBackend"],
        "AUTH_PASSWORD_VALIDATORS": [
            {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
            for name, options in (
                ("UserAttributeSimilarityValidator", {"user_attributes": ("name", "email")}),
                ("MinimumLengthValidator", {"min_length": PASSWORD_LENGTH}),
                ("CommonPasswordValidator", {}),
                ("NumericPasswordValidator", {}),
            )
        ],
        "PASSWORD_HASHERS": [
            "django.contrib.auth.hashers.ScryptPasswordHasher",
            "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        ],
        "PASSWORD_RESET_TIMEOUT": 3600,
        "LOGIN_URL": "account_login",
        "LOGIN_REDIRECT_URL": "/",
        "ACCOUNT_ADAPTER": "assay.governance.people.sign_in.wiring.adapter.AccountAdapter",
        "ACCOUNT_USER_MODEL_USERNAME_FIELD": None,
        "ACCOUNT_LOGIN_METHODS": {"email"},
        "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*"],
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS": False,
        # Our own notices tell people of every change, out of the ledger.
        "ACCOUNT_EMAIL_NOTIFICATIONS": False,
        "ACCOUNT_EMAIL_SUBJECT_PREFIX": f"[{sign_in.product}] ",
        "ACCOUNT_PREVENT_ENUMERATION": "strict",
        "ACCOUNT_LOGOUT_REDIRECT_URL": "account_login",
        "ACCOUNT_SESSION_REMEMBER": True,
        "ACCOUNT_RATE_LIMITS": RATE_LIMITS,
        "ACCOUNT_FORMS": {step: f"{WORDING}.{name}" for step, name in ACCOUNT_FORMS},
        "ACCOUNT_DEFAULT_HTTP_PROTOCOL": "https" if sign_in.secure else "http",
        "ALLAUTH_TRUSTED_PROXY_COUNT": sign_in.proxies,
    }


def _second_factors(sign_in: SignIn) -> dict[str, Any]:
    return {
        "MFA_ADAPTER": "assay.governance.people.sign_in.wiring.adapter.FactorAdapter",
        "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
        "MFA_PASSKEY_LOGIN_ENABLED": True,
        "MFA_TOTP_ISSUER": sign_in.product,
        # One step of 30 seconds either way, for clocks that differ; a code works once in any case.
        "MFA_TOTP_TOLERANCE": 1,
        "MFA_FORMS": {
            "add_webauthn": "assay.governance.people.sign_in.forms.AddKeyForm",
            **{step: f"{WORDING}.{name}" for step, name in FACTOR_FORMS},
        },
        "MFA_RECOVERY_CODES_SHOW_ONCE": True,
        "MFA_ALLOW_UNVERIFIED_EMAIL": True,
        # Somebody's key at http://localhost, for trying out; a public address is https.
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": not sign_in.secure,
    }


def _sessions(sign_in: SignIn) -> dict[str, Any]:
    return {
        "SESSION_COOKIE_AGE": int(sign_in.longest.total_seconds()),
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": sign_in.secure,
        # The prefix makes a browser refuse the cookie where it is not Secure, or comes from another host of the domain.
        "SESSION_COOKIE_NAME": "__Host-assay-session" if sign_in.secure else "assay-session",
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_SECURE": sign_in.secure,
        "CSRF_COOKIE_NAME": "__Host-assay-csrf" if sign_in.secure else "assay-csrf",
        "USERSESSIONS_TRACK_ACTIVITY": False,
    }


def _single(single: SingleSignOn | None) -> dict[str, Any]:
    common: dict[str, Any] = {
        "SOCIALACCOUNT_ADAPTER": "assay.governance.people.sign_in.single.joining.SingleSignOnAdapter",
        "SOCIALACCOUNT_LOGIN_ON_GET": False,
        "SOCIALACCOUNT_STORE_TOKENS": False,
        "SOCIALACCOUNT_EMAIL_AUTHENTICATION": True,
        "SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT": True,
        "SOCIALACCOUNT_EMAIL_VERIFICATION": "none",
        "SOCIALACCOUNT_REQUESTS_TIMEOUT": 5,
    }
    # Named even where there is no provider, so that allauth's own, which checks less, is never the one that is known.
    provider: dict[str, Any] = {
        "provider_class": "assay.governance.people.sign_in.single.provider.CheckedProvider",
        "APPS": [],
    }
    if single is not None:
        provider["APPS"].append(_application(single))
    return {**common, "SOCIALACCOUNT_PROVIDERS": {"openid_connect": provider}}


def _application(single: SingleSignOn) -> dict[str, Any]:
    return {
        "provider_id": PROVIDER_ID,
        "name": single.name,
        "client_id": single.client_id,
        "secret": single.secret,
        "settings": {"server_url": single.issuer, "oauth_pkce_enabled": True, "fetch_userinfo": False},
    }
