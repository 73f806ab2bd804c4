"""Which of the operator's certificates a file can need, and whose word a trusted signer is. It reads no list itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature

from assay.detection.scanners.c2pa.carried.signatures import Signatures
from assay.detection.trust.lists import Anchor, Keeper, Purpose, TrustList

TIMES = "times"
_ORDER = (Keeper.OFFICIAL, Keeper.OPERATOR, Keeper.INTERIM)


@dataclass(frozen=True, slots=True)
class _Listed:
    anchor: Anchor
    set_name: str


class Trust:
    """The operator's lists, each certificate in one set only.

    The library asks every set about every certificate, whatever the set is for, and in no fixed order. A certificate in
    two sets would be reported now from one and now from the other, so each stands in the first that it belongs to; and
    whether a signer was found among those who only say when something was signed is found out from the set's name.
    """

    def __init__(self, lists: Sequence[TrustList]) -> None:
        listed: dict[str, _Listed] = {}
        for keeper in _ORDER:
            for each in lists:
                if each.keeper is keeper and each.purpose is Purpose.SIGNERS:
                    for anchor in each.anchors:
                        listed.setdefault(anchor.sha256, _Listed(anchor, TIMES if anchor.stamps_only else keeper.value))
        for each in lists:
            if each.purpose is Purpose.TIMES:
                for anchor in each.anchors:
                    listed.setdefault(anchor.sha256, _Listed(anchor, TIMES))
        self._listed = tuple(listed[digest] for digest in sorted(listed))
        self._by_subject: dict[object, list[_Listed]] = {}
        for entry in self._listed:
            self._by_subject.setdefault(_canonical(entry.anchor.certificate.subject), []).append(entry)

    def vouching_for(self, signatures: Signatures, now: datetime, *, thorough: bool = False) -> Vouching:
        """The certificates that the signatures of one file can need, and whose they are.

        thorough  also those who stamp times where nothing depends on a time: a credential that is valid now needs no
                  proof of when it was used, and checking a stamp takes as long as checking a signature
        """
        chosen = self._needed(signatures)
        if not thorough and self._all_valid(signatures, chosen, now):
            chosen = frozenset(place for place in chosen if self._listed[place].set_name != TIMES)
        listed = [self._listed[place] for place in chosen]
        keepers = tuple(keeper for keeper in _ORDER if any(entry.set_name == keeper.value for entry in listed))
        # A time stamp's issuer that may issue anything else could stand above a signer.
        loose = any(entry.set_name == TIMES and not entry.anchor.stamps_only for entry in listed)
        return Vouching(self, chosen, keepers, loose=loose)

    def _needed(self, signatures: Signatures) -> frozenset[int]:
        """The certificates that a chain in these signatures can end at; all of them where that cannot be told.

        A chain ends at a certificate whose name the one below it repeats as its issuer, so that a certificate whose
        name stands nowhere in the signatures cannot matter. Reading a list is what costs most of a validation.
        """
        if not signatures.complete:
            return frozenset(range(len(self._listed)))
        text = b" ".join(signatures.material.lower().split())
        known: dict[bytes, bool] = {}

        def stands(part: bytes) -> bool:
            if part not in known:
                known[part] = part in text
            return known[part]

        return frozenset(place for place, entry in enumerate(self._listed) if all(map(stands, entry.anchor.parts)))

    def _all_valid(self, signatures: Signatures, chosen: Iterable[int], now: datetime) -> bool:
        """Whether every certificate of every signature, and every one above them, is valid at this time."""
        anchors = [self._listed[place].anchor.certificate for place in chosen]
        try:
            signers = [x509.load_der_x509_certificate(der) for chain in signatures.chains.values() for der in chain]
        except ValueError:
            return False
        # An hour on either side, so that a credential that ends while it is being checked is not taken for valid.
        early, late = now - timedelta(hours=1), now + timedelta(hours=1)
        return signatures.complete and all(
            each.not_valid_before_utc <= early and late <= each.not_valid_after_utc for each in (*signers, *anchors)
        )

    def as_settings(self, chosen: Iterable[int]) -> list[dict[str, str]]:
        """The certificates as the library's sets, each under the name of whose it is."""
        texts: dict[str, list[str]] = {}
        for place in sorted(chosen):
            entry = self._listed[place]
            texts.setdefault(entry.set_name, []).append(entry.anchor.pem)
        return [
            {"trust_anchors": "".join(texts[name]), "trust_uri": name, "trust_kind": _KINDS.get(name, "manifest")}
            for name in sorted(texts)
        ]

    def keeper_of(self, chain: Sequence[bytes]) -> Keeper | None:
        """Whose list the signer of a chain is on, each step from it checked; None where no list of signers has it.

        The signer is followed upwards by true signatures only: a certificate that merely stands beside the others may
        bear any name. Where several lists have it, the one that says most counts, whatever the order of the lists.
        """
        try:
            certificates = [x509.load_der_x509_certificate(der) for der in chain]
        except ValueError:
            return None
        found: set[str] = set()
        below, rest = certificates[0], certificates[1:]
        while True:
            found |= self._sets_with(below)
            above = next((each for each in rest if _issued(below, each)), None)
            if above is None:
                return next((keeper for keeper in _ORDER if keeper.value in found), None)
            below, rest = above, [each for each in rest if each is not above]

    def _sets_with(self, certificate: x509.Certificate) -> set[str]:
        itself = [entry for entry in self._subjects(certificate.subject) if entry.anchor.certificate == certificate]
        issuers = [
            entry for entry in self._subjects(certificate.issuer) if _issued(certificate, entry.anchor.certificate)
        ]
        return {entry.set_name for entry in (*itself, *issuers)}

    def _subjects(self, name: x509.Name) -> Sequence[_Listed]:
        return self._by_subject.get(_canonical(name), ())


@dataclass(frozen=True, slots=True)
class Vouching:
    """The part of the operator's lists that one file is checked against."""

    trust: Trust
    chosen: frozenset[int]
    keepers: tuple[Keeper, ...]
    loose: bool

    def keeper_of(self, chain: Sequence[bytes]) -> Keeper | None:
        """Whose list a signer is on, of whom the library says that it is known; None where that proves too little.

        chain  the signer's certificates, or nothing where they could not be taken out of the file
        """
        if len(self.keepers) == 1 and not self.loose:
            return self.keepers[0]
        if chain:
            return self.trust.keeper_of(chain)
        # Any of the lists may have been the one, so that it counts as the last of them, or as nobody's.
        return None if self.loose or not self.keepers else self.keepers[-1]


_KINDS = {TIMES: "tsa"}


def _issued(below: x509.Certificate, above: x509.Certificate) -> bool:
    if _canonical(below.issuer) != _canonical(above.subject):
        return False
    try:
        below.verify_directly_issued_by(above)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _canonical(name: x509.Name) -> object:
    # As chains are built: without regard to case and spaces, and whatever way a text was written down.
    return tuple((each.oid.dotted_string, " ".join(str(each.value).split()).casefold()) for each in name)
