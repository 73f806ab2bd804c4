"""The public page of a policy: its prose and what is done, in reading order. It holds no word that is for us alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from assay.engine.language.pack.measures import Measure
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Exemption, Named, Policy, Rule
from assay.engine.language.plain import plain_condition, plain_rule
from assay.governance.policies.writing.documents.facts import IN_SOURCE, Changed, Facts, Wording, day_of
from assay.governance.policies.writing.documents.languages import Language, day_words, known_language
from assay.governance.policies.writing.strings.applying import applied_piece
from assay.governance.policies.writing.strings.pieces import MODERATORS, Piece, Pieces, name_of, pieces_of
from assay.governance.policies.writing.strings.sources import SOURCE_LANGUAGE, SourceString
from assay.governance.policies.writing.strings.standing import Passage, worst
from assay.governance.policies.writing.strings.words import strings_of_vocabulary

# What only steers our own work, by its id or family: readers are told what is done to an upload, an account, a person.
OURS_ALONE = frozenset({"clock", "review_priority", "escalated", "preserved"})
_MOST_CHANGES = 5
_QUOTED = re.compile(r"^ {0,3}> ?", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class PublicRule:
    """What is done under one rule, and when.

    holds       a sentence in the source's language
    does        one phrase for each measure that it imposes; `meanwhile` as long as the facts are not known
    exceptions  sentences of when it does not apply, in the source's language
    """

    anchor: str
    holds: str
    does: tuple[Passage, ...]
    meanwhile: tuple[Passage, ...]
    exceptions: tuple[str, ...]
    bars_exceptions: bool


@dataclass(frozen=True, slots=True)
class PublicSection:
    """A heading with what stands below it."""

    number: int
    anchor: str
    level: int
    title: Passage
    prose: tuple[Passage, ...]
    rules: tuple[PublicRule, ...]


@dataclass(frozen=True, slots=True)
class PublicException:
    """An exception that reaches this policy from another place of the house's policies."""

    title: str
    holds: str


@dataclass(frozen=True, slots=True)
class PublicChange:
    """What one version changed, and its day as the reader's language writes it."""

    changed: Changed
    day: str


@dataclass(frozen=True, slots=True)
class PublicPage:
    """A policy as everybody reads it, in one language."""

    policy: str
    title: Passage
    version: str
    language: Language
    source: Language
    labels: Mapping[str, Passage]
    lines: tuple[Passage, ...]
    doubt: Passage | None
    translating: Passage
    draft: bool
    digest: str
    introduction: tuple[Passage, ...]
    sections: tuple[PublicSection, ...]
    exceptions: tuple[PublicException, ...]
    changes: tuple[PublicChange, ...]
    day: date

    @property
    def newest(self) -> tuple[PublicChange, ...]:
        """What this version changed."""
        return self.changes[:1]

    @property
    def earlier(self) -> tuple[PublicChange, ...]:
        """What those before it changed."""
        return self.changes[1:]

    @property
    def passages(self) -> Iterator[Passage]:
        """Everything of the policy itself that is translated."""
        yield self.title
        yield from self.introduction
        for section in self.sections:
            yield section.title
            yield from section.prose


def public_page(pack: Pack, policy_id: str, facts: Facts, wording: Wording = IN_SOURCE) -> PublicPage | None:
    """The page of one policy; None where the pack has none of that name."""
    policy = next((one for one in pack.policies if one.id == policy_id), None)
    text = None if policy is None else pack.files.get(file_of(policy, pack))
    if policy is None or text is None:
        return None
    return _Writer(pack, policy, pieces_of(text, policy.path), facts, wording).page()


def file_of(policy: Policy, pack: Pack) -> str:
    """A policy's file as the pack names it: places may have a folder before it."""
    return next((path for path in pack.files if policy.path.endswith(path)), policy.path)


def section_of(rule: Rule | Exemption, policy: Policy) -> int:
    """The place of the heading under which something stands, from 1; 0 before the first."""
    return sum(section.line <= rule.span.line for section in policy.sections)


def of_piece(found: Pieces, piece: Piece, wording: Wording) -> Passage:
    """A block as its reader gets it: whole in one language, since half a list in each is no list."""
    state = worst(wording.policy.state(each) for each in piece.strings)
    words = found.text[piece.start : piece.end]
    if state == "current":
        words = applied_piece(found.text, piece, wording.policy.current)
    return Passage(unquoted(words) if piece.kind == "moderators" else words, state)


def unquoted(words: str) -> str:
    """Guidance without the marks of a quotation and of whom it is for, which the page says by itself."""
    said = MODERATORS.sub("", _QUOTED.sub("", words), count=1).strip()
    return said[:1].upper() + said[1:]


