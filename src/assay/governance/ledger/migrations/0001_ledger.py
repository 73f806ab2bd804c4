"""The ledger's tables, its empty head, and the triggers that guard them."""

from __future__ import annotations

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from assay.governance.ledger import triggers


def begin(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Make the head of an empty ledger, and install the triggers."""
    head = apps.get_model("ledger", "Head")
    head.objects.using(editor.connection.alias).create(id=1, size=0, last=bytes(32), frontier=b"")
    triggers.install(editor.connection)


def end(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers away: the tables go next."""
    triggers.remove(editor.connection)


class Migration(migrations.Migration):
    """Entries, nodes, the head, signed heads, and how far subscribers are."""

    initial = True
    dependencies = ()
    operations = (
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.BigIntegerField(help_text="Microseconds since the epoch.")),
                ("actor", models.CharField(max_length=160)),
                ("way", models.CharField(max_length=12)),
                ("kind", models.CharField(max_length=100)),
                ("subject", models.CharField(max_length=160)),
                ("content", models.TextField(help_text="Canonical JSON of the event's fields.")),
                ("previous", models.BinaryField(max_length=32)),
                ("hash", models.BinaryField(max_length=32)),
                (
                    "day",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.F("at") / models.Value(86_400_000_000),
                        output_field=models.BigIntegerField(),
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["kind", "number"], name="ledger_entry_kind"),
                    models.Index(fields=["actor", "number"], name="ledger_entry_actor"),
                    models.Index(fields=["subject", "number"], name="ledger_entry_subject"),
                    models.Index(fields=["day", "number"], name="ledger_entry_day"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Node",
            fields=[
                ("place", models.BigIntegerField(primary_key=True, serialize=False)),
                ("hash", models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="Head",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("size", models.BigIntegerField(default=0)),
                ("last", models.BinaryField(max_length=32)),
                ("frontier", models.BinaryField(help_text="Hashes of the whole subtrees, the largest first.")),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(id=1), name="ledger_head_is_one")],
            },
        ),
        migrations.CreateModel(
            name="TreeHead",
            fields=[
                ("number", models.BigAutoField(primary_key=True, serialize=False)),
                ("size", models.BigIntegerField(unique=True)),
                ("root", models.BinaryField(max_length=32)),
                ("at", models.BigIntegerField(help_text="Microseconds since the epoch.")),
                ("key_id", models.CharField(max_length=32)),
                ("signature", models.BinaryField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="Offset",
            fields=[
                ("subscriber", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("next_number", models.BigIntegerField(default=0)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("failed_with", models.CharField(blank=True, default="", max_length=100)),
                ("retry_at", models.BigIntegerField(default=0)),
                ("moved_at", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.RunPython(begin, end),
    )
