"""Files of a year as they were given to the installation: forms, schemes, links; who gave and published them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class DataFileKind(models.TextChoices):
    """What a file holds."""

    INSTRUMENT = "instrument", _("แบบสำรวจ")
    SCHEME = "scheme", _("เกณฑ์การให้คะแนน")
    LINKS = "links", _("การเชื่อมโยงข้อระหว่างปี")


class DataFile(models.Model):
    """One file as it was loaded, letter by letter. Its text never changes; it is published once, or stays a draft.

    `key`, `year`: of the form it is, scores or leads to; `from_key`, `from_year`: of links, the earlier form.
    """

    kind = models.CharField(max_length=10, choices=DataFileKind)
    key = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField(help_text="Buddhist era")
    version = models.PositiveSmallIntegerField(help_text="of links the number in the order of publishing")
    from_key = models.CharField(max_length=60, blank=True, default="")
    from_year = models.PositiveSmallIntegerField(null=True, blank=True)
    name = models.CharField(max_length=200, blank=True, default="", help_text="the file's name where it came from")
    text = models.TextField()
    checksum = models.CharField(max_length=64, help_text="SHA-256 of the file")
    loaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    loaded_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key", "year", "from_key", "version"],
                condition=models.Q(published_at__isnull=False) & ~models.Q(kind="links"),
                name="data_file_published_once",
            ),
        ]

    def __str__(self) -> str:
        earlier = f"{self.from_key} {self.from_year} → " if self.kind == DataFileKind.LINKS else ""
        return f"{earlier}{self.key} {self.year} v{self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Adds a file, or says that it is published. Raises TypeError for any other change."""
        if self.pk is not None and set(kwargs.get("update_fields") or ["text"]) - {"published_at", "published_by"}:
            raise TypeError("a file that was loaded never changes")
        super().save(*args, **kwargs)

    @property
    def file_name(self) -> str:
        """The name under which the file is handed out."""
        if self.kind == DataFileKind.LINKS:
            return f"{self.from_key}-{self.from_year}-{self.key}-{self.year}.v{self.version}.yaml"
        scheme = "-scheme" if self.kind == DataFileKind.SCHEME else ""
        return f"{self.key}-{self.year}{scheme}.v{self.version}.yaml"
