"""What a program needs beside exported CEL, as plain JSON values. It never holds what a person said of an item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assay.engine.kernel.instants import format_instant
from assay.engine.language.pack.measures import Measures
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Named, Rule
from assay.engine.language.pack.vocabulary import Signal
from assay.engine.program.cel.names import Variable
from assay.engine.program.lower import LoweredRule, Program

FORMAT = "assay-cel/1"
# How the texts are meant, for the people who write the program around them.
READING = {
    "true": "the measure is imposed",
    "false": "the measure is not imposed",
    "error": "a variable that decides is unbound: the measure is open; hold it open, never take it for false",
    "unknown": "leave the variable of a signal unbound; never bind null, an empty text or a number that is none",
    "meanwhile": "while a rule is open, impose what its `until_known` names, each from its `from` on",
    "sets": "bind a set as a list that holds each of its values once",
    "market": "bind the name of the class in `markets` that holds the market's code",
    "as_of": "bind the instant the item is decided for",
    "rollout": (
        "bind the first 53 bits of the SHA-256 of the rule, a zero byte and the item's id, in UTF-8, divided by 2^53"
    ),
    "calendar": (
        "bind a signal of the calendar from `windows` of its kind that reach the market: where it gives the phase, "
        "the last of its values that is the phase of a window with start <= as_of < until, or else `otherwise`; "
        "where it gives days_to, the days from the day of as_of to the next poll that is not past, in UTC; "
        "where neither says anything, leave it unbound"
    ),
}


def manifest_of(
    program: Program,
    subject: str,
    rules: Sequence[LoweredRule],
    variables: Sequence[Variable],
    texts: Mapping[str, Mapping[str, str]],
) -> dict[str, object]:
    """The manifest of an export.

    texts  `rules` and `measures`, each from its reference or id to its CEL
    """
    pack = program.pack
    return {
        "format": FORMAT,
        "pack": {"name": pack.name, "title": pack.title, "version": pack.version, "digest": pack.digest},
        "subject": subject,
        "reading": READING,
        "environment": environment_of(pack, variables),
        "variables": [_variable(variable, pack) for variable in variables],
        "measures": [
            {
                "id": measure.id,
                "title": measure.title,
                "kind": measure.kind,
                "family": measure.family,
                "rank": measure.rank,
                "when": texts["measures"][measure.id],
            }
            for measure in pack.measures.all
        ],
        "ladders": [
            {"id": one.id, "title": one.title, "base": one.base.id, "steps": [step.id for step in one.steps]}
            for one in pack.measures.ladders
        ],
        "rules": [_rule(found.rule, pack.measures, texts["rules"][found.rule.ref]) for found in rules],
        "markets": [{"class": found.name, "codes": sorted(found.codes)} for found in program.classes],
        "windows": _windows(pack, [variable.of for variable in variables if variable.holds == "signal"]),
    }


def environment_of(pack: Pack, variables: Sequence[Variable]) -> dict[str, object]:
    """CEL's own description of an environment; as JSON it is also the YAML that cel-go, cel-java and cel-cpp read."""
    return {"name": f"assay-{pack.name}", "variables": [variable.declaration() for variable in variables]}


def _variable(variable: Variable, pack: Pack) -> dict[str, object]:
    found: dict[str, object] = {"name": variable.name, "type": variable.type, "holds": variable.holds}
    if variable.of:
        found["of"] = variable.of
    signal = pack.vocabulary.by_name.get(variable.of) if variable.holds == "signal" else None
    return found if signal is None else found | _signal(signal)


def _signal(signal: Signal) -> dict[str, object]:
    found: dict[str, object] = {"kind": signal.type.value, "title": signal.title, "subject": signal.subject}
    if signal.by_market:
        found["by_market"] = True
    if signal.values:
        found["values"] = list(signal.value_names)
    bounds = {"unit": signal.unit or None, "minimum": signal.minimum, "maximum": signal.maximum}
    found |= {key: given for key, given in bounds.items() if given is not None}
    if signal.calendar is not None:
        source = signal.calendar
        found["calendar"] = {"kind": source.kind, "gives": source.gives, "otherwise": source.otherwise}
    return found


def _rule(rule: Rule, measures: Measures, text: str) -> dict[str, object]:
    def imposed(named: Sequence[Named]) -> list[dict[str, object]]:
        return [
            {
                "measure": one.name,
                "from": format_instant(rule.grace_until)
                if rule.grace_until is not None and measures.by_id[one.name].after_grace
                else None,
            }
            for one in named
        ]

    return {
        "ref": rule.ref,
        "title": rule.title,
        "severity": rule.severity,
        "when": text,
        "then": imposed(rule.then),
        "until_known": imposed(rule.until_known),
    }


def _windows(pack: Pack, signals: Sequence[str]) -> list[dict[str, object]]:
    """The windows that some signal of the export reads."""
    sources = [pack.vocabulary.by_name[name].calendar for name in signals]
    kinds = {source.kind for source in sources if source is not None}
    return [
        {
            "id": window.id,
            "kind": window.kind,
            "phase": window.phase,
            "start": format_instant(window.start),
            "until": format_instant(window.until),
            "poll": None if window.poll is None else format_instant(window.poll),
            "markets": sorted(window.markets),
        }
        for window in pack.windows
        if window.kind in kinds
    ]
