"""The words of the public page itself, as translators get them. It holds none of a policy's."""

from __future__ import annotations

from collections.abc import Mapping

from assay.governance.policies.writing.strings.sources import SourceString

# Under this name they have a catalogue of their own.
PAGE = "shared-page"
LABELS: Mapping[str, str] = {
    "policies": "Our policies",
    "version": "Version {version}",
    "in-force": "In force since {day}",
    "comes": "Takes effect on {day}",
    "ends": "Ends on {day}",
    "grace": "Until {day} people are still spared this: {measures}.",
    "contents": "On this page",
    "what-we-do": "What we do",
    "meanwhile": "As long as we do not know",
    "exactly": "When exactly",
    "exceptions": "Exceptions",
    "what-changed": "What changed",
    "first": "This is the first version.",
    "earlier": "Earlier versions",
    "changes": "All changes",
    "translating": "This part is being translated. The {language} text holds.",
    "in-doubt": "This is a translation. In case of doubt the {language} text decides.",
    "languages": "Other languages",
    "disagree": "If you think that we got it wrong",
    "appeal": "You can ask us to look again. Somebody who did not make the first decision will do so.",
    "done-to-it": "What was done to your upload",
    "nothing-seen": "Nothing that you can see.",
    "not-all-facts": "As long as we do not know all the facts:",
    "why": "Why",
    "you-can": "What you can do",
    "tell-us": "Tell us what you know, and show it if you can:",
    "draft": "This is a draft. It is not in force.",
    "updated": "Last changed on {day}",
    "none": "Nothing is written here yet.",
}


def strings_of_page() -> tuple[SourceString, ...]:
    """All of them."""
    return tuple(SourceString(f"page/{name}", "label", text, "page") for name, text in LABELS.items())
