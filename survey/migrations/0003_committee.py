import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_PERSON = {"on_delete": django.db.models.deletion.PROTECT, "to": settings.AUTH_USER_MODEL, "related_name": "+"}


class Migration(migrations.Migration):
    """Outcome of a meeting, late additions, the role behind a delegation, letters handed over once, daily chores.

    Delegations and letters were never made before this migration: the defaults below are for no row.
    """

    dependencies = [
        ("accounts", "0001_initial"),
        ("survey", "0002_consolidation_choices"),
    ]

    operations = [
        migrations.CreateModel(
            name="Chore",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, unique=True)),
                ("day", models.DateField()),
            ],
        ),
        migrations.AddField("meeting", "number", models.CharField("ครั้งที่", max_length=20, blank=True)),
        migrations.AddField("meeting", "concluded_by", models.ForeignKey(null=True, blank=True, **_PERSON)),
        migrations.AddField(
            "meeting",
            "outcome",
            models.CharField(max_length=8, choices=[("endorsed", "เห็นชอบ"), ("returned", "ส่งกลับ")], blank=True),
        ),
        migrations.AddConstraint(
            "meeting",
            models.CheckConstraint(
                condition=models.Q(concluded_at=None, outcome="") | models.Q(concluded_at__isnull=False),
                name="meeting_outcome_when_concluded",
            ),
        ),
        migrations.AlterField(
            "delegation", "document", models.FileField(upload_to="delegations/", verbose_name="คำสั่ง (PDF)")
        ),
        migrations.AddField(
            "delegation", "document_sha256", models.CharField(max_length=64, default=""), preserve_default=False
        ),
        migrations.AddField(
            "delegation",
            "membership",
            models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                to="accounts.membership",
                related_name="delegation",
                default=0,
                help_text="the role given for these days",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "letter", "message_id", models.CharField(max_length=200, default=""), preserve_default=False
        ),
        migrations.AddField("letter", "posted_at", models.DateTimeField(null=True, blank=True)),
        migrations.AddField(
            "response",
            "late_until",
            models.DateField(null=True, blank=True, help_text="of an endorsed one: last day for late additions"),
        ),
    ]
