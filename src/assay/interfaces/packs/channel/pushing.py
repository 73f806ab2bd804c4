"""Pushes to a channel: a bundle first, then the release that names it. A kill in between changes nothing in use."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeAlias

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.identifiers import SLUG
from assay.interfaces.packs.bundles import LARGEST_BUNDLE, Bundle, bundle_in
from assay.interfaces.packs.channel.places import ABSENT, FolderPlace, Place, Unchanged
from assay.interfaces.packs.channel.release import (
    LARGEST_RELEASE,
    MOST_BEFORE,
    RELEASE,
    Part,
    Release,
    bundle_name,
    past_name,
    read_release,
    sign_release,
)
from assay.interfaces.packs.channel.web import WebPlace, is_address, token_in_the_clear
from assay.interfaces.packs.signed.keys import Keys, SigningKey
from assay.interfaces.packs.signed.statements import verify_bundle

Role: TypeAlias = Literal["current", "staged", "shadow"]
DEFAULT_CHANNEL = "default"
LONGEST_REASON = 1_000


@dataclass(frozen=True, slots=True)
class Signing:
    """Who releases, why, and how.

    keys     whose releases and bundles are believed
    now      microseconds since the epoch
    expires  when services no longer take the release up; None is never
    """

    key: SigningKey
    keys: Keys
    by: str
    reason: str
    now: int
    expires: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """The release that a channel holds, by whom it was signed, and the tag of its file."""

    release: Release
    signer: str
    tag: str


def open_place(named: str, *, token: str = "", seconds: float = 20.0) -> Place | Fault:
    """A channel's files, by a folder's name or an address."""
    if not is_address(named):
        return FolderPlace(Path(named))
    return token_in_the_clear(named, token) or WebPlace(named, token=token, seconds=seconds)


def standing(place: Place, keys: Keys) -> Standing | Fault:
    """What a channel holds now."""
    found = place.read(RELEASE, most=LARGEST_RELEASE)
    if isinstance(found, Fault):
        words = f"`{place.title}` holds no release; `assay bundle push` begins a channel"
        return Fault("no-release", words) if found.slug == ABSENT else found
    if isinstance(found, Unchanged):
        raise TypeError("unchanged without a tag")
    release = read_release(found.content, f"{place.title}/{RELEASE}", keys)
    return release if isinstance(release, Fault) else Standing(release[0], release[1], found.tag)


def push(
    place: Place,
    content: bytes,
    role: Role,
    signing: Signing,
    *,
    share: float = 1.0,
    channel: str = DEFAULT_CHANNEL,
    alone: bool = False,
) -> Release | Fault:
    """Release a signed bundle as one that decides, decides a share, or only looks.

    alone  whether whatever was staged or looked on ends in the same step
    """
    bundle = bundle_in(content, "the bundle")
    if isinstance(bundle, Fault):
        return bundle
    signed = verify_bundle(bundle, signing.keys)
    if isinstance(signed, list):
        return Fault(signed[0].slug, f"the bundle is not pushed: {signed[0].words}")
    if not 0 < share <= 1:
        return Fault("bad-share", "a share is above 0 and 1 at the most, such as 0.1")
    if not SLUG.match(channel):
        return Fault("bad-name", f"`{channel[:60]}` cannot name a channel; use a-z, digits and hyphens")
    now = standing(place, signing.keys)
    if isinstance(now, Fault) and now.slug != "no-release":
        return now
    if isinstance(now, Fault):
        if role != "current":
            return Fault("no-release", "the first release of a channel names what decides: push it `--as current`")
        release = Release(channel, 1, signing.now, None, bundle.digest, None, None, (), "", "")
    else:
        before = replace(now.release, staged=None, shadow=None) if alone else now.release
        release = _with(before, role, bundle, share)
        if alone and bundle.digest in before.before:
            # A step back forgets what came between, so that the next one does not lead there.
            release = replace(release, before=before.before[before.before.index(bundle.digest) + 1 :])
    fault = place.write(bundle_name(bundle.digest), content)
    return fault or _released(place, release, now, signing)


def withdraw(place: Place, role: Role, signing: Signing) -> Release | Fault:
    """End a staged or a shadow bundle."""
    now = standing(place, signing.keys)
    if isinstance(now, Fault):
        return now
    if role == "current" or (now.release.staged if role == "staged" else now.release.shadow) is None:
        return Fault("nothing-withdrawn", f"the release {now.release.sequence} has no {role} bundle")
    release = replace(now.release, staged=None) if role == "staged" else replace(now.release, shadow=None)
    return _released(place, release, now, signing)


def roll_back(place: Place, signing: Signing) -> Release | Fault:
    """Release the former current bundle again, alone; done twice it goes back two."""
    now = standing(place, signing.keys)
    if isinstance(now, Fault):
        return now
    before = now.release.before
    if not before:
        return Fault("no-former-bundle", f"the release {now.release.sequence} knows no bundle that was current before")
    kept = place.read(bundle_name(before[0]), most=LARGEST_BUNDLE)
    if isinstance(kept, Fault):
        return kept
    # What is rolled back may be any of them, so that nothing but the former bundle is left.
    release = replace(now.release, current=before[0], before=before[1:], staged=None, shadow=None)
    return _released(place, release, now, signing)


def _with(release: Release, role: Role, bundle: Bundle, share: float) -> Release:
    digest = bundle.digest
    if role == "staged":
        return replace(release, staged=Part(digest, share))
    if role == "shadow":
        return replace(release, shadow=Part(digest, share))
    before = release.before
    if digest != release.current:
        before = (release.current, *(one for one in before if one != release.current))[:MOST_BEFORE]
    # Once it decides everything, it has nothing left to decide a share of.
    staged = None if release.staged is not None and release.staged.bundle == digest else release.staged
    shadow = None if release.shadow is not None and release.shadow.bundle == digest else release.shadow
    return replace(release, current=digest, staged=staged, shadow=shadow, before=before)


def _released(place: Place, release: Release, now: Standing | Fault, signing: Signing) -> Release | Fault:
    sequence, tag = (1, "") if isinstance(now, Fault) else (now.release.sequence + 1, now.tag)
    release = replace(
        release,
        sequence=sequence,
        issued=signing.now,
        expires=signing.expires,
        reason=signing.reason[:LONGEST_REASON],
        by=signing.by[:200],
    )
    content = sign_release(release, signing.key)
    if len(content) > LARGEST_RELEASE:
        return Fault("too-large", "the release is too large; give a shorter reason")
    # The past is written first: a kill leaves a release that never was in force, and the next one takes its number.
    fault = place.write(past_name(release.sequence), content)
    return fault or place.write(RELEASE, content, instead_of=tag) or release
