"""The few phrases in which DuckDB and Spark differ where a history is read. It knows no policy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assay.engine.kernel.instants import DAY

PUSHED = ("duckdb", "spark")


@dataclass(frozen=True, slots=True)
class Phrases:
    """How one dialect says it. Every method takes and gives SQL."""

    dialect: str

    def name(self, name: str) -> str:
        """A name in quotes."""
        mark = "`" if self.dialect == "spark" else '"'
        return mark + name.replace(mark, 2 * mark) + mark

    def text(self, value: str) -> str:
        """A constant text."""
        if self.dialect == "spark":
            value = value.replace("\\", "\\\\").replace("'", "\\'")
        return "'" + (value.replace("'", "''") if self.dialect != "spark" else value) + "'"

    def listed(self, values: Iterable[str]) -> str:
        """Constant texts in brackets, for `IN`."""
        return "(" + ", ".join(map(self.text, values)) + ")"

    def select(self, chosen: Mapping[str, str], source: str, where: str = "", by: Iterable[str] = ()) -> str:
        """A query.

        chosen  what is chosen, by the names of the result's columns
        by      the columns it is grouped by, by name
        """
        columns = ", ".join([f"{value} AS {self.name(name)}" for name, value in chosen.items()])
        grouped = ", ".join(by)
        parts = ["SELECT", columns, "FROM", source, *(["WHERE", where] if where else [])]
        return " ".join([*parts, *(["GROUP BY", grouped] if grouped else [])])

    def stacked(self, source: str, names: Sequence[str], rows: Sequence[Sequence[str]], kept: Sequence[str]) -> str:
        """A query that makes several rows of each row of a table.

        names  of the new columns; `rows` has for each new row what is in them
        kept   the table's columns that each of them keeps
        """
        if self.dialect == "spark":
            # A union would read, and plan, the table once for each.
            flat = ", ".join([value for row in rows for value in row])
            view = f"{source} LATERAL VIEW stack({len(rows)}, {flat}) made AS {', '.join(names)}"
            return self.select({name: name for name in (*kept, *names)}, view)
        parts = [
            self.select({name: name for name in kept} | dict(zip(names, row, strict=True)), source) for row in rows
        ]
        return "\nUNION ALL\n".join(parts)

    def days(self, column: str) -> str:
        """The days since 1970 of a date, or of an instant in UTC."""
        if self.dialect == "spark":
            return f"CAST(datediff(CAST({column} AS DATE), DATE '1970-01-01') AS BIGINT)"
        return f"date_diff('day', DATE '1970-01-01', CAST({column} AS DATE))"

    def instants(self, column: str) -> str:
        """The microseconds since 1970 of an instant."""
        return f"unix_micros({column})" if self.dialect == "spark" else f"epoch_us({column})"

    def first_moments(self, column: str) -> str:
        """The first moments of days, in microseconds since 1970."""
        return f"({self.days(column)} * {DAY})"

    def square(self, number: str) -> str:
        """The square of a whole number, however large."""
        wide = "DECIMAL(38, 0)" if self.dialect == "spark" else "HUGEINT"
        return f"CAST({number} AS {wide}) * CAST({number} AS {wide})"

    def words(self, column: str) -> str:
        """A text cut into its words at every `|`."""
        return f"split({column}, '[|]')" if self.dialect == "spark" else f"string_split({column}, '|')"

    def count(self, members: str, test: str) -> str:
        """How many members of a list pass a test, in which each is called `one`; 0 of a list that is NULL."""
        if self.dialect == "spark":
            return f"COALESCE(size(filter({members}, one -> {test})), 0)"
        return f"COALESCE(len(list_filter({members}, lambda one: {test})), 0)"

    def strangers(self, members: str, known: Iterable[str]) -> str:
        """How many members of a list are none of some texts."""
        return self.count(members, f"(one IS NULL OR one NOT IN {self.listed(known)})")

    def values(self, column: str) -> str:
        """The values of a map."""
        return f"map_values({column})"

    def keys(self, column: str) -> str:
        """The keys of a map."""
        return f"map_keys({column})"

    def at(self, column: str, key: str) -> str:
        """The value of a map under a key; NULL without it."""
        return f"try_element_at({column}, {key})" if self.dialect == "spark" else f"{column}[{key}]"

    def is_nan(self, number: str) -> str:
        """Whether a double is none; DuckDB believes a Parquet file's bounds, which do not tell of such ones."""
        return f"isnan({number})" if self.dialect == "spark" else f"isnan([{number}][1])"

    def number_type(self, *, integer: bool) -> str:
        """The type of a number."""
        return "BIGINT" if integer else "DOUBLE"

    @property
    def text_type(self) -> str:
        """The type of a text."""
        return "STRING" if self.dialect == "spark" else "VARCHAR"

    @property
    def list_type(self) -> str:
        """The type of a list of texts."""
        return "ARRAY<STRING>" if self.dialect == "spark" else "VARCHAR[]"
