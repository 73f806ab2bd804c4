"""Posts whose purpose decides more than their file: news, votes, adverts, people, texts. It never scans them."""

from __future__ import annotations

from assay.interfaces.demo.marks import exif, jpeg, label_cn, png
from assay.interfaces.demo.recipe import Recipe
from assay.interfaces.demo.shelves import scenes
from assay.interfaces.demo.shelves.declarations import PROVIDER
from assay.interfaces.demo.shelves.known import looked_through, nobody_shown, peaceful, record, seen
from assay.interfaces.demo.shelves.plain import ARTICLE, CAMERA

POEM = """The lamp has read the page before the child,
and lends it, word by word, a yellow light.
"""


def _labelled_text() -> bytes:
    front = f"---\nAIGC: '{label_cn('1', by=PROVIDER, number='demo-text')}'\n---\n"
    return (front + "# Opening hours\n\nThe library is open from nine to six, on Fridays until eight.\n").encode()


POSTS: tuple[Recipe, ...] = (
    Recipe(
        "news-flash.jpg",
        "News of a broken dam",
        "A news screen about a disaster that never was; the file says nothing, a reviewer found out.",
        lambda _: jpeg(scenes.news_flash()),
        {"provenance": "none"},
        known=(
            *record(),
            *nobody_shown(),
            *peaceful(
                fake_authority="news", fabricated_event=True, public_importance=("disaster",), deception_risk="high"
            ),
            *seen(ai_extent="generated", realism="realistic", edit_materiality="meaning_changing"),
        ),
    ),
    Recipe(
        "polling-notice.png",
        "A notice that moves polling day",
        "An official-looking notice with a wrong date for the vote.",
        lambda _: png(scenes.polling_notice()),
        {"provenance": "none"},
        known=(
            *record(),
            *nobody_shown(),
            *peaceful(
                wrong_voting_facts=True, campaign_content=True, public_importance=("election",), deception_risk="high"
            ),
            *seen(realism="realistic"),
        ),
    ),
    Recipe(
        "bottle-advert.jpg",
        "An advert with a borrowed face",
        "Made with AI: somebody recognisable seems to recommend a bottle, and whether they agreed is open.",
        lambda _: jpeg(scenes.bottle()),
        {"ai_extent": "altered", "synthetic_status": "declared", "creator_disclosed": "caption", "provenance": "none"},
        declared={"ai_extent": "altered", "where": "caption"},
        known=(
            *record(is_paid="ad", surface="advert", uploader_role="professional", paid_disclosed=True),
            *nobody_shown(person__kind="identifiable", person__age="adult", endorsement="commercial"),
            *peaceful(deception_risk="elevated"),
            *seen(realism="realistic", edit_materiality="meaning_changing", person__status="public"),
        ),
    ),
    Recipe(
        "portrait-altered.jpg",
        "A portrait of a neighbour, altered",
        "The uploader says that AI changed the picture; the private person shown may not have agreed.",
        lambda _: jpeg(scenes.figure(), exif_block=exif(CAMERA)),
        {"ai_extent": "altered", "synthetic_status": "declared", "creator_disclosed": "toggle", "provenance": "none"},
        declared={"ai_extent": "altered", "where": "toggle"},
        known=(
            *record(),
            *nobody_shown(person__kind="identifiable", person__age="adult"),
            *peaceful(),
            *seen(realism="realistic", edit_materiality="meaning_changing", person__status="private"),
        ),
    ),
    Recipe(
        "desk-satire.jpg",
        "An evident parody",
        "A public figure is mocked in a generated scene that nobody takes for real, which the uploader declares.",
        lambda _: jpeg(scenes.lone_desk()),
        {
            "ai_extent": "generated",
            "synthetic_status": "declared",
            "creator_disclosed": "on_media",
            "provenance": "none",
        },
        declared={"ai_extent": "generated", "where": "on_media"},
        known=(
            *record(),
            *nobody_shown(person__kind="identifiable", person__age="adult", said_or_did_not=True),
            *peaceful(satire="evident"),
            *seen(realism="stylised", disclosure_quality="clear", person__status="official_or_candidate"),
        ),
    ),
    Recipe(
        "library-hours.md",
        "Opening hours with a label",
        "A text whose front matter carries China's label for generated content.",
        lambda _: _labelled_text(),
        {"ai_extent": "generated", "synthetic_status": "declared", "gb_label": "is"},
        known=(*record(uploader_role="professional"), *nobody_shown(), *peaceful(public_importance=("civic",))),
        ordered={"IN": "unclear", "*": "none"},
    ),
    Recipe(
        "poem.txt",
        "A short poem",
        "The poet says that AI only polished it.",
        lambda _: POEM.encode(),
        {"ai_extent": "assisted", "synthetic_status": "declared", "creator_disclosed": "caption"},
        declared={"ai_extent": "assisted", "where": "caption"},
        known=looked_through(editor_responsible=True),
    ),
    Recipe(
        "article.txt",
        "An article about AI pictures",
        "A text that names every generator and marker, and was written by a person.",
        lambda _: ARTICLE.encode(),
        {"ai_extent": "none"},
        declared={"ai_extent": "none"},
        known=looked_through(editor_responsible=True),
    ),
)
