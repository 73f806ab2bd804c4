"""What may be read of bundles: all, one, its policies, what differs from another. It changes none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from assay.engine.kernel.errors import Fault
from assay.engine.language.pack.pack import Pack
from assay.governance.office.actor import Actor
from assay.governance.office.contributions import Hit
from assay.governance.office.operations import may, query
from assay.governance.office.roles import INSIDE
from assay.interfaces.deciding.live.settings import BundleSettings
from assay.interfaces.packs.bundles import Bundle
from assay.interfaces.packs.channel.release import is_digest
from assay.interfaces.web.bundles.differing import TextChange, text_changes
from assay.interfaces.web.bundles.kept import (
    Signatures,
    bundle_of_digest,
    digests_kept,
    pack_of_digest,
    signatures_of,
)
from assay.interfaces.web.bundles.overview import BundleRow, Overview, overview_of
from assay.interfaces.web.policies.views import PolicyView, view_of


@dataclass(frozen=True, slots=True)
class BundleView:
    """One bundle.

    row     how it stands with it; None where it is not among those kept
    pack    None where its texts are not sound any more under this program
    others  bundles that it can be compared with, the likeliest first
    """

    bundle: Bundle
    signatures: Signatures
    row: BundleRow | None
    pack: Pack | None
    others: tuple[BundleRow, ...]


@query("bundles.list", words="see which bundles decide, decided or were refused", roles=INSIDE, reach="room")
def list_bundles(*, by: Actor, at: datetime) -> Overview:
    """How it stands."""
    return overview_of(bundle_settings())


@query(
    "bundles.see", words="read a released bundle, its proofs and what differs from another", roles=INSIDE, reach="room"
)
def see_bundle(*, digest: str, by: Actor, at: datetime) -> BundleView | None:
    """One bundle; None where it is not kept."""
    given = bundle_settings()
    bundle = bundle_of_digest(digest, given)
    if isinstance(bundle, Fault):
        return None
    overview = overview_of(given)
    row = next((one for one in overview.bundles if one.digest == digest), None)
    others = tuple(one for one in overview.bundles if one.digest != digest)
    return BundleView(bundle, signatures_of(bundle, given), row, pack_of_digest(digest, given), others)


@query("bundles.read-policy", words="read a policy as it stood in a released bundle", roles=INSIDE, reach="room")
def read_policy(*, digest: str, policy: str, by: Actor, at: datetime) -> tuple[Pack, PolicyView] | None:
    """A policy of a bundle; None where either is not there."""
    pack = pack_of_digest(digest, bundle_settings()) if is_digest(digest) else None
    found = next((one for one in pack.policies if one.id == policy), None) if pack is not None else None
    return None if pack is None or found is None else (pack, view_of(found, pack))


@query("bundles.compare", words="see what differs between two released bundles", roles=INSIDE, reach="room")
def compare_texts(*, digest: str, before: str, by: Actor, at: datetime) -> tuple[TextChange, ...] | None:
    """The texts that differ; None where one of the bundles is not kept."""
    given = bundle_settings()
    old, new = bundle_of_digest(before, given), bundle_of_digest(digest, given)
    return None if isinstance(old, Fault) or isinstance(new, Fault) else text_changes(old, new)


def bundle_settings() -> BundleSettings:
    """The settings of the bundles in use."""
    found = settings.ASSAY_BUNDLES
    assert isinstance(found, BundleSettings)  # noqa: S101 (the site's own settings)
    return found


def search_bundles(by: Actor, text: str, most: int) -> Iterable[Hit]:
    """Bundles whose digest begins so, or whose version it is."""
    wanted = text.strip().lower().removeprefix("sha256:")
    if len(wanted) < 3 or not may(by, "bundles.list"):
        return []
    given = bundle_settings()
    found = []
    for digest in digests_kept(given):
        bundle = bundle_of_digest(digest, given)
        if isinstance(bundle, Fault):
            continue
        named = digest.removeprefix("sha256:").startswith(wanted)
        if named or wanted in f"{bundle.pack} {bundle.version}".lower():
            title = f"{bundle.pack} {bundle.version}"
            url = reverse("bundles:one", args=[digest])
            found.append(Hit("bundles", "bundle", title, url, f"Bundle {digest[7:19]}", 0.9 if named else 0.5))
    return found[:most]
