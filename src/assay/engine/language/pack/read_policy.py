"""A policy document to a policy. It collects every fault and keeps what can be kept."""

from __future__ import annotations

from dataclasses import dataclass, field

from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.identifiers import SLUG, did_you_mean
from assay.engine.kernel.instants import DAY
from assay.engine.kernel.span import Span
from assay.engine.language.document.fields import Fields, number_of
from assay.engine.language.document.markdown import KINDS, Block, read_document
from assay.engine.language.document.yaml_tree import MalformedYaml, Mapping, Scalar, read_yaml
from assay.engine.language.pack.policy import SEVERITIES, Example, Exemption, Named, Period, Policy, Rule
from assay.engine.language.pack.read_signals import read_given_values
from assay.engine.language.pack.vocabulary import SUBJECTS, Vocabulary
from assay.engine.language.problems.dates import effective_after_sunset
from assay.engine.language.problems.writing import bad_value, malformed_block, malformed_front_matter

_FRONT = ("policy", "title", "version", "owner", "effective", "grace", "sunset", "subject")
RULE_KEYS = (
    "id when unless then until_known severity harm no_exception meets markets surfaces audience effective sunset "
    "rollout subject enforced_by"
).split()
EXCEPTION_KEYS = ("id", "when", "reaches")
EXAMPLE_KEYS = ("title", "rule", "given", "markets", "as_of", "catches", "expect")
_TRUTHS = ("yes", "no", "unknown")


@dataclass(slots=True)
class _Head:
    id: str = ""
    title: str = ""
    version: str = "0"
    owner: str = ""
    period: Period = field(default_factory=Period)
    grace: int = 0
    subject: str = "item"


