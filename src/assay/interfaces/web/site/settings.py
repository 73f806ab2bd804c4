"""Django's settings of the workbench, made from what the program was given. Django reads it once; it asks nobody."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from assay.governance.people.sign_in.configuring import (
    ALLAUTH_MIDDLEWARE,
    SIGN_IN_MIDDLEWARE,
    SignIn,
    SingleSignOn,
    sign_in_apps,
    sign_in_settings,
)
from assay.interfaces.deciding.live.settings import BundleSettings
from assay.interfaces.stores.settings import StoreSettings
from assay.interfaces.web.settings import WorkbenchSettings
from assay.interfaces.web.site.databases import database_of
from assay.interfaces.web.site.given import is_given, listens_at, origin, other_hosts, told
from assay.interfaces.web.site.keys import passing_folder, read_key
from assay.interfaces.web.site.outgoing import mail_settings

_workbench = told(WorkbenchSettings)
_public = _workbench.is_public
_YEAR = 31_536_000

# What the rooms read of the settings of `assay serve`.
ASSAY_PUBLIC_ADDRESS = origin()
ASSAY_LEDGER_KEY = _workbench.ledger_key if is_given() else passing_folder() / "ledger.key"
ASSAY_RECORDS = told(StoreSettings)
ASSAY_BUNDLES = told(BundleSettings)
ASSAY_BUNDLES_STATE = ASSAY_BUNDLES.state
ASSAY_BUNDLES_SOURCE = ASSAY_BUNDLES.source

# A test, or a type checker, that only loads the site writes no file and needs no key that stays.
SECRET_KEY = read_key(_workbench.key_file) if is_given() else secrets.token_urlsafe(64)
DEBUG = False
ROOT_URLCONF = "assay.interfaces.web.site.urls"
WSGI_APPLICATION = None
DATABASES = {"default": database_of(_workbench.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = False
USE_THOUSAND_SEPARATOR = False

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    # Before allauth, whose templates the site's own take the place of.
    "assay.interfaces.web",
    "assay.interfaces.web.home",
    "assay.interfaces.web.decisions",
    "assay.interfaces.web.bundles",
    "assay.governance.ledger",
    "assay.governance.people",
    "assay.governance.people.notices",
    "assay.governance.people.views",
    "assay.governance.policies.life",
    "assay.governance.policies.drafting",
    "assay.governance.policies.consulting",
    "assay.governance.policies.questions",
    "assay.governance.policies.impact",
    "assay.governance.policies.signing",
    "assay.governance.policies.readiness",
    "assay.governance.policies.releasing",
    "assay.governance.policies.writing",
    "assay.governance.policies.library",
    *sign_in_apps(),
]

MIDDLEWARE = [
    # First, since all that follows goes by the caller's address and by the request's id.
    "assay.interfaces.web.site.middleware.proxies.TrustedProxies",
    "assay.interfaces.web.site.middleware.numbering.Numbered",
    "assay.interfaces.web.site.middleware.headers.Headers",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "assay.interfaces.web.site.middleware.static_files.StaticFiles",
    "assay.interfaces.web.site.middleware.parts.Parts",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    *ALLAUTH_MIDDLEWARE,
    # Closed by default: a page that strangers may see says so itself.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "assay.governance.people.middleware.ActorMiddleware",
    *SIGN_IN_MIDDLEWARE,
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.static", "assay.interfaces.web.templatetags.look"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

LOGOUT_REDIRECT_URL = "account_login"

# Static files keep their names in the source and carry their digest in the address; there is no step that gathers them.
STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "assay.interfaces.web.site.static_names.DigestNames"},
}

# ------------------------------------------------------------------ closed

_host = urlsplit(_workbench.public_address).hostname
_listens = urlsplit(listens_at()).hostname
ALLOWED_HOSTS = (
    [_host]
    if _host is not None
    else sorted({"localhost", "127.0.0.1", "[::1]", *other_hosts(), *([] if _listens is None else [_listens])})
)
CSRF_TRUSTED_ORIGINS = [_workbench.public_address.rstrip("/")] if _workbench.public_address else []
CSRF_FAILURE_VIEW = "assay.interfaces.web.site.errors.csrf_refused"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = _public
SECURE_HSTS_SECONDS = 2 * _YEAR if _public else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _public
SECURE_HSTS_PRELOAD = _public
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = _workbench.body_bytes
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
# What the mount lets in is small, and stays in memory: no file of a stranger touches the disk.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = _workbench.body_bytes

_issuer = urlsplit(_workbench.oidc.issuer)
# A form that ends at the provider of single sign-on is sent on to it, which the policy counts as sending it there.
_providers = [f"{_issuer.scheme}://{_issuer.netloc}"] if _issuer.netloc else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'", *_providers],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        **({"upgrade-insecure-requests": True} if _public else {}),
    }
}

# The process has its own way of logging; `starting` sees that Django's does not repeat what a request asked for.
LOGGING_CONFIG = None

_oidc = _workbench.oidc
_sign_in = SignIn(
    require_second_factor=_workbench.second_factor,
    idle=timedelta(minutes=_workbench.idle_minutes),
    longest=timedelta(hours=_workbench.session_hours),
    # The caller's address is settled by our own middleware, by the addresses of proxies and not by their number.
    proxies=0,
    secure=_public,
    single=None
    if not _oidc.issuer
    else SingleSignOn(
        _oidc.name,
        _oidc.issuer,
        _oidc.client_id,
        _oidc.client_secret,
        _oidc.domains,
        _oidc.create,
        _oidc.first_role or None,
        _oidc.second_factor,
    ),
)
AUTH_USER_MODEL = "people.Person"
globals().update(sign_in_settings(_sign_in))
globals().update(mail_settings(_workbench.mail))
