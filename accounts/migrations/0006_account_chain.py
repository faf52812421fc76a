"""The chain of the account log; what stands in the log is linked in the order of its numbers."""

import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone

from dgready.canonical import canonical_json, sha256_hex

BATCH = 500


def link_events(apps, schema_editor):
    """Links the events, as accounts.actions.log_chain did when this was written."""
    model, previous, links = apps.get_model("accounts", "AccountLink"), "", []
    events = apps.get_model("accounts", "AccountEvent").objects.order_by("pk")
    for seq, event in enumerate(events.iterator(chunk_size=BATCH), start=1):
        at = event.at.astimezone(timezone.get_default_timezone()).isoformat(timespec="microseconds")
        fields = {"by": event.by_id, "subject": event.subject_id, "province": event.province_id}
        told = {"seq": seq, "event": event.pk, "at": at, "verb": event.verb, "data": event.data, "previous": previous}
        link = model(event=event, seq=seq, previous=previous, hash=sha256_hex(canonical_json(told | fields)))
        previous = link.hash
        links.append(link)
        if len(links) == BATCH:
            model.objects.bulk_create(links)
            links = []
    model.objects.bulk_create(links)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_outbox")]

    operations = [
        migrations.CreateModel(
            name="AccountLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveIntegerField(unique=True)),
                ("previous", models.CharField(blank=True, max_length=64)),
                ("hash", models.CharField(max_length=64)),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="link",
                        to="accounts.accountevent",
                    ),
                ),
            ],
            options={"ordering": ["seq"]},
        ),
        migrations.RunPython(link_events, migrations.RunPython.noop),
    ]
