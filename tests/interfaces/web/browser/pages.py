"""Every page of the workbench by the name of its address, and every address that is no page. It opens none.

A new address fails the tests until it stands here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape

from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve


@dataclass(frozen=True, slots=True)
class At:
    """Where a page is opened, and by whom; None is somebody who is not signed in.

    args   what its address names, as text
    query  what stands after it
    on     another page, by its address, the first link of which that leads to a page of this name is taken
    """

    by: str | None = "Dee"
    args: tuple[str, ...] = ()
    query: str = ""
    on: str = ""


# By the name of the address.
PAGES: dict[str, At] = {
    "home:home": At(by="Ada"),
    "account_login": At(by=None),
    "account_reset_password": At(by=None),
    "account_reset_password_done": At(by=None),
    "account_change_password": At(),
    "account_logout": At(),
    "mfa_index": At(),
    "sign_in_ask_recovery": At(by=None),
    "sign_in_recoveries": At(),
    "usersessions_list": At(),
    "tokens:list": At(),
    "search:search": At(query="?q=label"),
    "calendar:calendar": At(),
    "calendar:month": At(),
    "calendar:addresses": At(),
    "notices:list": At(by="Ada"),
    "notices:preferences": At(),
    "changes:board": At(by="Ada"),
    "changes:list": At(by="Ada"),
    "changes:new": At(by="Ada", query="?kind=retire"),
    "changes:change": At(by="Ada", args=("3",)),
    "changes:describe": At(by="Ada", on="{changes:change}"),
    "changes:people": At(by="Ada", on="{changes:change}"),
    "changes:sources": At(by="Ada", on="{changes:change}"),
    "changes:back": At(by="Ada", on="{changes:change}"),
    "changes:withdraw": At(by="Ada", on="{changes:change}"),
    "impact:impact": At(by="Ada", args=("2",)),
    "impact:work": At(by="Ada", args=("2", "rehearsal")),
    "impact:run": At(by="Ada", on="{impact:impact}"),
    "impact:assess": At(by="Ada", args=("2", "rights")),
    "impact:memo": At(by="Ada", args=("2",)),
    "policies:policies": At(),
    "policies:policy": At(args=("likeness",)),
    "library:versions": At(by="Ada", args=("disclosure",)),
    "library:version": At(by="Ada", args=("disclosure", "1")),
    "library:difference": At(by="Ada", args=("disclosure",)),
    "library:as-of": At(by="Ada", args=("disclosure",)),
    "policies:questions": At(),
    "policies:question": At(args=("ai_extent",)),
    "policies:measures": At(),
    "policies:measure": At(args=("removed",)),
    "policies:duties": At(),
    "policies:duty": At(on="/policies/duties/"),
    "policies:windows": At(),
    "writing:public": At(by="Ada", args=("likeness",)),
    "writing:guidance": At(by="Ada", args=("likeness",)),
    "writing:explanation": At(by="Ada", args=("likeness",)),
    "writing:changes": At(by="Ada", args=("likeness",)),
    "writing:translations": At(by="Ada", args=("likeness",)),
    "writing:language": At(by="Ada", args=("likeness", "de")),
    "decisions:list": At(by="Ada"),
    "decisions:one": At(by="Ada", on="/decisions/"),
    "decisions:item": At(by="Ada", query="?id=upload-1"),
    "views:list": At(by="Ada"),
    "views:new": At(by="Ada", query="?page=decisions&query=state%3Dopen"),
    "views:one": At(by="Ada", on="/views/"),
    "bundles:list": At(by="Ada"),
    "bundles:one": At(by="Ada", on="/bundles/"),
    "bundles:policy": At(by="Ada", on="{bundles:one}"),
    "ledger:entries": At(by="Cy"),
    "ledger:entry": At(by="Cy", args=("7",)),
    "ledger:heads": At(by="Cy"),
    "ledger:subscribers": At(),
    "people:people": At(),
    "people:person": At(args=("{Ada}",)),
    "people:invite": At(),
    "people:give": At(args=("{Cy}",)),
    "people:emergency": At(by="Ada", args=("{Cy}",)),
    "people:change": At(args=("{Ada}",)),
    "people:away": At(args=("{Ada}",)),
    "people:close": At(args=("{Ada}",)),
    "people:reopen": At(args=("{Pat}",)),
    "people:revoke": At(on="/people/{Ada}"),
    # Every room has the same table; one is looked at.
    "people:matrix": At(query="?room=people"),
    "people:approvals": At(by="Ada"),
    "people:approval": At(by="Eli", on="/people/approvals"),
    "people:me": At(by="Ada"),
    "people:profile": At(by="Ada"),
    "people:delegate": At(by="Ada"),
    # Of the demonstration's changes, 1 is in force, 2 in sign-off, 3 in consultation, 4 an idea.
    "consulting:change": At(by="Ada", args=("3",)),
    "consulting:one": At(by="Ada", on="/changes/3/consultation/"),
    "consulting:new": At(by="Ada", args=("3",)),
    "consulting:preview": At(by="Ada", on="{consulting:one}"),
    "consulting:invite": At(by="Ada", on="{consulting:one}"),
    "consulting:extend": At(by="Ada", on="{consulting:one}"),
    "consulting:close": At(by="Ada", on="{consulting:one}"),
    "consulting:answer": At(by="Ada", on="{consulting:one}"),
    "consulting:mine": At(by="Rae"),
    "consulting:asked": At(by="Rae", on="/consultations/"),
    "drafting:draft": At(by="Ada", args=("3",)),
    "drafting:revision": At(by="Ada", args=("3", "1"), query="?file=policies/intimate.md"),
    "questions:list": At(by="Ada"),
    "questions:one": At(by="Ada", args=("1",)),
    "questions:new": At(by="Ada"),
    "questions:answer": At(by="Ada", args=("4",)),
    "questions:withdraw": At(by="Ada", args=("1",)),
    "readiness:change": At(by="Ada", args=("2",)),
    "readiness:map": At(by="Ada", args=("2",)),
    "readiness:features": At(by="Ada"),
    "readiness:feature": At(by="Ada", on="/features/"),
    "readiness:new": At(by="Ada"),
    "readiness:import": At(by="Ada"),
    "readiness:edit": At(by="Ada", on="{readiness:feature}"),
    "readiness:template": At(by="Ada"),
    "readiness:change_template": At(by="Ada"),
    "signing:change": At(by="Ada", args=("2",)),
    "signing:sheet": At(by="Ada", args=("2",)),
    "signing:matrix": At(by="Ada"),
    "signing:propose": At(by="Ada"),
    "releasing:releases": At(by="Ada"),
    "releasing:edition": At(by="Ada", args=("1",)),
    "releasing:as-of": At(by="Ada"),
    "releasing:roll-back": At(by="Ada"),
    "releasing:change": At(by="Ada", args=("1",)),
    "look:living": At(),
}
_FORM = "only takes a form"
# Addresses that answer something else than a page of their own, each with what it is.
NO_PAGE: dict[str, str] = {
    "search:palette": "a part, for the palette",
    "changes:export": "a file",
    "changes:waive": "as `changes:withdraw`, for a requirement that is open just then",
    "changes:review": "as `changes:withdraw`, for what is in force",
    "changes:confirm": "as `changes:withdraw`, for what is to be looked at again",
    "changes:rebase": "its own tests open it: nothing else came in force meanwhile in the demonstration",
    "notices:bell": "a part, for the bell",
    "decisions:newer": "a part, for the list",
    "decisions:again": "a part, for the page of a decision",
    "drafting:save": "answers the editor's script",
    "drafting:text": "answers the editor's script",
    "drafting:check": "a part, for the editor",
    "drafting:present": "a part, for the editor",
    "drafting:asides": "a part, for the editor",
    "drafting:beside": "a part, for the editor",
    "signing:since": "its own tests open it: nobody of the demonstration signed an earlier draft",
    "impact:progress": "a part, for the impact of a change",
    "impact:beside": "a part, for the editor",
    "impact:ask": "only takes a form",
    "impact:stop": "only takes a form",
    "impact:confirm": "only takes a form",
    "impact:second": "only takes a form",
    "impact:report": "a file",
    "impact:page": "a file",
    "impact:drawing": "a picture",
    "decisions:export": "a file",
    "writing:guidance_pdf": "a file",
    "writing:json": "a file",
    "writing:strings": "a file",
    "writing:template": "leads to a file",
    "writing:drop": "only takes a form",
    "decisions:record": "a file",
    "calendar:feed": "a calendar file",
    "ledger:export": "a file",
    "ledger:whole": "a file",
    "ledger:key": "a file",
    "ledger:consistency": "a file",
    "ledger:proof": "a file",
    "people:matrix_file": "a file",
    "people:export": "a file",
    "look:chart": "a picture",
    "account_inactive": "reached only by somebody whose account is closed",
    "account_signup": "leads away: nobody signs up",
    "account_reauthenticate": "asks again for a password, by the form of signing in",
    "account_set_password": "leads away from whoever has a password",
    "sign_in_refused": "answers 403, in words that its own test reads",
    "sign_in_begin": "a story opens it, with a link that works once",
    "sign_in_recover": "opened with a link that works once",
    "sign_in_second_factor": "a story opens it: it leads away from whoever has one",
    "releasing:export": "a file",
    "consulting:summary": "its own tests open it: it waits for a consultation that is over",
    "questions:near": "a part, for decisions",
    "questions:export": "a file",
    "questions:confirm": "as `questions:withdraw`",
    "questions:supersede": "as `questions:withdraw`",
    "readiness:export": "a file",
    "releasing:bundle": "a file",
    **dict.fromkeys(
        (
            "releasing:again", "releasing:build", "releasing:pilot", "releasing:end-pilot", "releasing:launch",
            "releasing:stop", "consulting:declare", "consulting:decline", "consulting:remind", "consulting:say",
            "consulting:withdraw", "impact:ask", "impact:confirm", "impact:second", "impact:stop", "readiness:accept",
            "readiness:assign", "readiness:begin", "readiness:mark", "readiness:retire", "readiness:withdraw",
            "signing:answer", "signing:judge", "signing:lift", "signing:sign", "signing:stop", "signing:withdraw",
            "changes:begin", "changes:advance", "changes:remove_source",
            "calendar:revoke", "notices:read", "ledger:sign", "ledger:again", "tokens:revoke", "look:scheme",
            "people:approve", "people:decline", "people:withdraw", "people:end_delegation", "people:end_absence",
            "people:invite_again", "people:sign_out", "sign_in_decide_recovery", "views:rename", "views:share",
            "views:delete", "drafting:wording", "drafting:restore", "drafting:remark", "drafting:act",
        ),
        _FORM,
    ),
}  # fmt: skip
# Addresses of libraries and of machines, by their beginnings.
NOT_OURS = ("api:", "mfa_", "openid_connect_", "socialaccount_", "account_reset_password_from_key")


def named_addresses() -> set[str]:
    """The names of all addresses of the site."""
    return set(_names(get_resolver().url_patterns, ""))


def _names(patterns: Iterable[URLPattern | URLResolver], space: str) -> Iterator[str]:
    for each in patterns:
        if isinstance(each, URLPattern):
            yield f"{space}{each.name}"
        else:
            yield from _names(each.url_patterns, f"{space}{each.namespace}:" if each.namespace else space)


def leads_to(path: str, name: str) -> bool:
    """Whether a path is the address of this name."""
    try:
        return resolve(path).view_name == name
    except Resolver404:
        return False


def links_of(text: str) -> list[str]:
    """The paths of all links of a page, in their order."""
    return [unescape(found).partition("?")[0].partition("#")[0] for found in re.findall(r'href="(/[^"]*)"', text)]
