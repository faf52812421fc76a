"""Uploads that come in parts."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0007_library"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ResumableUpload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "target",
                    models.CharField(
                        help_text="the kind of what it is for, of evidence.uploading.targets", max_length=16
                    ),
                ),
                ("destination", models.JSONField(default=dict, help_text="what it is for, in the target's own words")),
                ("name", models.CharField(max_length=150)),
                ("fingerprint", models.CharField(blank=True, help_text="tells the same file again", max_length=300)),
                ("length", models.PositiveBigIntegerField(help_text="bytes in all")),
                ("offset", models.PositiveBigIntegerField(default=0, help_text="bytes that are safe on disk")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("receiving", "ยังส่งไม่ครบ"),
                            ("complete", "กำลังตรวจไฟล์"),
                            ("done", "แนบแล้ว"),
                            ("refused", "รับไว้ไม่ได้"),
                        ],
                        default="receiving",
                        max_length=10,
                    ),
                ),
                (
                    "reason",
                    models.CharField(blank=True, help_text="why it was refused, or what it waits for", max_length=500),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, help_text="at attaching it")),
                (
                    "due_at",
                    models.DateTimeField(
                        blank=True, help_text="when it is to be attached; of those complete", null=True
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField(help_text="when it is swept away")),
                ("result", models.CharField(blank=True, help_text="public id of what came of it", max_length=64)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["user", "state"], name="upload_of_person"),
                    models.Index(fields=["expires_at"], name="upload_expires"),
                    models.Index(condition=models.Q(("state", "complete")), fields=["due_at"], name="upload_due"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("offset__lte", models.F("length"))), name="upload_offset_in_length"
                    )
                ],
            },
        ),
    ]
