"""The table of saved views. It holds no row."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies: ClassVar[list[Any]] = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("page", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=80)),
                ("query", models.CharField(max_length=1000)),
                ("roles", models.JSONField(default=list)),
                ("made_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_views",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["page", "name"], name="saved_views_of_page")],
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "page", "name"), name="saved_view_named_once")
                ],
            },
        ),
    ]
