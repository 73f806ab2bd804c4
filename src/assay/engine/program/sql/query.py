"""A pack as one SELECT: a row in is an item in a market at an instant, a row out its measures. It never runs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlglot import expressions as exp

from assay.engine.language.pack.policy import Rule
from assay.engine.language.pack.vocabulary import SUBJECTS, Signal, SignalType
from assay.engine.program.core import InRollout, atoms_of
from assay.engine.program.lower import LoweredRule, Program
from assay.engine.program.sql.conditions import Conditions
from assay.engine.program.sql.dialects import (
    DIALECTS,
    WITHOUT_HASH,
    WITHOUT_NULL_SETS,
    given_below,
    hashed_below,
    type_of,
    without_nan,
)
from assay.engine.program.sql.layout import (
    DEFAULT_LAYOUT,
    Column,
    Layout,
    known_column,
    own_names,
    refuse_doubles,
    rollout_column,
    signal_column,
    signal_columns,
)
from assay.engine.program.sql.logic import Sql, both, column, compare, either, is_missing, no, whole
from assay.engine.program.sql.places import Places, class_of

# The steps of the query. Columns of a layout never begin like these.
_SOURCE, _PLACED, _ITEM, _RULE, _CLASS = "_source", "_placed", "_item", "_rule", "_market_class"


@dataclass(frozen=True, slots=True)
class SqlQuery:
    """A compiled query.

    text       the query in its dialect
    tree       the same as an expression tree, to be wrapped into further queries
    columns    what the table must hold
    measures   the result's column with the truth of each measure: true, false, or NULL for unknown
    meanwhile  the result's column that says whether an open rule imposes a measure until it is known; never NULL
    rules      the result's column with the truth of each rule, where asked for
    as_of      the one instant of all rows, where the table has no column for it
    """

    dialect: str
    text: str
    tree: exp.Select = field(repr=False, compare=False)
    columns: tuple[Column, ...]
    measures: Mapping[str, str]
    meanwhile: Mapping[str, str]
    rules: Mapping[str, str]
    subject: str
    as_of: int | None
    digest: str

    def manifest(self) -> dict[str, object]:
        """What somebody who runs the query must know, as plain JSON values."""
        worked_out = [found.of for found in self.columns if found.holds == "rollout"]
        return {
            "digest": self.digest,
            "dialect": self.dialect,
            "subject": self.subject,
            "as_of": self.as_of,
            "columns": [
                {"name": found.name, "type": found.type, "holds": found.holds, "of": found.of} for found in self.columns
            ],
            "rollouts_given": worked_out,
            "measures": dict(self.measures),
            "meanwhile": dict(self.meanwhile),
            "rules": dict(self.rules),
        }


def compile_sql(
    program: Program,
    dialect: str,
    *,
    table: str,
    as_of: int | None = None,
    subject: str = "item",
    with_rules: bool = False,
    layout: Layout = DEFAULT_LAYOUT,
) -> SqlQuery:
    """The query that decides every row of a table.

    table       its name, with a schema or project before it where there is one, joined by dots
    as_of       one instant for all rows, instead of the layout's column
    subject     what the rows are: items, accounts or campaigns
    with_rules  whether the result says the truth of each rule too
    raises      ValueError for an unknown dialect or subject, and for a layout that cannot be
    """
    if dialect not in DIALECTS:
        raise ValueError(f"no dialect is named `{dialect}`: it is one of {', '.join(DIALECTS)}")
    if subject not in SUBJECTS:
        raise ValueError(f"no subject is named `{subject}`: it is one of {', '.join(SUBJECTS)}")
    writer = _Writer(program, dialect, layout, as_of, subject)
    return writer.query(_table(table), with_rules)


def _table(name: str) -> exp.Table:
    parts = name.split(".")
    if not 1 <= len(parts) <= 3 or any(not part or not part.isprintable() or "\\" in part for part in parts):
        raise ValueError(f"`{name}` is no table: write its name, or the names of its schema and database before it")
    named = [exp.to_identifier(part, quoted=True) for part in reversed(parts)]
    return exp.Table(**dict(zip(("this", "db", "catalog"), named, strict=False)), alias=_alias(_SOURCE))


def _alias(name: str) -> exp.TableAlias:
    return exp.TableAlias(this=exp.to_identifier(name, quoted=True))


class _Writer:
    """Writes one query, step by step: market classes, items made ready, the truth of rules, the truth of measures."""

    def __init__(self, program: Program, dialect: str, layout: Layout, as_of: int | None, subject: str) -> None:
        self.program, self.dialect, self.layout, self.as_of = program, dialect, layout, as_of
        self.subject = subject
        self.lowered = [found for found in program.rules if found.rule.subject == subject]
        atoms = [atom for found in self.lowered for atom in atoms_of(found.condition)]
        read = {name for atom in atoms for name in atom.signals}
        self.signals = [signal for signal in program.pack.vocabulary.signals if signal.name in read]
        self.rollouts = list(dict.fromkeys(atom.test for atom in atoms if isinstance(atom.test, InRollout)))
        self.placed, self.places = (
            Places(dialect, program.classes, self._class_in(step), self._instant_in(step)) for step in (_PLACED, _ITEM)
        )
        vocabulary = program.pack.vocabulary
        self.conditions = Conditions(dialect, vocabulary, self._read, self._is_open, self._rollout)

    def query(self, table: exp.Table, with_rules: bool) -> SqlQuery:
        """The whole query."""
        taken = {name.lower() for name in self._carried()}
        measures = own_names("", self.program.pack.measures.index, self.dialect, taken)
        meanwhile = own_names("meanwhile", self.program.pack.measures.index, self.dialect, taken)
        references = [found.rule.ref for found in self.lowered] if with_rules else []
        rules = own_names("rule", references, self.dialect, taken)
        tree = self._outcome(measures, meanwhile, rules)
        for name, step in ((_PLACED, self._markets(table)), (_ITEM, self._items()), (_RULE, self._rules())):
            tree = tree.with_(exp.to_identifier(name, quoted=True), step, copy=False)
        written = tree.sql(dialect=self.dialect, identify=True, pretty=True, comments=False)
        return SqlQuery(
            self.dialect,
            written,
            tree,
            self._columns(),
            measures,
            meanwhile,
            rules,
            self.subject,
            self.as_of,
            self.program.pack.digest,
        )

    # ------------------------------------------------------------ what the table holds

    def _columns(self) -> tuple[Column, ...]:
        layout, dialect = self.layout, self.dialect
        word, instant = type_of("text", dialect), type_of("bigint", dialect)
        found = [Column(layout.id, word, "id"), Column(layout.market, word, "market")]
        found += [] if self.as_of is not None else [Column(layout.as_of, instant, "as_of")]
        found += signal_columns([signal for signal in self.signals if self._has_column(signal)], layout, dialect)
        if dialect in WITHOUT_HASH:
            share = type_of("double", dialect)
            found += [Column(rollout_column(one.rule, dialect), share, "rollout", one.rule) for one in self.rollouts]
        refuse_doubles([one.name for one in found] + list(layout.keep))
        return tuple(found)

    def _has_column(self, signal: Signal) -> bool:
        return signal.calendar is None or signal.name in self.layout.said

    def _carried(self) -> list[str]:
        """Columns that the result has from the table."""
        layout = self.layout
        return [layout.id, layout.market, *([] if self.as_of is not None else [layout.as_of]), *layout.keep]

    # ---------------------------------------------------------------- rows made ready

    def _markets(self, table: exp.Table) -> exp.Select:
        """Rows with their market's class, which is worked out once."""
        chosen = [_named(column(_SOURCE, name), name) for name in self._carried()]
        chosen.append(_named(self._class(), _CLASS))
        taken = set(self._carried())
        chosen += [_named(column(_SOURCE, one.name), one.name) for one in self._columns() if one.name not in taken]
        return exp.Select(expressions=chosen).from_(table, copy=False)

    def _class(self) -> Sql:
        market = column(_SOURCE, self.layout.market)
        if self.layout.holds_classes:
            return exp.Coalesce(this=market, expressions=[exp.Literal.string("")])
        return class_of(market, self.program.classes)

    def _class_in(self, step: str) -> Callable[[], Sql]:
        return lambda: column(step, _CLASS)

    def _instant_in(self, step: str) -> Callable[[], Sql]:
        return lambda: column(step, self.layout.as_of) if self.as_of is None else whole(self.as_of)

    def _items(self) -> exp.Select:
        """Rows with what conditions read: numbers that are numbers, and what the calendar says."""
        ready: dict[str, Sql] = {}
        for signal in self.signals:
            name = signal_column(signal.name, self.layout, self.dialect)
            if signal.calendar is not None:
                said = self.placed.by_calendar(signal, self.program.pack.windows)
                own = [column(_PLACED, name)] if self._has_column(signal) else []
                ready[name] = exp.Coalesce(this=own[0], expressions=[said]) if own else said
            elif signal.type in (SignalType.NUMBER, SignalType.SCORE) and not signal.integer:
                ready[name] = without_nan(column(_PLACED, name), self.dialect)
        given = [*self._carried(), _CLASS, *(one.name for one in self._columns())]
        chosen = [_named(column(_PLACED, name), name) for name in dict.fromkeys(given) if name not in ready]
        chosen += [_named(value, name) for name, value in ready.items()]
        return exp.Select(expressions=chosen).from_(_step(_PLACED), copy=False)

    # ------------------------------------------------------------------ truth of rules

    def _rules(self) -> exp.Select:
        chosen = [_named(column(_ITEM, name), name) for name in self._carried()]
        for place, found in enumerate(self.lowered):
            chosen.append(_named(self._rule(found), f"{_RULE}_{place}"))
        return exp.Select(expressions=chosen).from_(_step(_ITEM), copy=False)

    def _rule(self, found: LoweredRule) -> Sql:
        where_and_when = [*self.places.during(found.rule.period), *self.places.within(found.markets)]
        return both([*where_and_when, self.conditions.write(found.condition)])

    def _read(self, signal: str) -> Sql:
        return column(_ITEM, signal_column(signal, self.layout, self.dialect))

    def _is_open(self, signal: str) -> Sql:
        name = signal_column(signal, self.layout, self.dialect)
        if self.dialect in WITHOUT_NULL_SETS:
            known = exp.Coalesce(this=column(_ITEM, known_column(name)), expressions=[exp.false()])
            return no(known)
        return is_missing(column(_ITEM, name))

    def _rollout(self, test: InRollout) -> Sql:
        if self.dialect in WITHOUT_HASH:
            return given_below(column(_ITEM, rollout_column(test.rule, self.dialect)), test.share)
        return hashed_below(column(_ITEM, self.layout.id), test.rule, test.share, self.dialect)

    # --------------------------------------------------------------- truth of measures

    def _outcome(self, measures: dict[str, str], meanwhile: dict[str, str], rules: dict[str, str]) -> exp.Select:
        chosen = [_named(column(_RULE, name), name) for name in self._carried()]
        index = self.program.pack.measures.index
        for name, shown in measures.items():
            imposing = [(at, found) for at, found in enumerate(self.lowered) if index[name] in found.then]
            chosen.append(_named(either(self._imposed(at, found, name) for at, found in imposing), shown))
        for name, shown in meanwhile.items():
            waiting = [(at, found) for at, found in enumerate(self.lowered) if index[name] in found.until_known]
            open_rules = [self._while_open(at, found, name) for at, found in waiting]
            chosen.append(_named(either(open_rules), shown))
        chosen += [_named(_truth(place), shown) for place, shown in enumerate(rules.values())]
        return exp.Select(expressions=chosen).from_(_step(_RULE), copy=False)

    def _imposed(self, place: int, found: LoweredRule, measure: str) -> Sql:
        return both([*self._after_grace(found.rule, measure), _truth(place)])

    def _while_open(self, place: int, found: LoweredRule, measure: str) -> Sql:
        return both([*self._after_grace(found.rule, measure), is_missing(_truth(place))])

    def _after_grace(self, rule: Rule, measure: str) -> list[Sql]:
        spared = self.program.pack.measures.by_id[measure].after_grace
        if not spared or rule.grace_until is None:
            return []
        return [compare(">=", self._instant_in(_RULE)(), whole(rule.grace_until))]


def _truth(place: int) -> Sql:
    return column(_RULE, f"{_RULE}_{place}")


def _named(value: Sql, name: str) -> Sql:
    return exp.Alias(this=value, alias=exp.to_identifier(name, quoted=True))


def _step(name: str) -> exp.Table:
    return exp.Table(this=exp.to_identifier(name, quoted=True))
