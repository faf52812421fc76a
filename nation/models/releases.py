"""Releases of the national report: versions that never change, and whether the public sees them."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from dgready.append_only import AppendOnlyModel


class Release(AppendOnlyModel):
    """One version of a year's national report as it was released.

    `content` is canonical JSON (releases/content.py); `sha256` is of its bytes in UTF-8. Whether the public sees it is
    not told here, since it may change: see ReleasePublication.
    """

    year = models.PositiveSmallIntegerField(help_text="Buddhist era")
    number = models.PositiveSmallIntegerField(help_text="0 for version 1.0, 1 for 1.1 …")
    notes = models.TextField(help_text="what this version is, or what it changes")
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")  # null: command line
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["year", "number"]
        constraints = [models.UniqueConstraint(fields=["year", "number"], name="one_release_per_version")]

    def __str__(self) -> str:
        return f"{self.year} {self.version}"

    @property
    def version(self) -> str:
        """The version as it is told: 1.0, 1.1 …"""
        return f"1.{self.number}"


class ReleasePublication(AppendOnlyModel):
    """An act of showing a release to the public, or of withdrawing it; the newest one of a release holds."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="publications")
    shown = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.release_id} {self.shown}"
