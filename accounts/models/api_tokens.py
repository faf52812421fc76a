"""Tokens by which a program reads the API for a person, and how often each was used."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.places import Province
from accounts.roles import Capability
from dgready.models import NameField

PREFIX_LENGTH: Final = 8
SOON: Final = timedelta(days=14)

CAPABILITY_LABELS: Final = {
    Capability.REPORT_READ: _("ฉบับที่อนุมัติและผลที่ประกาศ"),
    Capability.RESPONSE_READ: _("คำตอบ ความคืบหน้า หลักฐาน และคะแนน"),
    Capability.CONTRIBUTION_READ: _("คำตอบ ความคืบหน้า และหลักฐานของหน่วยงาน"),
}


class ApiToken(models.Model):
    """A token of the API: its owner's rights to read in one province, as far as `capabilities` goes.

    Only the hash of the secret is stored; `prefix` is its beginning, by which people tell tokens apart. It gives
    nothing that its owner does not hold at the time of asking.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="api_tokens")
    province = models.ForeignKey(Province, models.PROTECT, related_name="+")
    name = NameField(max_length=100)
    capabilities = models.JSONField(default=list, help_text="values of accounts.roles.Capability")
    prefix = models.CharField(max_length=PREFIX_LENGTH)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"], condition=models.Q(revoked_at=None), name="api_token_name_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def is_open(self) -> bool:
        """Whether it is neither revoked nor expired."""
        return self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def expires_soon(self) -> bool:
        """Whether it works for less than two weeks more."""
        return self.is_open and self.expires_at < timezone.now() + SOON

    @property
    def capability_labels(self) -> list[str]:
        """What it may read, in words."""
        return [str(label) for cap, label in CAPABILITY_LABELS.items() if cap in self.capabilities]


class ApiUse(models.Model):
    """How often a token was used on a day; `refused`: of these, what was answered with a refusal."""

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="uses")
    day = models.DateField()
    requests = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["token", "day"], name="api_use_once")]

    def __str__(self) -> str:
        return f"{self.token_id} {self.day} {self.requests}"
