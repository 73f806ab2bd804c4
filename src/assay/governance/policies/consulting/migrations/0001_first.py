"""The tables of consultations."""

from __future__ import annotations

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Consultations, who is asked, what they say, and what was done with it."""

    initial = True

    dependencies = (
        ("policies", "0001_life"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    )

    operations = (
        migrations.CreateModel(
            name="Consultation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=200)),
                ("question", models.TextField()),
                ("background", models.TextField(blank=True)),
                ("digest", models.CharField(max_length=71)),
                ("withheld", models.JSONField(default=list)),
                ("opened_at", models.DateTimeField()),
                ("closes_at", models.DateTimeField(db_index=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("closed_words", models.CharField(blank=True, max_length=600)),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
                ("summary", models.TextField(blank=True)),
                (
                    "before",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policies.text"
                    ),
                ),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="consultations", to="policies.change"
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "opened_by",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policies.text"
                    ),
                ),
            ],
            options={
                "ordering": ["change", "-number"],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("external", models.BooleanField()),
                ("expertise", models.CharField(blank=True, max_length=200)),
                ("viewpoint", models.CharField(blank=True, max_length=40)),
                ("region", models.CharField(blank=True, max_length=80)),
                ("stale_on", models.DateField(blank=True, null=True)),
                ("invited_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("declined_at", models.DateTimeField(blank=True, null=True)),
                ("conflict", models.CharField(blank=True, max_length=16)),
                ("conflict_words", models.CharField(blank=True, max_length=1000)),
                ("declared_at", models.DateTimeField(blank=True, null=True)),
                ("named", models.BooleanField(default=False)),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="policies_consulting.consultation",
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="View",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("position", models.CharField(max_length=16)),
                ("confidence", models.CharField(max_length=8)),
                ("words", models.TextField()),
                ("part", models.PositiveIntegerField(null=True)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("given_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "invitation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="view",
                        to="policies_consulting.invitation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("of", models.PositiveIntegerField()),
                ("outcome", models.CharField(max_length=16)),
                ("words", models.TextField()),
                ("revision", models.PositiveIntegerField(null=True)),
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
                    "view",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="policies_consulting.view",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="ViewRevision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("position", models.CharField(max_length=16)),
                ("confidence", models.CharField(max_length=8)),
                ("words", models.TextField()),
                ("part", models.PositiveIntegerField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "view",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="revisions",
                        to="policies_consulting.view",
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.AddConstraint(
            model_name="consultation",
            constraint=models.UniqueConstraint(fields=("change", "number"), name="a_change_counts_its_consultations"),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(fields=("consultation", "person"), name="asked_once_a_consultation"),
        ),
        migrations.AddConstraint(
            model_name="viewrevision",
            constraint=models.UniqueConstraint(fields=("view", "number"), name="a_view_counts_its_revisions"),
        ),
    )
