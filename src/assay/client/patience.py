"""How often and how long a client tries again. It sends nothing, and waits for nothing itself."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# Too busy, and what proxies say of a server that is away for a moment.
WORTH_ANOTHER_TRY = frozenset((429, 502, 503, 504))


@dataclass(frozen=True, slots=True)
class Patience:
    """When to try again.

    tries       requests at most, the first one included
    first_wait  seconds before the second try; each further wait is up to twice as long
    most_wait   seconds of one wait at most; a service that asks for more is given up
    in_all      seconds after which no other try begins
    """

    tries: int = 4
    first_wait: float = 0.2
    most_wait: float = 10.0
    in_all: float = 60.0

    def wait(self, tried: int, taken: float, asked: float | None) -> float | None:
        """Seconds to wait before the next try, or None where there is none.

        tried  requests so far
        taken  seconds since the first began
        asked  seconds that the service asked for
        """
        if tried >= self.tries or (asked or 0.0) > self.most_wait:
            return None
        # A random part of the wait, so that clients that failed together do not come back together.
        most = min(self.most_wait, self.first_wait * 2 ** (tried - 1))
        wait = max(random.uniform(most / 2, most), asked or 0.0)
        return wait if taken + wait <= self.in_all else None


NO_PATIENCE = Patience(tries=1)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that an answer asks to wait: a number, or a date; None where it says nothing readable."""
    given = headers.get("retry-after", "").strip()
    if given.isascii() and given.isdigit():
        return float(given[:9])
    try:
        at = parsedate_to_datetime(given)
    except ValueError:
        return None
    return max((at - datetime.now(UTC)).total_seconds(), 0.0) if at.tzinfo is not None else None
