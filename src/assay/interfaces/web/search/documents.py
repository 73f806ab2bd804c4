"""A pack as documents that search can find: policies, rules, questions, measures, duties. It decides nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.urls import reverse

from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Exemption, Policy, Rule
from assay.interfaces.web.policies.views import rule_anchor
from assay.interfaces.web.search.index import Document

_MARKUP = re.compile(r"[*_`>#\[\]]+")
_LONGEST_TEXT = 4_000


def documents_of(pack: Pack) -> Iterator[Document]:
    """Everything in a pack that has a place on a page."""
    for policy in pack.policies:
        yield from _policy(policy)
    for signal in pack.vocabulary.signals:
        url = reverse("policies:question", args=[signal.name])
        values = " ".join(value.name for value in signal.values)
        yield Document("question", signal.name, signal.question or signal.title, plain(signal.help), url, values)
    for measure in pack.measures.all:
        url = reverse("policies:measure", args=[measure.id])
        yield Document("measure", measure.id, measure.title, measure.phrase, url)
    for duty in pack.obligations:
        url = reverse("policies:duty", args=[duty.id])
        also = f"{duty.instrument} {duty.provision} {duty.jurisdiction} {duty.trigger} {duty.clock}"
        yield Document("duty", duty.id, duty.title, plain(duty.duty), url, plain(also))


def plain(markdown: str) -> str:
    """Prose without the marks of Markdown, on one line."""
    return " ".join(_MARKUP.sub("", markdown).split())[:_LONGEST_TEXT]


def _policy(policy: Policy) -> Iterator[Document]:
    url = reverse("policies:policy", args=[policy.id])
    yield Document("policy", policy.id, policy.title, plain(policy.introduction.public), url, policy.owner)
    prose = {section.title: plain(section.public) for section in reversed(policy.sections)}
    for rule in policy.rules:
        yield _rule(rule, prose.get(rule.title, ""), url)
    for exception in policy.exceptions:
        yield _exception(exception, prose.get(exception.title, ""), url)


def _rule(rule: Rule, prose: str, url: str) -> Document:
    measures = " ".join(named.name for named in (*rule.then, *rule.until_known))
    markets = " ".join(named.name for named in rule.markets)
    also = f"{rule.harm or ''} {measures} {markets} {rule.severity}"
    return Document("rule", rule.ref, rule.title, prose, f"{url}#{rule_anchor(rule.id)}", also)


def _exception(exception: Exemption, prose: str, url: str) -> Document:
    return Document("exception", exception.ref, exception.title, prose, f"{url}#{rule_anchor(exception.id)}")
