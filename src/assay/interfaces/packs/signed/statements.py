"""What a signer of a bundle says of it, and whether to believe it. It looks at no text of the pack."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass

from assay.engine.kernel.digest import canonical_json
from assay.engine.kernel.errors import Fault
from assay.engine.kernel.instants import format_instant, parse_instant
from assay.interfaces.packs.bundles import Bundle, with_signatures
from assay.interfaces.packs.signed.keys import Keys, SigningKey, TrustedKey

DOMAIN = "assay-bundle/1 statement"
MOST_SIGNATURES = 20
_FIELDS = frozenset(("bundle", "key", "pack", "proof", "signed", "unproved", "version"))
_PROOF = frozenset(("as_of", "claims", "errors", "prover", "undecided"))


@dataclass(frozen=True, slots=True)
class Proved:
    """What the prover found when somebody signed.

    as_of   from which instant on, in microseconds since the epoch
    prover  the program and its version
    """

    as_of: int
    claims: int
    errors: int
    undecided: int
    prover: str

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong and nothing was left open."""
        return self.errors == 0 and self.undecided == 0


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody signs of a bundle.

    bundle    the digest of its texts
    key       id of the key that signs
    signed    when, in microseconds since the epoch
    unproved  why it is signed although its proof does not hold; None where it holds
    """

    bundle: str
    pack: str
    version: str
    key: str
    signed: int
    proof: Proved
    unproved: str | None = None

    @property
    def proved(self) -> bool:
        """Whether the signer saw its proof hold."""
        return self.unproved is None and self.proof.holds


@dataclass(frozen=True, slots=True)
class Signed:
    """A statement whose signature holds, by a key that is trusted."""

    key: TrustedKey
    statement: Statement


def sign_bundle(bundle: Bundle, key: SigningKey, proof: Proved, *, signed: int, unproved: str | None) -> bytes:
    """The bundle's file with one signature more; an earlier one by the same key is replaced."""
    statement = Statement(bundle.digest, bundle.pack, bundle.version, key.id, signed, proof, unproved)
    written = _written(statement)
    signature = base64.b64encode(key.sign(DOMAIN, canonical_json(written))).decode()
    given = bundle.signatures if isinstance(bundle.signatures, list) else []
    others = [one for one in given if _key_named(one) != key.id]
    return with_signatures(bundle, [*others, {"statement": written, "signature": signature}])


def verify_bundle(bundle: Bundle, keys: Keys, *, needed: int = 1) -> tuple[Signed, ...] | list[Fault]:
    """Who signed a bundle, one for each key; or everything that speaks against it.

    needed  how many different trusted keys must have signed
    """
    given = bundle.signatures
    if given is None or given == []:
        return [Fault("unsigned-bundle", "nobody signed it; `assay bundle sign` does")]
    if not isinstance(given, list) or len(given) > MOST_SIGNATURES:
        return [Fault("bad-statement", f"`signatures` is no list of {MOST_SIGNATURES} at the most")]
    good: dict[str, Signed] = {}
    distrusted: list[Fault] = []
    broken: list[Fault] = []
    for one in given:
        found = _checked(one, bundle, keys)
        if isinstance(found, Signed):
            good[found.key.id] = found
        elif found.slug in ("unknown-key", "revoked-key"):
            distrusted.append(found)
        else:
            broken.append(found)
    # Somebody's key that nobody here knows does no harm beside enough that are known; a broken signature is tampering.
    if broken:
        return broken + distrusted
    if len(good) < needed:
        if len(good) == 0 and distrusted:
            return distrusted
        words = f"{len(good)} of the {needed} signatures asked for are by keys that are trusted"
        return [Fault("too-few-signatures", words), *distrusted]
    return tuple(good.values())


def _checked(given: object, bundle: Bundle, keys: Keys) -> Signed | Fault:
    if not isinstance(given, dict) or set(given) != {"statement", "signature"}:
        return Fault("bad-statement", "a signature is an object of `statement` and `signature`, and nothing else")
    written = given["statement"]
    statement = _read(written)
    if isinstance(statement, Fault):
        return statement
    try:
        signature = base64.b64decode(str(given["signature"]), validate=True)
    except (binascii.Error, ValueError):
        return Fault("bad-signature", "a signature is not written in base64")
    key = keys.check(statement.key, DOMAIN, canonical_json(written), signature)
    if isinstance(key, Fault):
        return key
    if statement.bundle != bundle.digest:
        words = f"`{key.name}` signed the bundle `{statement.bundle[:80]}`, and this one is `{bundle.digest}`"
        return Fault("other-bundle", words)
    if (statement.pack, statement.version) != (bundle.pack, bundle.version):
        return Fault("other-bundle", f"`{key.name}` signed another pack or version than this bundle names")
    return Signed(key, statement)


def _read(given: object) -> Statement | Fault:
    """A statement from its JSON form, which has these fields and no other."""
    wrong = Fault("bad-statement", f"a statement has the fields {', '.join(sorted(_FIELDS))}, and no other")
    if not isinstance(given, dict) or set(given) != _FIELDS:
        return wrong
    proof = _read_proof(given["proof"])
    signed = parse_instant(given["signed"]) if isinstance(given["signed"], str) else None
    texts = [given[name] for name in ("bundle", "pack", "version", "key")]
    unproved = given["unproved"]
    if proof is None or signed is None or not all(isinstance(text, str) for text in texts):
        return wrong
    if unproved is not None and not (isinstance(unproved, str) and unproved.strip()):
        return Fault("bad-statement", "`unproved` is the reason why it is signed although its proof does not hold")
    bundle, pack, version, key = map(str, texts)
    return Statement(bundle, pack, version, key, signed, proof, unproved)


def _read_proof(given: object) -> Proved | None:
    if not isinstance(given, dict) or set(given) != _PROOF or not isinstance(given["prover"], str):
        return None
    counts = [given[name] for name in ("claims", "errors", "undecided")]
    as_of = parse_instant(given["as_of"]) if isinstance(given["as_of"], str) else None
    if as_of is None or not all(type(count) is int and count >= 0 for count in counts):
        return None
    return Proved(as_of, counts[0], counts[1], counts[2], given["prover"])


def _written(statement: Statement) -> Mapping[str, object]:
    proof = statement.proof
    return {
        "bundle": statement.bundle,
        "key": statement.key,
        "pack": statement.pack,
        "proof": {
            "as_of": format_instant(proof.as_of),
            "claims": proof.claims,
            "errors": proof.errors,
            "prover": proof.prover,
            "undecided": proof.undecided,
        },
        "signed": format_instant(statement.signed),
        "unproved": statement.unproved,
        "version": statement.version,
    }


def _key_named(given: object) -> object:
    statement = given.get("statement") if isinstance(given, dict) else None
    return statement.get("key") if isinstance(statement, dict) else None
