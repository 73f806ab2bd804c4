"""What the living page shows: each component, when to use it, and made-up things in it. It reads no store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from django import forms

from assay.engine.kernel.errors import Fault
from assay.governance.office.listing import Listing
from assay.interfaces.web.look.charts import Chart, Estimate

NOW = datetime(2026, 11, 23, 12, 23, tzinfo=UTC)
HEIGHT = 200


@dataclass(frozen=True, slots=True)
class Specimen:
    """One component.

    name   of its template under `look/specimens/`, and of its anchor
    use    when to use it, and when not
    """

    name: str
    title: str
    use: str

    @property
    def template(self) -> str:
        """Where it is shown."""
        return f"look/specimens/{self.name}.html"


@dataclass(frozen=True, slots=True)
class Shelf:
    """Components of one kind."""

    title: str
    specimens: tuple[Specimen, ...]


SHELVES = (
    Shelf(
        "Meanings",
        (
            Specimen(
                "truth",
                "Truth values",
                "Wherever something is certain, open or not imposed. An open one stands beside the question that would "
                "settle it. It is never shown as a no.",
            ),
            Specimen(
                "measures",
                "Measures",
                "What is done to an item. Sign and hue follow what the measure does; the form says how sure it is.",
            ),
            Specimen("severity", "Severity", "How bad a harm is, from S0 to S4. Not for how urgent a task is."),
            Specimen(
                "states", "States", "Whether a thing is in order. Always with a word that says what is the matter."
            ),
        ),
    ),
    Shelf(
        "Numbers and times",
        (
            Specimen(
                "numbers",
                "Numbers",
                "Every figure with its unit. An estimate carries its interval and its sample; what nobody knows is "
                "said to be not known, and is no zero.",
            ),
            Specimen(
                "moments",
                "Moments and days",
                "Instants by their distance and by the clock. `due=True` where something must be done until then: it "
                "warns four hours before, and counts on afterwards.",
            ),
            Specimen("copying", "Ids and digests", "Whatever somebody may need elsewhere, whole, by one press."),
            Specimen(
                "chart",
                "Charts",
                "One message each, in the title as a sentence. The interval lies under the point, zero is shown, and "
                "the table behind it is one key away. No pie and no second axis.",
            ),
            Specimen(
                "progress", "Progress", "Only for what takes more than a second, with its count. No bare spinner."
            ),
        ),
    ),
    Shelf(
        "Lists",
        (
            Specimen(
                "table",
                "Tables",
                "For rows that are compared. 32 pixels a row, numbers to the right with their unit in the heading. "
                "`j` and `k` move, `Enter` opens, `x` ticks.",
            ),
            Specimen(
                "filters",
                "Filters",
                "They stand in the address, so that a list can be sent to somebody. What is in force is named again "
                "as chips, each with its way off.",
            ),
            Specimen("saved", "Saved views", "Filters that somebody needs often, kept under a name."),
            Specimen("facts", "Facts", "What is known of one thing, name by name."),
            Specimen("rows", "Short lists", "A few things that are opened one by one, not compared."),
        ),
    ),
    Shelf(
        "Forms",
        (
            Specimen(
                "form",
                "Fields",
                "The label says what is wanted, the hint what it is for. Only what need not be filled in is marked.",
            ),
            Specimen(
                "wrong",
                "Faults",
                "All at once, first as a summary with ways to the fields, then at each field: what happened, what is "
                "kept, what to do.",
            ),
            Specimen(
                "buttons",
                "Buttons",
                "They say what happens. One primary on a page; `danger` where something ends that does not come back.",
            ),
            Specimen("dialogs", "Dialogs", "A question that must be answered before one goes on. Not for reading."),
        ),
    ),
    Shelf(
        "Telling",
        (
            Specimen(
                "timeline", "Timelines", "What happened, in order, so that a newcomer understands it in thirty seconds."
            ),
            Specimen("differences", "Differences", "What changed in a text: by lines, and within a line by words."),
            Specimen(
                "prose",
                "Policy prose",
                "Text that is law: serif, 68 characters wide, and nothing beside it that moves.",
            ),
            Specimen(
                "messages", "Messages", "What just happened, once, after it happened. What must be done is a task."
            ),
            Specimen("faults_inside", "Words with code", "What people wrote stands in code among our words."),
        ),
    ),
    Shelf(
        "Around",
        (
            Specimen("tabs", "Tabs", "Faces of one thing. Each has an address of its own."),
            Specimen(
                "cards", "Cards", "Things that belong together. A page of cards alone is a page without an order."
            ),
            Specimen("disclosure", "Disclosure", "What most people need not read, one press away."),
            Specimen("empty", "Empty places", "They say why nothing is there, and what the next step is."),
            Specimen("skeletons", "Skeletons", "The place of what is on its way, where it takes more than 300 ms."),
            Specimen(
                "shell", "Crumbs, rooms, colours and keys", "They are on every page; a page only adds its crumbs."
            ),
            Specimen("icons", "Signs", "Beside a word; alone only where the word is known to everybody."),
        ),
    ),
)


class ExampleForm(forms.Form):
    """A form that is sent nowhere."""

    name = forms.CharField(label="Name", help_text="As colleagues know you.", max_length=80)
    role = forms.ChoiceField(
        label="Role", choices=[("analyst", "analyst"), ("legal", "legal")], widget=forms.RadioSelect, required=False
    )
    market = forms.ChoiceField(label="Market", choices=[("", "Every market"), ("DK", "Denmark")], required=False)
    until = forms.DateField(label="Until", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(
        label="Reason", widget=forms.Textarea(attrs={"rows": 3}), help_text="One sentence is enough."
    )
    told = forms.BooleanField(label="Tell them by mail", required=False)


ESTIMATES = (
    Estimate("Satire", -38, -44, -31, "38 % fewer, 31 to 44", message=True),
    Estimate("News", -4, -9, 1, "4 % fewer, 9 fewer to 1 more"),
    Estimate("Adverts", 6, 2, 11, "6 % more, 2 to 11"),
)

_SIGNS = (
    "truth-true truth-unknown truth-false check warning stop dot removed restricted label copies copy "
    "globe pause send lock flag strike measure clock shield gauge page home search bell calendar ledger "
    "people person decisions bundles policies question rule key settings mail download upload edit plus "
    "minus close menu left right up down link out filter bookmark keyboard history speech eye sun moon "
    "branch play refresh delegate away"
).split()

_BEFORE = """We remove sexual imagery made of a real person without their consent.
Satire of a public figure stays up.
A label must be seen before the item is played."""
_AFTER = """We remove sexual or nude imagery made of a real person without their consent, labelled or not.
Satire of a public figure stays up.
A label must be seen before the item is played.
Whoever is shown is told."""


def context_at(now: datetime) -> dict[str, Any]:
    """Everything that the living page shows, as of one instant."""
    form = ExampleForm({"name": "", "role": "analyst", "reason": "", "market": "XX"}, auto_id="wrong_%s")
    return {
        "shelves": SHELVES,
        "moments": _moments(now),
        "deadlines": (
            now + timedelta(days=3, hours=2),
            now + timedelta(hours=1, minutes=42),
            now - timedelta(minutes=12),
        ),
        "happened": now - timedelta(minutes=5),
        "past": now - timedelta(days=9),
        "today": date(2026, 12, 6),
        "digest": "sha256:4f9a0c1b7e5d83a2604bb8f9d6a13e07c2f5de9810ab47c36d2f8e01b95c7a64",
        "form": ExampleForm(auto_id="example_%s"),
        "wrong": form,
        "refused": [Fault("same-hands", "your own draft cannot be approved by you: ask `legal`", None)],
        "before": _BEFORE,
        "after": _AFTER,
        "tabs": _tabs(),
        "listing": Listing([1, 2, 3], next="later", previous="earlier"),
        "lost": Listing([1], note="that place in the list is not known any more: this is its beginning"),
        "views": [{"title": "Open in Denmark", "url": "?market=DK", "current": False}],
        "chart": _chart(),
        "signs": _SIGNS,
        "levels": ("S0", "S1", "S2", "S3", "S4"),
        "filters": MappingProxyType({"market": "Market", "truth": "Truth"}),
    }


def _moments(now: datetime) -> list[Mapping[str, Any]]:
    return [
        {
            "at": now - timedelta(hours=5),
            "words": "Report received from an authority",
            "who": "Line 2",
            "state": "warning",
        },
        {
            "at": now - timedelta(hours=4),
            "words": "Severity set to S3",
            "who": "Ada, policy lead",
            "detail": "two sources",
        },
        {"at": now - timedelta(hours=1), "words": "Objection of Legal", "who": "Bo, legal", "state": "bad"},
        {"at": now - timedelta(minutes=3), "words": "Rule `intimate` in force in DK", "who": "Dee", "state": "good"},
    ]


def _tabs() -> list[Mapping[str, Any]]:
    return [
        {"title": "Public", "url": "#tabs", "current": True},
        {"title": "Guidance", "url": "#tabs"},
        {"title": "Program", "url": "#tabs", "count": 41},
    ]


def _chart() -> Chart:
    return Chart(
        title="Removals of satire fall by 38 %, 31 to 44",
        note="Change of removals in four weeks of rehearsal, by kind of item; bars are 95 % intervals.",
        address="/look/chart.svg",
        alt="Satire falls by 38 %, news by 4 %, adverts rise by 6 %.",
        header=("Kind", "Change, %", "Interval, %"),
        rows=(("Satire", "−38", "−44 to −31"), ("News", "−4", "−9 to 1"), ("Adverts", "6", "2 to 11")),
        height=HEIGHT,
    )
