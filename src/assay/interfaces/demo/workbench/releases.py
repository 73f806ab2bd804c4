"""The channel of the demonstration with its first signed release; all later ones are made in the workbench itself."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from assay.engine.analysis.proof.finding import Kind, Weight
from assay.engine.analysis.proof.prove import prove
from assay.engine.kernel.errors import Fault
from assay.engine.kernel.instants import DAY, instant_of
from assay.engine.language.pack.pack import Pack
from assay.interfaces.demo.workbench.making.texts import former
from assay.interfaces.histories.synth.make import synthesise
from assay.interfaces.histories.synth.recipe import Recipe
from assay.interfaces.packs.bundles import bundle_in, bundle_of
from assay.interfaces.packs.channel.pushing import Signing, open_place, push
from assay.interfaces.packs.folders import texts_of_folder
from assay.interfaces.packs.signed.keys import SigningKey, make_key, read_signing_key
from assay.interfaces.packs.signed.statements import Proved, sign_bundle
from assay.interfaces.packs.texts import Texts, check_texts

CHANNEL, KEYS, HISTORY = "channel", "keys", "history"
SIGNER, CHANNEL_NAME = "demonstration", "demonstration"
# So long before today the first bundle began to decide: before anybody of the story came.
_BEFORE = timedelta(days=60)
_SECONDS_A_CLAIM = 10.0
# Past uploads on which changes are rehearsed: enough for an interval, few enough for a demonstration.
_UPLOADS, _UPLOAD_DAYS = 40_000, 30


class NotReleased(Exception):
    """A bundle could not be made or released; the one argument says why."""


@dataclass(frozen=True, slots=True)
class First:
    """What decided before the house kept its policies in the workbench.

    bundle  as it was signed
    """

    pack: Pack
    bundle: bytes


def release_first(folder: Path, pack: Path, now: datetime) -> First:
    """Prove, sign and push the pack as it was before the house's first change; and make up past uploads.

    raises  NotReleased
    """
    for name in (CHANNEL, KEYS, HISTORY):
        shutil.rmtree(folder / name, ignore_errors=True)
    (folder / KEYS).mkdir(parents=True)
    texts = texts_of_folder(pack)
    first, newer = _sound(Texts("the first edition", "", former(texts.files))), _sound(texts)
    released = instant_of(now - _BEFORE)
    key = _key(folder)
    bundle = bundle_in(bundle_of(first), first.name)
    if isinstance(bundle, Fault):
        raise NotReleased(bundle.words)
    content = sign_bundle(bundle, key, _proved(first, released), signed=released, unproved=None)
    place = open_place(str(folder / CHANNEL))
    if isinstance(place, Fault):
        raise NotReleased(place.words)
    signing = Signing(key, key.alone, SIGNER, "the first release", released)
    pushed = push(place, content, "current", signing, channel=CHANNEL_NAME)
    if isinstance(pushed, Fault):
        raise NotReleased(pushed.words)
    _make_history(folder / HISTORY, (first, newer), now)
    return First(first, content)


def _make_history(folder: Path, packs: tuple[Pack, ...], now: datetime) -> None:
    folder.mkdir(parents=True)
    begins = (now - timedelta(days=_UPLOAD_DAYS + 15)).astimezone(UTC).date()
    recipe = Recipe(_UPLOADS, seed=1, days=_UPLOAD_DAYS, first_day=begins)
    made = synthesise(packs, recipe, folder / "uploads.parquet")
    if isinstance(made, list):
        raise NotReleased(made[0].words)


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


def _proved(pack: Pack, released: int) -> Proved:
    """What the prover finds of a pack, from the day of its release on."""
    as_of = released - released % DAY
    proof = prove(pack, as_of, seconds=_SECONDS_A_CLAIM)
    undecided = sum(one.kind is Kind.UNDECIDED for one in proof.findings)
    claims = sum(one.outcome == "proved" for one in proof.checked)
    return Proved(as_of, claims, proof.count(Weight.ERROR), undecided, f"assay {version('assay')}")
