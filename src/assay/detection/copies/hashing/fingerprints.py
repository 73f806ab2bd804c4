"""All hashes of one file: every kind that is asked for and that its content has. It compares none of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assay.detection.container import Modality
from assay.detection.copies.hashing import film
from assay.detection.copies.hashing.chromaprint import chromaprint_of
from assay.detection.copies.hashing.crops import crops_of
from assay.detection.copies.hashing.minhash import minhash_of
from assay.detection.copies.hashing.orientation import shown_by
from assay.detection.copies.hashing.pdq import LONGEST_SIDE, dihedral_of, pdq_of
from assay.detection.copies.hashing.tlsh import tlsh_of
from assay.detection.copies.hashing.words import text_of
from assay.detection.copies.kinds import ITSELF, Fingerprint, HashKind
from assay.detection.decoding.pictures import picture
from assay.detection.media import Media, Unreadable
from assay.detection.scanner import ScanFailed

MOST_PIXELS = 100_000_000

# Turned and mirrored forms are hashed of the picture and of what is left without its bars; further cuts would only
# multiply what can match by chance.
_TURNED = (ITSELF, "crop:content")


@dataclass(frozen=True, slots=True)
class Hashed:
    """A file's hashes, in the order of `HashKind`, and why others could not be made."""

    fingerprints: tuple[Fingerprint, ...]
    failures: tuple[ScanFailed, ...]


@dataclass(frozen=True, slots=True)
class _Wish:
    kinds: frozenset[HashKind]
    dihedral: bool
    crops: bool
    thorough: bool


def fingerprints_of(
    media: Media, kinds: Collection[HashKind], *, dihedral: bool = False, crops: bool = False
) -> list[Fingerprint]:
    """The hashes of a file, of those kinds that its content has; a text has no PDQ, and that is no failure.

    raises  ScanFailed for the first kind that could not be made; `hashed` gives the others beside it
    """
    made = hashed(media, kinds, dihedral=dihedral, crops=crops)
    if made.failures:
        raise made.failures[0]
    return list(made.fingerprints)


def hashed(
    media: Media,
    kinds: Collection[HashKind],
    *,
    dihedral: bool = False,
    crops: bool = False,
    thorough: bool = False,
) -> Hashed:
    """The hashes of a file; what cannot be made costs itself only.

    dihedral  a picture's seven turned and mirrored forms are hashed as well, and a film's mirrored form
    crops     a picture's parts are hashed as well: without its bars, and its middle in four sizes
    thorough  a long film is hashed as far as ten minutes, which can take minutes: for what is put into a bank
    """
    wish = _Wish(frozenset(kinds), dihedral, crops, thorough)
    found: list[Fingerprint] = []
    failures: list[ScanFailed] = []
    for make in (_exact, _pictures, _films, _sounds, _texts):
        try:
            found += make(media, wish)
        except ScanFailed as failed:
            failures.append(failed)
        except Unreadable as unreadable:
            failures.append(ScanFailed("unreadable-file", str(unreadable)))
    order = list(HashKind)
    return Hashed(tuple(sorted(found, key=lambda each: order.index(each.kind))), tuple(failures))


def of_picture(
    pixels: NDArray[np.uint8], *, dihedral: bool = False, crops: bool = False, shown: str | None = None
) -> list[Fingerprint]:
    """The PDQ hashes of a picture's pixels (RGB, rows first, its longest side no more than 512).

    shown  the turn by which the stored picture is shown, if any: it is hashed both ways, since other programs do either
    """
    parts = [(ITSELF, pixels), *(crops_of(pixels) if crops else ())]
    found = []
    for place, part in parts:
        turned = place in _TURNED and (dihedral or shown is not None)
        turns = dihedral_of(part) if turned else {ITSELF: pdq_of(part)}
        for turn, made in turns.items():
            if dihedral or turn in (ITSELF, shown):
                where = "/".join(each for each in (place, turn) if each)
                found.append(Fingerprint(HashKind.PDQ, made.text, made.quality, where))
    return found


def _exact(media: Media, wish: _Wish) -> Iterator[Fingerprint]:
    if HashKind.SHA256 in wish.kinds:
        yield Fingerprint(HashKind.SHA256, media.sha256)


def _pictures(media: Media, wish: _Wish) -> list[Fingerprint]:
    if HashKind.PDQ not in wish.kinds or media.modality is not Modality.IMAGE:
        return []
    still = picture(media, most_pixels=MOST_PIXELS, longest_side=LONGEST_SIDE)
    if still is None:
        # Said, or a HEIC photo of a known item would pass for a file that was compared and is unknown.
        words = f"pictures in the form {media.container.name} are not decoded here: only its bytes can be compared"
        raise ScanFailed("picture-not-hashed", words)
    return of_picture(np.asarray(still), dihedral=wish.dihedral, crops=wish.crops, shown=shown_by(media))


def _films(media: Media, wish: _Wish) -> Iterator[Fingerprint]:
    """A film decoded once, for its own hash and for those of its frames, which may show a known picture."""
    if not wish.kinds & {HashKind.PDQ, HashKind.VPDQ} or not film.is_film(media):
        return
    most = film.MOST_DECODED_PIXELS_FOR_A_BANK if wish.thorough else film.MOST_DECODED_PIXELS
    taken = film.frames_of(media, most_decoded_pixels=most)
    # Of a film's turned forms only the mirrored one is common; the others would make the search slower for nothing.
    for turn, frames in ((ITSELF, taken), ("flip", film.mirrored(taken) if wish.dihedral else ())):
        if HashKind.VPDQ in wish.kinds and frames:
            quality = max(each.hash.quality for each in frames)
            yield Fingerprint(HashKind.VPDQ, film.text_of(frames), quality, turn)
        if HashKind.PDQ in wish.kinds:
            # A GIF's first frame was hashed as a picture.
            for each in frames[1 if media.modality is Modality.IMAGE else 0 :]:
                place = f"frame:{each.seconds:.1f}" + (f"/{turn}" if turn else "")
                yield Fingerprint(HashKind.PDQ, each.hash.text, each.hash.quality, place)


def _sounds(media: Media, wish: _Wish) -> Iterator[Fingerprint]:
    if HashKind.CHROMAPRINT in wish.kinds and media.modality in (Modality.AUDIO, Modality.VIDEO):
        value = chromaprint_of(media)
        if value is not None:
            yield Fingerprint(HashKind.CHROMAPRINT, value)


def _texts(media: Media, wish: _Wish) -> Iterator[Fingerprint]:
    makers = [(HashKind.TLSH, tlsh_of), (HashKind.MINHASH, minhash_of)]
    wanted = [(kind, make) for kind, make in makers if kind in wish.kinds]
    text = text_of(media) if wanted else None
    if text is not None:
        for kind, make in wanted:
            value = make(text)
            if value is not None:
                yield Fingerprint(kind, value)
