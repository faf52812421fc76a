from django.db import migrations, models


class Migration(migrations.Migration):
    """How often a round moved to another version of its form, on the round and on each of its responses."""

    dependencies = [
        ("survey", "0012_official_wordings"),
    ]

    operations = [
        migrations.AddField(
            model_name="round",
            name="form_moves",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, help_text="how often it moved to another version of its form"
            ),
        ),
        migrations.AddField(
            model_name="response",
            name="form_moves",
            field=models.PositiveSmallIntegerField(
                db_default=0,
                default=0,
                help_text=(
                    "as of its round: a writer that waited for the lock sees that the round it read has moved meanwhile"
                ),
            ),
        ),
    ]
