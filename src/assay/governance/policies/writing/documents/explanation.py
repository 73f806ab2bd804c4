"""What a creator is told of a rule: what was done to the upload, why, and what can be done now. It accuses nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assay.engine.language.expression.syntax import signals_of
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Policy
from assay.governance.policies.writing.documents.facts import IN_SOURCE, Facts, Wording
from assay.governance.policies.writing.documents.grade import Grade, grade_of
from assay.governance.policies.writing.documents.languages import Language
from assay.governance.policies.writing.documents.public import PublicPage, PublicRule, PublicSection, public_page
from assay.governance.policies.writing.strings.standing import Passage
from assay.governance.policies.writing.strings.words import strings_of_vocabulary

# Who makes a thing can say of it; an answer of theirs is believed as far as the pack's precedence goes.
UPLOADER = "uploader"
_MARKS = re.compile(r"[*_`>#]|\[([^\]]*)\]\([^)]*\)")
_LIST = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ExplainedRule:
    """One rule, as its notice may say it.

    why     the first paragraphs of its section
    helps   questions of which the pack says by name how far the creator's word counts
    grade   how hard what is told is to read, for whoever writes it
    """

    anchor: str
    title: Passage
    why: tuple[Passage, ...]
    does: tuple[Passage, ...]
    meanwhile: tuple[Passage, ...]
    helps: tuple[Passage, ...]
    grade: Grade


@dataclass(frozen=True, slots=True)
class Explanation:
    """The explanations of a policy, rule by rule."""

    page: PublicPage
    rules: tuple[ExplainedRule, ...]
    appeal: Passage
    grade: Grade

    @property
    def language(self) -> Language:
        """In which it is written."""
        return self.page.language


def explanation_of(pack: Pack, policy_id: str, facts: Facts, wording: Wording = IN_SOURCE) -> Explanation | None:
    """What creators are told under each rule; None where the pack has no such policy."""
    page = public_page(pack, policy_id, facts, wording)
    policy = next((one for one in pack.policies if one.id == policy_id), None)
    if page is None or policy is None:
        return None
    rules = tuple(
        _explained(section, rule, policy, pack, wording) for section in page.sections for rule in section.rules
    )
    appeal = wording.label("appeal")
    told = " ".join(_told(rule.title, rule.why, rule.does, rule.meanwhile) for rule in rules)
    return Explanation(page, rules, appeal, grade_of(f"{told} {appeal.words}"))


def plain_words(markdown: str) -> str:
    """Markdown without its marks, as it is read aloud."""
    return " ".join(_MARKS.sub(r"\1", _LIST.sub("", markdown)).split())


def _explained(section: PublicSection, rule: PublicRule, policy: Policy, pack: Pack, wording: Wording) -> ExplainedRule:
    why = section.prose[:2]
    grade = grade_of(_told(section.title, why, rule.does, rule.meanwhile))
    helps = tuple(_helps(rule.anchor.removeprefix("rule-"), policy, pack, wording))
    return ExplainedRule(rule.anchor, section.title, why, rule.does, rule.meanwhile, helps, grade)


def _helps(rule_id: str, policy: Policy, pack: Pack, wording: Wording) -> Iterator[Passage]:
    rule = next((one for one in policy.rules if one.id == rule_id), None)
    named = frozenset[str]() if rule is None else signals_of(rule.when.expression)
    words = {each.context: each for each in strings_of_vocabulary(pack)}
    for signal in pack.vocabulary.signals:
        # Where the usual order of witnesses holds, nobody thought of creators in particular.
        said = UPLOADER in signal.precedence and signal.precedence != pack.precedence
        found = words.get(f"signals/{signal.name}/question")
        if signal.name in named and said and not signal.calendar and found is not None:
            yield wording.vocabulary.passage(found)


def _told(title: Passage, why: tuple[Passage, ...], does: tuple[Passage, ...], meanwhile: tuple[Passage, ...]) -> str:
    sentences = [title.words, *(each.words for each in why), *(each.words for each in (*does, *meanwhile))]
    plain = (plain_words(each) for each in sentences)
    return " ".join(each if each.endswith((".", "!", "?", ":")) else f"{each}." for each in plain if each)
