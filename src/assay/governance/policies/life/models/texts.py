"""Texts by what they hold: each is kept once, however many versions have it. It never changes one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import models

from assay.engine.kernel.digest import sha256_of

DIGEST_LENGTH = 71


class Text(models.Model):
    """A text under its content address, `sha256:` and 64 digits."""

    digest = models.CharField(max_length=DIGEST_LENGTH, primary_key=True)
    content = models.TextField()

    def __str__(self) -> str:
        return f"text {self.digest[7:19]}"


def keep_text(content: str) -> Text:
    """The text as it is kept; made where it is new."""
    digest = sha256_of(content.encode("utf-8"))
    return Text.objects.get_or_create(digest=digest, defaults={"content": content})[0]


def keep_texts(contents: Iterable[str]) -> None:
    """Keep many at once; those that are there stay."""
    rows = [Text(digest=sha256_of(content.encode("utf-8")), content=content) for content in contents]
    Text.objects.bulk_create(rows, ignore_conflicts=True, batch_size=200)


def contents_of(digests: Iterable[str]) -> Mapping[str, str]:
    """Texts by their digests; one that is not kept is left out."""
    return dict(Text.objects.filter(digest__in=set(digests)).values_list("digest", "content"))
