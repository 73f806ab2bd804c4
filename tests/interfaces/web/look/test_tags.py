"""A tag says the same thing to every eye and ear, guesses nothing, and lets no text become markup."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import nan
from types import SimpleNamespace

import pytest
from django import forms
from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory
from django.utils.html import strip_tags
from django.utils.safestring import mark_safe

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.truth import Truth
from assay.governance.office.listing import Listing
from assay.interfaces.web.look.badges import severity_of, truth_of

HOSTILE = "<script>alert(1)</script>\"'&"
NOW = datetime(2026, 11, 23, 12, 23, tzinfo=UTC)


def asked(address: str = "/") -> HttpRequest:
    """A request by nobody, at one instant."""
    request = RequestFactory().get(address)
    vars(request)["at"] = NOW
    return request


def drawn(template: str, context: Mapping[str, object] | None = None, address: str = "/") -> str:
    """A template with the tags of the look."""
    return str(engines["django"].from_string(template).render(dict(context or {}), asked(address)))


def heard(template: str, context: Mapping[str, object] | None = None, address: str = "/") -> str:
    """What somebody hears who sees nothing."""
    return " ".join(strip_tags(drawn(template, context, address)).split())


@pytest.mark.parametrize("value", [Truth.UNKNOWN, None, "unknown", "open"])
def test_what_nobody_knows_is_open_and_never_no(value: object) -> None:
    assert truth_of(value) == "unknown"
    assert heard("{% truth value %}", {"value": value}) == "open"
    assert heard("{% measure 'removed' value %}", {"value": value}) == "Removed: open"


@pytest.mark.parametrize("value", ["", "maybe", 2, "1"])
def test_a_badge_guesses_no_truth_value(value: object) -> None:
    with pytest.raises(ValueError, match="no truth value"):
        truth_of(value)


def test_the_three_truth_values_differ_by_sign_and_by_word() -> None:
    badges = [drawn("{% truth value 'Removed' %}", {"value": value}) for value in (True, None, False)]
    signs = {badge.split("#")[1].split('"')[0] for badge in badges}
    assert signs == {"truth-true", "truth-unknown", "truth-false"}
    assert [strip_tags(badge) for badge in badges] == ["certain: Removed", "open: Removed", "not imposed: Removed"]


def test_a_severity_is_one_of_five() -> None:
    assert [severity_of(value) for value in ("S0", "s4", 2, "3")] == [0, 4, 2, 3]
    assert drawn("{% severity 'S3' %}").count('class="on"') == 4
    assert heard("{% severity 'S3' %}") == "severity S3 of 4"
    for wrong in ("S5", "", None, "-1", "high"):
        with pytest.raises(ValueError, match="no severity"):
            severity_of(wrong)


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("{% number 12480 unit='items' %}", "12,480\N{NO-BREAK SPACE}items"),
        ("{% number 38 unit='%' low=31 high=44 n=412 %}", "38% 31 to 44 n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}412"),
        ("{% number -3.5 %}", "\N{MINUS SIGN}3.5"),
        ("{% number 0 %}", "0"),
        ("{% number None unit='%' n=3 %}", "not known"),
        ("{% number nowhere %}", "not known"),
        ("{% number 5 low=4 %}", "5"),
        ("{% number nan %}", "not known"),
        ("{% number exact %}", "1,234.5"),
    ],
)
def test_a_number_says_how_sure_it_is_and_nothing_is_no_zero(tag: str, words: str) -> None:
    assert heard(tag, {"nan": nan, "exact": Decimal("1234.50")}).replace(" \N{NO-BREAK SPACE}", " ") == " ".join(
        words.split()
    )


def test_a_time_limit_is_said_and_not_only_coloured() -> None:
    over = drawn("{% moment at due=True %}", {"at": NOW - timedelta(minutes=12)})
    assert 'class="moment over"' in over
    assert strip_tags(over) == "overdue by 12 min (12:11 UTC)"
    assert heard("{% moment at %}", {"at": NOW + timedelta(minutes=102)}) == "in 1 h 42 min (14:05 UTC)"
    assert (heard("{% moment at %}"), heard("{% day None %}")) == ("no time set", "no day set")


EVERY_TEXT = (
    "{% truth 'true' x %}{% measure x 'unknown' %}{% measure 'removed' 'true' x %}{% state 'good' x %}{% copyable x %}"
    "{% icon 'x' x %}{{ x|code }}{{ x|say }}{% crumb x x %}{% empty x x x x %}{% card x %}{{ x }}{% endcard %}"
    "{% dialog 'd' x %}{{ x }}{% enddialog %}{% disclosure x %}{{ x }}{% enddisclosure %}{% faults faults %}"
    "{% differences x '' label=x %}{% timeline moments %}{% tabs tabs x %}{% saved views x %}{% chart chart %}"
    "{% chips filters x %}{% sortable x 'k' %}{% progress 1 2 x %}{% number 1 unit=x %}"
    "{% captured %}{{ x }}{% endcaptured %}"
)


def test_no_text_becomes_markup_in_any_tag() -> None:
    found = drawn(
        EVERY_TEXT,
        {
            "x": HOSTILE,
            "faults": [Fault("bad", HOSTILE, HOSTILE), Fault("bad", f"`{HOSTILE}`", None)],
            "moments": [{"at": NOW, "words": HOSTILE, "who": HOSTILE, "detail": HOSTILE, "url": HOSTILE}],
            "tabs": [{"title": HOSTILE, "url": HOSTILE, "count": HOSTILE}],
            "views": [{"title": HOSTILE, "url": HOSTILE}],
            "filters": {"market": HOSTILE},
            "chart": SimpleNamespace(title=HOSTILE, note=HOSTILE, alt=HOSTILE, header=(HOSTILE,), rows=((HOSTILE,),)),
        },
        "/?market=%3Cscript%3E%22",
    )
    assert found.count("&lt;script&gt;") > 40
    assert "<script" not in found
    assert "alert(1)</script>" not in found
    # Nor does any leave the quotes of an attribute.
    assert "&quot;&#x27;&amp;" in found


@pytest.mark.parametrize(
    "tag", ["{% truth 'true' x %}", "{% state 'good' x %}", "{% icon 'x' x %}", "{% measure 'a' 'true' x %}"]
)
def test_what_is_remembered_of_safe_text_is_not_used_for_other_text(tag: str) -> None:
    assert "<b>once</b>" in drawn(tag, {"x": mark_safe("<b>once</b>")})
    assert "<b>once</b>" not in drawn(tag, {"x": "<b>once</b>"})


def test_a_measure_is_called_what_the_pack_calls_it() -> None:
    titles = {"label:possibly_ai": "Label “may be AI”"}
    assert heard("{% measure 'label:possibly_ai' titles=titles %}", {"titles": titles}) == "Label “may be AI”"
    assert heard("{% measure 'label:ai' titles=titles %}", {"titles": titles}) == "Label: AI"


class Invitation(forms.Form):
    """What a room's form looks like."""

    email = forms.EmailField(label="Address", help_text="Where the link is sent.")
    note = forms.CharField(label="Note", required=False)


