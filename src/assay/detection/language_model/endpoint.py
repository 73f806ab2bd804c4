"""One question to the endpoint and its answer's bytes: bounded in size, time and tries. It logs nothing it sends."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from assay.detection.language_model.judge import Judge
from assay.detection.language_model.pace import BYTES_A_TOKEN, Pace
from assay.engine.kernel.errors import Fault

LARGEST_ANSWER = 512 * 1024
# Seconds between two tries at most, whatever the endpoint asks for.
LONGEST_WAIT = 30.0
_WORTH_ANOTHER_TRY = frozenset((408, 409, 429, 500, 502, 503, 504))
# Nothing that another item would change.
_FOR_ALL = {
    301: "redirected",
    302: "redirected",
    307: "redirected",
    308: "redirected",
    401: "token-refused",
    403: "token-refused",
    404: "no-such-model",
}
_NAME = re.compile(r"[A-Za-z0-9_.\-]{1,60}\Z")


@dataclass(frozen=True, slots=True)
class Failed:
    """Why no answer came; `for_all` where no other question would fare better."""

    fault: Fault
    for_all: bool = False


@dataclass(frozen=True, slots=True)
class Came:
    """An answer's body, and how long it took, in milliseconds."""

    body: bytes
    milliseconds: int


class Endpoint:
    """Asks one endpoint; threads may share it.

    token      goes to this endpoint and nowhere else; it stands in no error and no representation
    transport  another way to the endpoint than the network, as tests have it
    """

    def __init__(
        self,
        judge: Judge,
        token: str | None = None,
        *,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._judge, self._sleep = judge, sleep
        self._pace = Pace(judge.requests_per_minute, judge.tokens_per_minute, sleep=sleep)
        # Compressed answers could unfold to any size, and nothing is taken from the surroundings, such as a proxy.
        headers = {"content-type": "application/json", "accept": "application/json", "accept-encoding": "identity"}
        if token is not None:
            headers["authorization"] = f"Bearer {token}"
        self._http = httpx.Client(
            headers=headers, timeout=judge.timeout_seconds, transport=transport, trust_env=False, follow_redirects=False
        )

    def __repr__(self) -> str:
        return f"Endpoint({self._judge.endpoint!r})"

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def ask(self, body: bytes) -> Came | Failed:
        """Send one request until it is answered, or another try is of no use."""
        failed = Failed(Fault("unreachable", "no answer came"))
        for tried in range(1, self._judge.tries + 1):
            self._pace.wait(len(body) // BYTES_A_TOKEN + self._judge.most_answer_tokens)
            answered = self._once(body)
            if isinstance(answered, Came):
                return answered
            failed, wait = answered
            if wait is None or tried == self._judge.tries:
                break
            self._sleep(min(max(wait, 0.5 * 2 ** (tried - 1)), LONGEST_WAIT))
        return failed

    def _once(self, body: bytes) -> Came | tuple[Failed, float | None]:
        """One try; of a failure the seconds to wait before another one, or None where that is of no use."""
        began = time.monotonic()
        until = began + self._judge.timeout_seconds
        try:
            with self._http.stream("POST", self._judge.endpoint, content=body) as answer:
                if answer.status_code != 200:
                    return self._refused(answer, until)
                content = _bounded(answer, until)
        except httpx.TimeoutException:
            return self._too_slow(), None
        except (httpx.TransportError, httpx.DecodingError, httpx.InvalidURL) as error:
            words = f"`{self._judge.host}` cannot be asked: {_why(error)}; look at `endpoint` and the network"
            return Failed(Fault("unreachable", words)), 0.0
        if content is None:
            return self._too_slow(), None
        if isinstance(content, Fault):
            return Failed(content), None
        return Came(content, round((time.monotonic() - began) * 1000))

    def _too_slow(self) -> Failed:
        words = f"no whole answer came within {self._judge.timeout_seconds:g} seconds; `timeout_seconds` allows more"
        return Failed(Fault("timed-out", words))

    def _refused(self, answer: httpx.Response, until: float) -> tuple[Failed, float | None]:
        status = answer.status_code
        content = _bounded(answer, until)
        # The endpoint's own sentences are not shown: they may hold the item they are about.
        named = _named_error(content) if isinstance(content, bytes) else ""
        words = f"the endpoint answered {status}{named}"
        if status in _WORTH_ANOTHER_TRY:
            slug = "too-many-requests" if status == 429 else "endpoint-failed"
            return Failed(Fault(slug, words)), _asked_to_wait(answer)
        if status in _FOR_ALL:
            return Failed(Fault(_FOR_ALL[status], f"{words}; {_NEXT[_FOR_ALL[status]]}"), for_all=True), None
        words += "; where it names a field, `leave_out`, `token_limit` or `response_format` may help"
        return Failed(Fault("request-refused", words)), None


_NEXT = {
    "redirected": "items are sent to the address in `endpoint` and to no other",
    "token-refused": "the variable that `token_env` names must hold a token that may ask this model",
    "no-such-model": "look at `endpoint` and `model`",
}


def _bounded(answer: httpx.Response, until: float) -> bytes | Fault | None:
    """The body, as it came over the line; None where the time is over before it is whole."""
    if answer.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        return Fault("strange-answer", "the endpoint's answer is compressed, which was not asked for")
    parts, size = [], 0
    for part in answer.iter_raw():
        size += len(part)
        if size > LARGEST_ANSWER:
            return Fault("answer-too-large", f"the endpoint's answer is larger than {LARGEST_ANSWER >> 10} KiB")
        if time.monotonic() > until:
            return None
        parts.append(part)
    return b"".join(parts)


def _why(error: Exception) -> str:
    if isinstance(error, httpx.ConnectError):
        return "nobody answers there"
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
        return "the address cannot be used"
    return "the connection broke off"


def _named_error(content: bytes) -> str:
    """What an error calls itself, as far as these are plain names."""
    try:
        given = json.loads(content)
    except (ValueError, RecursionError):
        return ""
    error = given.get("error") if isinstance(given, dict) else None
    if not isinstance(error, dict):
        return ""
    names = [error.get(key) for key in ("type", "code", "param")]
    plain = [name for name in names if isinstance(name, str) and _NAME.match(name)]
    return f" ({', '.join(plain)})" if plain else ""


def _asked_to_wait(answer: httpx.Response) -> float:
    given = answer.headers.get("retry-after", "").strip()
    return float(given[:6]) if given.isascii() and given.isdigit() else 0.0
