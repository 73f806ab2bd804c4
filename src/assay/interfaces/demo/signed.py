"""Signs media with C2PA manifests, and spoils them after signing. It never contacts a network or a time server."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass

import c2pa

from assay.interfaces.demo.authority import Signer
from assay.interfaces.demo.marks import SOURCE_TYPE

_SETTINGS = {
    "version": 1,
    "builder": {"thumbnail": {"enabled": False}},
    "core": {"allowed_network_hosts": [], "decode_identity_assertions": False},
    "verify": {"remote_manifest_fetch": False, "verify_after_sign": False, "ocsp_fetch": False},
}


@dataclass(frozen=True, slots=True)
class Action:
    """One step in a work's history, in C2PA's words.

    name            such as `c2pa.created`
    source_type     the last word of an IPTC digital source type, or empty
    agent           the software that took the step, or empty
    on_parent       whether the step was taken on the parent the work was made from
    """

    name: str
    source_type: str = ""
    agent: str = ""
    on_parent: bool = False

    def as_json(self) -> dict[str, object]:
        action: dict[str, object] = {"action": self.name}
        if self.source_type:
            action["digitalSourceType"] = SOURCE_TYPE + self.source_type
        if self.agent:
            action["softwareAgent"] = {"name": self.agent}
        if self.on_parent:
            action["parameters"] = {"ingredientIds": ["parent"]}
        return action


@dataclass(frozen=True, slots=True)
class Parent:
    """The work another work was made from, with whatever manifest it carries."""

    title: str
    media_type: str
    media: bytes


def sign(
    media: bytes, media_type: str, *, title: str, actions: list[Action], by: Signer, parent: Parent | None = None
) -> bytes:
    """`media` with a manifest that tells its `actions`, signed by `by`."""
    manifest = {
        "title": title,
        "format": media_type,
        "claim_generator_info": [{"name": by.name, "version": "1.0"}],
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [action.as_json() for action in actions]}}],
    }
    signed = io.BytesIO()
    with (
        c2pa.Context.from_dict({**_SETTINGS, "trust": {"trust_anchors": by.root}}) as context,
        c2pa.Builder.from_json(json.dumps(manifest), context) as builder,
        c2pa.Signer.from_callback(by.sign, c2pa.C2paSigningAlg.ES256, by.chain) as signer,
    ):
        if parent is not None:
            ingredient = {"title": parent.title, "relationship": "parentOf", "instance_id": "parent", "label": "parent"}
            builder.add_ingredient(json.dumps(ingredient), parent.media_type, io.BytesIO(parent.media))
        builder.sign(signer, media_type, io.BytesIO(media), signed)
    return signed.getvalue()


def change_one_byte(jpeg: bytes) -> bytes:
    """The JPEG with one byte of its picture changed near the bottom edge, still readable by every viewer."""
    spot = len(jpeg) - len(jpeg) // 50
    # A byte of 0xFF begins a marker and what follows it is no picture, so the change steps past both.
    while jpeg[spot] in (0xFE, 0xFF) or jpeg[spot - 1] == 0xFF:
        spot -= 1
    return jpeg[:spot] + bytes([jpeg[spot] ^ 1]) + jpeg[spot + 1 :]
