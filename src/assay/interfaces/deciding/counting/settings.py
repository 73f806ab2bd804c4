"""What an operator sets of traces. It imports no library for them."""

from __future__ import annotations

from dataclasses import dataclass

from assay.engine.kernel.errors import Fault
from assay.interfaces.settings.setting import setting


@dataclass(frozen=True, slots=True)
class TelemetrySettings:
    """Traces of requests, by OpenTelemetry. Where they go is said by its own variables, `OTEL_EXPORTER_OTLP_…`."""

    traces: bool = setting("Whether requests are traced; this needs the extra `otel`.", default=False)
    trace_share: float = setting("Which share of requests is traced, from 0 to 1.", 1.0)
    service_name: str = setting("What the service is called in traces.", "assay")

    def faults(self) -> list[Fault]:
        """What makes no sense."""
        if 0 <= self.trace_share <= 1:
            return []
        return [Fault("out-of-range", "`trace_share` is a share from 0 to 1", "trace_share")]
