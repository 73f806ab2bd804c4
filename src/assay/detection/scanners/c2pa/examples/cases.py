"""The C2PA scanner's examples: signed, edited, captured, broken, unsigned. They hold nobody's work."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence

import c2pa

from assay.detection.evidence import Claim, Integrity, Kind
from assay.detection.scanner import Example, Expected
from assay.detection.scanners.c2pa.examples.authority import Authority, make_authority
from assay.detection.scanners.metadata.examples.build import png

CODES = "http://cv.iptc.org/newscodes/digitalsourcetype/"


def signed_png(
    *actions: Mapping[str, object],
    content: bytes | None = None,
    parent: bytes | None = None,
    component: bytes | None = None,
    authority: Authority | None = None,
    remote: str | None = None,
    trusts: Authority | None = None,
) -> bytes:
    """A picture with a manifest of these actions; `parent` or `component` keeps an older picture's manifest.

    remote  an address to name in place of embedding the manifest
    trusts  whom the signer's own program trusts, which it records of the older picture
    """
    who = authority or make_authority()
    manifest = {
        "claim_generator_info": [{"name": "Example Generator", "version": "1"}],
        "assertions": [{"label": "c2pa.actions", "data": {"actions": list(actions)}}],
    }
    signer = c2pa.Signer.from_info(
        c2pa.C2paSignerInfo(alg=c2pa.C2paSigningAlg.ES256, sign_cert=who.chain, private_key=who.key, ta_url=None)
    )
    settings: dict[str, object] = {
        "verify": {"verify_after_sign": False, "verify_trust": trusts is not None},
        "builder": {"thumbnail": {"enabled": False}},
        "trust": {"trust_anchors": trusts.root.decode()} if trusts else {},
    }
    context = c2pa.Context(c2pa.Settings.from_dict(settings), signer)
    target = io.BytesIO()
    with c2pa.Builder(json.dumps(manifest), context) as builder:
        for relation, ingredient in (("parentOf", parent), ("componentOf", component)):
            if ingredient is not None:
                described = json.dumps({"title": "before", "relationship": relation, "label": relation})
                builder.add_ingredient(described, "image/png", io.BytesIO(ingredient))
        if remote is not None:
            builder.set_no_embed()
            builder.set_remote_url(remote)
        builder.sign("image/png", io.BytesIO(content or png()), target)
    return target.getvalue()


def opened() -> dict[str, object]:
    """The action that starts from a parent."""
    return {"action": "c2pa.opened", "parameters": {"ingredientIds": ["parentOf"]}}


def placed() -> dict[str, object]:
    """The action that puts a component into a picture."""
    return {"action": "c2pa.placed", "parameters": {"ingredientIds": ["componentOf"]}}


def created(source_type: str) -> dict[str, object]:
    """The action that starts a picture."""
    return {"action": "c2pa.created", "digitalSourceType": CODES + source_type}


def edited(source_type: str | None = None) -> dict[str, object]:
    """The action that changes a picture."""
    step: dict[str, object] = {"action": "c2pa.edited"}
    return step | {"digitalSourceType": CODES + source_type} if source_type else step


def broken(signed: bytes) -> bytes:
    """The same file with one byte of its picture changed and nothing else."""
    at = signed.rindex(b"IDAT") + 6
    return signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :]


def examples() -> Sequence[Example]:
    generated = signed_png(created("trainedAlgorithmicMedia"))
    return (
        Example("generated.png", generated, (_expected(Claim.GENERATED),)),
        Example("edited.png", signed_png(edited("compositeWithTrainedAlgorithmicMedia")), (_expected(Claim.ALTERED),)),
        Example("captured.png", signed_png(created("digitalCapture")), (_expected(Claim.CAPTURED),)),
        Example("fractal.png", signed_png(created("algorithmicMedia")), (_expected(Claim.ALGORITHMIC),)),
        Example(
            "created-then-edited.png",
            signed_png(created("trainedAlgorithmicMedia"), edited("trainedAlgorithmicMedia")),
            (_expected(Claim.GENERATED),),
        ),
        Example("broken.png", broken(generated), (_expected(Claim.GENERATED, Integrity.BROKEN),)),
        Example("unsigned.png", png(), ()),
    )


def _expected(claim: Claim, integrity: Integrity = Integrity.OK) -> Expected:
    return Expected(Kind.SIGNED_PROVENANCE, claim, integrity)
