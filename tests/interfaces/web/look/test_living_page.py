"""The living page shows the whole look; no template anywhere goes round it, and no script or style stands in a page."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client, RequestFactory

from assay.interfaces.web.look import pages, specimens
from assay.interfaces.web.look.schemes import COOKIE
from assay.interfaces.web.templatetags import look
from tests.conftest import ROOT
from tests.interfaces.web.look.stylesheet import WEB, rules

TEMPLATES = WEB / "templates" / "look"
SOURCE = ROOT / "src" / "assay"
# Mails are read in other people's programs, which know no stylesheet of ours.
EVERY = sorted(
    path
    for folder in (SOURCE / "interfaces" / "web", SOURCE / "governance")
    for path in folder.rglob("templates/**/*.html")
    if "mail" not in path.name
)
# Parts of the frame around every page, which the living page has like any other.
TAG = re.compile(r"{%-?\s*(\w+)")


def names_in(texts: str) -> set[str]:
    return set(TAG.findall(texts)) | set(re.findall(r"\|(\w+)", texts))


def written(*paths: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


class Seen(HTMLParser):
    """What a page holds, as a browser would find it."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.levels: list[int] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if "id" in found:
            self.ids.append(str(found["id"]))
        if tag == "a" and str(found.get("href", "")).startswith("#"):
            self.targets.append(str(found["href"])[1:])
        if re.fullmatch(r"h[1-6]", tag):
            self.levels.append(int(tag[1]))
        self.wrong += [f"<{tag} {name}>" for name in found if name == "style" or name.startswith("on")]
        # Values for a script are text that nothing runs.
        data = found.get("type") == "application/json"
        if tag == "style" or (tag == "script" and "src" not in found and not data):
            self.wrong.append(f"<{tag}>")


@pytest.fixture
def page() -> str:
    request = RequestFactory().get("/look/?market=DK")
    vars(request).update(at=specimens.NOW, session={})
    return pages.living(request).content.decode()


def test_every_tag_of_the_look_stands_on_the_living_page() -> None:
    shown = names_in(written(*(TEMPLATES / "specimens").glob("*.html")))
    assert set(look.register.tags) | set(look.register.filters) <= shown


def test_every_part_is_drawn_by_some_tag_or_frame() -> None:
    parts = {f"look/parts/{path.name}" for path in (TEMPLATES / "parts").glob("*.html")}
    drawn = written(*TEMPLATES.rglob("*.html"), *(WEB / "templatetags").rglob("*.py"))
    # A card's and a dialog's are named by the kind of frame.
    drawn = drawn + "".join(f"look/parts/{name}.html" for name in re.findall(r'_framed\("(\w+)"', drawn))
    assert {part for part in parts if part not in drawn} == set()


def test_every_specimen_has_its_template_and_every_template_its_specimen() -> None:
    named = {each.template for shelf in specimens.SHELVES for each in shelf.specimens}
    assert named == {f"look/specimens/{path.name}" for path in (TEMPLATES / "specimens").glob("*.html")}
    assert all(each.use.endswith(".") for shelf in specimens.SHELVES for each in shelf.specimens)


def test_the_living_page_is_whole(page: str) -> None:
    seen = Seen()
    seen.feed(page)
    assert seen.wrong == []
    assert len(seen.ids) == len(set(seen.ids)), "an id stands twice"
    assert set(seen.targets) <= set(seen.ids), "a link leads nowhere"
    assert seen.levels[0] == 1
    assert seen.levels.count(1) == 1
    jumps = [b for a, b in zip(seen.levels, seen.levels[1:], strict=False) if b > a + 1]
    assert jumps == [], "a heading is left out"


def test_every_sign_is_in_the_sheet_and_on_the_living_page() -> None:
    sheet = re.findall(r'<symbol id="([\w-]+)"', (WEB / "static" / "web" / "icons.svg").read_text(encoding="utf-8"))
    assert sorted(sheet) == sorted(specimens.context_at(specimens.NOW)["signs"])
    asked = set(re.findall(r'{% icon "([\w-]+)"', written(*EVERY)))
    assert asked <= set(sheet)


def test_every_room_has_a_sign_of_the_sheet() -> None:
    from assay.governance.office.contributions import PLACES

    sheet = (WEB / "static" / "web" / "icons.svg").read_text(encoding="utf-8")
    assert PLACES
    assert [name for name, place in PLACES.items() if f'<symbol id="{place.icon}"' not in sheet] == []
    keys = [place.key for place in PLACES.values()]
    assert len(keys) == len(set(keys)), "two rooms share a key"


def test_no_template_holds_a_script_or_a_style() -> None:
    wrong = {}
    for path in EVERY:
        seen = Seen()
        # A tag of the template language may stand inside of one of HTML, which would end it too early.
        seen.feed(re.sub(r"{[%#{].*?[%#}]}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL))
        if seen.wrong:
            wrong[str(path.relative_to(SOURCE))] = seen.wrong
    assert len(EVERY) > 60
    assert wrong == {}


def test_every_class_that_a_template_names_has_a_rule() -> None:
    sheet = rules()
    known = set(re.findall(r"\.([a-z][\w-]*)", sheet))
    texts = re.sub(r"{[%#{].*?[%#}]}", " ", written(*EVERY), flags=re.DOTALL)
    named = {name for classes in re.findall(r'class="([^"{}]*)"', texts) for name in classes.split()}
    assert named - known - UNSTYLED == set()


# They name a place for the script, for htmx or for a reader of the page, and look like nothing.
UNSTYLED = set(
    "lead-line behind bell rail-foot stamp rule expression notice task task-clock form-actions "
    "home-tasks home-news home-dates home-figures".split()
)


def test_the_choice_of_colours_is_kept_and_leads_back() -> None:
    client = Client()
    answer = client.post("/look/scheme", {"scheme": "dark", "next": "/ledger/?kind=x"})
    assert (answer.status_code, answer["Location"]) == (302, "/ledger/?kind=x")
    cookie = answer.cookies[COOKIE]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("dark", True, "Lax")
    assert client.post("/look/scheme", {"scheme": ""}).cookies[COOKIE].value == ""


@pytest.mark.parametrize(
    "next_", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "", "javascript:x"]
)
def test_the_choice_of_colours_leads_nowhere_else(next_: str) -> None:
    answer = Client().post("/look/scheme", {"scheme": "purple", "next": next_})
    assert answer["Location"] == "/"
    assert answer.cookies[COOKIE].value == ""


def test_the_chosen_colours_are_in_the_page_before_anything_is_drawn() -> None:
    request = RequestFactory().get("/look/")
    vars(request).update(at=specimens.NOW, session={})
    request.COOKIES[COOKIE] = "dark"
    assert '<html lang="en" data-scheme="dark">' in pages.living(request).content.decode()
    request.COOKIES[COOKIE] = '"><script>'
    assert "data-scheme" not in pages.living(request).content.decode()


def test_a_chart_is_drawn_once_for_each_scheme_and_known_again() -> None:
    light, dark = (
        pages.example_chart(RequestFactory().get("/look/chart.svg", {"scheme": scheme})) for scheme in ("light", "dark")
    )
    assert light["Content-Type"] == "image/svg+xml"
    assert light.content != dark.content
    assert b"style=" not in light.content
    again = RequestFactory().get("/look/chart.svg", headers={"If-None-Match": light["ETag"]})
    assert pages.example_chart(again).status_code == 304
