"""The model of an upload that comes in parts."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

MAX_SENT_NAME, MAX_FINGERPRINT = 150, 300  # characters


class UploadState(models.TextChoices):
    """How far an upload is."""

    RECEIVING = "receiving", _("ยังส่งไม่ครบ")
    COMPLETE = "complete", _("กำลังตรวจไฟล์")
    DONE = "done", _("แนบแล้ว")
    REFUSED = "refused", _("รับไว้ไม่ได้")


class ResumableUpload(models.Model):
    """A file on its way in, part by part; what came lies on disk (evidence.uploading.parts) until it is attached."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    target = models.CharField(max_length=16, help_text="the kind of what it is for, of evidence.uploading.targets")
    destination = models.JSONField(default=dict, help_text="what it is for, in the target's own words")
    name = models.CharField(max_length=MAX_SENT_NAME)
    fingerprint = models.CharField(max_length=MAX_FINGERPRINT, blank=True, help_text="tells the same file again")
    length = models.PositiveBigIntegerField(help_text="bytes in all")
    offset = models.PositiveBigIntegerField(default=0, help_text="bytes that are safe on disk")
    state = models.CharField(max_length=10, choices=UploadState.choices, default=UploadState.RECEIVING)
    reason = models.CharField(max_length=500, blank=True, help_text="why it was refused, or what it waits for")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="at attaching it")
    due_at = models.DateTimeField(null=True, blank=True, help_text="when it is to be attached; of those complete")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(help_text="when it is swept away")
    result = models.CharField(max_length=64, blank=True, help_text="public id of what came of it")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(offset__lte=F("length")), name="upload_offset_in_length")]
        indexes = [
            models.Index(fields=["user", "state"], name="upload_of_person"),
            models.Index(fields=["expires_at"], name="upload_expires"),
            models.Index(fields=["due_at"], name="upload_due", condition=Q(state="complete")),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} {self.state} {self.offset}/{self.length}"
