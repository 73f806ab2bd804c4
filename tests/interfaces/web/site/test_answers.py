"""Every answer of the site is closed by default, kept out of caches, and says what to do when something went wrong."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path

from assay.governance.office.operations import NotAllowed, Operation
from assay.governance.office.roles import Role
from assay.interfaces.web.mounted.plain import ID_PLACE
from assay.interfaces.web.site import errors
from assay.interfaces.web.site.middleware.numbering import number_of
from assay.interfaces.web.site.settings import MIDDLEWARE
from assay.interfaces.web.site.urls import handler400, handler403, handler404, handler500  # noqa: F401 (read by Django)

STRICT = "default-src 'none'"
# As in the site, but those that ask a database or a person.
OUTER = MIDDLEWARE[: MIDDLEWARE.index("django.contrib.sessions.middleware.SessionMiddleware")]


def refuses(request: HttpRequest) -> HttpResponse:
    raise NotAllowed(Operation("people.invite", "command", "invite a person", frozenset({Role.ADMINISTRATOR})))


def breaks(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("sesame")


def suspects(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation("sesame")


def overflows(request: HttpRequest) -> HttpResponse:
    raise RequestDataTooBig("sesame")


def works(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.scheme}://{request.get_host()} from {request.META['REMOTE_ADDR']}")


urlpatterns = [path(f"{view.__name__}/", view) for view in (refuses, breaks, suspects, overflows, works)]
site = override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=OUTER)


@pytest.mark.parametrize(
    ("where", "status", "words"),
    [
        ("refuses", 403, ("invite a person", "Who may: administrator")),
        ("breaks", 500, ("What was saved before is kept",)),
        ("suspects", 400, ("Nothing was changed",)),
        ("overflows", 413, ("Send less",)),
        ("nowhere", 404, ("leads nowhere",)),
    ],
)
def test_an_error_says_what_happened_and_what_to_do_and_nothing_of_the_inside(
    where: str, status: int, words: tuple[str, ...]
) -> None:
    with site:
        answer = Client(raise_request_exception=False).get(f"/{where}/?q=sesame")
    text = answer.content.decode()
    assert answer.status_code == status
    assert [word for word in words if word not in text] == []
    assert "sesame" not in text
    assert answer.headers["X-Request-Id"] in text
    assert answer.headers["Cache-Control"] == "no-store"
    assert STRICT in answer.headers["Content-Security-Policy"]
    assert not re.search(r"<style|style=|<script(?![^>]*src=)|\son\w+=", text)


def test_every_answer_carries_what_shuts_a_browser_in() -> None:
    with site:
        headers = Client().get("/works/").headers
    policy = headers["Content-Security-Policy"]
    assert not re.search(r"unsafe|data:|https?:|\*", policy)
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy
    expected = {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
    assert {name: headers[name] for name in expected} == expected
    assert "camera=()" in headers["Permissions-Policy"]
    # A page that holds a secret beside a stranger's words would tell it by its length.
    assert "Content-Encoding" not in Client(headers={"accept-encoding": "gzip, br"}).get("/works/").headers


def test_nobody_says_for_themselves_where_they_come_from_and_how() -> None:
    said = {"x-forwarded-for": "127.0.0.1", "x-forwarded-proto": "https", "x-forwarded-host": "evil.example"}
    with site:
        answer = Client(REMOTE_ADDR="198.51.100.7", HTTP_HOST="localhost").get("/works/", headers=said)
    assert answer.content == b"http://localhost from 198.51.100.7"


def test_a_request_id_of_the_service_is_taken_and_one_that_is_none_is_not() -> None:
    factory = RequestFactory()
    for given, taken in (("abc-1", True), ("a b\r\nc", False), ("x" * 65, False)):
        request = factory.get("/works/")
        request.META["asgi.scope"] = {"state": {"request": given}}
        assert (number_of(request) == given) is taken


def test_a_static_file_is_kept_for_ever_under_its_digest_and_shortly_under_its_name() -> None:
    from django.templatetags.static import static

    address = static("web/assay.css")
    assert re.fullmatch(r"/static/web/assay\.[0-9a-f]{16}\.css", address)
    with site:
        named, plain = Client().get(address), Client().get("/static/web/assay.css")
    assert "immutable" in named.headers["Cache-Control"]
    assert "max-age=60" in plain.headers["Cache-Control"]
    assert b"".join(named) == b"".join(plain)
    assert "Access-Control-Allow-Origin" not in named.headers
    with pytest.raises(ValueError, match="no static file"):
        static("web/nothing.css")


def test_pages_for_what_the_site_never_sees_are_made_in_the_look() -> None:
    made = errors.made_before()
    assert sorted(made) == [400, 408, 413, 500, 503]
    assert all(ID_PLACE.encode() in page and b"assay" in page for page in made.values())
