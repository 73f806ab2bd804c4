"""The tables of known questions."""

from __future__ import annotations

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Known questions with their history."""

    initial = True

    dependencies = (migrations.swappable_dependency(settings.AUTH_USER_MODEL),)

    operations = (
        migrations.CreateModel(
            name="KnownQuestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveIntegerField(unique=True)),
                ("policy", models.CharField(max_length=120)),
                ("rule", models.CharField(blank=True, max_length=120)),
                ("example", models.CharField(blank=True, max_length=200)),
                ("markets", models.JSONField(default=list)),
                ("question", models.TextField()),
                ("context", models.TextField(blank=True)),
                ("item", models.CharField(blank=True, max_length=600)),
                ("decision", models.CharField(blank=True, max_length=100)),
                ("asked_at", models.DateTimeField()),
                ("state", models.CharField(default="open", max_length=10)),
                ("ruling", models.TextField(blank=True)),
                ("rationale", models.TextField(blank=True)),
                ("ruled_at", models.DateTimeField(blank=True, null=True)),
                ("expires_on", models.DateField(blank=True, null=True)),
                ("changed_at", models.DateTimeField()),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ruled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "superseded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="supersedes",
                        to="policies_questions.knownquestion",
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="QuestionStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10)),
                ("words", models.TextField(blank=True)),
                ("rationale", models.TextField(blank=True)),
                ("expires_on", models.DateField(null=True)),
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
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="policies_questions.knownquestion",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.AddIndex(
            model_name="knownquestion",
            index=models.Index(fields=["policy", "state"], name="known_questions_of_policy"),
        ),
        migrations.AddIndex(
            model_name="knownquestion",
            index=models.Index(fields=["state", "expires_on"], name="known_questions_expiring"),
        ),
    )
