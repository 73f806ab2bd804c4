"""Packs as the texts of their files, and policy documents written as carelessly as people write. It tests nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from assay.engine.kernel.instants import format_instant
from assay.engine.language.expression.printer import print_expression
from assay.engine.language.expression.syntax import Expression
from assay.engine.language.pack.calendar import Window
from assay.engine.language.pack.measures import Measure, Measures
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Exemption, Named, Policy, Rule
from assay.engine.language.pack.vocabulary import Signal, SignalValue, Vocabulary
from tests.makers import packs

Pairs = list[tuple[str, str]]
Style = Callable[[str], str]


def quoted(text: str) -> str:
    """A text as YAML in double quotes, which can hold anything."""
    return json.dumps(text, ensure_ascii=False)


def single_quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def files_of(pack: Pack, style: Style = single_quoted) -> dict[str, str]:
    """The texts from which a pack reads as it is; examples are left out.

    style  how conditions are written
    """
    files = {
        "pack.yaml": _pack_text(pack),
        "signals.yaml": vocabulary_text(pack.vocabulary),
        "measures.yaml": _measures_text(pack.measures),
    }
    if pack.windows:
        files["calendar.yaml"] = "windows:\n" + "".join(_window_text(window) for window in pack.windows)
    for policy in pack.policies:
        files[f"policies/{policy.id}.md"] = policy_text(policy, style)
    return files


def _listed(names: Sequence[str]) -> str:
    return "[" + ", ".join(quoted(name) for name in names) + "]"


def _pack_text(pack: Pack) -> str:
    groups = "".join(f"  {name}: {_listed(members)}\n" for name, members in pack.markets.groups.items())
    head = f"pack: {pack.name}\ntitle: {quoted(pack.title)}\nversion: {pack.version}\n"
    lists = f"precedence: {_listed(pack.precedence)}\nsubdivisions: {_listed(pack.markets.subdivisions)}\n"
    return head + lists + (f"market_groups:\n{groups}" if groups else "")


def vocabulary_text(vocabulary: Vocabulary) -> str:
    return "signals:\n" + "".join(_signal_text(signal) for signal in vocabulary.signals)


def _signal_text(signal: Signal) -> str:
    pairs: Pairs = [("type", signal.type.value), ("title", quoted(signal.title)), ("question", quoted(signal.question))]
    pairs += [("phrase", quoted(signal.phrase))] if signal.phrase else []
    pairs += [("phrase_no", quoted(signal.phrase_no))] if signal.phrase_no else []
    pairs += [("minimum", repr(signal.minimum))] if signal.minimum is not None else []
    pairs += [("maximum", repr(signal.maximum))] if signal.maximum is not None else []
    pairs += [("integer", "yes")] if signal.integer else []
    pairs += [("subject", signal.subject), ("scope", signal.scope)]
    if signal.values:
        pairs.append(("values", "{" + ", ".join(_value_text(value) for value in signal.values) + "}"))
    if signal.calendar is not None:
        given = f"kind: {signal.calendar.kind}, gives: {signal.calendar.gives}"
        more = f", otherwise: {signal.calendar.otherwise}" if signal.calendar.otherwise else ""
        pairs.append(("calendar", "{" + given + more + "}"))
    return f"  {signal.name}:\n" + "".join(f"    {key}: {value}\n" for key, value in pairs)


def _value_text(value: SignalValue) -> str:
    clauses = (("not", value.negated), ("at_least", value.at_least), ("at_most", value.at_most))
    more = "".join(f", {key}: {quoted(clause)}" for key, clause in clauses if clause)
    return f"{value.name}: {{phrase: {quoted(value.phrase)}{more}}}"


def _measure_text(measure: Measure, *, with_id: bool = False) -> str:
    identifier = f"id: {measure.id}, " if with_id else ""
    after = ", after_grace: yes" if measure.after_grace else ""
    return f"{{{identifier}title: {quoted(measure.title)}, phrase: {quoted(measure.phrase)}{after}}}"


def _measures_text(measures: Measures) -> str:
    lines = ["ladders:"]
    for ladder in measures.ladders:
        base = _measure_text(ladder.base, with_id=True)
        lines += [f"  {ladder.id}:", f"    title: {quoted(ladder.title)}", f"    base: {base}", "    steps:"]
        lines += [f"      - {_measure_text(step, with_id=True)}" for step in ladder.steps]
    for section, kind, below in (("sets", "member", "members"), ("counters", "kind", "kinds")):
        lines.append(f"{section}:")
        found = [measure for measure in measures.all if measure.kind == kind]
        for family in dict.fromkeys(measure.family for measure in found):
            lines += [f"  {family}:", f"    title: {quoted(measures.titles[family])}", f"    {below}:"]
            members = [measure for measure in found if measure.family == family]
            lines += [f"      {measure.id.partition(':')[2]}: {_measure_text(measure)}" for measure in members]
    lines.append("single:")
    lines += [f"  {measure.id}: {_measure_text(measure)}" for measure in measures.all if measure.kind == "single"]
    lines.append("incompatible:")
    lines += [f"  - {_listed(pair)}" for pair in measures.incompatible]
    return "\n".join(lines) + "\n"


def _window_text(window: Window) -> str:
    pairs: Pairs = [("kind", window.kind), ("markets", _listed(sorted(window.markets))), ("phase", window.phase)]
    pairs += [("from", format_instant(window.start)), ("until", format_instant(window.until))]
    pairs += [("poll", format_instant(window.poll))] if window.poll is not None else []
    pairs += [("source", window.source), ("confidence", window.confidence)]
    return f"  - id: {window.id}\n" + "".join(f"    {key}: {value}\n" for key, value in pairs)


# -------------------------------------------------------------------- policies


def policy_text(policy: Policy, style: Style = single_quoted) -> str:
    """A policy as a document in the canonical order of keys."""
    head: Pairs = [("policy", policy.id), ("title", quoted(policy.title)), ("version", policy.version)]
    head += [("owner", policy.owner)]
    head += [("effective", format_instant(policy.period.effective))] if policy.period.effective is not None else []
    head += [("grace", f"{policy.grace} days")] if policy.grace else []
    head += [("sunset", format_instant(policy.period.sunset))] if policy.period.sunset is not None else []
    blocks = [_block("rule", rule.title, rule_pairs(rule, policy, style)) for rule in policy.rules]
    blocks += [_block("exception", e.title, exception_pairs(e, style)) for e in policy.exceptions]
    return "---\n" + _lines(head) + "---\n\n" + "\n".join(blocks)


def _lines(pairs: Pairs) -> str:
    return "".join(f"{key}: {value}\n" for key, value in pairs)


def _block(kind: str, title: str, pairs: Pairs) -> str:
    return f"## {title}\n\n```yaml {kind}\n{_lines(pairs)}```\n"


def _names(named: Sequence[Named]) -> str:
    return _listed([one.name for one in named])


def rule_pairs(rule: Rule, policy: Policy, style: Style) -> Pairs:
    """The keys and values of a rule's block."""

    def condition(expression: Expression) -> str:
        return style(print_expression(expression))

    pairs: Pairs = [("id", rule.id), ("when", condition(rule.when.expression))]
    pairs += [("unless", condition(rule.unless.expression))] if rule.unless is not None else []
    pairs.append(("then", _names(rule.then)))
    pairs += [("until_known", _names(rule.until_known))] if rule.until_known else []
    pairs.append(("severity", rule.severity))
    pairs += [("no_exception", "yes")] if rule.no_exception else []
    for key, listed in (("markets", rule.markets), ("surfaces", rule.surfaces), ("audience", rule.audience)):
        pairs += [(key, _names(listed))] if listed else []
    for key, instant, outer in (
        ("effective", rule.period.effective, policy.period.effective),
        ("sunset", rule.period.sunset, policy.period.sunset),
    ):
        pairs += [(key, format_instant(instant))] if instant is not None and instant != outer else []
    pairs += [("rollout", f"{rule.rollout * 100:g}%")] if rule.rollout < 1.0 else []
    pairs += [("subject", rule.subject)] if rule.subject != policy.subject else []
    return pairs


