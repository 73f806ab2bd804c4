"""The table by which known questions are found, in the way of each store. It holds nothing that is nowhere else."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from assay.governance.policies.questions.finding import drop_table, make_table


def _make(_: Any, editor: Any) -> None:
    make_table(editor.connection)


def _drop(_: Any, editor: Any) -> None:
    drop_table(editor.connection)


class Migration(migrations.Migration):
    """After the questions themselves."""

    dependencies = (("policies_questions", "0001_first"),)
    operations = (migrations.RunPython(_make, _drop),)
