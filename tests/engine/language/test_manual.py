"""What the manual of packs shows is read by the program without a fault."""

from __future__ import annotations

import re

import pytest

from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.markets import Markets
from assay.engine.language.document.yaml_tree import Mapping, read_yaml
from assay.engine.language.pack.promises.read_harms import read_harms
from assay.engine.language.pack.promises.read_obligations import read_obligations
from assay.engine.language.pack.promises.read_scenarios import read_scenarios
from assay.engine.language.pack.read_calendar import read_windows
from assay.engine.language.pack.read_measures import read_measures
from assay.engine.language.pack.vocabulary import Vocabulary
from tests.conftest import ROOT
from tests.makers import a_signal, a_vocabulary

MARKETS = Markets({"EU": ("DE", "FR")})
VOCABULARY: Vocabulary = a_vocabulary(
    a_signal("ai_extent", "scale"),
    a_signal("context_kind", "set", ("news", "art")),
    a_signal("intimacy", "scale", ("none", "nude")),
    a_signal("creator_disclosed", "choice", ("none", "on_media")),
    a_signal("disclosure_quality", "choice", ("none", "clear")),
)


def shown(heading: str) -> Mapping:
    """The first YAML block below a heading of the manual."""
    text = (ROOT / "docs" / "language" / "pack.md").read_text(encoding="utf-8")
    (below,) = re.findall(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, flags=re.MULTILINE | re.DOTALL)
    node = read_yaml(re.findall(r"```yaml\n(.*?)```", below, flags=re.DOTALL)[0], heading)
    assert isinstance(node, Mapping)
    return node


@pytest.mark.parametrize("name", ["measures.yaml", "obligations.yaml", "harms.yaml", "scenarios.yaml", "calendar.yaml"])
def test_a_file_in_the_manual_reads(name: str) -> None:
    problems: list[Diagnostic] = []
    node = shown(name)
    read: object
    match name:
        case "measures.yaml":
            read = read_measures(node, VOCABULARY, problems).label_never_cures
        case "obligations.yaml":
            read = read_obligations(node, MARKETS, problems)
        case "harms.yaml":
            read = read_harms(node, problems).harms
        case "scenarios.yaml":
            read = read_scenarios(node, VOCABULARY, problems)
        case _:
            read = read_windows(node, MARKETS, problems)
    # The manual names two measures that its own short list leaves out.
    assert [problem.words for problem in problems if problem.slug != "unknown-measure"] == []
    assert read


KEYS = {
    "obligations.yaml": "title jurisdiction markets instrument provision bound binds_platform trigger duty clock "
    "effective until status kind evidence source confidence note property not_formal",
    "harms.yaml": "level harms title severity when answered_by",
    "scenarios.yaml": "id title given markets never",
}


@pytest.mark.parametrize("name", KEYS)
def test_every_key_stands_in_its_table(name: str) -> None:
    text = (ROOT / "docs" / "language" / "pack.md").read_text(encoding="utf-8")
    below = text.split(f"\n## {name}\n")[1].split("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", below, flags=re.MULTILINE) == KEYS[name].split()
