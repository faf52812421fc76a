"""Files in which a virus was found are scanned again each day: the index of what is due holds them too."""

from django.db import migrations, models
from django.utils import timezone


def scan_again(apps, schema_editor):
    """Makes the infected files due; the next sweep has them scanned."""
    files = apps.get_model("evidence", "File").objects
    files.filter(scan_state="infected", scan_due_at=None).update(scan_due_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("evidence", "0004_file_texts")]

    operations = [
        migrations.RemoveIndex(model_name="file", name="file_to_scan"),
        migrations.AddIndex(
            model_name="file",
            index=models.Index(
                fields=["scan_due_at"], name="file_scan_due", condition=models.Q(("scan_due_at__isnull", False))
            ),
        ),
        migrations.RunPython(scan_again, migrations.RunPython.noop),
    ]
