"""`assay explain`: a pack, a policy or a rule in plain words. It never says more than stands in the pack."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assay.engine.kernel.identifiers import did_you_mean
from assay.engine.kernel.instants import day_of, format_instant
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Exemption, Named, Policy, Rule
from assay.engine.language.pack.promises.obligations import Obligation
from assay.interfaces.cli.terminal import counted, print_title, sound_pack, wrapped, wrong_use

_INDENT = "  "


def explain(
    pack: Annotated[Path, typer.Argument(help="The pack's folder.")],
    rule: Annotated[str | None, typer.Argument(help="A rule, an exception or a policy, as likeness/intimate.")] = None,
    markets: Annotated[bool, typer.Option("--markets", help="List the classes of markets and their codes.")] = False,
) -> None:
    """Say in plain words what a pack, a policy, a rule or an exception says."""
    loaded = sound_pack(pack)
    if markets:
        _explain_markets(loaded)
    elif rule is None:
        _list_all(loaded)
    else:
        _explain_named(rule, loaded)


def _explain_named(name: str, pack: Pack) -> None:
    policy = next((found for found in pack.policies if found.id == name), None)
    exception = next((found for found in pack.exceptions if name == found.ref), None)
    found = pack.rule_by_ref.get(name)
    if found is None and "/" not in name and policy is None:
        named = [rule for rule in pack.rules if rule.id == name]
        found = named[0] if len(named) == 1 else None
    if found is not None:
        _explain_rule(found, pack)
    elif exception is not None:
        _explain_exception(exception, pack)
    elif policy is not None:
        _explain_policy(policy, pack)
    else:
        exceptions = [one.ref for one in pack.exceptions]
        known = [*pack.rule_by_ref, *exceptions, *(one.id for one in pack.policies)]
        hint = did_you_mean(name, known)
        wrong_use(f"no rule, exception or policy is named `{name}`" + (f"; {hint}" if hint else ""))


def _explain_markets(pack: Pack) -> None:
    from assay.engine.language.pack.classes import market_classes

    classes = market_classes(pack)
    print(f"{counted(len(classes), 'class', 'classes')} of markets that some rule or window tells apart")
    for found in classes:
        print_title(f"\n{found.name} ({counted(len(found.codes), 'market')})")
        print(wrapped(" ".join(sorted(found.codes)), _INDENT))


# --------------------------------------------------------------------- lists


def _list_all(pack: Pack) -> None:
    print(f"{pack.title} {pack.version}: {_counts(pack.policies)}")
    for policy in pack.policies:
        print_title(f"\n{policy.id}: {policy.title} (version {policy.version}{_from(policy)})")
        _list_rules(policy, pack)


def _list_rules(policy: Policy, pack: Pack) -> None:
    references = [rule.ref for rule in policy.rules] + [exception.ref for exception in policy.exceptions]
    width = max(map(len, references), default=0)
    for rule in policy.rules:
        before = f"; until known {_names(rule.until_known)}" if rule.until_known else ""
        where = f"; {', '.join(named.name for named in rule.markets)}" if rule.markets else ""
        print(
            wrapped(
                f"{_names(rule.then)}{before}{where}", f"  {rule.severity}  {rule.ref:{width}}  ", " " * (width + 8)
            )
        )
    for exception in policy.exceptions:
        reached = counted(len(pack.reached(exception)), "rule")
        print(f"  --  {exception.ref:{width}}  an exception that reaches {reached}")


def _explain_policy(policy: Policy, pack: Pack) -> None:
    print_title(f"{policy.id}: {policy.title}")
    print(f"version {policy.version}, owned by {policy.owner}{_from(policy)}")
    if policy.introduction.public.strip():
        print(f"\n{wrapped(policy.introduction.public, _INDENT)}")
    print()
    _list_rules(policy, pack)


def _from(policy: Policy) -> str:
    start = "" if policy.period.effective is None else f", from {day_of(policy.period.effective)}"
    return start + (f" to before {day_of(policy.period.sunset)}" if policy.period.sunset is not None else "")


def _counts(policies: tuple[Policy, ...]) -> str:
    rules = sum(len(policy.rules) for policy in policies)
    return f"{counted(len(policies), 'policy', 'policies')}, {counted(rules, 'rule')}"


def _names(measures: tuple[Named, ...]) -> str:
    return ", ".join(named.name for named in measures)


# --------------------------------------------------------------------- one rule


def _explain_rule(rule: Rule, pack: Pack) -> None:
    from assay.engine.language.plain import plain_exceptions, plain_rule

    print_title(f"{rule.ref}: {rule.title}")
    print(f"severity {rule.severity}" + (f", harm {rule.harm}" if rule.harm else ""))
    _part("It holds when", plain_rule(rule, pack))
    if rule.no_exception:
        _part("Exceptions", "None may reach it.")
    elif pack.exceptions_of[rule.ref]:
        named = zip(pack.exceptions_of[rule.ref], plain_exceptions(rule, pack), strict=True)
        _part("It does not hold when", "\n\n".join(f"{words} ({exception.ref})" for exception, words in named))
    else:
        _part("Exceptions", "None reaches it.")
    _part("Then", _measures(rule.then, pack))
    if rule.until_known:
        _part("As long as that is not known", _measures(rule.until_known, pack))
    _part("When and for whom", _period(rule, pack))
    _obligations(rule, pack)
    _prose(rule, pack)


def _part(title: str, text: str) -> None:
    print_title(f"\n{title}")
    print("\n".join(wrapped(each, _INDENT, _INDENT * 2) for each in text.split("\n\n")))


def _measures(named: tuple[Named, ...], pack: Pack) -> str:
    return "\n\n".join(f"{one.name}: {pack.measures.by_id[one.name].phrase}" for one in named)


def _period(rule: Rule, pack: Pack) -> str:
    """Time, subject, rollout and who may apply it; markets and surfaces stand in the rule's own sentence."""
    words = []
    if rule.period.effective is not None:
        words.append(f"From {_day(rule.period.effective)}.")
    if rule.period.sunset is not None:
        words.append(f"Until {_day(rule.period.sunset)}, when it no longer holds.")
    spared = [one.name for one in rule.then if pack.measures.by_id[one.name].after_grace]
    if rule.grace_until is not None and spared:
        words.append(f"Before {_day(rule.grace_until)} people are still spared {', '.join(spared)}.")
    if rule.period == type(rule.period)():
        words.append("Always.")
    subject = {"item": "items", "account": "accounts", "campaign": "campaigns"}[rule.subject]
    words.append(f"It judges {subject}.")
    who = "Only specialists may apply it." if rule.enforced_by == "specialist" else "Any reviewer may apply it."
    return " ".join([*words, who])


