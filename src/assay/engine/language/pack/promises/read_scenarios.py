"""`scenarios.yaml` to protected scenarios. It collects every fault and keeps what can be kept."""

from __future__ import annotations

from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.identifiers import SLUG
from assay.engine.language.document.fields import Fields
from assay.engine.language.document.yaml_tree import Mapping
from assay.engine.language.pack.promises.scenarios import Scenario
from assay.engine.language.pack.read_signals import read_given_values
from assay.engine.language.pack.vocabulary import Vocabulary
from assay.engine.language.problems.writing import bad_value

_KEYS = ("id", "title", "given", "markets", "never")


def read_scenarios(node: Mapping, vocabulary: Vocabulary, problems: list[Diagnostic]) -> tuple[Scenario, ...]:
    """The scenarios below `protected:`, in the order declared; of two with one name the first is kept."""
    top = Fields(node, "scenarios.yaml", ("protected",), problems)
    found: dict[str, Scenario] = {}
    for below in top.items("protected"):
        if not isinstance(below, Mapping):
            problems.append(bad_value.report("a scenario holds keys and values", below.span))
            continue
        fields = Fields(below, "this scenario", _KEYS, problems)
        scenario = _read_scenario(fields, vocabulary, problems)
        if not scenario.id:
            continue
        if not SLUG.match(scenario.id):
            hint = "use a-z, 0-9 and hyphens"
            problems.append(bad_value.report(f"`{scenario.id[:40]}` cannot name a scenario", scenario.span, hint))
        elif scenario.id in found:
            problems.append(bad_value.report(f"two scenarios are named `{scenario.id}`", scenario.span, "rename one"))
        else:
            found[scenario.id] = scenario
    return tuple(found.values())


def _read_scenario(fields: Fields, vocabulary: Vocabulary, problems: list[Diagnostic]) -> Scenario:
    given = fields.mapping("given", required=True)
    return Scenario(
        id=fields.text("id", required=True),
        title=fields.text("title", required=True),
        given=read_given_values(given, vocabulary, problems) if given is not None else {},
        markets=fields.names("markets"),
        never=fields.names("never", required=True),
        span=fields.place("id"),
    )
