"""Where the engines differ: names, types, NaN, sets, texts, hashes. It never knows a policy.

Kleene's logic is SQL's own for AND, OR, NOT and comparisons; these are the places where an engine leaves it:

IN over constants  ClickHouse answers false for a NULL; there the test stands behind one for NULL.
NaN                is greater than everything, and equal to itself, in DuckDB, PostgreSQL, Spark and Snowflake; it is
                   made NULL before anything looks at it. SQLite stores it as NULL.
sets               functions on lists answer NULL, false or true for a NULL list and for a NULL inside one, each in its
                   own way; every test of a set stands behind one for NULL, and is never NULL itself.
no NULL sets       an array of BigQuery or ClickHouse is never NULL; a second column says whether the set is known.
numbers            a bare decimal is fixed-point in DuckDB, Spark, Snowflake and Trino; constants are cast to doubles.
flags              nothing is cast to a boolean, or a text such as 'no' would become one; columns have to be booleans.
patterns           texts are searched by functions, never by LIKE, whose escapes differ.
"""

from __future__ import annotations

import hashlib
from math import ceil

from sqlglot import expressions as exp

from assay.engine.language.pack.vocabulary import Signal, SignalType
from assay.engine.program.sql.logic import Sql, called, compare, constant, decimal, is_missing, text, where_known, whole

DIALECTS = ("duckdb", "postgres", "spark", "bigquery", "snowflake", "trino", "clickhouse", "sqlite")
# Engines whose arrays are never NULL, so that a column of its own says whether a set is known.
WITHOUT_NULL_SETS = ("bigquery", "clickhouse")
# Engines without SHA-256, which a rollout is a share of.
WITHOUT_HASH = ("sqlite",)
_LONGEST_NAMES = {"postgres": 63, "bigquery": 300, "snowflake": 255, "trino": 128}
_SETS = {"clickhouse": "Array(String)", "snowflake": "ARRAY", "sqlite": "TEXT"}
_TYPES = {
    SignalType.FLAG: "boolean",
    SignalType.NUMBER: "double",
    SignalType.SCORE: "double",
    SignalType.TIME: "bigint",
    SignalType.DURATION: "bigint",
}


def name_in(name: str, dialect: str) -> str:
    """A name that a dialect allows: BigQuery takes letters, digits and `_`, and long ones are cut and told apart."""
    if dialect == "bigquery":
        name = "".join(letter if letter.isalnum() and letter.isascii() else "_" for letter in name)
    longest = _LONGEST_NAMES.get(dialect, 1024)
    if len(name.encode("utf-8")) <= longest:
        return name
    return f"{name.encode('utf-8')[: longest - 9].decode('utf-8', 'ignore')}_{_short_digest(name)}"


