"""The texts of a pack to a pack. It reads no folder itself and collects every fault."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf

from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.identifiers import MARKET_CODE, SLUG
from assay.engine.kernel.markets import COUNTRIES, Markets
from assay.engine.kernel.span import Span
from assay.engine.language.document.fields import Fields
from assay.engine.language.document.yaml_tree import MalformedYaml, Mapping, read_yaml
from assay.engine.language.pack.measures import Measures
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.promises.harms import NO_HARMS
from assay.engine.language.pack.promises.read_harms import read_harms
from assay.engine.language.pack.promises.read_obligations import read_obligations
from assay.engine.language.pack.promises.read_scenarios import read_scenarios
from assay.engine.language.pack.read_calendar import read_windows
from assay.engine.language.pack.read_measures import read_measures
from assay.engine.language.pack.read_policy import read_policy
from assay.engine.language.pack.read_signals import read_vocabulary
from assay.engine.language.pack.vocabulary import Vocabulary
from assay.engine.language.problems.rules import unknown_market
from assay.engine.language.problems.writing import bad_value, malformed_block, missing_file

_PACK = ("pack", "title", "version", "precedence", "market_groups", "subdivisions")
REQUIRED = ("pack.yaml", "signals.yaml", "measures.yaml")
OPTIONAL = ("obligations.yaml", "calendar.yaml", "harms.yaml", "scenarios.yaml")
POLICIES = "policies/"
DEFAULT_PRECEDENCE = ("reviewer", "authority", "evidence", "uploader", "mark", "detector")


def read_pack(files: MappingOf[str, str], root: str = "") -> tuple[Pack, list[Diagnostic]]:
    """A pack as read, and every fault of its writing.

    files  texts by name relative to the pack, such as `policies/likeness.md`
    root   put before names in places, such as `packs/starter/`
    """
    problems: list[Diagnostic] = []
    parts = {name: _part(files, name, root, problems) for name in (*REQUIRED, *OPTIONAL)}
    fields = Fields(parts["pack.yaml"] or _nothing(root + "pack.yaml"), "pack.yaml", _PACK, problems)
    precedence = tuple(named.name for named in fields.names("precedence")) or DEFAULT_PRECEDENCE
    markets = _read_markets(fields, problems)
    signals, measures = parts["signals.yaml"], parts["measures.yaml"]
    vocabulary = read_vocabulary(signals, precedence, problems) if signals else Vocabulary(())
    calendar, obligations = parts["calendar.yaml"], parts["obligations.yaml"]
    harms, scenarios = parts["harms.yaml"], parts["scenarios.yaml"]
    names = sorted(name for name in files if name.startswith(POLICIES) and name.endswith(".md"))
    pack = Pack(
        name=_pack_name(fields, problems) if parts["pack.yaml"] else "",
        title=fields.text("title"),
        version=fields.text("version", "0"),
        precedence=precedence,
        markets=markets,
        vocabulary=vocabulary,
        measures=read_measures(measures, vocabulary, problems) if measures else Measures(()),
        obligations=read_obligations(obligations, markets, problems) if obligations else (),
        windows=read_windows(calendar, markets, problems) if calendar else (),
        policies=tuple(read_policy(files[name], root + name, vocabulary, problems) for name in names),
        files={name: text for name, text in files.items() if name in parts or name in names},
        harms=read_harms(harms, problems) if harms else NO_HARMS,
        protected=read_scenarios(scenarios, vocabulary, problems) if scenarios else (),
    )
    return pack, problems


def _pack_name(fields: Fields, problems: list[Diagnostic]) -> str:
    name = fields.text("pack", required=True)
    if name and not SLUG.match(name):
        problems.append(bad_value.report(f"`{name}` cannot name a pack", fields.place("pack"), "use a-z and hyphens"))
    return name


def _nothing(path: str) -> Mapping:
    return Mapping((), Span(path, 1, 1))


def _part(files: MappingOf[str, str], name: str, root: str, problems: list[Diagnostic]) -> Mapping | None:
    place = Span(root + name, 1, 1)
    if name not in files:
        if name in REQUIRED:
            problems.append(missing_file.report(name, place))
        return None
    try:
        node = read_yaml(files[name], root + name)
    except MalformedYaml as error:
        problems.append(malformed_block.report(error.words, error.span, error.hint))
        return None
    if node is None and name in OPTIONAL:
        return None
    if not isinstance(node, Mapping):
        problems.append(malformed_block.report(f"`{name}` holds keys and values", place, "write `key: value`"))
        return None
    return node


def _read_markets(fields: Fields, problems: list[Diagnostic]) -> Markets:
    subdivisions = []
    for named in fields.names("subdivisions"):
        if not MARKET_CODE.match(named.name) or named.name[:2] not in COUNTRIES or "-" not in named.name:
            words = f"`{named.name}` is no subdivision"
            problems.append(bad_value.report(words, named.span, "write an ISO 3166-2 code such as `US-CA`"))
        else:
            subdivisions.append(named.name)
    below = fields.mapping("market_groups")
    groups: dict[str, tuple[str, ...]] = {}
    if below is not None:
        inner = Fields(below, "`market_groups`", [key.text for key, _ in below.entries], problems)
        names = {key.text for key, _ in below.entries}
        for key, _ in below.entries:
            if key.text in COUNTRIES or key.text in subdivisions:
                words = f"`{key.text}` is a market already"
                problems.append(bad_value.report(words, key.span, "give the group another name"))
            members = inner.names(key.text, required=True)
            for named in members:
                if named.name not in COUNTRIES and named.name not in names and named.name not in subdivisions:
                    known = COUNTRIES | names | set(subdivisions)
                    problems.append(unknown_market.report(named.name, known, named.span))
            groups[key.text] = tuple(named.name for named in members)
        for key, _ in below.entries:
            if groups[key.text] and not Markets(groups, tuple(subdivisions)).reach(key.text):
                problems.append(bad_value.report(f"the group `{key.text}` holds nothing but itself", key.span))
    return Markets(groups, tuple(subdivisions))
