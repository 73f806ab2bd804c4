"""What a saved view may be called and hold, and who sees it. It reads no store."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from assay.engine.kernel.errors import Fault
from assay.governance.office.roles import INSIDE, Role

LONGEST_NAME = 80
LONGEST_QUERY = 1_000
MOST_HELD = 100
# What an address carries beside its filters: where in the list, and in which form.
_MOST_FILTERS = 50
_PASSING = ("after", "format", "csrfmiddlewaretoken")


@dataclass(frozen=True, slots=True)
class ListPage:
    """A list whose views can be saved.

    url_name   of its page; `operation` who may see it
    """

    title: str
    url_name: str
    operation: str


PAGES: dict[str, ListPage] = {}


def register_page(name: str, page: ListPage) -> None:
    """Let views of a list be saved; its room does so in `AppConfig.ready`."""
    PAGES[name] = page


def plain_query(given: str) -> str:
    """Filters as an address has them, and nothing else of it, whatever was given."""
    try:
        pairs = parse_qsl(given[: 4 * LONGEST_QUERY].lstrip("?"), max_num_fields=_MOST_FILTERS)
    except ValueError:
        return ""
    return urlencode([(name, value) for name, value in pairs if name not in _PASSING])


def faults_of(name: str, page: str, query: str, taken: Collection[str], held: int) -> list[Fault]:
    """All that is wrong with a view to be saved.

    taken  names of the person's other views of the page
    held   how many they have
    """
    found = faults_of_name(name, taken)
    if page not in PAGES:
        found.append(Fault("no-such-page", "choose the list from its own page: press `Save this view` there", "page"))
    if not query:
        found.append(Fault("no-filters", "set at least one filter before you save the view", "query"))
    elif len(query) > LONGEST_QUERY:
        found.append(
            Fault("long-query", f"the filters take more than {LONGEST_QUERY:,} characters; use fewer", "query")
        )
    if held >= MOST_HELD:
        found.append(Fault("too-many-views", f"you have {held} saved views; delete one that you no longer need"))
    return found


def faults_of_name(name: str, taken: Collection[str]) -> list[Fault]:
    """What is wrong with a name."""
    plain = name.strip()
    if not plain:
        return [Fault("no-name", "give the view a name", "name")]
    if len(plain) > LONGEST_NAME:
        return [Fault("long-name", f"a name has at most {LONGEST_NAME} characters", "name")]
    if not plain.isprintable():
        return [Fault("bad-name", "a name is one line of text that can be seen", "name")]
    if plain in taken:
        return [Fault("name-taken", f"you have a view named `{plain}` already; choose another name", "name")]
    return []


def faults_of_roles(roles: Collection[str]) -> list[Fault]:
    """What is wrong with whom a view is shared with."""
    known: Mapping[str, Role] = {role.value: role for role in INSIDE}
    wrong = sorted(role for role in roles if role not in known)
    return (
        [Fault("no-such-role", f"a view is shared with roles of the house, and `{wrong[0][:40]}` is none", "roles")]
        if wrong
        else []
    )
