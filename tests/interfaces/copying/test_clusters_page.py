"""The page about clusters says what was found and nothing more, and lets no item's name become markup."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from assay.detection.copies.clusters.circumstances import Circumstance, Circumstances
from assay.detection.copies.clusters.closeness import Closeness
from assay.detection.copies.clusters.items import Gathered
from assay.detection.copies.kinds import HashKind
from assay.interfaces.copying.page.clusters_page import MEMBERS, render_clusters
from assay.interfaces.copying.report import Report, report_of

NEAR = Closeness(HashKind.PDQ, 31.0)
START = datetime(2026, 11, 20, tzinfo=UTC)


def chain(step: int) -> str:
    return f"{(1 << 20 * step) - 1:064x}"


def report(values: dict[str, str], known: dict[str, Circumstance] | None = None) -> Report:
    gathered = Gathered(HashKind.PDQ, tuple(values), tuple(values.values()), unhashed=3)
    return report_of("<uploads>", gathered, NEAR, None if known is None else Circumstances(known))


def test_a_chain_is_warned_of_and_growth_is_said_in_words() -> None:
    known = {f"item-{step}": Circumstance("ada", "feed", "FR", START + timedelta(hours=9 * step)) for step in range(6)}
    page = render_clusters(report({name: chain(step) for step, name in enumerate(known)}, known), limit=5, pictures={})
    assert "6 near-duplicates from 1 account within 45 hours" in page
    assert "Held by a chain." in page
    assert "3 of its items are not near the middle themselves" in page
    assert "3 in the last 24 hours of it, 3 in the 24 before" in page
    assert page.count("<rect") == 6
    assert "3 items have no pdq hash and were left out" in page


def test_names_are_text_and_nothing_is_fetched() -> None:
    page = render_clusters(report({'<img src=x onerror="1">': chain(0), "b": chain(1)}), limit=5, pictures={})
    assert "<img" not in page
    assert "&lt;img src=x" in page
    assert "default-src 'none'" in page
    assert not re.search(r"https?://|<script|<link (?!rel=\"icon\")", page)


def test_a_picture_is_there_only_where_it_was_asked_for() -> None:
    pictures = {"a": "data:image/png;base64,AAAA"}
    found = report({"a": chain(0), "b": chain(0)})
    assert "<figure>" not in render_clusters(found, limit=5, pictures={})
    assert 'alt="The middle of the cluster, grey and blurred"' in render_clusters(found, limit=5, pictures=pictures)


def test_large_clusters_are_cut_and_say_so() -> None:
    page = render_clusters(report({f"item-{number}": chain(0) for number in range(MEMBERS + 7)}), limit=1, pictures={})
    assert "and 7 more" in page
    assert page.count("item-") >= MEMBERS


def test_without_clusters_it_says_what_to_try() -> None:
    page = render_clusters(report({"a": chain(0), "b": chain(4)}), limit=5, pictures={})
    assert "No two items are near each other" in page
    assert "--within" in page
