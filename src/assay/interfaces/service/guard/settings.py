"""What an operator sets for the guard. It reads no file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assay.engine.kernel.errors import Fault
from assay.interfaces.settings.setting import setting

KIBIBYTE = 1024
MEBIBYTE = 1024 * KIBIBYTE
GIBIBYTE = 1024 * MEBIBYTE


@dataclass(frozen=True, slots=True)
class GuardSettings:
    """Who may come in, how often, and with how much. By default one client may use all that one process can do."""

    tokens: Path = setting("File of tokens, which `assay token` writes and the service reads.", Path("tokens.json"))
    open_metrics: bool = setting("Whether `/metrics` is shown without a token.", default=False)
    allowed_hosts: tuple[str, ...] = setting(
        "Names by which clients may call the service; an address is always accepted, `*` accepts every name.",
        ("localhost",),
    )
    requests_per_second: float = setting("Requests that one client may send each second, on average.", 20_000.0)
    requests_burst: int = setting("Requests that one client may send at once after a pause.", 40_000, unit="requests")
    items_per_second: float = setting("Items that one client may have decided each second, on average.", 200_000.0)
    items_burst: int = setting("Items that one client may have decided at once after a pause.", 400_000, unit="items")
    client_requests: int = setting("Requests of one client that may be under way at once.", 256, unit="requests")
    all_requests: int = setting("Requests that may be under way at once.", 1_024, unit="requests")
    connections: int = setting("Connections that may be open at once.", 4_096, unit="connections")
    head_seconds: float = setting("How long a client may take to send the head of a request.", 10.0, unit="seconds")
    head_bytes: int = setting("How long the head of a request may be.", 32 * KIBIBYTE, unit="bytes")
    head_fields: int = setting("How many header fields a request may have.", 64, unit="fields")
    single_bytes: int = setting("How long the body of a single request may be.", 256 * KIBIBYTE, unit="bytes")
    batch_bytes: int = setting("How long the body of a batch may be.", 4 * GIBIBYTE, unit="bytes")
    scan_bytes: int = setting("How long a file for `/v1/scan` may be.", 256 * MEBIBYTE, unit="bytes")
    body_seconds: float = setting(
        "How long the service waits for the body of a single request, in all.", 30.0, unit="seconds"
    )
    body_grace_seconds: float = setting(
        "How long the service waits for a body before it asks for a least speed.", 5.0, unit="seconds"
    )
    body_bytes_per_second: float = setting("Least speed of a body after that.", 1_000.0, unit="bytes per second")

    def faults(self) -> list[Fault]:
        """What makes no sense."""
        positive = (
            *("requests_per_second", "requests_burst", "items_per_second", "items_burst", "client_requests"),
            *("all_requests", "connections", "head_seconds", "head_bytes", "head_fields", "single_bytes"),
            *("batch_bytes", "scan_bytes", "body_seconds", "body_grace_seconds"),
        )
        found = [
            Fault("out-of-range", f"`{name}` must be more than 0", name)
            for name in positive
            if not getattr(self, name) > 0
        ]
        if self.body_bytes_per_second < 0:
            found.append(
                Fault("out-of-range", "`body_bytes_per_second` cannot be less than 0", "body_bytes_per_second")
            )
        return found