def _short_digest(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8")).hexdigest()[:8]


def type_of(kind: str, dialect: str) -> str:
    """One of our types (`text`, `bigint`, `double`, `boolean`, `set`) as a dialect writes it."""
    if kind == "set":
        return _SETS.get(dialect) or exp.DataType.build("array<text>").sql(dialect=dialect)
    return exp.DataType.build(kind).sql(dialect=dialect)


def kind_of(signal: Signal) -> str:
    """Which of our types a signal's column has."""
    if signal.type is SignalType.SET:
        return "set"
    return "bigint" if signal.integer else _TYPES.get(signal.type, "text")


def without_nan(inner: Sql, dialect: str) -> Sql:
    """A double, or NULL for what is not a number."""
    match dialect:
        case "sqlite":
            return inner
        case "postgres" | "snowflake":
            is_nan: Sql = exp.EQ(this=inner.copy(), expression=exp.cast(text("NaN"), exp.DataType.Type.DOUBLE))
        case "duckdb":
            # Of a column of a Parquet file DuckDB takes the file's least and greatest value for proof that no row is
            # NaN, though Parquet leaves NaN out of them, and drops the test. An element of a list has no such proof.
            boxed = exp.Bracket(this=exp.Array(expressions=[inner.copy()]), expressions=[whole(0)])
            is_nan = called("ISNAN", boxed)
        case _:
            is_nan = exp.IsNan(this=inner.copy())
    return exp.Case().when(is_nan, exp.null(), copy=False).else_(inner, copy=False)


def among(inner: Sql, constants: list[Sql], dialect: str) -> Sql:
    """Whether a value is one of some constants; NULL where it is NULL."""
    if len(constants) == 1:
        return compare("==", inner, constants[0])
    found = exp.In(this=inner, expressions=constants)
    return where_known([is_missing(inner.copy())], found) if dialect == "clickhouse" else found


def has_member(members: Sql, value: str, dialect: str) -> Sql:
    """Whether a set that is known has a value; never NULL."""
    match dialect:
        case "postgres":
            found: Sql = exp.EQ(this=text(value), expression=exp.Any(this=exp.Paren(this=members)))
        case "bigquery":
            found = exp.In(this=text(value), unnest=exp.Unnest(expressions=[members]))
        case "sqlite":
            source = exp.Table(this=called("JSON_EACH", members), alias=exp.TableAlias(this=exp.to_identifier("one")))
            is_it = exp.EQ(this=exp.column("value", table="one"), expression=text(value))
            return exp.Exists(this=exp.select("1").from_(source).where(is_it))
        case "clickhouse":
            return exp.ArrayContains(this=members, expression=text(value))
        case _:
            found = exp.ArrayContains(this=members, expression=text(value))
    return exp.Coalesce(this=found, expressions=[exp.false()])


def text_test(inner: Sql, function: str, part: str, dialect: str) -> Sql:
    """Whether a text contains a part, or begins or ends with it; NULL where it is NULL. No pattern, so no escapes."""
    if not part:
        return where_known([is_missing(inner)], constant(holds=True))
    if function == "contains":
        return compare(">", exp.StrPosition(this=inner, substr=text(part)), whole(0))
    if function == "startsWith":
        if dialect != "sqlite":
            return exp.StartsWith(this=inner, expression=text(part))
        return compare("==", exp.Substring(this=inner, start=whole(1), length=whole(len(part))), text(part))
    match dialect:
        case "postgres":
            return compare("==", called("RIGHT", inner, whole(len(part))), text(part))
        case "sqlite" | "trino":
            return compare("==", exp.Substring(this=inner, start=whole(-len(part))), text(part))
        case _:
            return exp.EndsWith(this=inner, expression=text(part))


def characters(inner: Sql) -> Sql:
    """How many characters, that is code points, a text has."""
    return exp.Length(this=inner)


def hashed_below(identifier: Sql, salt: str, share: float, dialect: str) -> Sql:
    """Whether `share_of` an identifier is below a share; NULL without an identifier.

    The share is the first 53 bits of a SHA-256. Whether they are below a bound can be seen on its first sixteen
    hexadecimal digits, whose order as texts is that of the numbers, so that no engine needs integers of 64 bits.
    """
    bound = ceil(share * 2**53) << 11
    digits = exp.Substring(this=_digest(identifier, f"{salt}\x00", dialect), start=whole(1), length=whole(16))
    return where_known([is_missing(identifier.copy())], compare("<", digits, text(f"{bound:016x}")))


def given_below(column: Sql, share: float) -> Sql:
    """Whether a share that was worked out before is below another."""
    return compare("<", column, decimal(share))


def _digest(identifier: Sql, salt: str, dialect: str) -> Sql:
    """The SHA-256 of a salt and a text, in lower hexadecimal digits."""
    before = text(salt.encode("utf-8").hex())
    words = exp.cast(identifier, exp.DataType.Type.TEXT)
    match dialect:
        case "duckdb":
            return called("SHA256", exp.DPipe(this=called("UNHEX", before), expression=called("ENCODE", words)))
        case "postgres":
            salted = exp.DPipe(
                this=called("DECODE", before, text("hex")), expression=called("CONVERT_TO", words, text("UTF8"))
            )
            return called("ENCODE", called("SHA256", salted), text("hex"))
        case "spark":
            salted_bytes = called("CONCAT", called("UNHEX", before), called("ENCODE", words, text("UTF-8")))
            return called("SHA2", salted_bytes, whole(256))
        case "bigquery":
            as_bytes = exp.cast(words, exp.DataType.Type.VARBINARY)
            return called("TO_HEX", called("SHA256", called("CONCAT", called("FROM_HEX", before), as_bytes)))
        case "snowflake":
            salted = exp.DPipe(this=called("HEX_DECODE_STRING", before), expression=words)
            return called("SHA2", salted, whole(256))
        case "trino":
            joined = called("CONCAT", called("FROM_HEX", before), called("TO_UTF8", words))
            return called("LOWER", called("TO_HEX", called("SHA256", joined)))
        case "clickhouse":
            joined = called("concat", called("unhex", before), words)
            return called("lower", called("hex", called("SHA256", joined)))
        case _:
            raise ValueError(f"`{dialect}` has no SHA-256")
