"""The append-only log of account changes."""

from typing import Any, NoReturn

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class AppendOnlyError(TypeError):
    """Somebody tried to change or remove a line of the log."""


class AccountEventQuerySet(models.QuerySet["AccountEvent"]):
    """Reads and appends only."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse; raises AppendOnlyError."""
        raise AppendOnlyError

    def delete(self) -> NoReturn:
        """Refuse; raises AppendOnlyError."""
        raise AppendOnlyError


class AccountEvent(models.Model):
    """Who changed which account, place or membership, when, and from what to what."""

    at = models.DateTimeField(auto_now_add=True)
    # Empty for what the command line or an invited person without an account did.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=40)
    subject = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="account_events"
    )
    province = models.ForeignKey("accounts.Province", null=True, on_delete=models.PROTECT, related_name="+")
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    objects = AccountEventQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.pk} {self.verb}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Append; raises AppendOnlyError for a line that is already there."""
        if self.pk is not None:
            raise AppendOnlyError
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse; raises AppendOnlyError."""
        raise AppendOnlyError
