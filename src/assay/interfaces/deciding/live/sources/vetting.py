"""A bundle's file held to what this service asks of one: its digest, its signatures. It makes nothing ready."""

from __future__ import annotations

from pathlib import Path

from assay.engine.kernel.errors import Fault
from assay.interfaces.deciding.live.settings import BundleSettings
from assay.interfaces.deciding.live.sources.offers import Offered
from assay.interfaces.packs.bundles import bundle_in
from assay.interfaces.packs.signed.keys import Keys, read_keys
from assay.interfaces.packs.signed.statements import verify_bundle

_NOBODY = Keys({})


class Vetting:
    """Who is trusted, read anew whenever the folder of keys has changed, so that revoking a key needs no restart."""

    def __init__(self, settings: BundleSettings) -> None:
        self._folder, self._needed = settings.keys, settings.signatures
        self._allow_unsigned = settings.allow_unsigned
        self._stamp: object = None
        self._keys: Keys | Fault = _NOBODY

    def renewed(self) -> str:
        """What changes whenever the folder of keys does."""
        keys = self.keys()
        return keys.slug + keys.words if isinstance(keys, Fault) else keys.fingerprint

    def keys(self) -> Keys | Fault:
        """Who is trusted at this moment."""
        if self._folder is None:
            return _NOBODY
        stamp = _stamp(self._folder)
        if stamp != self._stamp:
            found = read_keys(self._folder)
            self._stamp, self._keys = stamp, found[0] if isinstance(found, list) else found
        return self._keys

    def vet(self, content: bytes, title: str) -> Offered | Fault:
        """The bundle in some bytes, or the first thing that speaks against it."""
        bundle = bundle_in(content, title)
        if isinstance(bundle, Fault):
            return bundle
        if self._allow_unsigned and not bundle.signatures:
            return Offered(bundle.digest, bundle.texts, content, None, proved=False)
        keys = self.keys()
        if isinstance(keys, Fault):
            return keys
        signed = verify_bundle(bundle, keys, needed=self._needed)
        if isinstance(signed, list):
            return Fault(signed[0].slug, f"`{title}`: {signed[0].words}")
        signer = ", ".join(sorted(one.key.name for one in signed))
        return Offered(bundle.digest, bundle.texts, content, signer, proved=all(o.statement.proved for o in signed))


def _stamp(folder: Path) -> object:
    found = []
    for path in sorted((*folder.glob("*.pub"), folder / "revoked")):
        try:
            stat = path.stat()
        except OSError:
            continue
        found.append((path.name, stat.st_size, stat.st_mtime_ns, stat.st_ino))
    return (folder.is_dir(), tuple(found))
