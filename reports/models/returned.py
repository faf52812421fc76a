"""Workbooks of answers that came back."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class ReturnedWorkbook(models.Model):
    """A workbook of answers that came back, as it was read: what it would change is shown to who sent it, then applied.

    Private to that person; swept away after `expires_at`, or once applied.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey("survey.Round", models.CASCADE, related_name="+")
    agency = models.ForeignKey("accounts.Agency", models.CASCADE, null=True, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=200, help_text="of the file as it was sent")
    sha256 = models.CharField(max_length=64)
    content = models.JSONField(help_text="a ReturnedForm of reports/offline_form/returned.py")
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-sent_at", "-pk"]
        indexes = [models.Index(fields=["expires_at"], name="returned_expiry")]

    def __str__(self) -> str:
        return f"{self.name} {self.public_id}"