def test_a_fault_is_told_in_the_summary_and_at_its_field() -> None:
    form = Invitation({"email": "bo@example.org", "note": "x"})
    faults = [
        Fault("taken", "`bo@example.org` has an account: give a role instead", "email"),
        Fault("off", "ask legal"),
    ]
    found = drawn("{% faults faults form %}{% field form.email %}", {"form": form, "faults": faults})
    assert "2 things stand in the way. What you wrote is kept." in found
    assert found.count("<code>bo@example.org</code> has an account: give a role instead") == 2
    assert '<a href="#id_email">' in found
    assert "<li>Ask legal</li>" in found
    assert 'aria-describedby="id_email_hint id_email_error"' in found
    assert 'aria-invalid="true"' in found
    assert 'value="bo@example.org"' in found


class Signing(forms.Form):
    """A form with what no page may show again."""

    login = forms.EmailField()
    password = forms.CharField(widget=forms.PasswordInput)


def test_nobody_is_told_that_a_password_is_kept() -> None:
    form = Signing({"login": "bo@example.org", "password": "a wrong one"})
    found = heard("{% faults faults form %}", {"form": form, "faults": [Fault("off", "nobody was signed in")]})
    assert "One thing stands in the way. What you wrote is kept, but for passwords." in found


def test_what_the_form_itself_finds_is_told_in_our_words_with_the_name_of_its_field() -> None:
    form = Invitation({"email": ""})
    assert "Address: fill this in" in heard("{% faults None form %}", {"form": form})
    assert "Fill this in" in heard("{% field form.email %}", {"form": form})
    assert drawn("{% faults None form %}", {"form": Invitation()}).strip() == ""


def test_what_people_must_read_to_the_end_is_not_cut() -> None:
    assert 'class="copyable">' in drawn("{% copyable x %}", {"x": "sha256:f73e"})
    assert 'class="copyable whole">' in drawn('{% copyable x "Copy the link" whole=True %}', {"x": "sha256:f73e"})


def test_a_field_without_faults_is_not_marked_wrong() -> None:
    found = drawn("{% field form.note %}", {"form": Invitation()})
    assert "aria-invalid" not in found
    assert "aria-describedby" not in found
    assert "optional" in found


def test_pages_and_sorting_keep_what_was_filtered() -> None:
    rows = Listing([1], next="later", previous="earlier")
    pages = drawn("{% pager rows %}", {"rows": rows}, "/decisions/?market=DK&after=here")
    assert 'rel="next" href="?market=DK&amp;after=later"' in pages
    assert 'rel="prev" href="?market=DK&amp;after=earlier"' in pages
    sorts = drawn("{% sortable 'Cases' 'cases' %}", {}, "/?market=DK&after=here&order=-cases")
    assert 'href="?market=DK&amp;order=cases"' in sorts
    assert "sorted descending" in sorts


def test_a_filter_in_force_has_a_way_off() -> None:
    found = drawn("{% chips filters '/all' %}", {"filters": {"market": "Market", "rule": "Rule"}}, "/?market=DK&x=1")
    assert 'href="?x=1"' in found
    assert strip_tags(found).split() == ["Market", "DKtake", "this", "filter", "off", "Show", "everything"]
    assert drawn("{% chips filters '/all' %}", {"filters": {"market": "Market"}}).strip() == ""


def test_a_chart_is_drawn_for_the_scheme_that_was_chosen() -> None:
    request = asked()
    template = engines["django"].from_string("{% chart chart %}")
    chart = SimpleNamespace(title="Fewer", address="/c.svg", joint="?", header=("A", "B"), rows=(("x", "1"),))
    assert "prefers-color-scheme: dark" in template.render({"chart": chart}, request)
    request.COOKIES["scheme"] = "dark"
    chosen = template.render({"chart": chart}, request)
    assert 'src="/c.svg?scheme=dark"' in chosen
    assert "prefers-color-scheme" not in chosen
    assert '<th scope="row">x</th>' in chosen
