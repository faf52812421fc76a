from django.db import migrations, models


class Migration(migrations.Migration):
    """Which document of its office's library is the paper that a response is typed from."""

    dependencies = [
        ("survey", "0017_meeting_proceedings"),
    ]

    operations = [
        migrations.AddField(
            model_name="response",
            name="paper",
            field=models.UUIDField(
                blank=True,
                help_text="public id of the document of its office's library that its answers are typed from",
                null=True,
            ),
        ),
    ]
