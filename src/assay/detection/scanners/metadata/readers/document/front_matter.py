"""Text with front matter: the one key that Chinese practice puts there. It never reads the prose behind it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import yaml

from assay.detection.scanners.metadata.bounded import Field, Malformed, Source

MAXIMUM_FRONT_MATTER = 16 * 1024
_KEY = "AIGC"


def text_fields(source: Source) -> Iterator[Field]:
    """The label as JSON, from `AIGC:` between the `---` lines that open the text."""
    head = source.peek(0, MAXIMUM_FRONT_MATTER).decode("utf-8", errors="replace").removeprefix("\ufeff")
    lines = head.split("\n")
    if lines[0].rstrip() != "---":
        return
    closing = next((index for index, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if closing is None:
        return
    # Only the one key's own lines are parsed: nothing else in the front matter can hide or break it.
    block = _block(lines[1:closing])
    if not block:
        return
    yield Field("front-matter", _KEY, _label("\n".join(block)))


def _label(block: str) -> str:
    try:
        # Nodes instead of values: nothing is expanded, and `1` stays the text that somebody wrote.
        root = yaml.compose(block, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise Malformed("the front matter's label is no YAML") from error
    node = root.value[0][1] if isinstance(root, yaml.MappingNode) and root.value else None
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    if not isinstance(node, yaml.MappingNode):
        raise Malformed("the front matter's label is neither a text nor a list of keys")
    return json.dumps({str(key.value): _scalar(value) for key, value in node.value}, ensure_ascii=False)


def _scalar(node: object) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise Malformed("the front matter's label holds more than texts")
    return str(node.value)


def _block(lines: list[str]) -> list[str]:
    block: list[str] = []
    for line in lines:
        if block and (line[:1] in " \t" or not line.strip()):
            block.append(line)
        elif block:
            break
        elif line.startswith(f"{_KEY}:"):
            block.append(line)
    return block
