"""A signature names what was said of the change beside its text."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Of signatures that were given before, it is empty, and they count as they did."""

    dependencies: ClassVar = [
        ("policies", "0002_steps"),
        ("policies_signing", "0001_first"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations: ClassVar = [
        migrations.RemoveConstraint(model_name="signature", name="one_word_a_person_and_draft"),
        migrations.AddField(
            model_name="signature", name="said", field=models.CharField(blank=True, default="", max_length=71)
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)),
                fields=("change", "person", "digest", "said"),
                name="one_word_a_person_and_draft",
            ),
        ),
    ]
