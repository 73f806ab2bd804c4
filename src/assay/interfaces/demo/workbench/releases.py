"""A channel with two signed releases of the starter pack, the older one with one line otherwise. It decides nothing."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from assay.engine.analysis.proof.finding import Kind, Weight
from assay.engine.analysis.proof.prove import prove
from assay.engine.kernel.errors import Fault
from assay.engine.language.pack.pack import Pack
from assay.interfaces.packs.bundles import bundle_in, bundle_of
from assay.interfaces.packs.channel.pushing import Signing, open_place, push
from assay.interfaces.packs.folders import texts_of_folder
from assay.interfaces.packs.signed.keys import SigningKey, make_key, read_signing_key
from assay.interfaces.packs.signed.statements import Proved, sign_bundle
from assay.interfaces.packs.texts import Texts, check_texts

CHANNEL, KEYS = "channel", "keys"
SIGNER = "demonstration"
# What the older edition said instead: the younger one tries a question on a larger share of uploads.
_VERSION = ("version: 1.0.0", "version: 0.9.0")
_ROLLOUT = ("rollout: 25%", "rollout: 10%")
_SECONDS_A_CLAIM = 10.0
_DAY = 86_400_000_000


class NotReleased(Exception):
    """A bundle could not be made or released; the one argument says why."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One release: the pack, and from when it decided, in microseconds since the epoch."""

    pack: Pack
    released: int
    reason: str


def editions_of(pack: Path, now: int) -> tuple[Edition, Edition]:
    """The pack as it is, released a week ago, and as it was, released two weeks before."""
    texts = texts_of_folder(pack)
    former = {name: text.replace(*_VERSION).replace(*_ROLLOUT) for name, text in texts.files.items()}
    return (
        Edition(_sound(Texts("the former edition", "", former)), now - 21 * _DAY, "the first release"),
        Edition(_sound(texts), now - 7 * _DAY, "ask for disclosure on a larger share of uploads"),
    )


def release(folder: Path, editions: tuple[Edition, ...]) -> Path:
    """Prove, sign and push each edition in turn. Returns the channel's folder."""
    for name in (CHANNEL, KEYS):
        shutil.rmtree(folder / name, ignore_errors=True)
    (folder / KEYS).mkdir(parents=True)
    key = _key(folder)
    place = open_place(str(folder / CHANNEL))
    if isinstance(place, Fault):
        raise NotReleased(place.words)
    for edition in editions:
        bundle = bundle_in(bundle_of(edition.pack), edition.pack.name)
        if isinstance(bundle, Fault):
            raise NotReleased(bundle.words)
        content = sign_bundle(bundle, key, _proved(edition), signed=edition.released, unproved=None)
        signing = Signing(key, key.alone, SIGNER, edition.reason, edition.released)
        pushed = push(place, content, "current", signing, channel="demonstration")
        if isinstance(pushed, Fault):
            raise NotReleased(pushed.words)
    return folder / CHANNEL


def _key(folder: Path) -> SigningKey:
    private = folder / f"{SIGNER}.key"
    for old in (private, private.with_suffix(".pub")):
        old.unlink(missing_ok=True)
    made = make_key(SIGNER, private)
    if isinstance(made, Fault):
        raise NotReleased(made.words)
    shutil.move(made[1], folder / KEYS / made[1].name)
    found = read_signing_key(private)
    if isinstance(found, Fault):
        raise NotReleased(found.words)
    return found


def _sound(texts: Texts) -> Pack:
    report = check_texts(texts)
    if not report.sound:
        raise NotReleased(report.summary)
    return report.checked.pack


def _proved(edition: Edition) -> Proved:
    """What the prover finds of an edition, from the day of its release on."""
    as_of = edition.released - edition.released % _DAY
    proof = prove(edition.pack, as_of, seconds=_SECONDS_A_CLAIM)
    undecided = sum(one.kind is Kind.UNDECIDED for one in proof.findings)
    claims = sum(one.outcome == "proved" for one in proof.checked)
    return Proved(as_of, claims, proof.count(Weight.ERROR), undecided, f"assay {version('assay')}")
