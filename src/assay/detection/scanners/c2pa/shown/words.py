"""Validation codes, actions and source types in plain words. A word that is not known is shown as it stands."""

from __future__ import annotations

_CODES = {
    "claimSignature.validated": "the signature is right",
    "claimSignature.insideValidity": "it was signed while the credential was valid",
    "claimSignature.missing": "the signature is missing",
    "claimSignature.mismatch": "the signature does not fit what was signed",
    "claimSignature.outsideValidity": "it was signed while the credential was not valid",
    "signingCredential.trusted": "the signer is on a trust list",
    "signingCredential.untrusted": "the signer is on no trust list that was given",
    "signingCredential.invalid": "the credential is not of the kind that may sign this",
    "signingCredential.expired": "the credential has expired, and no trusted time says that it was signed before",
    "signingCredential.ocsp.notRevoked": "an answer beside it says that the credential was not withdrawn",
    "signingCredential.ocsp.revoked": "an answer beside it says that the credential was withdrawn",
    "signingCredential.ocsp.skipped": "nobody asked whether the credential was withdrawn",
    "signingCredential.ocsp.unknown": "whether the credential was withdrawn is not known",
    "timeStamp.validated": "the time stamp is right",
    "timeStamp.trusted": "who stamped the time is on a trust list",
    "timeStamp.untrusted": "who stamped the time is on no trust list that was given",
    "timeStamp.mismatch": "the time stamp was made for something else",
    "timeStamp.malformed": "the time stamp cannot be read",
    "timeStamp.outsideValidity": "the time stamp was made while its own credential was not valid",
    "assertion.dataHash.match": "the file is as it was signed",
    "assertion.dataHash.mismatch": "the file was changed after it was signed",
    "assertion.bmffHash.match": "the film or picture is as it was signed",
    "assertion.bmffHash.mismatch": "the film or picture was changed after it was signed",
    "assertion.boxesHash.match": "the parts of the file are as they were signed",
    "assertion.boxesHash.mismatch": "a part of the file was changed after it was signed",
    "assertion.collectionHash.match": "the files inside are as they were signed",
    "assertion.collectionHash.mismatch": "a file inside was changed after it was signed",
    "assertion.hashedURI.match": "a statement is as it was signed",
    "assertion.hashedURI.mismatch": "a statement was changed after it was signed",
    "assertion.missing": "a statement that was signed is missing",
    "assertion.undeclared": "there is a statement that nobody signed",
    "assertion.inaccessible": "a statement cannot be reached",
    "assertion.notRedacted": "a statement that should have been taken out is there",
    "assertion.selfRedacted": "a statement takes itself out",
    "assertion.action.ingredientMismatch": "a step names an ingredient that is not there",
    "assertion.action.malformed": "a step is not in its form",
    "assertion.multipleHardBindings": "it is bound to the file in two ways at once",
    "claim.missing": "what was signed is missing",
    "claim.multiple": "there are several claims where one may be",
    "claim.hardBindings.missing": "nothing binds it to the file",
    "claim.malformed": "what was signed is not in its form",
    "algorithm.unsupported": "it was signed in a way that cannot be checked",
    "algorithm.deprecated": "it was signed in a way that is no longer safe",
    "general.error": "something in it cannot be read",
    "ingredient.manifest.validated": "the manifest of an ingredient is as it was when taken in",
    "ingredient.manifest.missing": "the manifest of an ingredient is missing",
    "ingredient.manifest.mismatch": "the manifest of an ingredient was changed after it was taken in",
    "ingredient.claimSignature.validated": "the signature of an ingredient is as it was when taken in",
    "ingredient.claimSignature.mismatch": "the signature of an ingredient was changed after it was taken in",
    "ingredient.unknownProvenance": "an ingredient has no credentials",
    "ingredient.hashedURI.mismatch": "an ingredient was changed after it was taken in",
    "manifest.inaccessible": "a manifest cannot be reached",
    "manifest.multipleParents": "it names several parents where one may be",
    "manifest.update.wrongParents": "an update does not name the one manifest that it updates",
    "manifest.update.invalid": "an update changes what an update may not change",
    "manifest.timestamp.invalid": "the manifest with a time stamp is not in its form",
    "cawg.x509.signature.validated": "the signature of an identity is right",
    "cawg.x509.credential.trusted": "the identity's certificate is on a trust list",
    "cawg.x509.credential.untrusted": "the identity's certificate is on no trust list that was given",
    "cawg.identity.well-formed": "the identity is in its form",
    "cawg.identity.hard_binding_missing": "the identity is not bound to the file",
}  # fmt: skip
_ACTIONS = {
    "c2pa.created": "created", "c2pa.opened": "opened", "c2pa.placed": "put in", "c2pa.edited": "edited",
    "c2pa.edited.metadata": "metadata edited", "c2pa.converted": "converted", "c2pa.transcoded": "transcoded",
    "c2pa.repackaged": "repackaged", "c2pa.published": "published", "c2pa.resized": "resized",
    "c2pa.cropped": "cropped",
    "c2pa.resized.proportional": "resized in proportion", "c2pa.color_adjustments": "colours adjusted",
    "c2pa.filtered": "filtered", "c2pa.drawing": "drawn on", "c2pa.removed": "something removed",
    "c2pa.redacted": "statements taken out", "c2pa.orientation": "turned", "c2pa.dubbed": "dubbed",
    "c2pa.translated": "translated", "c2pa.enhanced": "enhanced", "c2pa.watermarked": "watermarked",
    "c2pa.watermarked.bound": "watermarked, bound to this manifest", "c2pa.watermarked.unbound": "watermarked",
    "c2pa.unknown": "something unknown done", "c2pa.deleted": "something deleted",
}  # fmt: skip
_SOURCES = {
    "trainedAlgorithmicMedia": "made by a trained model",
    "trainedAlgorithmicData": "made by a trained model",
    "compositeWithTrainedAlgorithmicMedia": "partly made by a trained model",
    "compositeSynthetic": "put together with parts made by a model",
    "algorithmicMedia": "made by a program without training",
    "digitalCapture": "captured by a camera or microphone",
    "computationalCapture": "captured and computed by a device",
    "compositeCapture": "put together from captures",
    "composite": "put together from parts",
    "digitalArt": "drawn by a person with digital means",
    "digitalCreation": "made by a person with digital means",
    "humanEdits": "edited by a person",
    "minorHumanEdits": "slightly edited by a person",
    "screenCapture": "a picture of a screen",
    "empty": "a blank canvas",
}
_SIGNALS = {
    "blankCanvas": "began as a blank canvas", "capturedMedia": "began as a capture",
    "capturedMediaStitched": "began as captures put together",
    "compositionMayContainGenAI": "began as a composition that may hold generated parts",
    "fullyGenAIMedia": "began as wholly generated",
    "mediaUnknownProvenance": "began from something without credentials",
    "nonGenAIDigitalCreation": "began as a digital creation without generative AI",
    "partlyGenAICreation": "began as partly generated",
    "screenCaptureMayContainGenAI": "began as a picture of a screen, which may show generated things",
    "ambiguousActions": "the list of steps is incomplete or not in standard words",
    "nonEditorial": "steps that change nothing one perceives",
    "perceptibleGenAI": "perceptible steps with generative AI",
    "perceptibleNonGenAI": "perceptible steps without generative AI",
    "perceptiblePossiblyGenAI": "perceptible steps that may have used generative AI",
}  # fmt: skip


def code_words(code: str) -> str:
    """One code with what it means."""
    return f"{_CODES[code]} ({code})" if code in _CODES else code


def action_words(name: str) -> str:
    """One step's name in plain words."""
    return _ACTIONS.get(name, name)


def source_words(source_type: str) -> str:
    """A source type's bare name in plain words."""
    bare = source_type.rpartition("/")[2]
    return _SOURCES.get(bare, bare)


def signal_words(name: str) -> str:
    """One of the official signals in plain words."""
    return f"{_SIGNALS[name]} ({name})" if name in _SIGNALS else name