class _Reader:
    def __init__(self, path: str, vocabulary: Vocabulary, problems: list[Diagnostic]) -> None:
        self.path, self.vocabulary, self.problems = path, vocabulary, problems
        self.head = _Head()
        self.rules: list[Rule] = []
        self.exceptions: list[Exemption] = []
        self.examples: list[Example] = []

    def front(self, text: str | None, line: int) -> None:
        place = Span(self.path, 1, 1, 3)
        if text is None:
            words = "the policy has no front matter"
            self.problems.append(malformed_front_matter.report(words, place, "begin it with `---` and `policy: …`"))
            return
        try:
            node = read_yaml(text, self.path, line)
        except MalformedYaml as error:
            self.problems.append(malformed_front_matter.report(error.words, error.span, error.hint))
            return
        if not isinstance(node, Mapping):
            self.problems.append(malformed_front_matter.report("the front matter holds keys and values", place))
            return
        fields = Fields(node, "the front matter", _FRONT, self.problems)
        head = self.head
        head.id = self.slug(fields, "policy")
        head.title, head.version = fields.text("title", head.id, required=True), fields.text("version", required=True)
        head.owner, head.grace = fields.text("owner", required=True), fields.days("grace")
        head.subject = fields.one_of("subject", SUBJECTS, "item")
        head.period = self.period(fields, Period())

    def slug(self, fields: Fields, key: str) -> str:
        found = fields.scalar(key, required=True)
        if found is None:
            return ""
        if not SLUG.match(found.text):
            words = f"`{found.text[:40]}` cannot be a name here"
            self.problems.append(bad_value.report(words, found.span, "use a-z, 0-9 and hyphens"))
        return found.text

    def period(self, fields: Fields, outer: Period) -> Period:
        effective, sunset = fields.instant("effective"), fields.instant("sunset")
        effective = outer.effective if effective is None else effective
        sunset = outer.sunset if sunset is None else sunset
        own = [key for key in ("effective", "sunset") if fields.node.get(key) is not None]
        if own and effective is not None and sunset is not None and effective >= sunset:
            self.problems.append(effective_after_sunset.report("effective", "sunset", fields.place(own[0])))
        return Period(effective, sunset)

    def block(self, block: Block) -> None:
        place = Span(self.path, block.line, block.column)
        if block.kind not in KINDS:
            words = f"there is no block `yaml {block.kind}`"
            hint = did_you_mean(block.kind, KINDS) or "it is rule, exception or example"
            self.problems.append(malformed_block.report(words, Span(self.path, block.line - 1, block.column, 3), hint))
            return
        try:
            node = read_yaml(block.text, self.path, block.line, block.column)
        except MalformedYaml as error:
            self.problems.append(malformed_block.report(error.words, error.span, error.hint))
            return
        if not isinstance(node, Mapping):
            place = place if node is None else node.span
            self.problems.append(malformed_block.report("a block holds keys and values", place, "write `key: value`"))
            return
        if block.kind == "rule":
            self.rule(node, block)
        elif block.kind == "exception":
            self.exception(node, block)
        else:
            self.example(node, block)

    def rule(self, node: Mapping, block: Block) -> None:
        fields = Fields(node, "this rule", RULE_KEYS, self.problems)
        name, when = self.slug(fields, "id"), fields.condition("when", required=True)
        unless = fields.condition("unless")
        then = fields.names("then", required=True)
        severity = fields.one_of("severity", SEVERITIES, "S0", required=True)
        period = self.period(fields, self.head.period)
        rollout = self.rollout(fields)
        if when is None or not name or (unless is None and node.get("unless") is not None):
            return
        grace = self.head.grace
        self.rules.append(
            Rule(
                policy=self.head.id,
                id=name,
                title=block.heading or name,
                when=when,
                unless=unless,
                then=then,
                until_known=fields.names("until_known"),
                severity=severity,
                harm=fields.text("harm") or None,
                no_exception=fields.flag("no_exception"),
                meets=fields.names("meets"),
                markets=fields.names("markets"),
                surfaces=fields.names("surfaces"),
                audience=fields.names("audience"),
                period=period,
                grace_until=period.effective + grace if grace and period.effective is not None else None,
                rollout=rollout,
                subject=fields.one_of("subject", SUBJECTS, self.head.subject),
                enforced_by=fields.one_of("enforced_by", ("anyone", "specialist"), "anyone"),
                span=fields.place("id"),
            )
        )

    def rollout(self, fields: Fields) -> float:
        found = fields.scalar("rollout")
        if found is None:
            return 1.0
        percent = number_of(found.text.strip().removesuffix("%")) if found.text.strip().endswith("%") else None
        if percent is None or not 0 <= percent <= 100:
            words = f"`{found.text[:20]}` is no share of items"
            self.problems.append(bad_value.report(words, found.span, "write it as `10%`"))
            return 1.0
        return percent / 100

    def exception(self, node: Mapping, block: Block) -> None:
        fields = Fields(node, "this exception", EXCEPTION_KEYS, self.problems)
        name, when = self.slug(fields, "id"), fields.condition("when", required=True)
        reaches = fields.names("reaches", required=True)
        if when is not None and name:
            title = block.heading or name
            self.exceptions.append(Exemption(self.head.id, name, title, when, reaches, fields.place("id")))

    def example(self, node: Mapping, block: Block) -> None:
        fields = Fields(node, "this example", EXAMPLE_KEYS, self.problems)
        rule = next(iter(fields.names("rule")), None)
        if rule is None and self.rules:
            # The nearest rule above it is what a reader takes it for.
            rule = Named(self.rules[-1].id, self.rules[-1].span)
        given = fields.mapping("given", required=True)
        expect = fields.mapping("expect")
        expected = []
        for key, inner in expect.entries if expect is not None else ():
            if not isinstance(inner, Scalar) or inner.text not in _TRUTHS:
                self.problems.append(bad_value.report("a measure is yes, no or unknown", inner.span))
            else:
                expected.append((Named(key.text, key.span), inner.text))
        self.examples.append(
            Example(
                policy=self.head.id,
                title=fields.text("title", required=True),
                rule=rule,
                given=read_given_values(given, self.vocabulary, self.problems) if given is not None else {},
                market=self.market(fields),
                as_of=fields.instant("as_of"),
                catches=fields.one_of("catches", _TRUTHS, "") or None,
                expect=tuple(expected),
                span=fields.place("title"),
            )
        )

    def market(self, fields: Fields) -> Named | None:
        names = fields.names("markets")
        if len(names) > 1 or any(named.name.startswith("not:") for named in names):
            hint = "write one code, and an example for each market that matters"
            self.problems.append(
                bad_value.report("an example is decided for one market", fields.place("markets"), hint)
            )
        return names[0] if len(names) == 1 and not names[0].name.startswith("not:") else None


def read_policy(text: str, path: str, vocabulary: Vocabulary, problems: list[Diagnostic]) -> Policy:
    """A policy as read; what could not be read is missing from it and stands in `problems`."""
    document = read_document(text)
    reader = _Reader(path, vocabulary, problems)
    reader.front(document.front, document.front_line)
    for block in document.blocks:
        reader.block(block)
    head = reader.head
    return Policy(
        id=head.id,
        title=head.title,
        version=head.version,
        owner=head.owner,
        path=path,
        period=head.period,
        grace=head.grace // DAY,
        subject=head.subject,
        introduction=document.sections[0],
        sections=document.sections[1:],
        rules=tuple(reader.rules),
        exceptions=tuple(reader.exceptions),
        examples=tuple(reader.examples),
        span=Span(path, 1, 1, 3),
    )
