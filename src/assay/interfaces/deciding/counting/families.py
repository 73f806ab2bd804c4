"""Every metric by name: what it counts, in words and labels. It holds no number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["counter", "gauge", "histogram", "info"]


@dataclass(frozen=True, slots=True)
class Family:
    """One metric.

    name    without the ending that its kind brings (`_total`, `_bucket`, `_info`)
    words   what it says, as `docs/operate/metrics.md` has it
    labels  in order
    """

    name: str
    kind: Kind
    words: str
    labels: tuple[str, ...] = ()


ALL = (
    Family("assay_items", "counter", "Items decided."),
    Family("assay_bundle_items", "counter", "Items decided by each of the last bundles.", ("bundle",)),
    Family(
        "assay_decisions",
        "counter",
        "Decisions, one for an item in a market class, by outcome: the step of the first ladder that is applied.",
        ("market", "outcome"),
    ),
    Family("assay_decisions_open", "counter", "Decisions that an answer may still change.", ("market",)),
    Family("assay_measures_applied", "counter", "Decisions that apply a measure.", ("market", "measure")),
    Family("assay_measure_items", "counter", "Items to which a measure is applied in any market.", ("measure",)),
    Family("assay_rules_true", "counter", "Decisions for which a rule is true.", ("market", "rule")),
    Family("assay_rules_open", "counter", "Decisions for which a rule is open.", ("market", "rule")),
    Family("assay_rejected", "counter", "Items and requests that were refused, by the problem's slug.", ("slug",)),
    Family("assay_requests", "counter", "Requests answered.", ("route", "status")),
    Family("assay_request_seconds", "histogram", "Time from a request to its answer.", ("route",)),
    Family("assay_bundle", "info", "The bundles in use.", ("role", "digest", "pack", "version", "sequence", "signer")),
    Family("assay_bundle_sequence", "gauge", "Number of the newest release that was accepted."),
    Family("assay_bundle_share", "gauge", "Share of items that a bundle decides or looks at.", ("role",)),
    Family("assay_bundle_pinned", "gauge", "1 while a person's rollback holds against the channel."),
    Family("assay_bundle_polled_seconds", "gauge", "When the source was last asked, in Unix time."),
    Family("assay_bundle_fault", "gauge", "1 while the newest release is refused or the source cannot be read."),
    Family("assay_bundle_swaps", "counter", "Swaps of the bundles in use."),
    Family("assay_bundle_refusals", "counter", "Releases and bundles that were refused."),
    Family("assay_shadow_items", "counter", "Items that the shadow bundle decided beside."),
    Family(
        "assay_shadow_differences",
        "counter",
        "Decisions on which the shadow bundle says otherwise of a rule or a measure.",
        ("kind", "name", "market", "before", "after"),
    ),
    Family("assay_shadow_failures", "counter", "Items that the shadow bundle could not decide."),
    Family("assay_brakes_on", "gauge", "1 for each rule whose brake is on.", ("rule",)),
    Family("assay_brakes_tripped", "counter", "Brakes that were put on."),
    Family("assay_brakes_failed", "gauge", "1 while a brake is wanted and could not be put on."),
    Family(
        "assay_alarms", "gauge", "1 for each measure outside its band or over its quota.", ("measure", "market", "kind")
    ),
    Family("assay_store_waiting_records", "gauge", "Records that wait to be durable."),
    Family("assay_store_waiting_bytes", "gauge", "Size of the records that wait to be durable."),
    Family("assay_store_records", "counter", "Records that were made durable."),
    Family("assay_store_failures", "counter", "Records whose batch could not be written."),
    Family("assay_store_healthy", "gauge", "1 while the last batch of records was written.", ("kind",)),
    Family("assay_store_full", "gauge", "1 while so much waits that new requests are refused."),
    Family("assay_store_rotation_fault", "gauge", "1 while closed segments cannot be turned into Parquet."),
    Family("assay_stream_waiting", "gauge", "Messages that wait in a source.", ("source",)),
    Family("assay_stream_lag_seconds", "gauge", "Age of the message that was decided last.", ("source",)),
    Family("assay_stream_messages", "counter", "Messages consumed, by what became of them.", ("result",)),
    Family("assay_events", "counter", "Events written."),
    Family("assay_events_unwritten", "counter", "Events that the events file could not take."),
    Family("assay_workbench_ready", "gauge", "1 while the workbench answers, where `assay serve` shows it."),
    Family("assay_workbench_requests", "counter", "Requests that the workbench answered.", ("status",)),
    Family("assay_workbench_seconds", "counter", "Time that the workbench took to answer them, in all."),
    Family("assay_workbench_under_way", "gauge", "Requests that the workbench is answering."),
    Family("assay_clerk_done", "counter", "What the clerk has done: entries delivered, mails sent.", ("chore",)),
    Family("assay_clerk_failures", "counter", "Rounds of the clerk that failed, and are tried again.", ("chore",)),
    Family("assay_clerk_round_seconds", "gauge", "When the clerk last finished a chore, in Unix time.", ("chore",)),
    Family("assay_process_resident_bytes", "gauge", "Memory of the process."),
    Family("assay_process_cpu_seconds", "counter", "Processor time of the process."),
    Family("assay_process_started_seconds", "gauge", "When the process began, in Unix time."),
)
BY_NAME = {family.name: family for family in ALL}
