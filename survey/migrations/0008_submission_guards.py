from django.db import migrations, models

import survey.models.round


class Migration(migrations.Migration):
    """The conditions of a round for submitting its answer to the governor.

    All of them are on in the rounds there are, too: a condition never bars the way, a reason that the governor sees
    is enough; nothing that was submitted or approved is touched; and whoever manages the round turns them off.
    """

    dependencies = [("survey", "0007_parts_handed_in")]

    operations = [
        migrations.AddField(
            "round",
            "submission_guards",
            models.JSONField(
                default=survey.models.round.all_submission_guards,
                help_text="names of the SubmissionGuards that are on, in their order",
            ),
        ),
    ]