class _Writer:
    def __init__(self, pack: Pack, policy: Policy, found: Pieces, facts: Facts, wording: Wording) -> None:
        self.pack, self.policy, self.found, self.facts, self.wording = pack, policy, found, facts, wording
        self.words = {each.context: each for each in strings_of_vocabulary(pack)}

    def page(self) -> PublicPage:
        wording, source = self.wording, known_language(SOURCE_LANGUAGE)
        title = self.found.title
        language = known_language(wording.language)
        return PublicPage(
            policy=self.policy.id,
            title=Passage(self.policy.title) if title is None else wording.policy.passage(title),
            version=self.policy.version,
            language=language,
            source=source,
            labels=wording.labels,
            lines=tuple(self._lines()),
            doubt=None if language.is_source else wording.label("in-doubt", language=source.name),
            translating=wording.label("translating", language=source.name),
            draft=self.facts.draft,
            digest=self.facts.digest,
            introduction=self._prose(0),
            sections=tuple(self._sections()),
            exceptions=tuple(self._exceptions()),
            changes=tuple(self._changed(each) for each in self.facts.changes[:_MOST_CHANGES]),
            day=self.facts.day,
        )

    def _lines(self) -> Iterator[Passage]:
        wording, policy = self.wording, self.policy
        if policy.version:
            yield wording.label("version", version=policy.version)
        begins, ends = self.facts.since or day_of(policy.period.effective), day_of(policy.period.sunset)
        starts = day_of(policy.period.effective)
        if starts is not None and starts > self.facts.day:
            yield wording.label("comes", day=self._day(starts))
        elif begins is not None and not self.facts.draft:
            yield wording.label("in-force", day=self._day(begins))
        if ends is not None:
            yield wording.label("ends", day=self._day(ends))
        graces = [rule.grace_until for rule in policy.rules if rule.grace_until is not None]
        grace = day_of(max(graces, default=None))
        spared = self._spared()
        if grace is not None and grace > self.facts.day and spared:
            yield wording.label("grace", day=self._day(grace), measures=", ".join(spared))

    def _spared(self) -> list[str]:
        """What nobody gets before the grace period ends."""
        measures = [each for rule in self.policy.rules for each in self._measures(rule.then) if each.after_grace]
        said = (self._said(f"measures/{each.id}/title", each.title).words for each in measures)
        return list(dict.fromkeys(said))

    def _changed(self, changed: Changed) -> PublicChange:
        return PublicChange(changed, self._day(changed.day) if changed.day else "")

    def _day(self, day: date) -> str:
        return day_words(day, self.wording.language)

    def _prose(self, section: int) -> tuple[Passage, ...]:
        mine = (each for each in self.found.pieces if each.section == section and each.kind == "prose")
        return tuple(of_piece(self.found, each, self.wording) for each in mine)

    def _sections(self) -> Iterator[PublicSection]:
        for piece in self.found.pieces:
            if piece.kind != "heading":
                continue
            number = piece.section
            title = self._title(piece)
            rules = [rule for rule in self.policy.rules if section_of(rule, self.policy) == number]
            prose, shown = self._prose(number), tuple(self._rule(rule) for rule in rules)
            # A heading with guidance alone below it is for moderators.
            if prose or shown:
                source = piece.strings[0].text if piece.strings else ""
                yield PublicSection(number, name_of(source, number), piece.level, title, prose, shown)

    def _title(self, piece: Piece) -> Passage:
        return self.wording.policy.passage(piece.strings[0]) if piece.strings else Passage("")

    def _rule(self, rule: Rule) -> PublicRule:
        reaching = self.pack.exceptions_of[rule.ref]
        words = [plain_condition(one.when.expression, self.pack.vocabulary) for one in reaching]
        return PublicRule(
            f"rule-{rule.id}",
            plain_rule(rule, self.pack),
            tuple(self._phrases(rule.then)),
            tuple(self._phrases(rule.until_known)),
            tuple(dict.fromkeys(words)),
            rule.no_exception,
        )

    def _measures(self, named: Iterable[Named]) -> list[Measure]:
        return [self.pack.measures.by_id[one.name] for one in named if one.name in self.pack.measures.by_id]

    def _phrases(self, named: tuple[Named, ...]) -> Iterator[Passage]:
        for measure in self._measures(named):
            if not {measure.id, measure.family} & OURS_ALONE:
                yield self._said(f"measures/{measure.id}/phrase", measure.phrase)

    def _said(self, context: str, text: str) -> Passage:
        found: SourceString | None = self.words.get(context)
        passage = Passage(text) if found is None else self.wording.vocabulary.passage(found)
        return Passage(passage.words[:1].upper() + passage.words[1:], passage.state)

    def _exceptions(self) -> Iterator[PublicException]:
        reaching = {one.ref: one for rule in self.policy.rules for one in self.pack.exceptions_of[rule.ref]}
        for one in reaching.values():
            yield PublicException(one.title, plain_condition(one.when.expression, self.pack.vocabulary))
