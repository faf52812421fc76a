from django.db import migrations, models


class Migration(migrations.Migration):
    """How often what is shown of a response changed without an event, as when a person was renamed."""

    dependencies = [
        ("survey", "0021_notice_unmailed"),
    ]

    operations = [
        migrations.AddField(
            model_name="response",
            name="retold",
            field=models.PositiveIntegerField(
                db_default=0,
                default=0,
                help_text="grows when what is shown of it changes without an event, as the name of who saved an answer",
            ),
        ),
    ]
