"""Reads what forecasts assume from a YAML file, and names everything wrong in it. It never makes an assumption up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from assay.engine.backtest.forecast.assumptions import DEFAULT_LANE, Assumptions, Range
from assay.engine.backtest.forecast.gathered.clocks import FAMILY
from assay.engine.backtest.forecast.gathered.strikes import strike_measures
from assay.engine.backtest.forecast.schemes import PRESETS, Step, StrikeScheme
from assay.engine.backtest.replay.treatment import Lanes
from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.identifiers import did_you_mean
from assay.engine.kernel.instants import DAY
from assay.engine.kernel.span import Span
from assay.engine.language.document.fields import Fields, number_of
from assay.engine.language.document.yaml_tree import MalformedYaml, Node, Scalar, Sequence, read_yaml
from assay.engine.language.document.yaml_tree import Mapping as YamlMapping
from assay.engine.language.pack.pack import Pack
from assay.engine.language.problems.writing import bad_value

KEYS = (
    "seconds", "reviewed", "appealed", "overturned", "clocks", "strikes", "hours_a_week", "most_questions",
)  # fmt: skip
SCHEME_KEYS = ("window", "points", "forgiven", "thresholds")
OTHER = "other"
T = TypeVar("T")
_LARGEST = 1024 * 1024
_LONGEST_CLOCK = 24 * 365
_MOST_QUESTIONS = 1000
_HOURS_OF_A_WEEK = 168.0


def read_assumptions(path: Path, old: Pack, new: Pack) -> Assumptions | list[Diagnostic]:
    """What a file says, over the defaults; or everything that is wrong with it."""
    whole = Span(str(path), 1, 1)
    try:
        with path.open("rb") as stream:
            content = stream.read(_LARGEST + 1)
    except OSError as error:
        reason = (error.strerror or "it cannot be read").lower()
        return [Diagnostic("missing-file", f"`{path}` cannot be opened: {reason}", whole)]
    if len(content) > _LARGEST:
        return [bad_value.report("the file is larger than 1 MiB, and assumptions are not", whole)]
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return [bad_value.report("the file is not UTF-8 text", whole, "save it as UTF-8")]
    return assumptions_of(text, str(path), old, new)


def assumptions_of(text: str, path: str, old: Pack, new: Pack) -> Assumptions | list[Diagnostic]:
    """The same from a text; `path` is how faults name it."""
    try:
        node = read_yaml(text, path)
    except MalformedYaml as error:
        return [Diagnostic("malformed-yaml", error.words, error.span, error.hint)]
    if node is None:
        return Assumptions()
    if not isinstance(node, YamlMapping):
        hint = "begin with one of " + ", ".join(f"`{key}`" for key in KEYS)
        return [bad_value.report("assumptions are keys with values", node.span, hint)]
    problems: list[Diagnostic] = []
    found = _Reader(Fields(node, "a file of assumptions", KEYS, problems), old, new).read()
    return sorted(problems, key=lambda fault: (fault.span.line, fault.span.column)) or found


class _Reader:
    def __init__(self, fields: Fields, old: Pack, new: Pack) -> None:
        self.fields, self.problems = fields, fields.problems
        versions = (old.measures, new.measures)
        self.signals = {signal.name for pack in (old, new) for signal in pack.vocabulary.signals}
        lanes = Lanes(*versions).all
        self.lanes = [lane.id for lane in lanes if lane.rank]
        self.clocks = {one.id for measures in versions for one in measures.all if one.family == FAMILY}
        self.strikes = {name for measures in versions for name in strike_measures(measures)}

    def read(self) -> Assumptions:
        """The assumptions; what is wrong is collected, and its default stands."""
        default, fields = Assumptions(), self.fields
        appealed = self._named("appealed", {*self.lanes, OTHER}, "lane", self._share)
        if OTHER in appealed:
            appealed[DEFAULT_LANE] = appealed.pop(OTHER)
        share = self._share
        return Assumptions(
            seconds=self._named("seconds", self.signals, "signal", self._seconds),
            reviewed=self._one("reviewed", share, default.reviewed),
            appealed={**default.appealed, **appealed},
            overturned=self._one("overturned", share, default.overturned),
            clocks={**default.clocks, **self._named("clocks", self.clocks, "clock", self._hours)},
            strikes=self._scheme(default.strikes),
            hours_a_week=self._one("hours_a_week", self._week, default.hours_a_week),
            most_questions=self._one("most_questions", self._questions, default.most_questions),
            given=frozenset(key.text for key, _ in fields.node.entries),
        )

    def _one(self, key: str, read: Callable[[Node, str], T | None], default: T) -> T:
        node = self.fields.node.get(key)
        found = None if node is None else read(node, key)
        return default if found is None else found

    def _named(self, key: str, known: Iterable[str], what: str, read: Callable[[Node, str], T | None]) -> dict[str, T]:
        """A mapping from names that are known to values."""
        node = self.fields.mapping(key)
        return {} if node is None else self._entries(node, key, tuple(sorted(known)), what, read)

    def _entries(
        self, node: YamlMapping, key: str, known: tuple[str, ...], what: str, read: Callable[[Node, str], T | None]
    ) -> dict[str, T]:
        found: dict[str, T] = {}
        for name, value in node.entries:
            if name.text not in known:
                hint = did_you_mean(name.text, known) or _listed(known)
                self.problems.append(
                    Diagnostic(f"unknown-{what}", f"no {what} is named `{name.text}`", name.span, hint)
                )
                continue
            one = read(value, f"{key}: {name.text}")
            if one is not None:
                found[name.text] = one
        return found

    def _refuse(self, words: str, span: Span, hint: str) -> None:
        self.problems.append(bad_value.report(words, span, hint))

    # ------------------------------------------------------------ single values

    def _range(self, node: Node, key: str, low: float, high: float, hint: str) -> Range | None:
        """One number, or two with `to` between them or in a list."""
        parts = _parts(node)
        numbers = [None if part is None else _number(part) for part in parts]
        bounds = [number for number in numbers if number is not None]
        if len(bounds) != len(parts) or not 1 <= len(bounds) <= 2:
            self._refuse(f"`{key}` is no number and no range", node.span, hint)
            return None
        first, last = bounds[0], bounds[-1]
        if not low <= first <= high or not low <= last <= high:
            self._refuse(f"`{key}` is outside {low:g} to {high:g}", node.span, hint)
            return None
        if first > last:
            self._refuse(f"`{key}` ends below where it begins", node.span, "write the smaller number first")
            return None
        return Range(first, last)

    def _share(self, node: Node, key: str) -> Range | None:
        return self._range(node, key, 0.0, 1.0, "write a share such as `30%`, `0.3` or `20% to 40%`")

    def _week(self, node: Node, key: str) -> Range | None:
        return self._range(node, key, 0.1, _HOURS_OF_A_WEEK, "write hours such as `30` or `25 to 30`")

    def _seconds(self, node: Node, key: str) -> float | None:
        found = self._range(node, key, 0.0, 86_400.0, "write seconds such as `20`")
        return None if found is None else found.middle

    def _whole(self, node: Node, key: str, low: int, high: int) -> int | None:
        hint = f"write a whole number from {low} to {high:,}"
        number = number_of(node.text) if isinstance(node, Scalar) else None
        if number is None or number != int(number) or not low <= number <= high:
            self._refuse(f"`{key}` is no whole number from {low} to {high:,}", node.span, hint)
            return None
        return int(number)

    def _hours(self, node: Node, key: str) -> int | None:
        return self._whole(node, key, 1, _LONGEST_CLOCK)

    def _questions(self, node: Node, key: str) -> int | None:
        return self._whole(node, key, 1, _MOST_QUESTIONS)

    def _points(self, node: Node, key: str) -> int | None:
        return self._whole(node, key, 0, 1000)

    # ----------------------------------------------------------------- strikes

    def _scheme(self, default: StrikeScheme) -> StrikeScheme:
        node = self.fields.node.get("strikes")
        if node is None:
            return default
        if isinstance(node, Scalar):
            found = PRESETS.get(node.text.strip())
            if found is None:
                hint = did_you_mean(node.text.strip(), PRESETS) or _listed(tuple(PRESETS))
                self.problems.append(
                    Diagnostic("unknown-scheme", f"no strike scheme is named `{node.text.strip()}`", node.span, hint)
                )
            return found or default
        if not isinstance(node, YamlMapping):
            self._refuse("`strikes` is a scheme's name, or a scheme of your own", node.span, _listed(tuple(PRESETS)))
            return default
        return self._own_scheme(node, default)

    def _own_scheme(self, node: YamlMapping, default: StrikeScheme) -> StrikeScheme:
        fields = Fields(node, "a strike scheme", SCHEME_KEYS, self.problems)
        points_node, forgiven_node = fields.mapping("points"), node.get("forgiven")
        points: dict[str, int] = {}
        if points_node is not None:
            known = (*sorted(self.strikes), OTHER)
            points = self._entries(points_node, "points", known, "strike", self._points)
        forgiven = None if forgiven_node is None else self._points(forgiven_node, "forgiven")
        other = points.pop(OTHER, 1)
        steps, window = self._steps(fields), fields.days("window") // DAY
        if window < 1 and not any(fault.span == fields.place("window") for fault in self.problems):
            self._refuse(
                "a strike scheme says how long a strike counts", fields.place("window"), "write `window: 90 days`"
            )
        if not steps:
            return default
        return StrikeScheme("your own", "given", steps, max(1, window), points, other, forgiven or 0)

    def _steps(self, fields: Fields) -> tuple[Step, ...]:
        node = fields.mapping("thresholds", required=True)
        found = []
        for key, value in node.entries if node is not None else ():
            points = self._whole(key, "thresholds", 1, 100_000)
            if not isinstance(value, Scalar) or not value.text.strip():
                self._refuse("a threshold says what follows", value.span, "write `3: Account removed`")
            elif points is not None:
                found.append(Step(points, value.text.strip()))
        return tuple(sorted(found, key=lambda step: step.points))


def _parts(node: Node) -> list[str | None]:
    if isinstance(node, Scalar):
        return [part.strip() for part in node.text.split(" to ")]
    if isinstance(node, Sequence):
        return [item.text.strip() if isinstance(item, Scalar) else None for item in node.items]
    return [None]


def _number(text: str) -> float | None:
    if text.endswith("%"):
        number = number_of(text[:-1])
        return None if number is None else number / 100
    return number_of(text)


def _listed(known: tuple[str, ...]) -> str:
    return "known are " + ", ".join(f"`{name}`" for name in known) if known else "there is none"
