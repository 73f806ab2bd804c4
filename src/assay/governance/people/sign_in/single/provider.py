"""OpenID Connect with every claim checked: signature, issuer, audience, nonce, times. It trusts no answer unsigned.

allauth takes a token that came over TLS without looking at its signature, as the standard lets it, and sends no nonce.
We check both: an address that was misread, or a proxy that reads along, must not be able to sign people in.
"""

from __future__ import annotations

import secrets
from hmac import compare_digest
from http import HTTPStatus
from typing import Any, cast

import jwt
import structlog
from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from requests import RequestException

NONCE = "assay_sign_in_nonce"
# Signatures that only the provider can make; a shared secret (HS256) is not among them, nor is none at all.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
CLOCKS_DIFFER = 60
MOST_KEYS = 100


class Unproven(OAuth2Error):  # type: ignore[misc]
    """What the provider sent proves nothing; the words are ours, and hold nothing of what it sent."""


class CheckedAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """Talks to the provider, and takes nothing from it that is not signed for us, now."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself; it must be the one that we asked."""
        config = cast("dict[str, Any]", super().openid_config)
        expected = self.get_provider().app.settings["server_url"].rstrip("/")
        if str(config.get("issuer", "")).rstrip("/") != expected:
            raise Unproven("the provider calls itself by another address than the settings")
        return config

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> Any:
        """Somebody whom the provider vouches for, by a token that was checked."""
        answered = kwargs["response"]
        encoded = answered.get("id_token") if isinstance(answered, dict) else None
        if not isinstance(encoded, str):
            raise Unproven("the provider sent no ID token")
        claims = self._checked(encoded, app)
        expected = request.session.pop(NONCE, None)
        given = claims.get("nonce")
        if not isinstance(expected, str) or not isinstance(given, str) or not compare_digest(expected, given):
            raise Unproven("the ID token was made for another sign-in")
        return self.get_provider().sociallogin_from_response(request, {"id_token": claims})

    def _checked(self, encoded: str, app: SocialApp) -> dict[str, Any]:
        try:
            header = jwt.get_unverified_header(encoded)
            key = self._key(header.get("kid"), str(header.get("alg")))
            claims: dict[str, Any] = jwt.decode(
                encoded,
                key=key,
                algorithms=ALGORITHMS,
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                leeway=CLOCKS_DIFFER,
                options={"require": ["iss", "sub", "aud", "exp", "iat"]},
            )
        except (jwt.PyJWTError, ValueError, KeyError, TypeError) as fault:
            raise Unproven("the ID token does not hold") from fault
        audience = claims["aud"]
        if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != app.client_id:
            raise Unproven("the ID token was made for another program")
        return claims

    def _key(self, kid: object, algorithm: str) -> Any:
        if algorithm not in ALGORITHMS:
            raise jwt.InvalidAlgorithmError(algorithm)
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
            keys = answer.json()["keys"][:MOST_KEYS]
        fitting = [each for each in keys if each.get("use", "sig") == "sig" and each.get("kid") == kid]
        if len(fitting) != 1:
            raise jwt.InvalidKeyError("no key of the provider has this id")
        return jwt.PyJWK(fitting[0], algorithm=fitting[0].get("alg") or algorithm).key


class CheckedProvider(OpenIDConnectProvider):  # type: ignore[misc]
    """The one provider, as allauth knows it."""

    oauth2_adapter_class = CheckedAdapter

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, Any]:
        """A nonce, which the token must bring back; nothing that the address of our page asks for."""
        request.session[NONCE] = secrets.token_urlsafe(32)
        return {**self.get_auth_params(), "nonce": request.session[NONCE]}

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        """What we ask for is not for a link to widen."""
        return cast("list[str]", self.get_scope())

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Keep nothing of the token: the subject is enough to find somebody again."""
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        """The address, verified only where the provider says exactly so."""
        found = super().extract_email_addresses(data)
        for address in found:
            address.verified = data["id_token"].get("email_verified") is True
        return cast("list[Any]", found)


@login_not_required  # type: ignore[untyped-decorator]
def begin(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """The way out to the provider."""
    return _answered(OAuth2LoginView, request, provider_id)


@login_not_required  # type: ignore[untyped-decorator]
def come_back(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """The way back from it."""
    return _answered(OAuth2CallbackView, request, provider_id)


def _answered(view: Any, request: HttpRequest, provider_id: str) -> HttpResponseBase:
    try:
        return cast("HttpResponseBase", view.adapter_view(CheckedAdapter(request, provider_id))(request))
    except SocialApp.DoesNotExist as missing:
        raise Http404 from missing
    except (OAuth2Error, RequestException, KeyError, TypeError) as fault:
        # Before anybody was sent out: the provider does not answer, or says nothing that we could use.
        note_failure(fault)
        return render(request, "socialaccount/authentication_error.html", status=HTTPStatus.BAD_GATEWAY)


def note_failure(fault: BaseException | None) -> None:
    """For the operator: what kind of failure it was; never what the provider sent."""
    words = str(fault) if isinstance(fault, Unproven) else ""
    structlog.get_logger("assay.sign_in").warning("single-sign-on-failed", kind=type(fault).__name__, words=words)
