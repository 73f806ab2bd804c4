"""authentica: its scan without the pixel analysers, which take seconds. It gives fields, of which the rule is ours."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.evidencing.answer import Answer, Tool, ai_of, source_types_in

PACKAGE = "authentica"


def build(_trust: Path | None) -> Tool:
    """It takes no trust lists."""
    from authentica import scan

    def ask(path: str) -> object:
        return scan(path, run_watermark=False, run_forensics=False)

    return Tool(f"{PACKAGE} {version(PACKAGE)}", "scan, no pixel analysers", ask, _read)


def _read(given: Any) -> Answer:
    credentials = given.c2pa
    signed = credentials is not None and credentials.manifest_found
    claims = [assertion.raw for claim in credentials.claims for assertion in claim.assertions] if signed else []
    plain = given.metadata.to_dict() if given.metadata is not None else {}
    ai = ai_of([*source_types_in(claims), *source_types_in(plain)])
    broken = signed and (credentials.data_hash_verified is False or not credentials.signature_valid)
    # It says itself that it checks the form of a signature only, but it counts one as trust.
    return Answer(ai=ai, broken=broken, proved=bool(ai) and signed and not broken)
