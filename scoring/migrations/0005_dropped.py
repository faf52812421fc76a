"""Scenarios and action plans are dropped, not deleted, so that dropping can be undone."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def dropped_fields(model: str) -> list[migrations.AddField]:
    """The two new columns of a model."""
    person = models.ForeignKey(
        blank=True,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
    )
    return [
        migrations.AddField(model, "dropped_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(model, "dropped_by", person),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0004_help_texts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *dropped_fields("scenario"),
        *dropped_fields("actionplan"),
        migrations.RemoveConstraint("scenario", "scenario_named_once"),
        migrations.AddConstraint(
            "scenario",
            models.UniqueConstraint(
                condition=models.Q(("dropped_at__isnull", True)),
                fields=("response", "name"),
                name="scenario_named_once",
            ),
        ),
    ]
