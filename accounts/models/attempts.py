"""Attempts that are limited in number."""

from django.db import models


class Attempt(models.Model):
    """One attempt under a key; kept as long as it counts.

    In the database, not in the cache: a limit must hold while the cache is away, for all processes together.
    """

    key = models.CharField(max_length=64)  # a hash: no address of a person is kept for this
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["key", "at"], name="attempt_key_at"),
            models.Index(fields=["at"], name="attempt_at"),
        ]

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.at:%Y-%m-%d %H:%M}"
