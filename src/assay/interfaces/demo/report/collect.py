"""Fills a report from a pack, scans and decision records. It never scans or decides by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from assay.detection.evidence import Evidence
from assay.detection.result import ScanResult
from assay.detection.weighing.wording import sentence_of
from assay.engine.decision.reasons import reason_of
from assay.engine.language.expression.printer import print_expression
from assay.engine.language.pack.classes import MarketClass, market_classes
from assay.engine.language.pack.measures import Measure
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Named, Rule
from assay.engine.language.pack.vocabulary import Signal, SignalType
from assay.engine.language.phrases import amount_clause, flag_clause, value_clause
from assay.interfaces.demo.make import MadeFile
from assay.interfaces.demo.report.contents import (
    Contents,
    EvidenceRow,
    Fact,
    LadderText,
    MarketText,
    MeasureText,
    Question,
    Record,
    ReportedFile,
    RuleText,
)
from assay.interfaces.look.markets import title_of

# Details that the sentence already says, or that only a machine can use; the scan's own output has them all.
_FOR_MACHINES = frozenset({"manifest", "own_integrity", "read", "signer_name"})


def contents_of(
    pack: Pack, made: Sequence[MadeFile], results: Sequence[ScanResult], records: Sequence[Record]
) -> Contents:
    """The report's contents, for files, scans and records in the same order; every file has all three."""
    files = tuple(_file(*each, pack) for each in zip(made, results, records, strict=True))
    as_of = datetime.fromisoformat(records[0]["as_of"])
    return Contents(
        pack=pack.title,
        version=pack.version,
        bundle=records[0]["bundle"],
        as_of=f"{as_of.day} {as_of:%B %Y}",
        files=files,
        rules={rule.ref: _rule(rule, pack) for rule in pack.rules},
        questions={
            signal.name: Question(signal.name, signal.question, signal.help) for signal in pack.vocabulary.signals
        },
        measures={measure.id: _measure(measure) for measure in pack.measures.all},
        ladders=tuple(
            LadderText(ladder.id, ladder.title, tuple(map(_measure, (ladder.base, *ladder.steps))))
            for ladder in pack.measures.ladders
        ),
        markets=tuple(map(_market, market_classes(pack))),
    )


def _file(made: MadeFile, result: ScanResult, record: Record, pack: Pack) -> ReportedFile:
    return ReportedFile(
        path=made.path,
        title=made.title,
        story=made.story,
        sha256=result.sha256 or "",
        evidence=tuple(_evidence(each) for each in result.evidence if each.found),
        facts=tuple(_facts(record, pack)),
        record=record,
        faults=tuple(fault.words for fault in result.faults),
    )


def _evidence(evidence: Evidence) -> EvidenceRow:
    return EvidenceRow(
        sentence=sentence_of(evidence),
        kind=evidence.kind.value,
        claim=evidence.claim.value,
        integrity=evidence.integrity.value,
        tier=evidence.tier.value,
        source=evidence.source,
        details={name: text for name, text in evidence.details.items() if _is_telling(name, text)},
    )


def _is_telling(name: str, text: str) -> bool:
    return name not in _FOR_MACHINES and (name, text) != ("scope", "asset")


def _facts(record: Record, pack: Pack) -> Iterable[Fact]:
    for name, resolved in record["resolved"].items():
        signal = pack.vocabulary.by_name[name]
        for words in _clauses(signal, resolved["value"]):
            yield Fact(resolved["by"], words)


def _clauses(signal: Signal, value: object) -> Iterable[str]:
    """A known value in plain words; a set gives one clause for each member."""
    if isinstance(value, bool):
        yield flag_clause(signal, value)
    elif isinstance(value, list):
        yield from (value_clause(signal, signal.by_name[member]) for member in value)
    elif isinstance(value, str) and value in signal.by_name:
        yield value_clause(signal, signal.by_name[value])
    elif isinstance(value, int | float) and signal.type in (SignalType.NUMBER, SignalType.SCORE):
        yield amount_clause(signal, "==", value)
    else:
        yield f"{signal.title.lower()}: {value}"


def _rule(rule: Rule, pack: Pack) -> RuleText:
    policy = next(policy for policy in pack.policies if policy.id == rule.policy)
    section = policy.section_of(rule.title)
    program = [("when", print_expression(rule.when.expression))]
    if rule.unless is not None:
        program.append(("unless", print_expression(rule.unless.expression)))
    lists = (("then", rule.then), ("until known", rule.until_known), ("markets", rule.markets), ("meets", rule.meets))
    program += [(name, _names(named)) for name, named in lists if named]
    return RuleText(
        ref=rule.ref,
        policy=policy.title,
        title=rule.title,
        plain=reason_of(rule.ref, pack),
        prose=section.public if section else "",
        imposes=tuple(pack.measures.by_id[named.name].title for named in rule.then),
        program=tuple(program),
    )


def _names(named: tuple[Named, ...]) -> str:
    return ", ".join(each.name for each in named)


def _measure(measure: Measure) -> MeasureText:
    return MeasureText(measure.id, measure.title, measure.phrase)


def _market(market: MarketClass) -> MarketText:
    return MarketText(market.name, title_of(market.name), len(market.codes))