def exception_pairs(exception: Exemption, style: Style) -> Pairs:
    """The keys and values of an exception's block."""
    when = style(print_expression(exception.when.expression))
    return [("id", exception.id), ("when", when), ("reaches", _names(exception.reaches))]


# --------------------------------------------------------- carelessly written

COMMENTS = ("", "", "", "# why this is so\n", "# two\n# lines\n", "\n", "  # further in\n")
TRAILERS = ("", "", "", "   ", "  # beside it")


def folded(text: str) -> str:
    """A condition over several folded lines, broken after each `&&`."""
    return ">-\n  " + text.replace(" && ", " &&\n  ")


def literal(text: str) -> str:
    return "|\n  " + text.replace(" || ", "\n  || ")


def loose(text: str) -> str:
    """A condition with more space and brackets than it needs, in single quotes."""
    return single_quoted("( " + text + "  )")


STYLES: tuple[Style, ...] = (quoted, single_quoted, folded, literal, loose)


@st.composite
def documents(draw: DrawFn) -> tuple[Pack, str]:
    """A pack and its first policy as a person might write it: any order of keys, comments, blank lines, any style."""
    pack = draw(packs(most_rules=4))
    policy = pack.policies[0]
    parts = [draw(_careless("rule", rule_pairs(rule, policy, draw(st.sampled_from(STYLES))))) for rule in policy.rules]
    written = [exception_pairs(exception, draw(st.sampled_from(STYLES))) for exception in policy.exceptions]
    parts += [draw(_careless("exception", pairs)) for pairs in written]
    head = policy_text(policy).split("## ", maxsplit=1)[0]
    prose = st.sampled_from(
        ("\n", "\n\n\nWords that people read.   \n\n", "> **Moderators:** look twice.\n", "## Title\n")
    )
    text = head + "".join(draw(prose) + part for part in parts)
    return pack, text + draw(st.sampled_from(("", "\n\n\n", "The end.", "```yaml\nother: block\n```\n")))


@st.composite
def _careless(draw: DrawFn, kind: str, pairs: Pairs) -> str:
    pairs = draw(st.permutations(pairs))
    body = ""
    for key, value in pairs:
        trailer = "" if "\n" in value else draw(st.sampled_from(TRAILERS))
        body += draw(st.sampled_from(COMMENTS)) + f"{key}: {value}{trailer}\n"
    fence = draw(st.sampled_from(("```", "````", "~~~")))
    return f"{fence}yaml {kind}\n{body}{fence}\n"
