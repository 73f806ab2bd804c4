"""Guidance for moderators, of a policy in one market: rules, trees, examples, questions. It decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from assay.engine.analysis.state import Scene
from assay.engine.decision.decide import Decider
from assay.engine.language.expression.syntax import signals_of
from assay.engine.language.pack.classes import REST, MarketClass
from assay.engine.language.pack.measures import Measure
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Named, Policy, Rule
from assay.engine.language.plain import plain_condition, plain_rule
from assay.governance.policies.writing.documents.cases import ShownExample, examples_of, shown_example
from assay.governance.policies.writing.documents.facts import IN_SOURCE, Facts, Wording, day_of, instant_of_day
from assay.governance.policies.writing.documents.languages import Language, known_language
from assay.governance.policies.writing.documents.public import file_of, of_piece, section_of
from assay.governance.policies.writing.documents.reading import decider_of
from assay.governance.policies.writing.documents.steps import Steps, steps_of
from assay.governance.policies.writing.drawing.tree import drawing_of
from assay.governance.policies.writing.strings.pieces import name_of, pieces_of
from assay.governance.policies.writing.strings.sources import SOURCE_LANGUAGE
from assay.governance.policies.writing.strings.standing import Passage
from assay.governance.policies.writing.strings.words import strings_of_vocabulary

# A tree of more steps than this is no help on paper: its rules' own trees are.
MOST_DRAWN = 40
# Of a policy that treats all markets alike.
EVERYWHERE = "all"


@dataclass(frozen=True, slots=True)
class KnownQuestion:
    """A ruling in force on a question that the rule did not settle."""

    number: int
    question: str
    ruling: str
    rationale: str
    until: date | None
    url: str = ""


# From a rule's reference, empty for the whole policy, and a market to what was ruled.
Rulings = Callable[[str, str], Sequence[KnownQuestion]]


@dataclass(frozen=True, slots=True)
class GuidedRule:
    """One rule as moderators apply it.

    holds       when, as a clause
    meanwhile   what is done as long as that is not known
    exceptions  clauses
    steps       its own tree
    specialist  whether only specialists may apply it
    """

    ref: str
    anchor: str
    severity: str
    holds: str
    measures: tuple[Measure, ...]
    meanwhile: tuple[Measure, ...]
    exceptions: tuple[str, ...]
    bars_exceptions: bool
    specialist: bool
    steps: Steps
    examples: tuple[ShownExample, ...]
    known: tuple[KnownQuestion, ...]

    @property
    def drawing(self) -> Markup:
        """Its steps as a drawing; they stand below it in words, so it is silent."""
        return Markup(drawing_of(self.steps, "", hidden=True))  # noqa: S704  # Our own markup, all text escaped.


@dataclass(frozen=True, slots=True)
class GuidedSection:
    """A heading with the public words, those for moderators, and the rules that hold in this market."""

    number: int
    anchor: str
    title: Passage
    prose: tuple[Passage, ...]
    moderators: tuple[Passage, ...]
    rules: tuple[GuidedRule, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its help and what each answer says."""

    anchor: str
    name: str
    words: Passage
    help: Passage | None
    answers: tuple[tuple[str, Passage], ...]
    seconds: float
    exposure: int
    who: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MarketChoice:
    """Markets that this policy treats alike."""

    name: str
    codes: tuple[str, ...]

    @property
    def words(self) -> str:
        """As people choose it."""
        if self.name == EVERYWHERE:
            return "Every market"
        if self.name == REST:
            return "Every other market"
        return self.name if len(self.codes) > 4 else ", ".join(self.codes)


@dataclass(frozen=True, slots=True)
class Guidance:
    """The guidance of one policy for one market."""

    policy: str
    title: Passage
    version: str
    owner: str
    language: Language
    source: Language
    translating: Passage
    digest: str
    draft: bool
    day: date
    market: MarketChoice
    choices: tuple[MarketChoice, ...]
    introduction: tuple[Passage, ...]
    sections: tuple[GuidedSection, ...]
    steps: Steps
    questions: tuple[Question, ...]
    measures: tuple[Measure, ...]
    known: tuple[KnownQuestion, ...]

    @property
    def is_drawn(self) -> bool:
        """Whether the tree of the whole policy is small enough to be read at once."""
        return len(self.steps.asked) <= MOST_DRAWN


