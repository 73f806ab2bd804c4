"""The tables of notices, of mails, of calendar addresses, and of what was seen."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Everything that notices keep."""

    initial = True

    dependencies = (("people", "0001_person"),)

    operations = (
        migrations.CreateModel(
            name="Seen",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="seen",
                        serialize=False,
                        to="people.person",
                    ),
                ),
                ("number", models.BigIntegerField(default=-1)),
                ("at", models.DateTimeField()),
                ("before", models.BigIntegerField(default=-1)),
                ("before_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="CalendarAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("used_on", models.DateField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calendar_addresses",
                        to="people.person",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=60)),
                ("entry", models.BigIntegerField()),
                ("subject", models.CharField(max_length=140)),
                ("actor", models.CharField(max_length=140)),
                ("at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                ("daily", models.BooleanField(default=False)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notices", to="people.person"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person", "-id"], name="notices_of_a_person"),
                    models.Index(
                        condition=models.Q(("read_at__isnull", True)), fields=["person"], name="notices_unread"
                    ),
                    models.Index(condition=models.Q(("daily", True)), fields=["person"], name="notices_for_daily_mail"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "entry", "kind"), name="one_notice_an_entry")
                ],
            },
        ),
        migrations.CreateModel(
            name="Outgoing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200, unique=True)),
                ("kind", models.CharField(max_length=60)),
                ("link", models.CharField(blank=True, max_length=500)),
                ("notices", models.JSONField(default=list)),
                ("made_at", models.DateTimeField()),
                ("next_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(null=True)),
                ("given_up_at", models.DateTimeField(null=True)),
                ("fault", models.CharField(blank=True, max_length=60)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("next_at__isnull", False)), fields=["next_at"], name="mails_due")
                ],
            },
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=60)),
                ("way", models.CharField(max_length=20)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notice_preferences",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("person", "kind"), name="one_way_a_kind")],
            },
        ),
    )
