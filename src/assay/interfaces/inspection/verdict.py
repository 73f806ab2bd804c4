"""What one file's findings prove, in a sentence that claims no more than they do. It never says what follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assay.detection.evidence import Claim, Evidence, Integrity, Kind, Tier
from assay.detection.fusion.conclusion import DISPUTE
from assay.detection.judgement import Judgement, judge
from assay.detection.weighing.standing import Standing, standing_of, with_standing
from assay.detection.weighing.wording import sentence_of

Standpoint = Literal[
    "proved",
    "captured",
    "signed",
    "declared",
    "suspected",
    "said",
    "disputed",
    "broken",
    "elsewhere",
    "nothing",
    "partly",
    "unread",
]

_CLAIMS = {
    Claim.GENERATED: "AI generated it",
    Claim.ALTERED: "AI altered it",
    Claim.ASSISTED: "AI assisted in making it",
    Claim.AI_UNSPECIFIED: "AI was used on it",
    Claim.MAY_BE: "it may be AI-generated",
    Claim.NO_AI: "AI had no part in it",
}
_VOUCHERS = {
    Tier.TRUSTED: "a signer on the official trust list",
    Tier.OPERATOR: "a signer on the operator's own trust list",
    Tier.INTERIM: "a signer on the interim trust list, frozen since January 2026",
}
_ABOUT = {
    "asset": "of this file",
    "parent": "of what this file was made from",
    "component": "of a part of this file",
    "input": "of what this file's generator was fed with",
}
ABSENCE = "Absence proves nothing: most platforms take such marks off on the way."
ANYBODY = "Anybody can write that into a file, so that it is a declaration and no proof."
ANY_SIGNER = "Anybody can make a credential of their own, so that it counts as a declaration and no proof."
AFTERWARDS = "Whoever came by its key later could have signed with it, so that it counts as a declaration and no proof."
PARTLY = "Part of the file could not be read, so that more may be in it."
MAXIMUM_BESIDE = 6
NO_FINDING = "It is a reason to look, and no finding."
NO_SIDE = "Neither side is believed before a person has looked."
A_SIGNER_S_WORD = "It is the signer's word: the signature proves who said so, and that nothing was changed since."


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the findings come to.

    sentence  what they prove
    beside    further sentences: what speaks against it or beside it, and what it does not say
    """

    standpoint: Standpoint
    sentence: str
    beside: tuple[str, ...] = ()


def verdict_of(
    evidence: Sequence[Evidence], judgement: Judgement | None = None, *, was_read: bool = True, wholly: bool = True
) -> Verdict:
    """The strongest that can be said, and what must be said beside it.

    judgement  what the findings amount to; without it they are weighed here, with the defaults
    was_read   whether the file could be opened at all
    wholly     whether everybody who looked reached its end: else nothing can be called absent
    """
    judged = judgement if judgement is not None else judge(evidence)
    if not was_read:
        return Verdict("unread", "The file could not be read, so that nothing is known of it.")
    top = next((one for one in evidence if one.kind is Kind.SIGNED_PROVENANCE and one.scope == "asset"), None)
    main = (
        _broken(top, evidence)
        or _disputed(judged)
        or _proved(evidence, judged)
        or _by_what_is_unsigned(evidence, top, judged)
    )
    if not wholly and main.standpoint == "nothing":
        return Verdict("partly", "Nothing was found in what could be read of the file, and part of it could not be.")
    partly = () if wholly else (PARTLY,)
    beside = dict.fromkeys((*_chain(top), *main.beside, *_weaker(main, evidence), *partly))
    return Verdict(main.standpoint, main.sentence, tuple(beside))


def _broken(top: Evidence | None, evidence: Sequence[Evidence]) -> Verdict | None:
    if top is None or top.integrity is not Integrity.BROKEN:
        return None
    beside = [f"Before that, it said: {_CLAIMS[top.claim]}."] if top.claim in _CLAIMS else []
    beside += [sentence_of(one) for one in with_standing(evidence, Standing.MARK)]
    words = f"The file was changed after it was signed: what {_signer(top)} said of it no longer holds for it."
    return Verdict("broken", words, tuple(beside))


def _disputed(judged: Judgement) -> Verdict | None:
    """Conclusive findings that are contradicted: both sides are told, and none is believed."""
    words = [each.words for each in judged.conflicts if "synthetic_status" in each.signals]
    return Verdict("disputed", DISPUTE, (*words, NO_SIDE)) if words else None


def _proved(evidence: Sequence[Evidence], judged: Judgement) -> Verdict | None:
    """What a signer whom the operator trusts says, where the signature holds."""
    conclusive = with_standing(evidence, Standing.EVIDENCE)
    signed = [one for one in conclusive if one.kind is Kind.SIGNED_PROVENANCE]
    if signed:
        one = signed[0]
        about = _ABOUT.get(one.scope, "of it")
        words = (
            f"{_capital(_signer(one))}, {_VOUCHERS[one.tier]}, says {about} that {_CLAIMS[one.claim]}{_program(one)}."
        )
        return Verdict("proved", words, (A_SIGNER_S_WORD,))
    if conclusive:
        return Verdict("proved", sentence_of(conclusive[0]), ("Only who has the key can have put it there.",))
    if judged.synthetic_status == "authentic":
        one = next(each for each in evidence if each.claim is Claim.CAPTURED and standing_of(each) is Standing.EVIDENCE)
        words = f"{_capital(_signer(one))}, {_VOUCHERS[one.tier]}, says that a camera or microphone captured it."
        limit = "It does not say that what was before the camera was real, or what the scene means."
        return Verdict("captured", words, (A_SIGNER_S_WORD, limit))
    return None


