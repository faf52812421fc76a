"""Which approved version the file of a job tells of; for the files that are there, by the time they were made."""

from django.db import migrations, models

OF_VERSION = (
    "result", "questionnaire", "dga", "certificate", "reasons", "score_sheet",
    "binder", "bundle", "index", "index_sheet",
)  # fmt: skip


def name_versions(apps, schema_editor):
    """The version that was asked for, else the one in force when the making began."""
    frozen_response, job = apps.get_model("survey", "FrozenResponse"), apps.get_model("reports", "Job")
    made = job.objects.filter(state="done", version=None, kind__in=OF_VERSION)
    for version in frozen_response.objects.only("response_id", "number", "approved_at", "voided_at").iterator():
        for one in made.filter(response_id=version.response_id).only("params", "started_at"):
            if not one.params.get("year") and _tells_of(one, version):
                job.objects.filter(pk=one.pk).update(version=version.number)


def _tells_of(job, version):
    if asked := job.params.get("version"):
        return asked == version.number
    if job.started_at is None or job.started_at < version.approved_at:
        return False
    return version.voided_at is None or job.started_at < version.voided_at


def forget_versions(apps, schema_editor):
    """The column goes; nothing else is to be taken back."""


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0012_letter_templates"),
    ]

    operations = [
        migrations.AddField(
            model_name="job",
            name="version",
            field=models.PositiveSmallIntegerField(
                blank=True, help_text="number of the approved version in it", null=True
            ),
        ),
        migrations.RunPython(name_versions, forget_versions),
    ]
