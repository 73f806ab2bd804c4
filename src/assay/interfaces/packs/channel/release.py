"""A release: which bundles should decide from now on, in one signed file. It holds no bundle itself."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass

from assay.engine.kernel.digest import canonical_json, sha256_of
from assay.engine.kernel.errors import Fault
from assay.engine.kernel.identifiers import SLUG
from assay.engine.kernel.instants import format_instant, parse_instant
from assay.interfaces.packs.signed.keys import Keys, SigningKey
from assay.interfaces.packs.strict import read_strictly

FORMAT = "assay-release/1"
RELEASE = "release.json"
LARGEST_RELEASE = 64_000
MOST_BEFORE = 20
_MOST_SEQUENCE = 2**53
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}\Z")
_FIELDS = frozenset(
    ("before", "by", "channel", "current", "expires", "issued", "reason", "sequence", "shadow", "staged")
)


@dataclass(frozen=True, slots=True)
class Part:
    """A bundle that decides, or looks at, a share of the items."""

    bundle: str
    share: float


@dataclass(frozen=True, slots=True)
class Release:
    """What should decide.

    channel   name of the channel, so that a release of one is not taken for one of another
    sequence  grows by one with each release
    issued    when it was signed, in microseconds since the epoch; it is told and never compared
    expires   when it is no longer taken up; None is never
    current   digest of the bundle that decides
    before    digests of bundles that were current before, the newest first
    reason    why, in a person's words; `by` is that person
    """

    channel: str
    sequence: int
    issued: int
    expires: int | None
    current: str
    staged: Part | None
    shadow: Part | None
    before: tuple[str, ...]
    reason: str
    by: str

    @property
    def bundles(self) -> tuple[str, ...]:
        """The digests that it names, each once."""
        named = [self.current, *(part.bundle for part in (self.staged, self.shadow) if part is not None)]
        return tuple(dict.fromkeys(named))


def bundle_name(digest: str) -> str:
    """Where a channel keeps a bundle."""
    return f"bundles/{digest.replace(':', '-')}.json"


def past_name(sequence: int) -> str:
    """Where a channel keeps a release for those who ask later what was in use."""
    return f"releases/{sequence:012d}.json"


def release_mark(content: bytes) -> str:
    """What names a release's file by what it holds."""
    return sha256_of(content)


def sign_release(release: Release, key: SigningKey) -> bytes:
    """The release's file."""
    written = _written(release)
    signature = base64.b64encode(key.sign(FORMAT, canonical_json(written))).decode()
    content = {"format": FORMAT, "key": key.id, "release": written, "signature": signature}
    return canonical_json(content) + b"\n"


def read_release(content: bytes, title: str, keys: Keys) -> tuple[Release, str] | Fault:
    """The release in some bytes with the name of the key that signed it, or why it is refused."""
    if len(content) > LARGEST_RELEASE:
        return Fault("too-large", f"`{title}` is larger than {LARGEST_RELEASE:,} bytes, and a release is not")
    given = read_strictly(content, f"`{title}`")
    if isinstance(given, Fault):
        return given
    if given.get("format") != FORMAT:
        return Fault("bad-release", f"`{title}` does not begin as `{FORMAT}` does; `assay bundle push` makes one")
    if "signature" not in given:
        return Fault("unsigned-release", f"nobody signed `{title}`; `assay bundle push` signs what it writes")
    if set(given) != {"format", "key", "release", "signature"}:
        return Fault("bad-release", f"`{title}` holds other fields than a signed release has")
    try:
        signature = base64.b64decode(str(given["signature"]), validate=True)
    except (binascii.Error, ValueError):
        return Fault("bad-signature", f"the signature in `{title}` is not written in base64")
    # Nothing of it is read before its signature holds.
    key = keys.check(given["key"], FORMAT, canonical_json(given["release"]), signature)
    if isinstance(key, Fault):
        return Fault(key.slug, f"`{title}`: {key.words}")
    release = _read(given["release"])
    return (release, key.name) if release is not None else Fault("bad-release", f"`{title}` is no release that we know")


def _read(given: object) -> Release | None:
    if not isinstance(given, dict) or set(given) != _FIELDS:
        return None
    channel, sequence, before = given["channel"], given["sequence"], given["before"]
    issued, expires = _instant(given["issued"]), _instant(given["expires"])
    shares = {role: _part(given[role]) for role in ("staged", "shadow")}
    fine = (
        isinstance(channel, str)
        and SLUG.match(channel) is not None
        and type(sequence) is int
        and 0 < sequence < _MOST_SEQUENCE
        and issued is not None
        and (expires is not None or given["expires"] is None)
        and all((shares[role] is None) == (given[role] is None) for role in shares)
        and isinstance(before, list)
        and len(before) <= MOST_BEFORE
        and all(map(is_digest, [given["current"], *before]))
        and all(isinstance(given[name], str) for name in ("reason", "by"))
    )
    if not fine or issued is None:
        return None
    return Release(
        channel=channel,
        sequence=sequence,
        issued=issued,
        expires=expires,
        current=given["current"],
        staged=shares["staged"],
        shadow=shares["shadow"],
        before=tuple(before),
        reason=given["reason"],
        by=given["by"],
    )


def is_digest(given: object) -> bool:
    """Whether something is a content address, and so safe to make a file's name of."""
    return isinstance(given, str) and _DIGEST.match(given) is not None


def _part(given: object) -> Part | None:
    if not isinstance(given, dict) or set(given) != {"bundle", "share"} or not is_digest(given["bundle"]):
        return None
    share = given["share"]
    sure = isinstance(share, int | float) and not isinstance(share, bool) and 0 <= share <= 1
    return Part(given["bundle"], float(share)) if sure else None


def _instant(given: object) -> int | None:
    return parse_instant(given) if isinstance(given, str) else None


def _written(release: Release) -> Mapping[str, object]:
    return {
        "before": list(release.before),
        "by": release.by,
        "channel": release.channel,
        "current": release.current,
        "expires": None if release.expires is None else format_instant(release.expires),
        "issued": format_instant(release.issued),
        "reason": release.reason,
        "sequence": release.sequence,
        "shadow": _written_part(release.shadow),
        "staged": _written_part(release.staged),
    }


def _written_part(part: Part | None) -> Mapping[str, object] | None:
    return None if part is None else {"bundle": part.bundle, "share": part.share}