def guidance_of(
    pack: Pack,
    policy_id: str,
    facts: Facts,
    *,
    market: str | None = None,
    wording: Wording = IN_SOURCE,
    rulings: Rulings = lambda rule, market: (),
) -> Guidance | None:
    """The guidance of a policy; None where the pack has no such policy, or no market of that name."""
    policy = next((one for one in pack.policies if one.id == policy_id), None)
    if policy is None or file_of(policy, pack) not in pack.files:
        return None
    decider = decider_of(pack)
    choices = _choices(policy, decider)
    chosen = _chosen(market, choices, decider)
    if chosen is None:
        return None
    return _Writer(pack, policy, decider, facts, wording, rulings, chosen).guidance(choices)


class _Writer:
    def __init__(
        self,
        pack: Pack,
        policy: Policy,
        decider: Decider,
        facts: Facts,
        wording: Wording,
        rulings: Rulings,
        market: MarketChoice,
    ) -> None:
        self.pack, self.policy, self.decider, self.facts = pack, policy, decider, facts
        self.wording, self.rulings, self.market = wording, rulings, market
        self.found = pieces_of(pack.files[file_of(policy, pack)], policy.path)
        self.words = {each.context: each for each in strings_of_vocabulary(pack)}
        self.titles = {each.place: each for each in self.found.strings if each.kind == "example"}
        begins = day_of(policy.period.effective) or facts.day
        self.as_of = instant_of_day(max(facts.day, begins))

    def guidance(self, choices: tuple[MarketChoice, ...]) -> Guidance:
        sections = tuple(self._sections())
        rules = [rule for section in sections for rule in section.rules]
        title, source = self.found.title, known_language(SOURCE_LANGUAGE)
        return Guidance(
            policy=self.policy.id,
            title=Passage(self.policy.title) if title is None else self.wording.policy.passage(title),
            version=self.policy.version,
            owner=self.policy.owner,
            language=known_language(self.wording.language),
            source=source,
            translating=self.wording.label("translating", language=source.name),
            digest=self.facts.digest,
            draft=self.facts.draft,
            day=self.facts.day,
            market=self.market,
            choices=choices,
            introduction=self._blocks(0, "prose"),
            sections=sections,
            steps=self._steps(self.policy.subject, lambda ref: ref.startswith(f"{self.policy.id}/")),
            questions=tuple(self._questions(rules)),
            measures=tuple(dict.fromkeys(one for rule in rules for one in (*rule.measures, *rule.meanwhile))),
            known=tuple(self.rulings("", self._code())),
        )

    def _sections(self) -> Iterator[GuidedSection]:
        for piece in self.found.pieces:
            if piece.kind != "heading":
                continue
            number = piece.section
            mine = [rule for rule in self.policy.rules if section_of(rule, self.policy) == number]
            rules = tuple(self._rule(rule) for rule in mine if self._is_active(rule))
            prose, moderators = self._blocks(number, "prose"), self._blocks(number, "moderators")
            source = piece.strings[0].text if piece.strings else ""
            title = self.wording.policy.passage(piece.strings[0]) if piece.strings else Passage("")
            if rules or moderators or not mine:
                yield GuidedSection(number, name_of(source, number), title, prose, moderators, rules)

    def _blocks(self, section: int, kind: str) -> tuple[Passage, ...]:
        mine = (each for each in self.found.pieces if each.section == section and each.kind == kind)
        return tuple(of_piece(self.found, each, self.wording) for each in mine)

    def _scene(self, subject: str) -> Scene:
        return self.decider.scenes(self.as_of, subject, (self._code(),))[0]

    def _code(self) -> str:
        return self.market.codes[0]

    def _is_active(self, rule: Rule) -> bool:
        place = next(at for at, one in enumerate(self.decider.program.rules) if one.rule.ref == rule.ref)
        return bool(self._scene(rule.subject).active >> place & 1)

    def _steps(self, subject: str, wanted: Callable[[str], bool]) -> Steps:
        return steps_of(self._scene(subject), self.decider, wanted, self._question_words)

    def _question_words(self, signal: str, question: str) -> str:
        return self._said(f"signals/{signal}/question", question).words

    def _rule(self, rule: Rule) -> GuidedRule:
        reaching = self.pack.exceptions_of[rule.ref]
        exceptions = (plain_condition(one.when.expression, self.pack.vocabulary) for one in reaching)
        return GuidedRule(
            ref=rule.ref,
            anchor=f"rule-{rule.id}",
            severity=rule.severity,
            holds=plain_rule(rule, self.pack),
            measures=self._measures(rule.then),
            meanwhile=self._measures(rule.until_known),
            exceptions=tuple(dict.fromkeys(exceptions)),
            bars_exceptions=rule.no_exception,
            specialist=rule.enforced_by == "specialist",
            steps=self._steps(rule.subject, lambda ref: ref == rule.ref),
            examples=tuple(self._examples(rule)),
            known=tuple(self.rulings(rule.id, self._code())),
        )

    def _examples(self, rule: Rule) -> Iterator[ShownExample]:
        for example in examples_of(rule, self.policy.examples, self.pack):
            yield shown_example(example, rule, self.pack, self._example_title(example.title))

    def _example_title(self, title: str) -> Passage:
        found = next((each for each in self.titles.values() if each.text == " ".join(title.split())), None)
        return Passage(title) if found is None else self.wording.policy.passage(found)

    def _measures(self, named: tuple[Named, ...]) -> tuple[Measure, ...]:
        return tuple(self.pack.measures.by_id[one.name] for one in named if one.name in self.pack.measures.by_id)

    def _questions(self, rules: Sequence[GuidedRule]) -> Iterator[Question]:
        named = {asked.signal for rule in rules for asked in rule.steps.asked}
        for rule in self.policy.rules:
            if any(rule.ref == one.ref for one in rules):
                named |= signals_of(rule.when.expression)
        for signal in self.pack.vocabulary.signals:
            if signal.name not in named or signal.calendar is not None:
                continue
            prefix = f"signals/{signal.name}"
            answers = [
                (value.name.replace("_", " "), self._said(f"{prefix}/answer/{value.name}", value.phrase))
                for value in signal.values
            ]
            yield Question(
                f"question-{signal.name.replace('.', '-')}",
                signal.name,
                self._said(f"{prefix}/question", signal.question or signal.title),
                self._said(f"{prefix}/help", signal.help) if signal.help else None,
                tuple(answers),
                signal.seconds,
                signal.exposure,
                signal.precedence,
            )

    def _said(self, context: str, text: str) -> Passage:
        found = self.words.get(context)
        return Passage(text) if found is None else self.wording.vocabulary.passage(found)


