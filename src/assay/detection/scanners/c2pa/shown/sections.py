"""The sections of a file's credentials: who signed, what was done, from what, and what nobody checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from assay.detection.evidence import Integrity
from assay.detection.inspection import MAXIMUM_DEPTH, Section, State
from assay.detection.media import Media
from assay.detection.scanners.c2pa.claims import actions_of, claim_of_manifest, generator_of
from assay.detection.scanners.c2pa.codes import mapping_of, sequence_of
from assay.detection.scanners.c2pa.lineage import Ancestor, lineage_of, revocation_of
from assay.detection.scanners.c2pa.said.bindings import bindings_of
from assay.detection.scanners.c2pa.said.identities import AGGREGATED, Identity, identities_of, only_certificates
from assay.detection.scanners.c2pa.said.signals import signals_of
from assay.detection.scanners.c2pa.shown.words import action_words, code_words, signal_words, source_words
from assay.detection.scanners.c2pa.store import Read, Remote, Store

MAXIMUM_STEPS = 24
_TITLE = "Content credentials (C2PA)"
_STATES: dict[Integrity, State] = {
    Integrity.OK: "good",
    Integrity.EXPIRED: "weak",
    Integrity.UNSIGNED: "weak",
    Integrity.BROKEN: "broken",
}
_INTEGRITIES = {
    Integrity.OK: "intact",
    Integrity.EXPIRED: "expired, without a trusted time",
    Integrity.UNSIGNED: "signed in a way that cannot be checked",
    Integrity.BROKEN: "broken: something was changed after signing",
}
_KEEPERS = {
    "official": "the official trust list",
    "operator": "the operator's own trust list",
    "interim": "the interim trust list, frozen in January 2026",
}
_RELATIONS = {"parentOf": "Made from", "componentOf": "Holds", "inputTo": "Fed with"}
# What went right is told in a sentence each; these say the same of every statement and would bury the rest.
_COMMON = frozenset({"assertion.hashedURI.match", "ingredient.manifest.validated"})


@dataclass(slots=True)
class _Walk:
    """The manifests not shown yet: one that several ingredients share is shown once."""

    manifests: Mapping[str, object]
    ancestors: dict[str, Ancestor]
    shown: set[str]


def sections_of(store: Store, media: Media) -> tuple[Section, ...]:
    """What a reviewer sees of a file's credentials; raises ScanFailed where they cannot be read."""
    found = store.read(media, thorough=True)
    if found is None:
        note = "Most platforms take credentials off on the way, so that nothing follows from their absence."
        return (Section(_TITLE, "absent", note=note),)
    if isinstance(found, Remote):
        rows = (("address", found.url), ("not fetched", found.problem))
        return (
            Section(_TITLE, "not checked", rows, note="The file names an address for its manifest and holds none."),
        )
    manifests = mapping_of(found.manifests.get("manifests"))
    if only_certificates(manifests):
        # Read once more with the identities checked: none of them asks an address for its key.
        again = store.read(media, thorough=True, identities=True)
        found = again if isinstance(again, Read) else found
    return (_chain(found), _unchecked(found, store))


def _chain(read: Read) -> Section:
    lineage = lineage_of(read.manifests, read.signatures, read.vouching, datetime.now(UTC))
    walk = _Walk(mapping_of(read.manifests.get("manifests")), {ancestor.label: ancestor for ancestor in lineage}, set())
    top = lineage[0]
    broken = sum(ancestor.own is Integrity.BROKEN for ancestor in lineage[1:])
    weak = sum(ancestor.own not in (Integrity.OK, Integrity.BROKEN) for ancestor in lineage[1:])
    rows = [("manifests", str(len(lineage))), ("this file", _INTEGRITIES[top.own])]
    rows += [("ancestors that are broken", str(broken))] if broken else []
    rows += [("ancestors that cannot be relied on", str(weak))] if weak else []
    rows += [("fetched from", read.fetched)] if read.fetched else []
    state: State = "broken" if top.own is Integrity.BROKEN else "weak" if broken or weak else _state(top)
    note = "A new signature mends nothing below it: each manifest is shown with its own state." if lineage[1:] else ""
    return Section(_TITLE, state, tuple(rows), (_manifest(walk, top, "This file", 2),), note)


def _state(ancestor: Ancestor) -> State:
    if ancestor.own is Integrity.OK and not ancestor.keeper:
        return "weak"
    return _STATES[ancestor.own]


def _manifest(walk: _Walk, ancestor: Ancestor, relation: str, depth: int) -> Section:
    walk.shown.add(ancestor.label)
    manifest = mapping_of(walk.manifests.get(ancestor.label))
    signature = mapping_of(manifest.get("signature_info"))
    signer = str(signature.get("issuer") or signature.get("common_name") or "nobody named")
    rows = (*_who(manifest, ancestor), *_what(manifest), *_checked(ancestor))
    children = (
        *_ingredients(walk, manifest, depth + 1),
        *(_identity(one, ancestor) for one in identities_of(manifest)),
    )
    return Section(f"{relation}: signed by {signer}", _state(ancestor), rows, children)


