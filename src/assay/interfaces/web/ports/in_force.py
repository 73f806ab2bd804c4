"""What decides now, as governance begins with it: the texts, their digest, and the bundle as others signed it."""

from __future__ import annotations

from django.conf import settings

from assay.governance.policies.ports import InForce
from assay.interfaces.deciding.live.settings import BundleSettings
from assay.interfaces.packs.bundles import Bundle, with_signatures
from assay.interfaces.web.bundles.kept import bundle_of_digest
from assay.interfaces.web.policies.in_force import pack_in_force


def texts_in_force() -> InForce | None:
    """The texts that decide now; None where there are none that can be read."""
    found = pack_in_force()
    if found is None:
        return None
    bundles: BundleSettings = settings.ASSAY_BUNDLES
    kept = bundle_of_digest(found.digest, bundles)
    return InForce(found.pack.files, found.digest, found.source, _signed(kept) if isinstance(kept, Bundle) else None)


def _signed(bundle: Bundle) -> bytes | None:
    """The file of a bundle that somebody signed; another one would be taken up by no service."""
    if not isinstance(bundle.signatures, list) or not bundle.signatures:
        return None
    return with_signatures(bundle, bundle.signatures)
