"""`measures.yaml` to measures. It collects every fault and keeps what can be kept."""

from __future__ import annotations

from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.identifiers import MEASURE_NAME
from assay.engine.kernel.span import Span
from assay.engine.language.document.fields import Fields
from assay.engine.language.document.yaml_tree import Mapping, Node, Scalar, Sequence
from assay.engine.language.pack.measures import Cure, Invariant, Ladder, Measure, Measures
from assay.engine.language.pack.read_signals import read_given_values
from assay.engine.language.pack.vocabulary import Vocabulary
from assay.engine.language.problems.words import unknown_measure
from assay.engine.language.problems.writing import bad_value

_TOP = ("ladders", "sets", "counters", "single", "incompatible", "invariants", "label_never_cures")
_MEASURE = ("title", "phrase", "after_grace")
_CURE = ("measures", "undisclosed", "disclosed", "when")


class _Reader:
    def __init__(self, problems: list[Diagnostic]) -> None:
        self.problems = problems
        self.measures: dict[str, Measure] = {}
        self.titles: dict[str, str] = {}
        self.ladders: list[Ladder] = []

    def add(self, measure: Measure, span: Span) -> None:
        if not MEASURE_NAME.match(measure.id):
            hint = "use a-z, 0-9 and _"
            self.problems.append(bad_value.report(f"`{measure.id}` cannot name a measure", span, hint))
        elif measure.id in self.measures:
            self.problems.append(bad_value.report(f"two measures are named `{measure.id}`", span, "rename one"))
        else:
            self.measures[measure.id] = measure

    def ladder(self, key: Scalar, node: Mapping) -> None:
        fields = Fields(node, f"the ladder `{key.text}`", ("title", "base", "steps", "after_grace"), self.problems)
        title = self.titles[key.text] = fields.text("title", key.text)
        after = fields.flag("after_grace")
        base_node = fields.mapping("base", required=True)
        base = self.step(base_node, key.text, 0, after) if base_node is not None else None
        steps: list[Measure] = []
        for node_below in fields.items("steps"):
            if not isinstance(node_below, Mapping):
                self.problems.append(bad_value.report("a step holds keys and values", node_below.span))
                continue
            measure = self.step(node_below, key.text, len(steps) + 1, after)
            self.add(measure, node_below.span)
            steps.append(measure)
        if base is not None:
            self.ladders.append(Ladder(key.text, title, base, tuple(steps)))

    def step(self, node: Mapping, family: str, rank: int, after: bool) -> Measure:
        fields = Fields(node, "this step", ("id", *_MEASURE), self.problems)
        name = fields.text("id", required=True)
        title = fields.text("title", name)
        phrase = fields.text("phrase", title)
        return Measure(name, title, phrase, "step", family, rank, fields.flag("after_grace", after))

    def family(self, key: Scalar, node: Mapping, below: str, kind: str) -> None:
        fields = Fields(node, f"`{key.text}`", ("title", below, "after_grace"), self.problems)
        self.titles[key.text] = fields.text("title", key.text)
        after = fields.flag("after_grace")
        members = fields.mapping(below, required=True)
        for name, inner in members.entries if members is not None else ():
            self.member(f"{key.text}:{name.text}", key.text, kind, name, inner, after=after)

    def member(self, name: str, family: str, kind: str, key: Scalar, node: Node, *, after: bool) -> None:
        if not isinstance(node, Mapping):
            self.problems.append(bad_value.report(f"`{key.text}` holds keys and values", node.span))
            return
        fields = Fields(node, f"the measure `{name}`", _MEASURE, self.problems)
        title = fields.text("title", name)
        phrase, spared = fields.text("phrase", title), fields.flag("after_grace", after)
        self.add(Measure(name, title, phrase, kind, family, 0, spared), key.span)

    def pairs(self, nodes: tuple[Node, ...]) -> list[tuple[str, str]]:
        found = []
        for node in nodes:
            names = [item for item in node.items if isinstance(item, Scalar)] if isinstance(node, Sequence) else []
            if len(names) != 2:
                self.problems.append(bad_value.report("`incompatible` lists pairs", node.span, "write `- [a, b]`"))
                continue
            for name in names:
                if name.text not in self.measures:
                    self.problems.append(unknown_measure.report(name.text, self.measures, name.span))
            found.append((names[0].text, names[1].text))
        return found

    def invariants(self, nodes: tuple[Node, ...]) -> list[Invariant]:
        found: dict[str, Invariant] = {}
        for node in nodes:
            if not isinstance(node, Mapping):
                self.problems.append(bad_value.report("an invariant holds keys and values", node.span))
                continue
            fields = Fields(node, "this invariant", ("id", "text", "holds"), self.problems)
            name, text = fields.text("id", required=True), fields.text("text", required=True)
            holds = fields.condition("holds", required=True)
            place = fields.place("id")
            if name in found:
                self.problems.append(bad_value.report(f"two invariants are named `{name}`", place, "rename one"))
            elif name and holds is not None:
                found[name] = Invariant(name, text, holds.expression, holds.source, place)
        return list(found.values())

    def cure(self, node: Mapping, vocabulary: Vocabulary) -> Cure | None:
        fields = Fields(node, "`label_never_cures`", _CURE, self.problems)
        measures, when = fields.names("measures", required=True), fields.condition("when")
        without, labelled = fields.mapping("undisclosed", required=True), fields.mapping("disclosed", required=True)
        if without is None or labelled is None or (when is None and node.get("when") is not None):
            return None
        undisclosed = read_given_values(without, vocabulary, self.problems)
        disclosed = read_given_values(labelled, vocabulary, self.problems)
        if undisclosed == disclosed:
            words = "`undisclosed` and `disclosed` say the same"
            self.problems.append(bad_value.report(words, labelled.span, "write what a label changes"))
        return Cure(measures, undisclosed, disclosed, when, fields.place("measures"))


def read_measures(node: Mapping, vocabulary: Vocabulary, problems: list[Diagnostic]) -> Measures:
    """The measures of a pack, ladders first, in the order declared, and what is promised of them."""
    fields = Fields(node, "measures.yaml", _TOP, problems)
    reader = _Reader(problems)
    for section, below, kind in (("ladders", "", ""), ("sets", "members", "member"), ("counters", "kinds", "kind")):
        families = fields.mapping(section)
        for key, inner in families.entries if families is not None else ():
            if not isinstance(inner, Mapping):
                problems.append(bad_value.report(f"`{key.text}` holds keys and values", inner.span))
            elif section == "ladders":
                reader.ladder(key, inner)
            else:
                reader.family(key, inner, below, kind)
    single = fields.mapping("single")
    for key, inner in single.entries if single is not None else ():
        reader.member(key.text, key.text, "single", key, inner, after=False)
    cure = fields.mapping("label_never_cures")
    return Measures(
        all=tuple(reader.measures.values()),
        ladders=tuple(reader.ladders),
        titles=reader.titles,
        incompatible=tuple(reader.pairs(fields.items("incompatible"))),
        invariants=tuple(reader.invariants(fields.items("invariants"))),
        span=node.span,
        label_never_cures=reader.cure(cure, vocabulary) if cure is not None else None,
    )