def _day(instant: int) -> str:
    text = format_instant(instant)
    return text.removesuffix("T00:00:00Z")


def _obligations(rule: Rule, pack: Pack) -> None:
    by_id = {obligation.id: obligation for obligation in pack.obligations}
    served = [by_id[named.name] for named in rule.meets if named.name in by_id]
    if not served:
        return
    print_title("\nObligations it serves")
    for duty in served:
        print(wrapped(f"{duty.id}: {duty.title} ({duty.jurisdiction})", _INDENT, _INDENT * 2))
        print(wrapped(duty.duty, _INDENT * 2))
        print(wrapped(_grounds(duty), _INDENT * 2))
        print(f"{_INDENT * 2}{duty.source}")
    print(wrapped("This is how the pack's authors read their duties. It is not legal advice.", _INDENT))


def _grounds(duty: Obligation) -> str:
    start = "" if duty.effective is None else f", in force from {day_of(duty.effective)}"
    confidence = {"verified": "checked against its source", "partly-verified": "partly checked against its source"}
    law = ", ".join(part for part in (duty.instrument, duty.provision) if part)
    return f"{law}{start}; {confidence.get(duty.confidence, 'not checked against its source')}:"


def _prose(rule: Rule | Exemption, pack: Pack) -> None:
    policy = next(found for found in pack.policies if found.id == rule.policy)
    section = policy.section_of(rule.title)
    if section is None:
        return
    if section.public.strip():
        _prose_part("What the policy says", section.public)
    if section.guidance.strip():
        _prose_part("For moderators", section.guidance.replace("**Moderators:**", "").strip())


def _prose_part(title: str, text: str) -> None:
    print_title(f"\n{title}")
    print(wrapped(text, _INDENT))


def _explain_exception(exception: Exemption, pack: Pack) -> None:
    from assay.engine.language.plain import plain_condition

    print_title(f"{exception.ref}: {exception.title}")
    print("an exception")
    _part("It holds when", plain_condition(exception.when.expression, pack.vocabulary))
    reached = pack.reached(exception)
    _part("Rules that then do not hold", "\n\n".join(f"{rule.ref}: {rule.title}" for rule in reached))
    _prose(exception, pack)