def _who(manifest: Mapping[str, object], ancestor: Ancestor) -> Iterator[tuple[str, str]]:
    signature = mapping_of(manifest.get("signature_info"))
    yield "state", _INTEGRITIES[ancestor.own]
    if name := signature.get("common_name"):
        yield "certificate", str(name)
    yield "known from", _KEEPERS.get(ancestor.keeper, "no trust list that was given")
    stamped = "timeStamp.trusted" in ancestor.success
    said = "stamped by a trusted authority" if stamped else "as the signer says"
    yield "signed at", f"{signature['time']}, {said}" if signature.get("time") else "no time is given"
    yield "revocation", revocation_of(ancestor)
    if program := generator_of(manifest):
        yield "program", program


def _what(manifest: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    yield "says", claim_of_manifest(manifest).value.replace("_", " ")
    steps = list(actions_of(manifest))
    for number, action in enumerate(steps[:MAXIMUM_STEPS], 1):
        source = f": {source_words(action.source_type)}" if action.source_type else ""
        agent = f", by {action.agent}" if action.agent else ""
        told = f" (“{action.description}”)" if action.description else ""
        yield f"step {number}", f"{action_words(action.name)}{source}{agent}{told}"
    if len(steps) > MAXIMUM_STEPS:
        yield "further steps", str(len(steps) - MAXIMUM_STEPS)
    for name in signals_of(manifest):
        yield "official signal", signal_words(name)
    for binding in bindings_of(manifest):
        yield "soft binding", f"{binding.algorithm} ({binding.kind}), declared and not looked for"
    if any(action.name.startswith("c2pa.watermarked") for action in steps):
        yield "watermark", "declared by a step, not looked for"


def _checked(ancestor: Ancestor) -> Iterator[tuple[str, str]]:
    for code in ancestor.codes:
        yield "failed", code_words(code)
    for code in ancestor.success:
        # What the holder of an ingredient found when signing may since have come out otherwise.
        if code not in _COMMON and code not in ancestor.codes:
            yield "passed", code_words(code)


def _ingredients(walk: _Walk, manifest: Mapping[str, object], depth: int) -> Iterator[Section]:
    for raw in sequence_of(manifest.get("ingredients")):
        ingredient = mapping_of(raw)
        relation = _RELATIONS.get(str(ingredient.get("relationship")), "Made with")
        title = str(ingredient.get("title") or "")
        ancestor = walk.ancestors.get(str(ingredient.get("active_manifest", "")))
        if ancestor is not None and ancestor.label not in walk.shown and depth <= MAXIMUM_DEPTH:
            yield _manifest(walk, ancestor, f"{relation}{f' “{title}”' if title else ''}", depth)
        elif ancestor is None:
            rows = _ingredient_rows(ingredient)
            yield Section(f"{relation}: {title or 'something unnamed'}", "absent", rows, note="It had no credentials.")
        else:
            note = "Its manifest is shown above." if ancestor.label in walk.shown else "It lies too deep to be shown."
            yield Section(f"{relation}: {title or 'something unnamed'}", _state(ancestor), note=note)


def _ingredient_rows(ingredient: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    named = (("format", "format"), ("description", "description"), ("identifier", "instance_id"))
    return tuple((label, str(ingredient[key])) for label, key in named if ingredient.get(key))


def _identity(identity: Identity, ancestor: Ancestor) -> Section:
    checked = "cawg.x509.signature.validated" in ancestor.success
    known = checked and "cawg.x509.credential.trusted" in ancestor.success
    state: State = "good" if known else "weak" if checked else "not checked"
    rows = [("who", each) for each in identity.who] or [("who", "nobody named")]
    rows += [("looked at by", identity.issuer)] if identity.issuer else []
    rows += [("form", identity.kind), ("statements covered", str(identity.covers))]
    note = ""
    if identity.kind == AGGREGATED:
        note = "The aggregator's key stands at an address, which was not asked: it is a claim."
    elif checked and not known:
        note = "Its signature is right, and its certificate is on no trust list that was given."
    return Section("Identity (CAWG)", state, tuple(rows), note=note)


def _unchecked(read: Read, store: Store) -> Section:
    rows: list[tuple[str, str]] = []
    if store.trust is None:
        rows.append(("trust lists", "none were given, so that nobody vouches for any signer"))
    rows.append(("revocation", "no address was asked whether a credential was withdrawn"))
    labels: Sequence[object] = list(mapping_of(read.manifests.get("manifests")).values())
    if any(bindings_of(mapping_of(manifest)) for manifest in labels):
        rows.append(("soft bindings", "declared watermarks and fingerprints were not looked for"))
    if any(one.kind == AGGREGATED for manifest in labels for one in identities_of(mapping_of(manifest))):
        rows.append(("identities", "no address was asked for an aggregator's key"))
    return Section("Not checked", "not checked", tuple(rows))
