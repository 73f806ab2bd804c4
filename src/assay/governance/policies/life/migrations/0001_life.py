"""The tables of changes, their texts, documents, editions and releases. It holds no row."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies: ClassVar[list[Any]] = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="Text",
            fields=[
                ("digest", models.CharField(max_length=71, primary_key=True, serialize=False)),
                ("content", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("path", models.CharField(max_length=200, unique=True)),
                ("name", models.CharField(db_index=True, max_length=120)),
                ("title", models.CharField(max_length=300)),
                ("is_policy", models.BooleanField(default=True)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                ("review_on", models.DateField(blank=True, null=True)),
                ("versions", models.PositiveIntegerField(default=0)),
                ("changed_at", models.DateTimeField()),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"ordering": ["name"]},
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveIntegerField(unique=True)),
                ("kind", models.CharField(max_length=8)),
                ("title", models.CharField(max_length=200)),
                ("why", models.TextField()),
                ("path", models.CharField(db_index=True, max_length=200)),
                ("policy", models.CharField(max_length=120)),
                ("stage", models.CharField(db_index=True, default="idea", max_length=16)),
                ("stage_since", models.DateTimeField()),
                ("risk", models.CharField(default="ordinary", max_length=8)),
                ("note", models.CharField(blank=True, max_length=600)),
                ("markets", models.JSONField(default=list)),
                ("harms", models.JSONField(default=list)),
                ("draft_digest", models.CharField(blank=True, max_length=71)),
                ("gate_met", models.PositiveSmallIntegerField(default=0)),
                ("gate_of", models.PositiveSmallIntegerField(default=0)),
                ("gate_at", models.DateTimeField(blank=True, null=True)),
                ("wanted_on", models.DateField(blank=True, null=True)),
                ("review_on", models.DateField(blank=True, null=True)),
                ("made_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "replaced_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="replaces",
                        to="policies.change",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="policies.document",
                    ),
                ),
            ],
            options={"ordering": ["-number"]},
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(unique=True)),
                ("digest", models.CharField(db_index=True, max_length=71)),
                ("files", models.JSONField()),
                ("bundle", models.BinaryField(blank=True, null=True)),
                ("made_at", models.DateTimeField()),
                (
                    "change",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="editions",
                        to="policies.change",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"ordering": ["-number"]},
        ),
        migrations.AddField(
            model_name="change",
            name="base",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policies.edition"
            ),
        ),
        migrations.CreateModel(
            name="Release",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(unique=True)),
                ("kind", models.CharField(max_length=12)),
                ("part", models.CharField(max_length=8)),
                ("share", models.FloatField(default=1.0)),
                ("reason", models.CharField(blank=True, max_length=600)),
                ("made_at", models.DateTimeField(db_index=True)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("sequence", models.PositiveBigIntegerField(blank=True, null=True)),
                ("fault", models.CharField(blank=True, max_length=600)),
                (
                    "change",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="releases",
                        to="policies.change",
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="releases", to="policies.edition"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"ordering": ["-number"]},
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.CharField(max_length=200)),
                ("number", models.PositiveIntegerField()),
                ("started_from", models.PositiveIntegerField(default=0)),
                ("kind", models.CharField(default="saved", max_length=10)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="revisions", to="policies.change"
                    ),
                ),
                (
                    "text",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policies.text"
                    ),
                ),
            ],
            options={"ordering": ["path", "-number"]},
        ),
        migrations.CreateModel(
            name="DraftFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.CharField(max_length=200)),
                ("revision", models.PositiveIntegerField(default=0)),
                ("changed_at", models.DateTimeField()),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="policies.change"
                    ),
                ),
                (
                    "text",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policies.text"
                    ),
                ),
            ],
            options={"ordering": ["path"]},
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("label", models.CharField(blank=True, max_length=40)),
                ("note", models.CharField(blank=True, max_length=600)),
                ("effective_on", models.DateField(blank=True, null=True)),
                ("made_at", models.DateTimeField()),
                (
                    "change",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="policies.change",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="history", to="policies.document"
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="policies.edition"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "text",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policies.text"
                    ),
                ),
            ],
            options={"ordering": ["-number"]},
        ),
        migrations.AddIndex(
            model_name="change", index=models.Index(fields=["policy", "number"], name="changes_of_a_policy")
        ),
        migrations.AddIndex(
            model_name="change", index=models.Index(fields=["stage", "review_on"], name="changes_by_review")
        ),
        migrations.AddIndex(
            model_name="release",
            index=models.Index(fields=["part", "-published_at", "-number"], name="a_release_by_time"),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.UniqueConstraint(fields=("change", "path", "number"), name="a_file_counts_its_revisions"),
        ),
        migrations.AddConstraint(
            model_name="draftfile",
            constraint=models.UniqueConstraint(fields=("change", "path"), name="a_draft_has_a_file_once"),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(fields=("document", "number"), name="a_document_counts_its_versions"),
        ),
    ]
