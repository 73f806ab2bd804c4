"""Reads totals that are known from elsewhere, such as uploads by language, from a YAML file. It guesses none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assay.engine.backtest.history.block import DIMENSIONS
from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.span import Span
from assay.engine.language.document.fields import Fields, number_of
from assay.engine.language.document.yaml_tree import MalformedYaml, Scalar, read_yaml
from assay.engine.language.document.yaml_tree import Mapping as YamlMapping
from assay.engine.language.problems.writing import bad_value

_LARGEST = 1024 * 1024
_FORM = "write it as `language: {de: 1250000, fr: 990000}`"


@dataclass(frozen=True, slots=True)
class Totals:
    """How many decisions there were by the values of one dimension."""

    dimension: str
    sizes: Mapping[str, float]


def read_totals(path: Path) -> Totals | list[Diagnostic]:
    """The totals in a file; or everything that is wrong with it."""
    whole = Span(str(path), 1, 1)
    try:
        content = path.read_bytes()[: _LARGEST + 1]
        text = content.decode("utf-8")
    except OSError as error:
        reason = (error.strerror or "it cannot be read").lower()
        return [Diagnostic("missing-file", f"`{path}` cannot be opened: {reason}", whole)]
    except UnicodeDecodeError:
        return [bad_value.report("the file is not UTF-8 text", whole, "save it as UTF-8")]
    if len(content) > _LARGEST:
        return [bad_value.report("the file is larger than 1 MiB, and totals are not", whole)]
    return totals_of(text, str(path))


def totals_of(text: str, path: str) -> Totals | list[Diagnostic]:
    """The same from a text; `path` is how faults name it."""
    try:
        node = read_yaml(text, path)
    except MalformedYaml as error:
        return [Diagnostic("malformed-yaml", error.words, error.span, error.hint)]
    if not isinstance(node, YamlMapping):
        return [bad_value.report("totals are a dimension with its values", Span(path, 1, 1), _FORM)]
    problems: list[Diagnostic] = []
    fields = Fields(node, "a file of totals", DIMENSIONS, problems)
    given = [key for key in DIMENSIONS if node.get(key) is not None]
    if len(given) != 1 and not problems:
        # Totals of two dimensions would have to be raked, and their joint sizes are not known.
        problems.append(bad_value.report("totals are given for one dimension", node.span, _FORM))
    sizes = _sizes(fields, given[0]) if given else {}
    if not problems and not any(sizes.values()):
        problems.append(bad_value.report("the totals come to nothing", node.span, _FORM))
    return problems or Totals(given[0], sizes)


def _sizes(fields: Fields, dimension: str) -> dict[str, float]:
    node = fields.mapping(dimension)
    sizes: dict[str, float] = {}
    for name, value in node.entries if node is not None else ():
        number = number_of(value.text) if isinstance(value, Scalar) else None
        if number is None or number < 0:
            hint = "write how many decisions there were, 0 or more"
            fields.problems.append(bad_value.report(f"the total of `{name.text}` is no count", value.span, hint))
        else:
            sizes[name.text] = number
    return sizes
