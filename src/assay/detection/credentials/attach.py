"""Keeps an original's credentials on what was made from it: the original becomes its parent. It drops no provenance."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import c2pa

from assay.detection.credentials.refused import CannotAttach
from assay.detection.credentials.signing import Signing
from assay.detection.evidence import Evidence, Integrity, Kind
from assay.detection.media import Media, Unreadable
from assay.detection.registry import load_scanner
from assay.detection.scanner import ScanFailed, Scanner, Settings

# What a platform's pipeline does to a file; whatever changes what is seen or heard must be said by its own name.
STEPS = (
    "transcoded", "resized.proportional", "repackaged", "converted", "published", "resized", "cropped", "orientation",
    "color_adjustments", "edited", "edited.metadata", "watermarked",
)  # fmt: skip
DEFAULT_STEPS = ("transcoded",)
MAXIMUM_SIZE = 2 * 1024 * 1024 * 1024
_TYPES = {
    "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif", "tiff": "image/tiff",
    "svg": "image/svg+xml", "heif": "image/heif", "jxl": "image/jxl", "mp4": "video/mp4", "mov": "video/quicktime",
    "mp3": "audio/mpeg", "wav": "audio/wav", "flac": "audio/flac", "avi": "video/avi", "pdf": "application/pdf",
}  # fmt: skip
_PARENT = "parentOf"
_WORSE = (Integrity.OK, Integrity.EXPIRED, Integrity.UNSIGNED, Integrity.BROKEN)


@dataclass(frozen=True, slots=True)
class Attached:
    """What was written and read back.

    parent  the state of the original's own credentials, which a new signature does not mend
    whole   the state of the new file's
    """

    out: Path
    sha256: str
    size: int
    parent: Evidence
    whole: Evidence
    manifests: int


def attach_credentials(
    new: Path,
    *,
    parent: Path,
    out: Path,
    signing: Signing,
    steps: Sequence[str] = DEFAULT_STEPS,
    complete: bool = False,
    program: str = "",
    trust: Path | None = None,
) -> Attached:
    """Signs `new` with `parent` as what it was made from, into `out`, and reads back what was written.

    steps     what was done, each by its name in `STEPS`, in order
    complete  whether that is all that was done: the manifest then says so
    program   the name of the platform's program, with its version after a slash
    trust     the folder of trust lists, for the states that are told
    raises    CannotAttach where a file cannot be used, and where the original's credentials would not be kept
    """
    unknown = [step for step in steps if step not in STEPS]
    if unknown or not steps:
        words = f"`{unknown[0]}` is no step that can be named" if unknown else "no step is named"
        raise CannotAttach("unknown-step", words, f"write some of {', '.join(STEPS)}")
    if out.exists():
        raise CannotAttach("file-exists", f"`{out.name}` is there already", "name a new file: none is overwritten")
    if not out.parent.is_dir():
        raise CannotAttach("no-folder", f"there is no folder `{out.parent}` to write into")
    scanner = load_scanner("c2pa", Settings(trust))
    made, original = _media(new), _media(parent)
    before = _kept_state(scanner, original)
    _check_new(scanner, made, original, before)
    manifest = _manifest(out.name, steps, program or f"Assay/{version('assay')}", complete=complete)
    written = _sign(made, original, parent.name, manifest, signing, out.parent)
    try:
        after = scanner.scan(Media.from_path(written))
        _check_kept(written, _TYPES[made.container.name], before, after)
        _place(written, out)
    finally:
        written.unlink(missing_ok=True)
    result = Media.from_path(out)
    ancestors = int(after[0].details.get("ancestors", "0"))
    return Attached(out, result.sha256, result.size, _parent_state(before, after), after[0], ancestors + 1)


def _media(path: Path) -> Media:
    try:
        media = Media.from_path(path)
    except Unreadable as unreadable:
        raise CannotAttach("unreadable-file", f"`{path.name}` cannot be read: {unreadable}") from unreadable
    if media.size > MAXIMUM_SIZE:
        raise CannotAttach("file-too-large", f"`{path.name}` is larger than {MAXIMUM_SIZE // 2**30} GiB")
    return media


def _credentials(scanner: Scanner, media: Media, which: str) -> Evidence | None:
    try:
        found = [each for each in scanner.scan(media) if each.kind is Kind.SIGNED_PROVENANCE and each.found]
    except ScanFailed as failed:
        raise CannotAttach(
            "unreadable-credentials", f"{which}'s credentials cannot be read: {failed.words}"
        ) from failed
    return found[0] if found else None


def _kept_state(scanner: Scanner, original: Media) -> Evidence:
    """The original's credentials; raises CannotAttach where there is nothing that could be kept."""
    before = _credentials(scanner, original, "the original")
    if before is None:
        hint = "there is nothing to keep; sign it as a work of its own where that is meant"
        raise CannotAttach("no-credentials", "the original carries no credentials", hint)
    if before.integrity is Integrity.REMOTE:
        hint = "fetch it, put it into the original, and attach then"
        raise CannotAttach("remote-credentials", "the original only names an address for its credentials", hint)
    return before


