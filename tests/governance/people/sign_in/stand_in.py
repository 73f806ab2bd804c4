"""A provider of single sign-on that answers inside the test: discovery, keys, tokens. It opens no socket."""

from __future__ import annotations

import io
import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter

ISSUER = "https://id.example.org"
CLIENT = "assay-workbench"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class StandIn(BaseAdapter):
    """What it will say of the next person, and what a test bends of it.

    claims     put over those of an honest token; None takes one away
    signed_by  the key of the token; None leaves it unsigned
    config     put over what it says of itself
    asked      every address that was asked for
    """

    claims: dict[str, Any] = field(default_factory=dict)
    signed_by: rsa.RSAPrivateKey | None = KEY
    algorithm: str = "RS256"
    secret: str = ""
    config: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    nonce: str = ""
    redirects_to: str = ""

    def send(self, request: PreparedRequest, **_: Any) -> Response:  # type: ignore[override]
        """Answer one request of the workbench."""
        url = str(request.url)
        self.asked.append(url)
        if self.redirects_to:
            return _answer(request, 302, {}, self.redirects_to)
        match urlsplit(url).path:
            case "/.well-known/openid-configuration":
                return _answer(request, 200, {**_about(), **self.config})
            case "/keys":
                shown = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
                return _answer(request, 200, {"keys": [{**shown, "kid": "one", "use": "sig", "alg": "RS256"}]})
            case "/token":
                sent = parse_qs(str(request.body))
                if "code_verifier" not in sent or sent.get("code") != ["a-code"]:
                    return _answer(request, 400, {"error": "invalid_grant"})
                answer = {"access_token": "opaque", "token_type": "Bearer", "id_token": self.token()}
                return _answer(request, 200, {key: value for key, value in answer.items() if value})
        return _answer(request, 404, {})

    def close(self) -> None:
        """There is nothing to close."""

    def token(self) -> str:
        """The ID token of the next person."""
        now = int(time.time())
        honest = {
            "iss": ISSUER,
            "aud": CLIENT,
            "sub": "subject-1",
            "iat": now,
            "exp": now + 300,
            "nonce": self.nonce,
            "email": "gus@example.org",
            "email_verified": True,
            "name": "Gus",
        }
        claims = {key: value for key, value in {**honest, **self.claims}.items() if value is not None}
        if self.secret:
            return jwt.encode(claims, self.secret, algorithm="HS256", headers={"kid": "one"})
        if self.signed_by is None:
            return jwt.encode(claims, "", algorithm="none", headers={"kid": "one"})
        return jwt.encode(claims, self.signed_by, algorithm=self.algorithm, headers={"kid": "one"})


def _about() -> dict[str, Any]:
    return {
        "issuer": ISSUER,
        "authorization_endpoint": f"{ISSUER}/authorize",
        "token_endpoint": f"{ISSUER}/token",
        "jwks_uri": f"{ISSUER}/keys",
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
    }


def _answer(request: PreparedRequest, status: int, body: dict[str, Any], location: str = "") -> Response:
    response = Response()
    response.status_code = status
    response.headers["content-type"] = "application/json"
    if location:
        response.headers["location"] = location
    response.raw = io.BytesIO(json.dumps(body).encode())
    response.url, response.request = str(request.url), request
    return response
