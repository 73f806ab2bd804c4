"""Asks an operator's own service about one file by HTTP. It follows no redirect and repeats no secret."""

from __future__ import annotations

import base64
import json
import math
import os
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assay.detection.detectors.configured import Configured, Endpoint
from assay.detection.detectors.folder import UnusableDetectors
from assay.detection.media import Media
from assay.detection.scanner import ScanFailed

if TYPE_CHECKING:
    import httpx

# Answers that say `later`; any other is final.
BUSY = frozenset({408, 429, 500, 502, 503, 504})
FIRST_PAUSE_SECONDS = 0.2
# After so many files in a row without an answer, a service is left alone for a while: each would wait for nothing.
MOST_UNANSWERED = 3
LEFT_ALONE_SECONDS = 30.0
# Enough for a nested answer, and far from what its reader can stand.
MOST_STEPS = 20


@dataclass(slots=True)
class _Silence:
    """How many files in a row had no answer, and until when nobody is asked."""

    files: int = 0
    until: float = 0.0

    def heard(self) -> None:
        self.files = 0

    def unheard(self) -> None:
        self.files += 1
        if self.files >= MOST_UNANSWERED:
            self.until = time.monotonic() + LEFT_ALONE_SECONDS


@dataclass(frozen=True, slots=True)
class Service:
    """A connection to one service, kept open from file to file."""

    name: str
    version: str
    how: Endpoint
    client: httpx.Client = field(repr=False)
    _silence: _Silence = field(default_factory=_Silence, compare=False, repr=False)

    def score(self, media: Media) -> float:
        """What the service says of a file; raises ScanFailed where it does not answer, or says no number."""
        answer = self._answer(media)
        if self.how.version:
            present = _at(answer, self.how.version, self.name)
            if str(present) != self.version:
                words = f"{self.name} now runs version `{str(present)[:60]}`, and `{self.version[:60]}` was configured"
                raise ScanFailed("detector-changed", words)
        value = _at(answer, self.how.score, self.name)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ScanFailed("strange-answer", f"{self.name} gives something at `{self.how.score}` that is no number")
        try:
            return float(value)
        except OverflowError:
            # A whole number in JSON may have more digits than any float.
            return math.inf if value > 0 else -math.inf

    def _answer(self, media: Media) -> object:
        """The answer of the first attempt that is no `later`, as JSON."""
        import httpx

        if time.monotonic() < self._silence.until:
            words = f"{self.name} was not asked: it did not answer for {self._silence.files} files in a row"
            raise ScanFailed("detector-unavailable", words)
        with media.open() as stream:
            content = stream.read(self.how.most_request_bytes + 1)
        words = "nobody was asked"
        for attempt in range(self.how.retries + 1):
            if attempt:
                time.sleep(FIRST_PAUSE_SECONDS * 2 ** (attempt - 1))
            try:
                code, body = self._asked(content)
            except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
                # The error's own words may hold the address with everything in it.
                words = f"{self.name} could not be asked: {type(error).__name__}"
                continue
            if code in BUSY:
                words = f"{self.name} answers with code {code}"
                continue
            self._silence.heard()
            if code != 200:
                raise ScanFailed("detector-failed", f"{self.name} answers with code {code}")
            return _parsed(body, self.name)
        self._silence.unheard()
        raise ScanFailed("detector-unavailable", f"{words}, {self.how.retries + 1} times")

    def _asked(self, content: bytes) -> tuple[int, bytes]:
        with self.client.stream("POST", self.how.url, **self._request(content)) as response:  # type: ignore[arg-type]
            if response.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
                raise ScanFailed(
                    "strange-answer", f"{self.name} answers with something compressed, which nobody wanted"
                )
            pieces, read = [], 0
            deadline = time.monotonic() + self.how.seconds
            for piece in response.iter_raw(16_384):
                pieces.append(piece)
                read += len(piece)
                if read > self.how.most_answer_bytes:
                    words = f"{self.name} answers with more than {self.how.most_answer_bytes:,} bytes"
                    raise ScanFailed("strange-answer", words)
                if time.monotonic() > deadline:
                    # A limit on each read alone would let a byte every few seconds hold a process for ever.
                    self._silence.unheard()
                    raise ScanFailed("detector-unavailable", f"{self.name} does not come to the end of its answer")
            return response.status_code, b"".join(pieces)

    def _request(self, content: bytes) -> Mapping[str, object]:
        how = self.how
        if how.send == "json":
            return {"json": {**how.also, how.field: base64.b64encode(content).decode()}}
        # The uploader's name for the file is nobody's business, and the file's form is told by its bytes.
        part = ("upload", content, "application/octet-stream")
        return {"files": {how.field: part}, "data": {key: str(value) for key, value in how.also.items()}}


def connect(detector: Configured, how: Endpoint) -> Service:
    """A service to ask; nothing is sent yet. Raises UnusableDetectors where its token or authority is missing."""
    import httpx

    # Compressed answers could unfold to any size.
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    if how.token_variable:
        token = os.environ.get(how.token_variable, "")
        if not token.isascii() or not token.isprintable() or not token:
            words = f"{detector.name}: the environment holds no usable `{how.token_variable}`"
            raise UnusableDetectors(words)
        headers[how.token_header] = f"{how.token_scheme} {token}".strip()
    try:
        authority = str(detector.folder / how.authority) if how.authority else None
        trusted = ssl.create_default_context(cafile=authority)
    except (OSError, ssl.SSLError) as error:
        raise UnusableDetectors(f"{detector.name}: `{how.authority}` holds no authority in PEM") from error
    # Settings of the environment, such as a proxy, would send uploads where the configuration does not say.
    client = httpx.Client(headers=headers, timeout=how.seconds, verify=trusted, follow_redirects=False, trust_env=False)
    return Service(detector.name, detector.version, how, client)


def _parsed(body: bytes, name: str) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ScanFailed("strange-answer", f"{name} answers with something that is no JSON") from error


def _at(answer: object, path: str, name: str) -> object:
    """What stands at a path such as `results.0.score`."""
    value = answer
    for step in path.split(".")[:MOST_STEPS]:
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            raise ScanFailed("strange-answer", f"{name} gives no `{path}`; `{step}` is missing")
    return value
