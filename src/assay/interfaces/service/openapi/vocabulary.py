"""A pack's own vocabulary as JSON Schema: what an item may say, and what a decision of it can. It decides nothing."""

from __future__ import annotations

from assay.engine.decision.item import EVERYWHERE, LONGEST_ID
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.vocabulary import Signal, SignalType
from assay.interfaces.service.openapi.records import Schema, decision_schema, item_schema

# The largest whole number that every reader of JSON holds exactly.
_LARGEST_NUMBER = 2**53
_TIME = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?([Zz]|[+-][0-9]{2}:[0-9]{2}))?$"
_DURATION = r"^-?([0-9]+(\.[0-9]+)?(h|ms|us|m|s))+$"


def schemas_of(pack: Pack) -> Schema:
    """JSON Schemas of the item records that a pack decides and of the decisions it makes."""
    return {"item": _item(pack), "decision": _decision(pack)}


def signal_schema(signal: Signal, pack: Pack) -> Schema:
    """What a signal may be given as in `signals`."""
    plain = value_schema(signal)
    if signal.by_market:
        codes = sorted({*pack.markets.codes, EVERYWHERE})
        plain = {"type": "object", "propertyNames": {"enum": codes}, "additionalProperties": _or_null(plain)}
    return {"title": signal.title, "description": signal.question, **_or_null(plain)}


def value_schema(signal: Signal) -> Schema:
    """What a signal's value is written as."""
    match signal.type:
        case SignalType.FLAG:
            return {"type": "boolean"}
        case SignalType.CHOICE | SignalType.SCALE:
            return {"type": "string", "enum": list(signal.value_names)}
        case SignalType.SET:
            most = 10 * len(signal.values) + 10
            return {"type": "array", "maxItems": most, "items": {"type": "string", "enum": list(signal.value_names)}}
        case SignalType.SCORE:
            return {"type": "number", "minimum": 0, "maximum": 1}
        case SignalType.NUMBER:
            low = -_LARGEST_NUMBER if signal.minimum is None else signal.minimum
            high = _LARGEST_NUMBER if signal.maximum is None else signal.maximum
            return {"type": "integer" if signal.integer else "number", "minimum": low, "maximum": high}
        case SignalType.TEXT:
            return {"type": "string", "maxLength": signal.longest}
        case SignalType.TIME:
            return {"type": "string", "pattern": _TIME, "maxLength": 40}
        case SignalType.DURATION:
            return {"type": "string", "pattern": _DURATION, "maxLength": 40}


def _or_null(plain: Schema) -> Schema:
    return {"anyOf": [plain, {"type": "null"}]}


def _item(pack: Pack) -> Schema:
    schema = item_schema()
    schema["$id"] = f"urn:assay:item:1:{pack.digest}"
    schema["title"] = f"Item record for {pack.title}, {pack.version}"
    signals = pack.vocabulary.signals
    schema["properties"]["signals"] = {
        "type": ["object", "null"],
        "properties": {signal.name: signal_schema(signal, pack) for signal in signals},
        "additionalProperties": False,
    }
    assertions = [_assertion(signal) for signal in signals if signal.asserted_by and not signal.by_market]
    # Where nobody may assert anything, no assertion fits.
    schema["properties"]["assertions"]["items"] = {"anyOf": assertions} if assertions else False
    schema["properties"] |= asked_properties()
    schema.pop("$defs")
    return schema


def asked_properties() -> Schema:
    """What a request may say beside the item: how to decide it."""
    return {
        "markets": {
            "description": "Codes, groups or classes of markets to decide; every market where absent.",
            "type": ["array", "null"],
            "minItems": 1,
            "items": {"type": "string"},
        },
        "as_of": {
            "description": "Decide as at this date or time, RFC 3339; the service's clock where absent.",
            "type": ["string", "null"],
            "pattern": _TIME,
            "maxLength": 40,
        },
    }


def _assertion(signal: Signal) -> Schema:
    return {
        "type": "object",
        "required": ["signal", "by"],
        "additionalProperties": False,
        "properties": {
            "signal": {"const": signal.name},
            "value": _or_null(value_schema(signal)),
            "by": {"enum": list(signal.asserted_by)},
            "source": {"type": "string", "maxLength": LONGEST_ID},
            "confidence": {"type": ["number", "null"], "minimum": 0, "maximum": 1},
            "at": {"type": ["string", "null"], "pattern": _TIME, "maxLength": 40},
            "evidence": {"type": ["array", "null"], "items": {"type": "string", "maxLength": LONGEST_ID}},
        },
    }


def _decision(pack: Pack) -> Schema:
    schema = decision_schema()
    schema["$id"] = f"urn:assay:decision:1:{pack.digest}"
    schema["title"] = f"Decision record of {pack.title}, {pack.version}"
    properties, outcome = schema["properties"], schema["$defs"]["outcome"]["properties"]
    properties["bundle"] = {"const": pack.digest}
    # What went in is described by the schema of the item; here it is only said that it is there.
    properties["input"] = {"type": "object", "required": ["id", "signals"]}
    signals = [signal.name for signal in pack.vocabulary.signals]
    rules = [rule.ref for rule in pack.rules]
    measures = [measure.id for measure in pack.measures.all]
    truth = {"$ref": "#/$defs/truth"}
    values = {
        signal.name: {"type": "object"} if signal.by_market else value_schema(signal)
        for signal in pack.vocabulary.signals
    }
    properties["signals"] = {"type": "object", "properties": values, "additionalProperties": False}
    outcome["measures"] = {
        "type": "object",
        "required": measures,
        "properties": dict.fromkeys(measures, truth),
        "additionalProperties": False,
    }
    for name, known in (("applied", measures), ("questions", signals), ("fired", rules), ("possible", rules)):
        outcome[name] = {"type": "array", "uniqueItems": True, "items": {"enum": known}}
    schema["$defs"]["said"]["properties"]["value"] = {}
    return schema
