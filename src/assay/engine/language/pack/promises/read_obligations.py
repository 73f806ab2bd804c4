"""`obligations.yaml` to the register of duties. It collects every fault and keeps what can be kept."""

from __future__ import annotations

from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.identifiers import MARKET_CODE, SLUG
from assay.engine.kernel.markets import COUNTRIES, Markets
from assay.engine.language.document.fields import Fields
from assay.engine.language.document.yaml_tree import Mapping, Scalar
from assay.engine.language.pack.policy import Named
from assay.engine.language.pack.promises.obligations import (
    CONFIDENCES,
    INTERNATIONAL,
    KINDS,
    STATUSES,
    Obligation,
    Property,
)
from assay.engine.language.problems.dates import effective_after_sunset
from assay.engine.language.problems.rules import unknown_market
from assay.engine.language.problems.writing import bad_value, missing_key

_KEYS = (
    "title jurisdiction markets instrument provision bound binds_platform trigger duty clock effective until status "
    "kind evidence source confidence note property not_formal"
).split()


def read_obligations(node: Mapping, markets: Markets, problems: list[Diagnostic]) -> tuple[Obligation, ...]:
    """The duties below `obligations:`, in the order declared."""
    top = Fields(node, "obligations.yaml", ("obligations",), problems)
    declared = top.mapping("obligations")
    found = []
    for key, below in declared.entries if declared is not None else ():
        if not SLUG.match(key.text):
            hint = "use a-z, 0-9 and hyphens"
            problems.append(bad_value.report(f"`{key.text[:40]}` cannot name an obligation", key.span, hint))
        elif not isinstance(below, Mapping):
            problems.append(bad_value.report(f"`{key.text}` holds keys and values", below.span))
        else:
            found.append(_read_obligation(key, below, markets, problems))
    return tuple(found)


def _read_obligation(key: Scalar, node: Mapping, markets: Markets, problems: list[Diagnostic]) -> Obligation:
    fields = Fields(node, f"the obligation `{key.text}`", _KEYS, problems)
    named = fields.names("markets")
    effective, until = fields.instant("effective"), fields.instant("until")
    if effective is not None and until is not None and effective >= until:
        problems.append(effective_after_sunset.report("effective", "until", fields.place("effective")))
    return Obligation(
        id=key.text,
        title=fields.text("title", required=True),
        jurisdiction=_jurisdiction(fields, markets, problems),
        markets=tuple(one.name for one in named),
        reach=_reach(named, markets, problems),
        instrument=fields.text("instrument", required=True),
        provision=fields.text("provision"),
        bound=tuple(one.name for one in fields.names("bound")),
        binds_platform=fields.flag("binds_platform"),
        trigger=fields.text("trigger"),
        duty=fields.text("duty", required=True),
        clock=fields.text("clock"),
        effective=effective,
        until=until,
        status=fields.one_of("status", STATUSES, "unverified", required=True),
        kind=fields.one_of("kind", KINDS, "none", required=True),
        evidence=fields.text("evidence"),
        source=fields.text("source", required=True),
        confidence=fields.one_of("confidence", CONFIDENCES, "unverified", required=True),
        note=fields.text("note"),
        property=_property(fields, problems),
        not_formal=_not_formal(fields, problems),
        span=key.span,
    )


def _jurisdiction(fields: Fields, markets: Markets, problems: list[Diagnostic]) -> str:
    """Whose law it is. A state that no rule tells apart may make law too, so it need not be declared as a market."""
    found = fields.scalar("jurisdiction", required=True)
    if found is None:
        return ""
    name = found.text.strip()
    if not (name == INTERNATIONAL or markets.knows(name) or (MARKET_CODE.match(name) and name[:2] in COUNTRIES)):
        known = markets.codes | set(markets.groups) | {INTERNATIONAL}
        problems.append(unknown_market.report(name, known, found.span))
    return name


def _reach(named: tuple[Named, ...], markets: Markets, problems: list[Diagnostic]) -> frozenset[str]:
    known = []
    for one in named:
        name = one.name.removeprefix("not:")
        if markets.knows(name):
            known.append(one.name)
        else:
            problems.append(unknown_market.report(name, markets.codes | set(markets.groups), one.span))
    return markets.resolve(tuple(known)) if known else frozenset()


def _property(fields: Fields, problems: list[Diagnostic]) -> Property | None:
    below = fields.mapping("property")
    if below is None:
        return None
    if not fields.items("markets"):
        problems.append(missing_key.report("markets", fields.where, below.span, "name where its property has to hold"))
    inner = Fields(below, "`property`", ("when", "requires"), problems)
    when, requires = inner.condition("when", required=True), inner.condition("requires", required=True)
    return Property(when, requires) if when is not None and requires is not None else None


def _not_formal(fields: Fields, problems: list[Diagnostic]) -> str:
    """Why a duty has no property. One of the two stands there, or nobody would know whether it was forgotten."""
    reason, formal = fields.text("not_formal"), fields.node.get("property") is not None
    if formal and reason:
        words = f"{fields.where} has both `property` and `not_formal`"
        problems.append(bad_value.report(words, fields.place("not_formal"), "keep one of them"))
    elif not formal and not reason:
        hint = "add `property:`, or `not_formal:` with the reason"
        problems.append(missing_key.report("property", fields.where, fields.node.span, hint))
    return reason
