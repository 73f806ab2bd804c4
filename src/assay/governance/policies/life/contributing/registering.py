"""The part makes itself known: its operations, requirements, tasks, names and notices. It is called once."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

from assay.governance.ledger.meaning.naming import name_things
from assay.governance.office.contributions import Place, contribute
from assay.governance.people.notices import subscribing
from assay.governance.people.views.rules import ListPage, register_page
from assay.governance.policies.life import commands, queries
from assay.governance.policies.life.contributing import naming, requirements
from assay.governance.policies.life.contributing.noticing import KINDS, RULES
from assay.governance.policies.life.contributing.offering import dates, search, tasks
from assay.governance.policies.life.tabs import Tab, register_tab

# Named so that they are loaded: what they declare is found by name.
LOADED = (commands, queries, requirements)
_ALSO = ("/features/", "/readiness/", "/sign-off/")
_PLACE = Place("Changes", "changes:board", "e", "policies.see-board", "branch", 10, _ALSO)


def register() -> None:
    """Make the part known; called once when Django is ready."""
    contribute("changes", tasks=tasks, dates=dates, search=search, place=_PLACE)
    name_things("change", naming.names_of_changes, url=_change)
    name_things("policy", naming.names_of_policies, url=_policy)
    name_things("edition", lambda keys: {key: f"edition {key}" for key in keys})
    name_things("release", lambda keys: {key: f"release {key}" for key in keys})
    name_things("source", lambda keys: dict.fromkeys(keys, "a source"))
    name_things("requirement", naming.names_of_requirements)
    register_tab(Tab("overview", "Overview", "changes:change", 0))
    register_page("changes", ListPage("Changes", "changes:list", "policies.list-changes"))
    subscribing.register(KINDS, RULES)


def _change(key: str) -> str | None:
    return reverse("changes:change", args=[int(key)]) if naming.is_number(key) else None


def _policy(key: str) -> str | None:
    name = naming.name_of_policy(key)
    try:
        return None if name is None else reverse("policies:policy", args=[name])
    except NoReverseMatch:
        return None
