from django.db import migrations, models


class Migration(migrations.Migration):
    """Which version of its scoring scheme a round is scored by."""

    dependencies = [("survey", "0003_committee")]

    operations = [
        migrations.AddField(
            "round",
            "scheme_sha256",
            models.CharField(
                blank=True,
                default="",
                help_text="checksum of the version of the scoring scheme; empty: the file's",
                max_length=64,
            ),
            preserve_default=False,
        ),
    ]
