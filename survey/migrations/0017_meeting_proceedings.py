from django.db import migrations, models


class Migration(migrations.Migration):
    """What a meeting resolved on the parts of its agenda other than the answers."""

    dependencies = [
        ("survey", "0016_calendar_addresses"),
    ]

    operations = [
        migrations.AddField(
            model_name="meeting",
            name="proceedings",
            field=models.TextField(
                blank=True,
                db_default="",
                default="",
                help_text="what was resolved or said on the parts of the agenda other than the answers, under their headings",
                max_length=4000,
                verbose_name="มติของวาระอื่น",
            ),
        ),
    ]
