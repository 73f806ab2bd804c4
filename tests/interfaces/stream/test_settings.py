"""Settings that do not go together are refused, all at once and in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.interfaces.stream.settings import KafkaSettings, NatsSettings, StreamSettings


def test_the_defaults_go_together() -> None:
    assert StreamSettings().faults() == NatsSettings().faults() == KafkaSettings().faults() == []


@pytest.mark.parametrize(
    ("settings", "fields"),
    [
        (NatsSettings(partitions=-1), ["partitions"]),
        (NatsSettings(partitions=4, only=("0", "4")), ["only"]),
        (NatsSettings(only=("0",)), ["only"]),
        (NatsSettings(partitions=4, only=("x",), ack_wait=0.1), ["only", "ack_wait"]),
        (NatsSettings(subject="items.>", output="a b", dead=""), ["subject", "output", "dead"]),
        (NatsSettings(certificate=Path("cert.pem")), ["certificate"]),
        (KafkaSettings(session=1.0, look_back=-1), ["session", "look_back"]),
        (KafkaSettings(key=Path("key.pem"), security="sasl-tls"), ["certificate", "user"]),
        (StreamSettings(batch=0), ["batch"]),
        (StreamSettings(batch=1_000), ["remembered"]),
        (StreamSettings(deliveries=1, port=70_000, shutdown=0.0), ["deliveries", "port", "shutdown"]),
    ],
)
def test_what_does_not_go_together_is_said(
    settings: NatsSettings | KafkaSettings | StreamSettings, fields: list[str]
) -> None:
    faults = settings.faults()
    assert [fault.field for fault in faults] == fields
    assert all(fault.words[0].islower() or fault.words[0] == "`" for fault in faults)


def test_a_secret_is_in_no_text_of_the_settings() -> None:
    text = repr(NatsSettings(token="hidden-1", password="hidden-2")) + repr(KafkaSettings(password="hidden-3"))
    assert "hidden" not in text