def _check_new(scanner: Scanner, made: Media, original: Media, before: Evidence) -> None:
    for media, which in ((made, "the new file"), (original, "the original")):
        if media.container.name not in _TYPES:
            words = f"{which} is of a kind that carries no credentials: {media.container.name}"
            raise CannotAttach("unsupported-container", words, f"what can be signed: {', '.join(_TYPES)}")
    own = _credentials(scanner, made, "the new file")
    # An original that was labelled still carries its manifest, which is the one that is kept as the parent's.
    if own is not None and own.details.get("manifest", "") != before.details.get("manifest"):
        hint = "hand over the file as the encoder wrote it; a manifest in it would be dropped by a new one"
        raise CannotAttach("already-signed", "the new file carries credentials of its own", hint)


def _manifest(title: str, steps: Sequence[str], program: str, *, complete: bool) -> dict[str, object]:
    name, _, number = program.partition("/")
    opened = {"action": "c2pa.opened", "parameters": {"ingredientIds": [_PARENT]}}
    actions: dict[str, object] = {"actions": [opened, *({"action": f"c2pa.{step}"} for step in steps)]}
    if complete:
        actions["allActionsIncluded"] = True
    return {
        "title": title,
        "claim_generator_info": [{"name": name, "version": number or "1"}],
        "assertions": [{"label": "c2pa.actions.v2", "data": actions, "created": True}],
    }


def _sign(
    made: Media, original: Media, title: str, manifest: Mapping[str, object], signing: Signing, folder: Path
) -> Path:
    settings = {
        "core": {"decode_identity_assertions": False},
        "verify": {"verify_after_sign": False, "verify_trust": False, "remote_manifest_fetch": False},
        # A thumbnail would be a second picture of what a reviewer may be kept from seeing.
        "builder": {"thumbnail": {"enabled": False}},
    }
    handle, name = tempfile.mkstemp(dir=folder, prefix=".attaching-")
    os.close(handle)
    try:
        context = c2pa.Context(c2pa.Settings.from_dict(settings), signing.as_signer())
        with c2pa.Builder(json.dumps(manifest), context) as builder:
            ingredient = {"title": title, "relationship": "parentOf", "label": _PARENT}
            with original.open() as stream:
                builder.add_ingredient(json.dumps(ingredient), _TYPES[original.container.name], stream)
            with made.open() as source, Path(name).open("w+b") as target:
                builder.sign(_TYPES[made.container.name], source, target)
    except c2pa.C2paError as error:
        Path(name).unlink(missing_ok=True)
        raise CannotAttach("cannot-sign", str(error)[:200].lower()) from error
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def _check_kept(written: Path, kind: str, before: Evidence, after: Sequence[Evidence]) -> None:
    """Nothing is given out of which the original's manifest is gone, or which does not hold itself."""
    label = before.details.get("manifest", "")
    settings = {"core": {"allowed_network_hosts": [], "decode_identity_assertions": False}}
    context = c2pa.Context(c2pa.Settings.from_dict(settings | {"verify": {"remote_manifest_fetch": False}}))
    with written.open("rb") as stream, c2pa.Reader(kind, stream, None, context) as reader:
        store = json.loads(reader.json())
    active = store["manifests"][store["active_manifest"]]
    parents = {
        each.get("active_manifest") for each in active.get("ingredients", []) if each["relationship"] == "parentOf"
    }
    if label not in parents or label not in store["manifests"]:
        raise CannotAttach("provenance-dropped", "the original's manifest would not be in the new file")
    if not after or after[0].integrity is not Integrity.OK:
        codes = after[0].details.get("codes", "") if after else ""
        raise CannotAttach("unsound-result", f"what was written does not hold: {codes or 'it cannot be read'}")


def _place(written: Path, out: Path) -> None:
    try:
        # A link fails where somebody put a file there in the meantime; a renamed file would replace it.
        os.link(written, out)
    except FileExistsError as error:
        raise CannotAttach("file-exists", f"`{out.name}` is there already") from error
    out.chmod(0o644)


def _parent_state(before: Evidence, after: Sequence[Evidence]) -> Evidence:
    """The worse of what was known of the original alone and what is known of it inside the new file."""
    label = before.details.get("manifest", "")
    inside = next((each for each in after if each.details.get("manifest") == label), before)
    own = Integrity(inside.details.get("own_integrity", inside.integrity.value))
    return inside if _WORSE.index(own) >= _WORSE.index(before.integrity) else before
