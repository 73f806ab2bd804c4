"""Times and durations as integers, and their text forms. It never asks what time it is."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

MICROSECOND = 1
SECOND = 1_000_000
DAY = 86_400 * SECOND
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_DURATION_PART = re.compile(r"([0-9]+(?:\.[0-9]+)?)(h|ms|us|m|s)")
_DURATION_UNITS = {"h": 3600 * SECOND, "m": 60 * SECOND, "s": SECOND, "ms": 1000, "us": 1}
# Python's dates end in 9999; durations are kept well inside 64 bits for the back ends that have no more.
LONGEST_DURATION = 200_000 * DAY
_PLAIN_DAYS = re.compile(r"([0-9]{1,5}) days?\Z")


def parse_instant(text: str) -> int | None:
    """Microseconds since the epoch for an RFC 3339 time or a date (its first moment, UTC); None if it is neither."""
    if len(text) > 40:
        return None
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            day = date.fromisoformat(text)
            return instant_of(datetime(day.year, day.month, day.day, tzinfo=UTC))
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?([Zz]|[+-]\d{2}:\d{2})", text):
            return None
        return instant_of(datetime.fromisoformat(text.upper().replace(" ", "T")))
    except (ValueError, OverflowError):
        return None


def instant_of(moment: datetime) -> int:
    """Microseconds since the epoch of an aware datetime, exactly."""
    since = moment.astimezone(UTC) - EPOCH
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds


def format_instant(instant: int) -> str:
    """RFC 3339 in UTC, with as many decimals as are needed."""
    moment = EPOCH + timedelta(microseconds=instant)
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    # strftime leaves years before 1000 without their leading zeros.
    text = text if moment.year >= 1000 else f"{moment.year:04d}{text[text.index('-') :]}"
    return text + (f".{moment.microsecond:06d}".rstrip("0") if moment.microsecond else "") + "Z"


def day_of(instant: int) -> str:
    """The UTC day of an instant, as `YYYY-MM-DD`."""
    return format_instant(instant)[:10]


def parse_duration(text: str) -> int | None:
    """Microseconds for CEL's form (`36h`, `1h30m`, `90s`, `1.5s`), or None."""
    if not text or len(text) > 40:
        return None
    position, total = 0, 0
    sign = -1 if text.startswith("-") else 1
    body = text.removeprefix("-")
    for match in _DURATION_PART.finditer(body):
        if match.start() != position:
            return None
        whole, _, fraction = match.group(1).partition(".")
        unit = _DURATION_UNITS[match.group(2)]
        total += int(whole) * unit
        if fraction:
            if unit * int(fraction) % 10 ** len(fraction):
                return None
            total += unit * int(fraction) // 10 ** len(fraction)
        position = match.end()
    if position != len(body) or not body or total > LONGEST_DURATION:
        return None
    return sign * total


def parse_days(text: str) -> int | None:
    """Microseconds for `30 days` or CEL's form, or None; what people write in front matter."""
    match = _PLAIN_DAYS.fullmatch(text.strip())
    return int(match.group(1)) * DAY if match else parse_duration(text.strip())


def format_duration(microseconds: int) -> str:
    """CEL's form of a duration, in hours, minutes and seconds."""
    sign = "-" if microseconds < 0 else ""
    hours, rest = divmod(abs(microseconds), 3600 * SECOND)
    minutes, rest = divmod(rest, 60 * SECOND)
    seconds, micro = divmod(rest, SECOND)
    parts = [f"{hours}h"] if hours else []
    parts += [f"{minutes}m"] if minutes else []
    if seconds or micro or not parts:
        parts.append(f"{seconds}" + (f".{micro:06d}".rstrip("0") if micro else "") + "s")
    return sign + "".join(parts)
