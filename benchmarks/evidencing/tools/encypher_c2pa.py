"""encypher-c2pa: a verifier of its own, which carries trust lists. It is asked offline and reports to nobody."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from benchmarks.evidencing.answer import Answer, Tool, ai_of, source_types_in
from benchmarks.evidencing.tools.c2pa_python import joined

PACKAGE = "encypher-c2pa"


def build(trust: Path | None) -> Tool:
    """Its own lists, and the same as everybody's beside them."""
    import encypher_c2pa

    anchors = joined(trust) if trust is not None else None

    def ask(path: str) -> object:
        try:
            return encypher_c2pa.verify(path, trust_pem=anchors, tsa_trust_pem=anchors, telemetry=False, online=False)
        except ValueError as error:
            # It names the form of a file that it does not know, which is an answer.
            return str(error)

    return Tool(f"{PACKAGE} {version(PACKAGE)}", "verify, its lists and ours", ask, _read)


def _read(given: object) -> Answer:
    if not isinstance(given, dict) or not given.get("present"):
        return Answer()
    report = given.get("manifest_report") or {}
    manifests = report.get("manifests") or {}
    actions = [
        one.get("data")
        for manifest in manifests.values()
        for one in manifest.get("assertions", [])
        if str(one.get("label", "")).startswith("c2pa.actions")
    ]
    ai = ai_of(source_types_in(actions))
    broken = given.get("integrity") == "invalid"
    return Answer(ai=ai, broken=broken, proved=bool(ai) and not broken)
