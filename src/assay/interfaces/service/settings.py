"""What an operator may set of the decision service. It opens nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assay.engine.kernel.errors import Fault
from assay.interfaces.settings.setting import setting

LogLevel = Literal["debug", "info", "warning", "error"]
_LARGEST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class IdempotencySettings:
    """How long a request that comes twice is answered with the same bytes."""

    minutes: float = setting(
        "How long a decision is remembered by its Idempotency-Key; 0 remembers none.", 60.0, unit="minutes"
    )
    number: int = setting(
        "How many decisions are remembered at most; the oldest are forgotten first.", 20_000, unit="decisions"
    )
    megabytes: int = setting(
        "How much memory their records may take; the oldest are forgotten first.", 128, unit="megabytes"
    )

    def faults(self) -> list[Fault]:
        """What is out of range."""
        named = {"minutes": self.minutes, "number": self.number, "megabytes": self.megabytes}
        return [Fault("out-of-range", f"`{name}` is 0 or more", name) for name, value in named.items() if value < 0]


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """Where the service listens, and how it answers."""

    host: str = setting("The address it listens on; `0.0.0.0` is every one the machine has.", "127.0.0.1")
    port: int = setting("The port it listens on; 0 takes a free one.", 8600)
    unix_socket: Path | None = setting("A unix socket to listen on instead of an address and a port.", None)
    default_markets: tuple[str, ...] = setting(
        "The markets that are decided where a request names none: codes, groups or classes; empty is every market.", ()
    )
    batch_chunk: int = setting("How many lines of a batch are kept and answered together.", 256, unit="lines")
    batch_ahead: int = setting(
        "How much of a batch is read before its answers are taken; a client that sends more first waits for itself.",
        4 << 20,
        unit="bytes",
    )
    shutdown_seconds: float = setting(
        "How long requests that run may take to finish after the service was told to stop.", 20.0, unit="seconds"
    )
    keep_alive_seconds: int = setting("How long a connection without a request stays open.", 75, unit="seconds")
    backlog: int = setting("How many connections may wait to be taken.", 2_048, unit="connections")
    log_level: LogLevel = setting(
        "What is logged: `debug` has a line for every request, `warning` only what went wrong.", "info"
    )
    idempotency: IdempotencySettings = IdempotencySettings()

    def faults(self) -> list[Fault]:
        """What is out of range."""
        faults = []
        if not 0 <= self.port <= _LARGEST_PORT:
            faults.append(Fault("out-of-range", f"`port` is from 0 to {_LARGEST_PORT}", "port"))
        for name, value in (
            ("batch_chunk", self.batch_chunk),
            ("batch_ahead", self.batch_ahead),
            ("keep_alive_seconds", self.keep_alive_seconds),
            ("backlog", self.backlog),
            ("shutdown_seconds", self.shutdown_seconds),
        ):
            if value < 1:
                faults.append(Fault("out-of-range", f"`{name}` is at least 1", name))
        return faults
