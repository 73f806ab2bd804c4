"""The channel of this house, as governance sees it: bundles signed, published, withdrawn. It decides on no release.

Every call may come again after a kill: what the channel says already is not said twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.instants import instant_of
from assay.governance.policies.ports import Files, Proved, Published
from assay.governance.policies.ports import Part as Role
from assay.interfaces.deciding.live.settings import BundleSettings
from assay.interfaces.packs.bundles import bundle_in, bundle_of_texts
from assay.interfaces.packs.channel.places import Place
from assay.interfaces.packs.channel.pushing import Signing, open_place, push, standing
from assay.interfaces.packs.channel.pushing import withdraw as withdraw_it
from assay.interfaces.packs.channel.release import Part, Release
from assay.interfaces.packs.signed.keys import Keys, SigningKey, read_keys, read_signing_key
from assay.interfaces.packs.signed.statements import Proved as Proof
from assay.interfaces.packs.signed.statements import sign_bundle
from assay.interfaces.web.ports.settings import PolicySettings

# A release is three small files; whoever waits longer for one of them has lost the way to the channel.
_SECONDS_A_FILE = 5.0


@dataclass(frozen=True, slots=True)
class HouseChannel:
    """The channel that the settings name, signed into with the house's key."""

    policies: PolicySettings
    bundles: BundleSettings

    def sign(self, files: Files, proved: Proved, at: datetime) -> bytes | Fault:
        """The texts as a signed bundle; a Fault where there is no key, or their proof does not hold."""
        key = self._key()
        if isinstance(key, Fault):
            return key
        if proved.errors or proved.undecided:
            return Fault("unproved-bundle", "the proof of these texts does not hold, so nobody signs them")
        bundle = bundle_in(bundle_of_texts(files), "the draft")
        if isinstance(bundle, Fault):
            return bundle
        proof = Proof(proved.as_of, proved.claims, proved.errors, proved.undecided, f"assay {version('assay')}")
        return sign_bundle(bundle, key, proof, signed=instant_of(at), unproved=None)

    def publish(
        self, bundle: bytes, part: Role, *, share: float, reason: str, by: str, at: datetime, alone: bool = False
    ) -> Published | Fault:
        """Let a bundle decide, decide a share, or look on; what stands there already stays as it is."""
        named = bundle_in(bundle, "the bundle")
        if isinstance(named, Fault):
            return named
        with self._opened(reason, by, at) as opened:
            if isinstance(opened, Fault):
                return opened
            place, signing = opened
            now = standing(place, signing.keys)
            if not isinstance(now, Fault) and _says(now.release, part, named.digest, share, alone=alone):
                return _published(now.release)
            if isinstance(now, Fault) and now.slug != "no-release":
                return now
            made = push(place, bundle, part, signing, share=share, channel=self.policies.channel_name, alone=alone)
            return made if isinstance(made, Fault) else _published(made)

    def withdraw(self, part: Role, *, reason: str, by: str, at: datetime) -> Published | Fault:
        """End what decides a share, or looks on; nothing where nothing does."""
        with self._opened(reason, by, at) as opened:
            if isinstance(opened, Fault):
                return opened
            place, signing = opened
            now = standing(place, signing.keys)
            if isinstance(now, Fault):
                return now
            if (now.release.staged if part == "staged" else now.release.shadow) is None:
                return _published(now.release)
            made = withdraw_it(place, part, signing)
            return made if isinstance(made, Fault) else _published(made)

    @contextmanager
    def _opened(self, reason: str, by: str, at: datetime) -> Iterator[tuple[Place, Signing] | Fault]:
        place, signing = self._place(), self._signing(reason, by, at)
        try:
            if isinstance(place, Fault):
                yield place
            else:
                yield signing if isinstance(signing, Fault) else (place, signing)
        finally:
            if not isinstance(place, Fault):
                place.close()

    def _place(self) -> Place | Fault:
        named = self.policies.channel or self.bundles.source
        if not named or _is_no_channel(named):
            words = "no channel is set into which it could be released; set `policies.channel`, or `bundles.source`"
            return Fault("no-channel", words)
        return open_place(named, token=self.policies.channel_token or self.bundles.token, seconds=_SECONDS_A_FILE)

    def _signing(self, reason: str, by: str, at: datetime) -> Signing | Fault:
        key = self._key()
        if isinstance(key, Fault):
            return key
        keys = self._trusted(key)
        return keys if isinstance(keys, Fault) else Signing(key, keys, by, reason, instant_of(at))

    def _key(self) -> SigningKey | Fault:
        path = self.policies.signing_key
        if path is None:
            words = "no key is set to sign with; make one by `assay bundle keygen` and set `policies.signing_key`"
            return Fault("no-signing-key", words)
        key = read_signing_key(path, passphrase=self.policies.key_passphrase)
        if isinstance(key, Fault):
            return Fault(key.slug, key.words.replace("`ASSAY_KEY_PASSPHRASE`", "`policies.key_passphrase`"))
        keys = self._trusted(key)
        if isinstance(keys, Fault):
            return keys
        if key.id not in keys.trusted or key.id in keys.revoked:
            words = f"services do not trust the key `{key.id}`; put its public half into `{self.bundles.keys}`"
            return Fault("untrusted-key", words)
        return key

    def _trusted(self, key: SigningKey) -> Keys | Fault:
        if self.bundles.keys is None:
            return key.alone
        keys = read_keys(self.bundles.keys)
        return keys[0] if isinstance(keys, list) else keys


def _is_no_channel(named: str) -> bool:
    """Whether it is a pack's folder, or one file: services read these as they stand, and no release says so."""
    return Path(named).is_file() or (Path(named) / "pack.yaml").is_file()


def _says(release: Release, part: Role, digest: str, share: float, *, alone: bool) -> bool:
    """Whether a release says already what is to be said."""
    if part == "staged":
        return release.staged == Part(digest, share)
    if part == "shadow":
        return release.shadow == Part(digest, share)
    beside = [one for one in (release.staged, release.shadow) if one is not None and (alone or one.bundle == digest)]
    return release.current == digest and not beside


def _published(release: Release) -> Published:
    return Published(release.sequence, release.current)
