"""What every answer of the site carries for browsers' sake. It decides nothing about who may see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from django.http import HttpRequest, HttpResponseBase
from django.http.response import HttpResponseForbidden

from assay.governance.office.operations import NotAllowed
from assay.interfaces.web.site import errors

Answer: TypeAlias = Callable[[HttpRequest], HttpResponseBase]
_OFF = (
    *("accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen"),
    *("geolocation", "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi"),
    *("payment", "picture-in-picture", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking"),
)
# A passkey is made and asked for by pages of this origin only; a copy button writes to the clipboard.
_PERMISSIONS = ", ".join(
    [*(f"{name}=()" for name in _OFF), *(f"{name}=(self)" for name in ("clipboard-write", "publickey-credentials-get"))]
)
HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Origin-Agent-Cluster": "?1",
    "Permissions-Policy": _PERMISSIONS,
    "X-Permitted-Cross-Domain-Policies": "none",
}


class Headers:
    """Adds the headers, keeps pages out of every cache, and answers what somebody may not do."""

    def __init__(self, get_response: Answer) -> None:
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the headers."""
        response = self._answer(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        # A page shows what only its reader may see; static files say themselves how long they hold.
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseForbidden | None:
        """Say who may, where somebody may not."""
        return errors.not_allowed(request, exception) if isinstance(exception, NotAllowed) else None
