"""The texts of a pack to a pack. It reads no folder itself and collects every fault."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

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
from assay.engine.language.remembered import Remembered

T = TypeVar("T")

_PACK = ("pack", "title", "version", "precedence", "market_groups", "subdivisions")
REQUIRED = ("pack.yaml", "signals.yaml", "measures.yaml")
OPTIONAL = ("obligations.yaml", "calendar.yaml", "harms.yaml", "scenarios.yaml")
POLICIES = "policies/"
DEFAULT_PRECEDENCE = ("reviewer", "authority", "evidence", "uploader", "mark", "detector")


@dataclass(frozen=True, slots=True)
class _Frame:
    """What `pack.yaml` says."""

    name: str
    title: str
    version: str
    precedence: tuple[str, ...]
    markets: Markets


@dataclass(frozen=True, slots=True)
class _Texts:
    """The texts of one pack, and what was read of such texts before."""

    files: MappingOf[str, str]
    root: str
    memory: Remembered | None
    problems: list[Diagnostic]

    def read(self, of: str, found: Callable[[list[Diagnostic]], T], *names: str) -> T:
        """What `found` reads from some of the files, and from no others."""
        if self.memory is None:
            return found(self.problems)
        texts = tuple((name, self.files.get(name)) for name in names)
        return self.memory.once((of, self.root, texts), len(self.files.get(names[0], "")), found, self.problems)

    def part(self, name: str) -> Mapping | None:
        """A file of the pack as keys and values."""
        return self.read("part", partial(_part, self.files, name, self.root), name)


def read_pack(
    files: MappingOf[str, str], root: str = "", memory: Remembered | None = None
) -> tuple[Pack, list[Diagnostic]]:
    """A pack as read, and every fault of its writing.

    files   texts by name relative to the pack, such as `policies/likeness.md`
    root    put before names in places, such as `packs/starter/`
    memory  what was read before, for whoever reads almost the same pack again
    """
    texts = _Texts(files, root, memory, [])
    parts = {name: texts.part(name) for name in (*REQUIRED, *OPTIONAL)}
    frame = texts.read("frame", partial(_read_frame, parts["pack.yaml"], root), "pack.yaml")
    signals, measures = parts["signals.yaml"], parts["measures.yaml"]
    calendar, obligations = parts["calendar.yaml"], parts["obligations.yaml"]
    harms, scenarios = parts["harms.yaml"], parts["scenarios.yaml"]
    # What each part is read by: its own text first, then the texts of the words that it uses.
    by_frame, by_words = ("pack.yaml",), ("signals.yaml", "pack.yaml")
    words = texts.read("signals", partial(_read_words, signals, frame.precedence), *by_words)
    names = sorted(name for name in files if name.startswith(POLICIES) and name.endswith(".md"))
    by_obligations, by_calendar = ("obligations.yaml", *by_frame), ("calendar.yaml", *by_frame)
    pack = Pack(
        name=frame.name,
        title=frame.title,
        version=frame.version,
        precedence=frame.precedence,
        markets=frame.markets,
        vocabulary=words,
        measures=texts.read("measures", partial(_read_measures, measures, words), "measures.yaml", *by_words),
        obligations=texts.read("duties", partial(read_obligations, obligations, frame.markets), *by_obligations)
        if obligations
        else (),
        windows=texts.read("windows", partial(read_windows, calendar, frame.markets), *by_calendar) if calendar else (),
        policies=tuple(
            texts.read("policy", partial(read_policy, files[name], root + name, words), name, *by_words)
            for name in names
        ),
        files={name: text for name, text in files.items() if name in parts or name in names},
        harms=texts.read("harms", partial(read_harms, harms), "harms.yaml") if harms else NO_HARMS,
        protected=texts.read("scenarios", partial(read_scenarios, scenarios, words), "scenarios.yaml", *by_words)
        if scenarios
        else (),
    )
    return pack, texts.problems


def _read_frame(part: Mapping | None, root: str, problems: list[Diagnostic]) -> _Frame:
    fields = Fields(part or _nothing(root + "pack.yaml"), "pack.yaml", _PACK, problems)
    precedence = tuple(named.name for named in fields.names("precedence")) or DEFAULT_PRECEDENCE
    markets = _read_markets(fields, problems)
    name = _pack_name(fields, problems) if part else ""
    return _Frame(name, fields.text("title"), fields.text("version", "0"), precedence, markets)


def _read_words(part: Mapping | None, precedence: tuple[str, ...], problems: list[Diagnostic]) -> Vocabulary:
    return read_vocabulary(part, precedence, problems) if part else Vocabulary(())


def _read_measures(part: Mapping | None, words: Vocabulary, problems: list[Diagnostic]) -> Measures:
    return read_measures(part, words, problems) if part else Measures(())


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
