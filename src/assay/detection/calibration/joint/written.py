"""Joint models as JSON and back, one object for all groups, each sealed by its digest. It fits nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace

from assay.detection.calibration.joint.model import Joint
from assay.detection.calibration.shaped import Misshapen, shaped
from assay.detection.calibration.stored import read_body
from assay.engine.kernel.digest import canonical_json, sha256_of
from assay.engine.kernel.errors import Fault

SCHEMA = "assay.joint/1"


def sealed_joint(joint: Joint) -> Joint:
    """The same with its digest."""
    return replace(joint, digest=_digest_of(joint))


def _digest_of(joint: Joint) -> str:
    body = asdict(joint)
    del body["digest"]
    return sha256_of(canonical_json(body))


def joints_to_json(joints: Mapping[str, Joint]) -> str:
    """Canonical JSON of all groups."""
    body = {name: asdict(joints[name]) for name in sorted(joints)}
    return canonical_json({"schema": SCHEMA, "groups": body}).decode() + "\n"


def joints_from_json(text: str) -> dict[str, Joint] | list[Fault]:
    """Joint models by group; a model that was changed since it was sealed is refused, and with it the file."""
    body = read_body(text, SCHEMA)
    if isinstance(body, list):
        return body
    groups = body.get("groups")
    if set(body) != {"groups"} or not isinstance(groups, dict):
        return [Fault("bad-joint", "it has something beside `groups`; combine the detectors again", "groups")]
    found: dict[str, Joint] = {}
    faults = []
    for name, value in groups.items():
        try:
            joint = shaped(Joint, value)
            expected = _digest_of(joint)
        except UnicodeEncodeError:
            faults.append(Fault("bad-joint", "a text in it is no Unicode; combine its detectors again", "groups"))
            continue
        except (Misshapen, ValueError) as error:
            faults.append(
                Fault("bad-joint", f"group `{str(name)[:60]}`: {error}; combine its detectors again", "groups")
            )
            continue
        if joint.group != name or joint.digest != expected:
            words = f"group `{str(name)[:60]}` does not match its own digest; combine its detectors again"
            faults.append(Fault("changed-joint", words, "digest"))
        found[name] = joint
    return faults or found
