"""Validation codes: altered since signing, or merely weak. It never takes `Invalid` for tampering."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from assay.detection.evidence import Integrity

_VALIDATED = "claimSignature.validated"
_TRUSTED, _UNTRUSTED = "signingCredential.trusted", "signingCredential.untrusted"
REVOKED = frozenset({"signingCredential.ocsp.revoked", "signingCredential.revoked"})
NOT_REVOKED = "signingCredential.ocsp.notRevoked"
_EXPIRED = frozenset({"signingCredential.expired", "claimSignature.outsideValidity"})
# The time stamp is a second signature beside the claim's: where it does not match, only the time is in doubt.
_WEAK = ("timeStamp.", "signingCredential.", "claimSignature.outsideValidity", "algorithm.deprecated")
_BROKEN = re.compile(r".*\.(?:mismatch|missing|undeclared|inaccessible|multipleHardBindings)\Z|claim\.multiple\Z")
_PLACE = re.compile(r"self#jumbf=/c2pa/([^/]+)")


@dataclass(frozen=True, slots=True)
class Findings:
    """The codes for one manifest: those of the validation made now, and those that its holder recorded when signing."""

    success: set[str] = field(default_factory=set)
    failure: set[str] = field(default_factory=set)
    recorded_success: set[str] = field(default_factory=set)
    recorded_failure: set[str] = field(default_factory=set)
    informational: set[str] = field(default_factory=set)

    @property
    def failures(self) -> set[str]:
        return self.failure | self.recorded_failure

    @property
    def integrity(self) -> Integrity:
        failures = {code for code in self.failures if code in _EXPIRED or not code.startswith(_WEAK)}
        success = self.success | self.recorded_success
        if any(_BROKEN.match(code) for code in failures):
            return Integrity.BROKEN
        if success and _VALIDATED not in success:
            # A signature that nobody could check proves as much as none.
            return Integrity.UNSIGNED
        return Integrity.EXPIRED if failures & _EXPIRED else Integrity.OK

    @property
    def is_revoked(self) -> bool:
        """Whether an answer that the file carries says that the credential was withdrawn."""
        return bool(self.failures & REVOKED)

    @property
    def is_trusted(self) -> bool:
        """Whether the operator's own anchors carry the signer; another signer's trust counts only where it agrees."""
        if self.is_revoked:
            return False
        if _TRUSTED in self.success or _UNTRUSTED in self.failure:
            return _UNTRUSTED not in self.failure
        return _TRUSTED in self.recorded_success and _UNTRUSTED not in self.recorded_failure


def findings_by_manifest(store: Mapping[str, object]) -> dict[str, Findings]:
    """Every code in the store, by the manifest it speaks of.

    Three places are read: the validation made now, what it says anew about ingredients, and what each signer
    recorded about its ingredients when it signed. A failure in any of them counts.
    """
    found: dict[str, Findings] = {}
    active = str(store.get("active_manifest", ""))
    for results in _results(store.get("validation_results")):
        _collect(found, results, active)
    for holder, manifest in mapping_of(store.get("manifests")).items():
        # What a file records of its ingredients may not speak of the file itself, or an ingredient that a forger
        # made could call the picture it was pasted into broken.
        above = frozenset({active, holder})
        for ingredient in sequence_of(mapping_of(manifest).get("ingredients")):
            entry = mapping_of(ingredient)
            label = str(entry.get("active_manifest", ""))
            for results in _results(entry.get("validation_results")):
                _collect(found, results, label, above)
            _collect(found, {"failure": entry.get("validation_status")}, label, above)
    return found


def _results(value: object) -> Iterator[Mapping[str, object]]:
    results = mapping_of(value)
    yield mapping_of(results.get("activeManifest"))
    for delta in sequence_of(results.get("ingredientDeltas")):
        yield mapping_of(mapping_of(delta).get("validationDeltas"))


def _collect(
    found: dict[str, Findings], results: Mapping[str, object], default: str, above: frozenset[str] | None = None
) -> None:
    """Adds codes; `above` names the manifests that a record, as opposed to a validation, may not speak of."""
    for outcome in ("success", "failure", "informational"):
        for entry in sequence_of(results.get(outcome)):
            code = str(mapping_of(entry).get("code", ""))
            place = _PLACE.match(str(mapping_of(entry).get("url", "")))
            label = place[1] if place else default
            if above is not None and label in above:
                continue
            _outcome(found.setdefault(label, Findings()), outcome, recorded=above is not None).add(code)


def _outcome(findings: Findings, outcome: str, *, recorded: bool) -> set[str]:
    if outcome == "informational":
        return findings.informational
    if outcome == "success":
        return findings.recorded_success if recorded else findings.success
    return findings.recorded_failure if recorded else findings.failure


def mapping_of(value: object) -> Mapping[str, object]:
    """The value where it is a mapping, else an empty one: every level of a stranger's JSON may be anything."""
    return value if isinstance(value, Mapping) else {}


def sequence_of(value: object) -> Iterable[object]:
    """The value where it is a list, else an empty one."""
    return value if isinstance(value, list) else ()
