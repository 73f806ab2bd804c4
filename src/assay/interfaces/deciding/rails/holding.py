"""The texts of a pack with brakes on: some measures of some rules fall back to review. It changes no condition.

What harms people most (severity S4) is not put back before everybody's eyes by a brake: where such a rule hid an item,
the item is hidden still, by a step that is lifted once somebody has looked (`held`).
Only the lists `then` and `until_known` of the rules that are held are written anew. Their examples stay; where what an
example says of its rule followed from a measure that is held, it is written out (`catches: yes`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence as SequenceOf

from assay.engine.kernel.errors import Fault
from assay.engine.language.document.markdown import Block, read_document
from assay.engine.language.document.yaml_tree import MalformedYaml, Mapping, Node, Scalar, Sequence, read_yaml
from assay.engine.language.pack.pack import Pack, full_reference
from assay.engine.language.pack.policy import Named, Policy, Rule
from assay.engine.language.problems.examples.missing_example import catches
from assay.interfaces.deciding.lineup import Hold

LISTS = ("then", "until_known")
GRAVE = "S4"


def held_texts(pack: Pack, holds: tuple[Hold, ...], instead: str) -> MappingOf[str, str] | Fault:
    """The pack's texts, in which rules fall back where they imposed measures that are held.

    instead  the measure that they fall back to; after a space, the step that a grave rule hides an item by meanwhile
    """
    review, _, shelter = instead.partition(" ")
    for name in filter(None, (review, shelter)):
        if name not in pack.measures.by_id:
            words = f"the pack has no measure `{name}` to fall back to; name one of its measures"
            return Fault("unknown-measure", words, "instead" if name == review else "shelter")
    held: dict[str, frozenset[str]] = {}
    for hold in holds:
        if hold.rule not in pack.rule_by_ref:
            return Fault("unknown-rule", f"the pack has no rule `{hold.rule}`", "rule")
        held[hold.rule] = held.get(hold.rule, frozenset()) | frozenset(hold.measures) - {review, shelter}
    texts = dict(pack.files)
    for policy in pack.policies:
        lists = {
            rule.id: {
                "then": _without(pack, rule, rule.then, held[rule.ref], review, shelter),
                "until_known": _without(pack, rule, rule.until_known, held[rule.ref], review, shelter),
            }
            for rule in policy.rules
            if rule.ref in held
        }
        if lists:
            name = _file_of(pack, policy)
            texts[name] = _held_policy(texts[name], lists, _catching(pack, policy, held))
    return texts


def imposes(rule: Rule, measure: str) -> bool:
    """Whether a rule imposes a measure, for good or until more is known."""
    return any(named.name == measure for named in (*rule.then, *rule.until_known))


def _without(
    pack: Pack, rule: Rule, imposed: SequenceOf[Named], held: frozenset[str], review: str, shelter: str
) -> list[str]:
    """What is imposed once some measures are held, in order."""
    names = [named.name for named in imposed]
    left = [review if name in held else name for name in names]
    if shelter and rule.severity == GRAVE and any(_hides_more(pack, name, shelter) for name in names if name in held):
        left.append(shelter)
    return list(dict.fromkeys(left))


def _hides_more(pack: Pack, measure: str, shelter: str) -> bool:
    found, step = pack.measures.by_id.get(measure), pack.measures.by_id[shelter]
    return found is not None and found.kind == "step" and found.family == step.family and found.rank > step.rank


def _file_of(pack: Pack, policy: Policy) -> str:
    """The name of a policy's text: places carry what stands before names, such as the pack's folder."""
    return max((name for name in pack.files if policy.path.endswith(name)), key=len)


def _catching(pack: Pack, policy: Policy, held: MappingOf[str, frozenset[str]]) -> dict[int, str]:
    """By the line of its title: what an example says of a rule that is held, where it does not say so in a word."""
    found = {}
    for example in policy.examples:
        rule = pack.rule_by_ref.get(full_reference(example.rule.name, policy.id)) if example.rule else None
        if rule is not None and rule.ref in held and example.catches is None:
            truth = catches(example, rule)
            if truth is not None:
                found[example.span.line] = truth
    return found


def _held_policy(
    text: str, lists: MappingOf[str, MappingOf[str, SequenceOf[str]]], catching: MappingOf[int, str]
) -> str:
    lines = text.split("\n")
    # From the last to the first, so that the lines of the others keep their numbers.
    for block in reversed(read_document(text).blocks):
        try:
            node = read_yaml(block.text, "", block.line, block.column)
        except MalformedYaml:
            continue
        if not isinstance(node, Mapping):
            continue
        name, title = node.get("id"), node.get("title")
        if block.kind == "rule" and isinstance(name, Scalar) and name.text.strip() in lists:
            left = lists[name.text.strip()]
            _write(lines, block, node, {key: f"[{', '.join(left[key])}]" for key in LISTS if node.get(key) is not None})
        elif block.kind == "example" and isinstance(title, Scalar) and title.span.line in catching:
            _write(lines, block, node, {"catches": catching[title.span.line]})
    return "\n".join(lines)


def _write(lines: list[str], block: Block, node: Mapping, new: MappingOf[str, str]) -> None:
    """Put new values for some keys into a block; a key that is not there comes first."""
    first, last = block.line - 1, block.line - 1 + len(block.text.rstrip("\n").split("\n"))
    rows = [key.span.line - 1 for key, _ in node.entries]
    margin = " " * (block.column - 1)
    added = [f"{margin}{key}: {value}" for key, value in new.items() if node.get(key) is None]
    entries = list(zip(rows, [*rows[1:], last], node.entries, strict=True))
    if len(set(rows)) < len(rows) or any(_before(lines[row], key).strip() for row, _, (key, _) in entries):
        # Written as `{id: …, then: …}`: nothing stands on a line of its own, so all of it is written anew.
        kept = [f"{margin}{key.text}: {new.get(key.text) or _flow(value)}" for key, value in node.entries]
        lines[first:last] = added + kept
        return
    for row, below, (key, _) in reversed(entries):
        if key.text in new:
            lines[row : _end(lines, row, below)] = [f"{_before(lines[row], key)}{key.text}: {new[key.text]}"]
    lines[rows[0] : rows[0]] = [f"{_before(lines[rows[0]], node.entries[0][0])}{line.lstrip()}" for line in added]


def _end(lines: SequenceOf[str], row: int, below: int) -> int:
    """Where a value ends: comments above the next key stay where they are."""
    end = below
    while end - 1 > row and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return end


def _before(line: str, key: Scalar) -> str:
    return line[: key.span.column - 1]


def _flow(node: Node) -> str:
    """A value on one line; JSON's way of quoting is YAML's too."""
    if isinstance(node, Scalar):
        return json.dumps(node.text, ensure_ascii=False)
    if isinstance(node, Sequence):
        return f"[{', '.join(map(_flow, node.items))}]"
    return f"{{{', '.join(f'{_flow(key)}: {_flow(value)}' for key, value in node.entries)}}}"
