"""Logs as JSON lines on standard error. They never hold content of an item, an id, a token or a fault's own words."""

from __future__ import annotations

import logging
import sys
from contextlib import suppress
from typing import Any, TextIO, cast

import structlog

from assay.interfaces.service.settings import LogLevel

_SHARED: tuple[Any, ...] = (
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
)


class _Lossy:
    """A stream on which a line is lost where it cannot be written: no request may fail by its log.

    Whoever reads the log may go, and the disk that it is on may be full.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write what can be written."""
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Send on what can be sent on."""
        with suppress(OSError):
            self._stream.flush()


def set_up_logs(level: LogLevel) -> None:
    """Send our own logs and those of libraries to standard error, one JSON object a line."""
    number = logging.getLevelNamesMapping()[level.upper()]
    stream = cast("TextIO", _Lossy(sys.stderr))
    structlog.configure(
        processors=[*_SHARED, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Formatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    # Libraries tell of every connection; what matters of them are warnings.
    root.setLevel(max(number, logging.WARNING))


class _Formatter(logging.Formatter):
    """A library's line as JSON. Of an exception only its kind is told, since its words may repeat what came in."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        event: dict[str, Any] = {"event": record.getMessage(), "source": record.name}
        if record.exc_info and record.exc_info[0] is not None:
            event["kind"] = record.exc_info[0].__name__
        for processor in _SHARED:
            event = processor(None, record.levelname.lower(), event)
        line: str | bytes = structlog.processors.JSONRenderer()(None, record.levelname.lower(), event)
        return line if isinstance(line, str) else line.decode()
