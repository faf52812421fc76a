"""Secret addresses of calendars."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from survey.models.round import Round


class CalendarAddress(models.Model):
    """An address at which a person's calendar finds the dates of a round, without signing in.

    Only the hash of its secret is stored. What it shows is what the person may see at the time of asking.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="calendar_addresses")
    round = models.ForeignKey(Round, models.CASCADE, related_name="calendar_addresses")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    fetches = models.PositiveIntegerField(default=0)
    last_fetched_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "round"], condition=models.Q(revoked_at=None), name="calendar_address_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}/{self.round_id}"
