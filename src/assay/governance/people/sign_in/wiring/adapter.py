"""What allauth asks us: who may sign up, how secrets are kept, what mails go out. It makes no page."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from typing import Any, ClassVar, cast
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.encoding import force_bytes

from assay.governance.office.actor import SYSTEM
from assay.governance.people.models import Person
from assay.governance.people.notices.mail.outbox import post
from assay.governance.people.sign_in.commands import note_lock
from assay.governance.people.sign_in.configuring import RATE_LIMITS, SignIn
from assay.governance.people.sign_in.links import digest_of
from assay.governance.people.sign_in.sessions import mirror_address

# After signing in, nobody is asked for the same password again at once, such as when they are led to set up a factor.
FRESH = timedelta(minutes=5)
BEGAN, SEEN, FACTOR = "assay_began", "assay_seen", "assay_factor"
LOCK_LASTS = timedelta(minutes=5)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts as this house has them: by invitation or single sign-on only."""

    error_messages: ClassVar[dict[str, str]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "the address or the password is not right; nobody was signed in",
        "too_many_login_attempts": "too many attempts failed; wait five minutes, then try again",
        "incorrect_password": "the password is not right",
        "enter_current_password": "the password that you have now is not right",
        "invalid_password_reset": "this link has ended; ask for a new one",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account for themselves."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt; one too many is refused, and the first refusal goes into the ledger."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            _note_lock_once(str(credentials.get("email", "")))
            raise

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # By the account alone. Allauth's own has the Host header in it, whose port whoever guesses may choose freely;
        # and letters that a database takes for the same, such as a dotless i, must not count apart.
        return "account:" + str(credentials.get("email", "")).strip().upper().lower()

    def pre_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse | None:
        """Let allauth know the address that the person has now."""
        mirror_address(user)
        return cast("HttpResponse | None", super().pre_login(request, user, **kwargs))

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Before something delicate, unless they came in a moment ago."""
        began = self.request.session.get(BEGAN)
        if isinstance(began, str) and timezone.now() - datetime.fromisoformat(began) < FRESH:
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def send_password_reset_mail(self, user: Person, email: str, context: dict[str, Any]) -> None:
        """Only to who has a password: an invitation that ended, or a passkey, is not replaced by a mailbox."""
        if not user.has_usable_password():
            return
        at = timezone.now()
        link = urlsplit(str(context["password_reset_url"])).path
        # Put into the outbox, and not sent from here: an answer must not take longer where there is an account.
        post(kind="password-reset", person=user, at=at, key=f"password-reset:{user.key}:{at.timestamp()}", link=link)


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: their secrets are encrypted in the database."""

    error_messages: ClassVar[dict[str, str]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "this code is not right, or was used already; wait for the next one",
    }

    def encrypt(self, text: str) -> str:
        """What is kept in the database."""
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What was kept."""
        return _keys().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: Person, type: str) -> str:  # noqa: A002
        """What a new key is called until somebody says otherwise."""
        return f"Key {Authenticator.objects.filter(user=user, type=type).count() + 1}"

    def _get_site_name(self) -> str:
        return sign_in_of_the_house().product


def sign_in_of_the_house() -> SignIn:
    """What the settings say about signing in."""
    return cast("SignIn", getattr(settings, "ASSAY_SIGN_IN", SignIn()))


def _keys() -> MultiFernet:
    # A secret key that was changed still opens what the one before it closed, as with Django's own signatures.
    return MultiFernet([_key(each) for each in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str | bytes) -> Fernet:
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"assay second factors").derive(
        force_bytes(secret)
    )
    return Fernet(base64.urlsafe_b64encode(derived))


def _note_lock_once(email: str) -> None:
    # Once in a while for each account: whoever tries a thousand times must not write a thousand entries.
    if not cache.add(f"sign-in-locked:{digest_of(email.lower())}", 1, LOCK_LASTS.total_seconds()):
        return
    person = Person.objects.filter(email=email.strip().lower(), is_active=True).first()
    if person is not None:
        note_lock(person=person, attempts=_limit(), by=SYSTEM, at=timezone.now())


def _limit() -> int:
    """How many attempts one account has, from the limits in force."""
    return int(RATE_LIMITS["login_failed"].rpartition(",")[2].partition("/")[0])