def _by_what_is_unsigned(evidence: Sequence[Evidence], top: Evidence | None, judged: Judgement) -> Verdict:
    marks = with_standing(evidence, Standing.MARK)
    if marks:
        return Verdict("declared", _declared(marks[0]), (_worth(marks[0]), *_others(marks[1:])))
    if top is not None and top.integrity is Integrity.OK:
        return _signed(top)
    scores = judged.scores.speaking if judged.scores.suspects else ()
    suspicions = [*with_standing(evidence, Standing.SUSPICION), *scores]
    if suspicions and judged.synthetic_status == "declared":
        return _said(with_standing(evidence, Standing.UPLOADER)[0], suspicions)
    if suspicions and any("conflict" in one.details for one in suspicions):
        words = "Labels in the file contradict each other, so that none of them counts."
        return Verdict("suspected", words, (*_others(suspicions), NO_FINDING))
    if suspicions:
        return Verdict("suspected", sentence_of(suspicions[0]), (*_others(suspicions[1:]), NO_FINDING))
    said = [one for one in evidence if one.kind is Kind.UPLOADER_DECLARATION and one.claim in _CLAIMS]
    if said:
        return _said(said[0], ())
    if any(one.integrity is Integrity.REMOTE for one in evidence):
        words = (
            "The file names an address where its credentials are said to be. Nobody asked it, so that they are unknown."
        )
        return Verdict("elsewhere", words)
    return _nothing(evidence, top)


def _said(word: Evidence, traces: Sequence[Evidence]) -> Verdict:
    claim = f"The uploader says that {_CLAIMS[word.claim]}"
    if traces:
        return Verdict("said", f"{claim}; what else speaks of AI is a reason to look, and no more.", _others(traces))
    return Verdict("said", f"{claim}; nothing in the file says so.")


def _nothing(evidence: Sequence[Evidence], top: Evidence | None) -> Verdict:
    if top is not None and top.found:
        words = f"The file carries credentials of {_signer(top)} that cannot be relied on, and they say nothing of AI."
        return Verdict("signed", words)
    others = [one for one in evidence if one.found]
    if others:
        words = "Nothing in the file says that AI had a part in it."
        return Verdict("nothing", words, (*_others(others), ABSENCE))
    return Verdict("nothing", "Nothing in the file says how it was made.", (ABSENCE,))


def _declared(one: Evidence) -> str:
    said = f"{_ABOUT.get(one.scope, 'of it')} that {_CLAIMS[one.claim]}"
    if one.kind is Kind.SIGNED_PROVENANCE and one.integrity is Integrity.EXPIRED:
        return f"A credential of {_signer(one)}, expired and without a trusted time, says {said}{_program(one)}."
    if one.kind is Kind.SIGNED_PROVENANCE:
        return f"{_capital(_signer(one))}, a signer that no trust list vouches for, says {said}{_program(one)}."
    if one.kind is Kind.GENERATOR_METADATA:
        return f"The file carries what a generator leaves behind{_program(one)}: it says that {_CLAIMS[one.claim]}."
    if one.kind is Kind.KEYED_WATERMARK:
        return f"A watermark in it says that {_CLAIMS[one.claim]}{_program(one)}."
    return f"The file says of itself that {_CLAIMS[one.claim]}{_program(one)}; nobody signed that."


def _weaker(main: Verdict, evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """What else speaks of AI: marks beside a signature, suspicions beside marks, and the uploader's denial."""
    order = [Standing.MARK, Standing.SUSPICION, Standing.UPLOADER]
    after = {"proved": order, "captured": order, "declared": order[1:], "signed": order[1:], "suspected": order[2:]}
    rest = [one for standing in after.get(main.standpoint, []) for one in with_standing(evidence, standing)]
    denials = [one for one in evidence if one.claim is Claim.NO_AI and main.standpoint != "said"]
    return _others([*rest, *denials])[:MAXIMUM_BESIDE]


def _worth(one: Evidence) -> str:
    if one.kind is not Kind.SIGNED_PROVENANCE:
        return ANYBODY
    return AFTERWARDS if one.integrity is Integrity.EXPIRED else ANY_SIGNER


def _signed(top: Evidence) -> Verdict:
    voucher = _VOUCHERS.get(top.tier, "a signer that no trust list vouches for")
    words = f"{_capital(_signer(top))}, {voucher}, signed this file, and it is as it was signed."
    return Verdict("signed", words, ("The credentials neither say that AI had a part in it nor that it had none.",))


def _chain(top: Evidence | None) -> tuple[str, ...]:
    broken = top is not None and top.integrity is not Integrity.BROKEN and top.details.get("ancestors_broken")
    if not broken:
        return ()
    return (
        "Something it was made from had been changed after its own signing; the newer signature mends nothing of that.",
    )


def _others(rest: Sequence[Evidence]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sentence_of(one) for one in rest))


def _signer(one: Evidence) -> str:
    return one.details.get("signer") or one.details.get("signer_name") or "somebody unnamed"


def _program(one: Evidence) -> str:
    name = one.details.get("generator")
    return f" ({name})" if name else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
