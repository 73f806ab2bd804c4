"""Fills a workbench with policies, versions, editions, releases and changes, as the program itself would have them.

Texts are as long as real ones and differ from one version to the next as real ones do: some words, now and then a rule.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

from assay.engine.kernel.digest import canonical_json, sha256_of
from benchmarks.opening.filling import SEED, STARTER

if TYPE_CHECKING:
    from assay.governance.policies.life.models import Change, Document, Edition, Release, Version

Row = TypeVar("Row")
POLICIES, VERSIONS, CHANGES = 300, 10_000, 2_000
# An edition brings so many versions, as one does that is released every week.
_BROUGHT = 10
_AT_ONCE = 200
_WORDS = "consent context label notice likeness voice reviewer uploader platform market evidence disclosure".split()


def fill_policies(policies: int, versions: int, changes: int) -> str:
    """So many of each, the newest edition deciding. Returns the name of a policy with many versions."""
    from assay.governance.policies.life.models import Document

    began = datetime.now(UTC) - timedelta(days=900)
    documents = Document.objects.bulk_create(
        Document(
            path=f"policies/{_name(each)}.md",
            name=_name(each),
            title=f"Policy number {each:03}",
            versions=versions // policies + (each < versions % policies),
            review_on=(began + timedelta(days=each * 7)).date(),
            changed_at=began,
        )
        for each in range(policies)
    )
    _fill_versions(documents, versions, began)
    _fill_changes(documents, changes, began)
    return _name(0)


def _name(number: int) -> str:
    return f"house-{number:03}"


@dataclass(frozen=True, slots=True)
class _Made:
    """A version before it is kept."""

    document: Document
    number: int
    text: str
    digest: str


def _fill_versions(documents: Sequence[Document], versions: int, began: datetime) -> None:
    """Editions in their order, each with the versions that it brought and the release by which it decided."""
    from assay.governance.policies.life.editions import in_force, next_number
    from assay.governance.policies.life.models import Edition, Release, Text, Version

    standing = in_force()
    files: dict[str, str] = {} if standing is None else dict(standing.files)
    first, told = next_number(Edition), next_number(Release)
    editions: list[Edition] = []
    brought: list[list[_Made]] = []
    for place, made in enumerate(_batches(_versions(documents, versions), _BROUGHT)):
        files |= {each.document.path: each.digest for each in made}
        editions.append(_edition(first + place, files, began + timedelta(hours=20 * place)))
        brought.append(made)
        if len(editions) == _AT_ONCE or first + place == first + (versions - 1) // _BROUGHT:
            Text.objects.bulk_create(
                [Text(digest=each.digest, content=each.text) for made in brought for each in made],
                ignore_conflicts=True, batch_size=_AT_ONCE,
            )  # fmt: skip
            kept = Edition.objects.bulk_create(editions, batch_size=50)
            Version.objects.bulk_create(
                [_version(each, edition) for edition, made in zip(kept, brought, strict=True) for each in made],
                batch_size=_AT_ONCE,
            )
            Release.objects.bulk_create(
                [_release(told + edition.number - first, edition) for edition in kept], batch_size=_AT_ONCE
            )
            editions, brought = [], []


def _versions(documents: Sequence[Document], number: int) -> Iterator[_Made]:
    """Versions of the policies in turn, each the one before with something else in it."""
    base = (STARTER / "policies" / "disclosure.md").read_text(encoding="utf-8")
    chance = random.Random(SEED)
    texts: dict[int, str] = {}
    for place in range(number):
        document = documents[place % len(documents)]
        version = place // len(documents) + 1
        text = texts.get(document.pk) or base.replace("policy: disclosure", f"policy: {document.name}")
        texts[document.pk] = text = _edited(text, version, chance)
        yield _Made(document, version, text, sha256_of(text.encode("utf-8")))


def _edited(text: str, version: int, chance: random.Random) -> str:
    lines = text.split("\n")
    lines = [f"version: 1.{version}.0" if line.startswith("version:") else line for line in lines]
    prose = [place for place, line in enumerate(lines) if len(line) > 60 and line[0].isalpha()]
    for place in chance.sample(prose, min(6, len(prose))):
        words = lines[place].split(" ")
        words[chance.randrange(len(words))] = chance.choice(_WORDS)
        lines[place] = " ".join(words)
    severities = [place for place, line in enumerate(lines) if line.startswith("severity:")]
    if version % 3 == 0 and severities:
        lines[chance.choice(severities)] = f"severity: S{chance.randrange(5)}"
    return "\n".join(lines)


def _edition(number: int, files: Mapping[str, str], at: datetime) -> Edition:
    from assay.governance.policies.life.models import Edition

    return Edition(number=number, digest=sha256_of(canonical_json(dict(files))), files=dict(files), made_at=at)


def _version(made: _Made, edition: Edition) -> Version:
    from assay.governance.policies.life.models import Version

    return Version(
        document=made.document,
        number=made.number,
        label=f"1.{made.number}.0",
        text_id=made.digest,
        edition=edition,
        note="Some words were made plainer, and one rule now says what is meant by realistic.",
        effective_on=edition.made_at.date(),
        made_at=edition.made_at,
    )


def _release(number: int, edition: Edition) -> Release:
    from assay.governance.policies.life.models import Release

    return Release(
        number=number,
        kind="launch",
        part="current",
        edition=edition,
        reason="everything was looked at while it decided a share",
        made_at=edition.made_at,
        published_at=edition.made_at + timedelta(seconds=2),
        sequence=number,
    )


def _fill_changes(documents: Sequence[Document], number: int, began: datetime) -> None:
    """Changes in every stage, most of them long retired, each with the steps that it took."""
    from assay.governance.people.models import Person
    from assay.governance.policies.life.editions import next_number
    from assay.governance.policies.life.models import Change, Edition, Step
    from assay.governance.policies.life.stages import ORDER

    people = list(Person.objects.filter(is_active=True).order_by("pk")[:40])
    base, first = Edition.objects.order_by("-number").first(), next_number(Change)
    chance = random.Random(SEED)
    made = []
    for place in range(number):
        # A tenth is under way; of the others the newest of each policy is in force.
        stage = ORDER[chance.randrange(10)] if place % 10 == 0 else ORDER[10 if place >= number * 0.85 else 12]
        change = _change(first + place, documents[place % len(documents)], began + timedelta(hours=10 * place))
        change.stage, change.base, change.draft_digest = stage.value, base, base.digest if base else ""
        change.owner, change.author = chance.choice(people), chance.choice(people)
        made.append(change)
    for batch in _batches(made, _AT_ONCE):
        kept = Change.objects.bulk_create(batch)
        steps = [
            Step(change=change, way="forward", leaves=left.value, enters=entered.value, at=change.made_at)
            for change in kept
            for left, entered in pairwise(ORDER[: ORDER.index(change.at_stage) + 1])
        ]
        Step.objects.bulk_create(steps, batch_size=_AT_ONCE)


def _change(number: int, document: Document, at: datetime) -> Change:
    from assay.governance.policies.life.models import Change

    return Change(
        number=number,
        kind="amend",
        title=f"Say more plainly what {document.title} means",
        why="Reviewers and users read the second rule in two ways, as appeals show.",
        path=document.path,
        policy=document.name,
        document=document,
        stage_since=at,
        risk="high" if number % 9 == 0 else "ordinary",
        note="Two words are plainer.",
        wanted_on=(at + timedelta(days=60)).date(),
        review_on=(at + timedelta(days=400)).date(),
        made_at=at,
        changed_at=at,
    )


def _batches(rows: Iterable[Row], most: int) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == most:
            yield batch
            batch = []
    if batch:
        yield batch
