"""c2pa-python alone: its reader, and the forty lines that a team would write around it. It knows no metadata."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.evidencing.answer import Answer, Tool, ai_of, source_types_in

PACKAGE = "c2pa-python"
# Without these, files of large generators come out as invalid; see the documentation of the library's settings.
USAGES = ("1.3.6.1.4.1.62558.2.1", "1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.36", "1.3.6.1.4.1.311.76.59.1.9")
_TAMPERED = ("mismatch", "claim.missing", "assertion.missing", "claimSignature.missing", "hardBindings")


def build(trust: Path | None) -> Tool:
    """One context for all files, since each costs; nothing is fetched; the file is opened by the library itself."""
    import c2pa

    settings: dict[str, Any] = {"verify": {"remote_manifest_fetch": False, "verify_trust": trust is not None}}
    if trust is not None:
        settings["trust"] = {"trust_anchors": joined(trust), "trust_config": "\n".join(USAGES)}
    context = c2pa.Context(c2pa.Settings.from_dict(settings))

    def ask(path: str) -> object:
        try:
            reader = c2pa.Reader.try_create(path, None, None, context)
        except c2pa.C2paError as error:
            # A form that it does not know and a manifest that it cannot read are answers.
            return str(error)
        if reader is None:
            return None
        with reader:
            return json.loads(reader.json())

    how = "Reader with trust lists" if trust is not None else "Reader as it comes"
    return Tool(f"{PACKAGE} {version(PACKAGE)}", how, ask, read_store)


def read_store(given: object) -> Answer:
    """The answer in a manifest store as JSON: the state is told from the codes, since one word means many things."""
    if not isinstance(given, dict):
        return Answer()
    results = given.get("validation_results", {}).get("activeManifest", {})
    codes = [str(one.get("code", "")) for one in results.get("failure", [])]
    broken = any(part in code for code in codes for part in _TAMPERED)
    actions = [
        one.get("data")
        for manifest in given.get("manifests", {}).values()
        for one in manifest.get("assertions", [])
        if str(one.get("label", "")).startswith("c2pa.actions")
    ]
    ai = ai_of(source_types_in(actions))
    return Answer(ai=ai, broken=broken, proved=bool(ai) and not broken)


def joined(trust: Path) -> str:
    """All lists of a folder as one text."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(trust.glob("*.pem")))
