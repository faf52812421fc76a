"""Versions of a scoring scheme that are stored, not files."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from accounts.models import Province


class SchemeVersion(models.Model):
    """A version of a scoring scheme, whole: made by fitting to official results, or published from an uploaded file.

    Never changes; rounds name it by its checksum.
    """

    key = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField(help_text="Buddhist era")
    version = models.PositiveSmallIntegerField()
    checksum = models.CharField(max_length=64, unique=True)
    text = models.TextField(help_text="the scheme's file")
    fitted_to = models.ForeignKey(
        Province, models.PROTECT, null=True, related_name="+", help_text="empty: uploaded, or fitted to several"
    )
    fitted_count = models.PositiveSmallIntegerField(default=0, help_text="provinces it was fitted to together")
    moves = models.JSONField(default=list, help_text="which numbers were changed from what to what")
    unfitted = models.JSONField(default=list, help_text="sub-pillars that no assumed step explains")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-year", "key", "-version"]
        constraints = [models.UniqueConstraint(fields=["key", "version"], name="scheme_version_once")]

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Adds a version. Raises TypeError for one that is there: it never changes."""
        if self.pk is not None:
            raise TypeError("a version of a scheme never changes")
        super().save(*args, **kwargs)

    @property
    def is_fitted(self) -> bool:
        """Whether it was made by fitting, not uploaded."""
        return self.fitted_to_id is not None or self.fitted_count > 0