def _choices(policy: Policy, decider: Decider) -> tuple[MarketChoice, ...]:
    """Markets by the rules of this policy that hold there; those that the policy treats alike are one choice."""
    markets_of, alike = decider.pack.markets_of, dict[frozenset[str], list[MarketClass]]()
    for found in decider.program.classes:
        holding = frozenset(
            rule.ref for rule in policy.rules if (codes := markets_of[rule.ref]) is None or found.codes <= codes
        )
        alike.setdefault(holding, []).append(found)
    made = [_choice(classes) for classes in alike.values()]
    if len(made) == 1:
        return (MarketChoice(EVERYWHERE, made[0].codes),)
    return tuple(sorted(made, key=lambda each: (each.name == REST, each.name)))


def _choice(classes: Sequence[MarketClass]) -> MarketChoice:
    codes = tuple(sorted(frozenset().union(*(each.codes for each in classes))))
    if any(each.name == REST for each in classes):
        rest = next(each for each in classes if each.name == REST)
        return MarketChoice(REST, (rest.example, *(code for code in codes if code != rest.example)))
    return MarketChoice(classes[0].name if len(classes) == 1 else "+".join(each.name for each in classes), codes)


def _chosen(market: str | None, choices: Sequence[MarketChoice], decider: Decider) -> MarketChoice | None:
    if market is None:
        return choices[-1]
    named = next((each for each in choices if each.name == market), None)
    if named is not None:
        return named
    code = market.upper()
    found = next((each for each in choices if code in each.codes), None)
    return None if found is None else MarketChoice(code, (code,))
