"""Roles that people were given, what waits for approval, and who stands in for whom."""

from __future__ import annotations

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Every column but a person's own holds keys, dates and fixed words."""

    dependencies = (("people", "0001_person"),)
    operations = (
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("kind", models.CharField(max_length=64)),
                ("subject", models.CharField(max_length=140)),
                (
                    "gets",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals_for",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("content", models.JSONField(default=dict)),
                ("reason", models.TextField(blank=True, default="", max_length=600)),
                ("digest", models.CharField(max_length=71)),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("hands", models.JSONField(default=list)),
                ("made_at", models.DateTimeField()),
                ("ends", models.DateTimeField()),
                ("state", models.CharField(default="waiting", max_length=16)),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "ends"], name="proposal_by_end"),
                    models.Index(fields=["made_at", "id"], name="proposal_by_age"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("waiting", "approved", "declined", "withdrawn", "lapsed"))),
                        name="proposal_state_is_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")), fields=("kind", "digest"), name="proposal_waits_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="approvals", to="people.proposal"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approvals",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("function", models.CharField(max_length=32)),
                ("hands", models.JSONField(default=list)),
                ("digest", models.CharField(max_length=71)),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("proposal", "person"), name="approval_once_a_person")],
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="grants", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("role", models.CharField(max_length=32)),
                ("rooms", models.JSONField(default=list)),
                ("policies", models.JSONField(default=list)),
                ("markets", models.JSONField(default=list)),
                ("starts", models.DateTimeField(default=django.utils.timezone.now)),
                ("ends", models.DateTimeField(null=True)),
                ("way", models.CharField(default="granted", max_length=16)),
                (
                    "granted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("granted_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "proposal",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to="people.proposal",
                    ),
                ),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "revoked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person", "role"], name="grant_by_person"),
                    models.Index(fields=["role", "person"], name="grant_by_role"),
                    models.Index(fields=["ends"], name="grant_by_end"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "policy-lead",
                                    "analyst",
                                    "operations-lead",
                                    "reviewer",
                                    "legal",
                                    "public-policy",
                                    "communications",
                                    "product",
                                    "data",
                                    "executive",
                                    "external-expert",
                                    "auditor",
                                    "administrator",
                                ],
                            )
                        ),
                        name="grant_role_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("way__in", ("granted", "alone", "approved", "emergency", "first"))),
                        name="grant_way_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends", None), ("ends__gt", models.F("starts")), _connector="OR"),
                        name="grant_ends_after_its_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delegation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "giver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations_given",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "taker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations_taken",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("roles", models.JSONField()),
                ("starts", models.DateTimeField()),
                ("ends", models.DateTimeField()),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["taker", "ends"], name="delegation_by_taker"),
                    models.Index(fields=["giver", "ends"], name="delegation_by_giver"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends__gt", models.F("starts"))), name="delegation_ends_after_its_start"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("giver", models.F("taker")), _negated=True),
                        name="delegation_to_somebody_else",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="absences",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "stand_in",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stands_in",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("starts", models.DateTimeField()),
                ("ends", models.DateTimeField()),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["stand_in", "ends"], name="absence_by_stand_in"),
                    models.Index(fields=["person", "ends"], name="absence_by_person"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends__gt", models.F("starts"))), name="absence_ends_after_its_start"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stand_in", None),
                            models.Q(("stand_in", models.F("person")), _negated=True),
                            _connector="OR",
                        ),
                        name="absence_with_somebody_else",
                    ),
                ],
            },
        ),
    )
